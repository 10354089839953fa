"""Taking files off the disk that no longer count: those that were replaced, and what a kill has left."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from nhipcau.running.backup.keeping import files_may_go
from nhipcau.voices.loglocks import held
from nhipcau.voices.logplace import Place, place_of_log, place_of_sides
from nhipcau.voices.logsteps import reached
from nhipcau.voices.models.segments import LeavingFile, LogSegment
from nhipcau.voices.sides import remove_sides

UNFINISHED: Final = timedelta(hours=1)
"""How old something unfinished beside the log must be to be nobody's work any more."""


def remove_leaving_files(*, now: datetime) -> int:
    """Remove files whose time has come, with what was derived from them; none while a backup is written."""
    with held("arranging") as is_ours, files_may_go(settings.DATA_FOLDER) as may_go:
        if not (is_ours and may_go):
            return 0
        return _remove_due(now)


def sweep_left_files(*, now: datetime) -> int:
    """Remove files that no row names. Nobody writes meanwhile, so that none is about to be named."""
    with (
        held("arranging") as is_arranging,
        held("writing", patience_seconds=5) as is_writing,
        files_may_go(settings.DATA_FOLDER) as may_go,
    ):
        if not (is_arranging and is_writing and may_go):
            return 0
        log, sides = place_of_log(), place_of_sides()
        lying, derived = log.sizes(), sides.sizes()
        known = {
            *LogSegment.objects.values_list("path", flat=True),
            *LeavingFile.objects.values_list("path", flat=True),
        }
        left = [path for path in lying if path not in known]
        for path in left:
            log.remove(path)
        for path in derived:
            if path.partition("/")[2] not in known:
                sides.remove(path)
        _empty_spool(log, older_than_seconds=0)
        _empty_spool(sides, older_than_seconds=UNFINISHED.total_seconds())
        del now
        return len(left)


def _remove_due(now: datetime) -> int:
    log = place_of_log()
    due = list(LeavingFile.objects.filter(leaves_at__lte=now).values_list("pk", "path"))
    for key, path in due:
        if not LogSegment.objects.filter(path=path).exists():
            log.remove(path)
            remove_sides(path)
            reached("removed")
        LeavingFile.objects.filter(pk=key).delete()
    return len(due)


def _empty_spool(place: Place, *, older_than_seconds: float) -> None:
    """Remove what was begun and never finished, by the time of the disk."""
    for path in place.spool.iterdir() if place.spool.is_dir() else ():
        if time.time() - path.stat().st_mtime >= older_than_seconds:
            path.unlink(missing_ok=True)
