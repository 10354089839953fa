"""`nhipcau check`: the folder first, then, where there is one, the database and everything that needs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nhipcau.running.checks import Finding, problem, run_checks
from nhipcau.running.folder import check_folder
from nhipcau.running.loading import load


def check_installation(folder: Path) -> Iterator[Finding]:
    """Give what is found, in the order in which it would be mended."""
    blocked = False
    for finding in check_folder(folder):
        yield finding
        blocked = blocked or finding.code in ("folder.missing", "folder.not-writable")
    if blocked:
        return
    try:
        load(folder)
    except Exception as error:  # noqa: BLE001  # a wrong setting may raise anything; it is what was looked for
        yield problem("settings.wrong", error=f"{type(error).__name__}: {error}")
        return
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield problem("database.unreachable", error=" ".join(str(error).split()))
        return
    found = run_checks()
    lacks_tables = any(finding.code == "migrations.missing" for finding in found)
    # without its tables every other check would only say so again
    yield from (one for one in found if not (lacks_tables and one.code == "check.broken"))
