"""The settings of an installation, from the environment (`environment.py`) and from its data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from nhipcau.site import environment as env

SITE = Path(__file__).resolve().parent
ROOMS = [SITE.parent / room for room in ("network", "voices", "issues")]

DATA_FOLDER = Path(env.text("NHIPCAU_DATA", "nhipcau-data")).absolute()
PUBLIC_URL = env.address("NHIPCAU_PUBLIC_URL", "http://localhost:8000")
_HOST = urlsplit(PUBLIC_URL).hostname or "localhost"
_IS_HTTPS = PUBLIC_URL.startswith("https://")

DEBUG = env.flag("NHIPCAU_DEBUG", default=False)
SECRET_KEY = env.secret_key("NHIPCAU_SECRET_KEY", folder=DATA_FOLDER)
ALLOWED_HOSTS = list(dict.fromkeys([_HOST, "localhost", "127.0.0.1", "[::1]", *env.words("NHIPCAU_ALLOWED_HOSTS")]))
METRICS_TOKEN = env.text("NHIPCAU_METRICS_TOKEN")
SECOND_FACTOR = env.choice("NHIPCAU_SECOND_FACTOR", ("required", "offered"))
"""Whether those who may publish, approve or administer must have one."""

API_REQUESTS_A_MINUTE = env.number("NHIPCAU_API_REQUESTS_A_MINUTE", 600)
"""How often a token may ask, all web processes of this machine together."""
API_REFUSALS_A_MINUTE = env.number("NHIPCAU_API_REFUSALS_A_MINUTE", 60)
"""How often an address may ask without a valid token, all web processes of this machine together."""
INTAKE_QUEUE_VOICES = env.number("NHIPCAU_INTAKE_QUEUE_VOICES", 500_000)
"""How many voices may wait for the listener before programs are told to come back later."""
VOICE_LOG = env.text("NHIPCAU_VOICE_LOG")
"""A folder, or an address such as s3://bucket/voices; the data folder where nothing is said."""
WEBHOOKS_MAY_BE_PRIVATE = env.flag("NHIPCAU_WEBHOOKS_PRIVATE", default=False)
"""Whether webhooks may go to private addresses, and over plain http; only for receivers inside the house."""
NOTIFIERS_ARE_USED = env.choice("NHIPCAU_NOTIFIERS", ("on", "off")) == "on"
"""Whether alerts are handed to notifiers; off for a copy of a centre that is only looked at."""
NOTIFIERS_MAY_BE_PRIVATE = env.flag("NHIPCAU_NOTIFIERS_PRIVATE", default=False)
"""Whether alerts may be handed to notifiers at private addresses, and over plain http."""

FEEDS_MAY_BE_PRIVATE = env.flag("NHIPCAU_FEEDS_PRIVATE", default=False)
"""Whether feeds may lie at private addresses; only for servers inside the house."""
UPLOAD_MEGABYTES = env.number("NHIPCAU_UPLOAD_MEGABYTES", 500)
"""The largest file of voices that is taken."""

INSTALLED_APPS = [
    "nhipcau.site",
    "nhipcau.network",
    "nhipcau.voices",
    "nhipcau.issues",
    "nhipcau.running",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]
MIDDLEWARE = [
    "nhipcau.running.metrics.MeasureRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nhipcau.site.middleware.compressing.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nhipcau.site.middleware.language.LanguageOfReader",
    "nhipcau.api.answers.ApiAnswers",
    "nhipcau.site.middleware.policy.ContentPolicy",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "nhipcau.site.middleware.errors.DomainErrors",
    "nhipcau.site.middleware.rights.StatedRights",
    "nhipcau.site.middleware.second_factor.SecondFactor",
    "axes.middleware.AxesMiddleware",
]
PROCESS_ROLES = {"listener": "nhipcau.issues.listener.run"}
"""What rooms do in processes of their own, started by `nhipcau serve`."""
ROOT_URLCONF = "nhipcau.site.urls"
ASGI_APPLICATION = "nhipcau.site.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nhipcau.site.context.frame",
            ],
            "builtins": ["nhipcau.site.constant_tags", "nhipcau.site.kept_tags"],
            "libraries": dict.fromkeys(("i18n", "static"), "nhipcau.site.constant_tags"),
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", folder=DATA_FOLDER)}
if env.text("NHIPCAU_MOVE_TO"):  # `nhipcau move` fills it
    DATABASES["moving-to"] = env.database("NHIPCAU_MOVE_TO", folder=DATA_FOLDER)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "nhipcau_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _IS_HTTPS
LOCALE_PATHS = [
    str(SITE / "locale"),
    str(SITE / "locale_of_libraries"),
    *(str(path) for room in ROOMS for path in sorted((room / "locale").glob("*")) if path.is_dir()),
]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "nhipcau.site.static_files.VersionedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 31_536_000

AUTH_USER_MODEL = "network.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "nhipcau.network.access.logging_in.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Nhịp Cầu: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # axes counts them, in the database that all processes share
MFA_ADAPTER = "nhipcau.network.access.logging_in.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Nhịp Cầu"
MFA_FORMS = {
    "add_webauthn": "nhipcau.network.forms.passkeys.NewPasskey",
    "edit_webauthn": "nhipcau.network.forms.passkeys.NamedPasskey",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _HOST == "localhost"
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "nhipcau.network.access.logging_in.OutsideAccounts"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_ISSUER := env.text("NHIPCAU_OIDC_ISSUER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.text("NHIPCAU_OIDC_NAME", "OpenID"),
                "client_id": env.text("NHIPCAU_OIDC_CLIENT_ID"),
                "secret": env.text("NHIPCAU_OIDC_SECRET"),
                "settings": {"server_url": OIDC_ISSUER, "fetch_userinfo": True},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    }

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
"""Hours; after so long somebody who was locked out may try again."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "nhipcau.network.access.logging_in.tried_name"
AXES_CLIENT_IP_CALLABLE = "nhipcau.network.access.logging_in.tried_from"
AXES_LOCKOUT_CALLABLE = "nhipcau.network.access.logging_in.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

SESSION_ENGINE = "nhipcau.site.sessions"
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_COOKIE_NAME = "nhipcau_session"
SESSION_COOKIE_SECURE = _IS_HTTPS
CSRF_COOKIE_SECURE = _IS_HTTPS
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "nhipcau.site.views.form_too_old"
SECURE_HSTS_SECONDS = 31_536_000 if _IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "nhipcau.site.uploading.NamelessFiles",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
"""A directive may name every commune of the country."""

EMAIL_HOST = env.text("NHIPCAU_EMAIL_HOST")
EMAIL_PORT = env.number("NHIPCAU_EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("NHIPCAU_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("NHIPCAU_EMAIL_PASSWORD")
_EMAIL_SECURITY = env.choice("NHIPCAU_EMAIL_SECURITY", ("starttls", "tls", "none"))
EMAIL_USE_TLS = _EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = _EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("NHIPCAU_EMAIL_FROM", f"Nhịp Cầu <nhipcau@{_HOST}>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
