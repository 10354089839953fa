"""Settings from the environment: typed, and loud when a value does not hold."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """Read a text."""
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int) -> int:
    """Read a whole number that is not negative."""
    given = text(name)
    if not given:
        return default
    if not given.isdecimal():
        raise ImproperlyConfigured(f"{name}={given!r}: give a whole number, such as {default}.")
    return int(given)


def flag(name: str, *, default: bool) -> bool:
    """Read a yes or no."""
    given = text(name).lower()
    if not given:
        return default
    if given in ("1", "yes", "true", "on"):
        return True
    if given in ("0", "no", "false", "off"):
        return False
    raise ImproperlyConfigured(f"{name}={given!r}: give yes or no.")


def choice(name: str, choices: tuple[str, ...]) -> str:
    """Read one of some words; the first is taken where nothing is said."""
    given = text(name, choices[0])
    if given not in choices:
        raise ImproperlyConfigured(f"{name}={given!r}: give one of {', '.join(choices)}.")
    return given


def words(name: str) -> list[str]:
    """Read words with commas between them."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def address(name: str, default: str) -> str:
    """Read the address of a site, without a slash at its end."""
    given = text(name, default).rstrip("/")
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name}={given!r}: give an address such as https://cau.example.vn.")
    return given


def database(name: str, *, folder: Path) -> dict[str, Any]:
    """Read the address of a PostgreSQL database; without one it is SQLite in the data folder."""
    given = text(name)
    if not given:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "nhipcau.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: what was acknowledged survives a power cut, not only the death of a process
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;"
                "PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlsplit(given)
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        shown = given.replace(parts.password, "…") if parts.password else given
        raise ImproperlyConfigured(f"{name}={shown!r}: give postgresql://person:password@host:5432/name.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": 20, "timeout": 20}},
    }


def secret_key(name: str, *, folder: Path) -> str:
    """Read the key that signs log-ins and links, made once and kept where only its owner reads it."""
    if given := text(name):
        return given
    file = folder / "secret.key"
    try:
        return file.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(f"{file} cannot be read: {error.strerror}.") from error
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".secret.key.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(64))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)  # of several that start at once, the first one's key holds
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return file.read_text("ascii").strip()
