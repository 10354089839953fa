"""The settings of tests: those of an installation, on a folder of their own, with nothing that waits or leaves."""

import os
import tempfile

os.environ.setdefault("NHIPCAU_DATA", tempfile.mkdtemp(prefix="nhipcau-tests-"))
os.environ.setdefault("NHIPCAU_SECRET_KEY", "the key of tests, which is long enough and signs nothing real: 0123456789")

from nhipcau.site.settings import *  # noqa: F403
from nhipcau.site.settings import DATA_FOLDER, DATABASES, TEMPLATES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECOND_FACTOR = "offered"  # tests of it ask for it


class UnknownVariable(str):
    """Fails the test whose template asks for a variable that is not there."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, missing: object) -> str:
        raise AssertionError(f"a template asks for {missing}, which is not there")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable("%s")

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # a file: what threads do to one another shows only there
    DATABASES["default"]["TEST"] = {"NAME": DATA_FOLDER / "tests.sqlite3"}
