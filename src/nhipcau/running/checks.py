"""The register of checks of an installation, and what a check says: a code, values and how bad it is.

Rooms register theirs in `<room>/checks`. The words are in `findings.toml`; who shows them: `commands`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib.resources import files


class Level(IntEnum):
    """How bad it is: a problem stops or endangers the work, a warning may, the rest is well."""

    WELL = 0
    WARNING = 1
    PROBLEM = 2


@dataclass(frozen=True)
class Finding:
    """What a check found; its sentence, with the remedy, is worded by its code."""

    code: str
    level: Level = Level.WELL
    values: dict[str, object] = field(default_factory=dict)


Check = Callable[[], Iterable[Finding]]

_CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register a check; it may raise, which is then a finding of its own."""
    _CHECKS[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def well(code: str, **values: object) -> Finding:
    """Say that something is as it should be."""
    return Finding(code, Level.WELL, values)


def warning(code: str, **values: object) -> Finding:
    """Say that something may go wrong."""
    return Finding(code, Level.WARNING, values)


def problem(code: str, **values: object) -> Finding:
    """Say that something is wrong."""
    return Finding(code, Level.PROBLEM, values)


def run_checks() -> list[Finding]:
    """Run the checks of all rooms, this one's first; needs a database that can be reached."""
    from django.utils.module_loading import autodiscover_modules

    from nhipcau.running import installation  # noqa: F401  # this room's own

    autodiscover_modules("checks")
    found: list[Finding] = []
    for name, function in _CHECKS.items():
        try:
            found.extend(function())
        except Exception as error:  # noqa: BLE001  # one check that breaks must not hide the others
            found.append(problem("check.broken", check=name, error=f"{type(error).__name__}: {error}"))
    return found


@cache
def _words(lang: str) -> dict[str, str]:
    words: dict[str, dict[str, str]] = tomllib.loads((files(__package__) / "findings.toml").read_text("utf-8"))
    return words[lang]


def worded(finding: Finding, *, lang: str) -> str:
    """Word a finding as one line."""
    return " ".join(_words(lang)[finding.code].format_map(finding.values).split())


def codes(lang: str) -> set[str]:
    """Give all codes that have words."""
    return set(_words(lang))
