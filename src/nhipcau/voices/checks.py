"""What `nhipcau check` says of the voice log: whether its place answers, its files are there, and room is left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from nhipcau.running.checks import Finding, check, problem, warning, well
from nhipcau.running.folder import FEW_FREE_BYTES, LEAST_FREE_BYTES
from nhipcau.voices.logplace import Place, place_of_log
from nhipcau.voices.models.segments import LogSegment


@check
def check_voice_log() -> Iterator[Finding]:
    """Compare the register with what lies there, by name and size; a digest is compared where a file is read."""
    place = place_of_log()
    try:
        lying = place.sizes()
    except OSError as error:
        yield problem("voicelog.unreachable", place=place.base, error=" ".join(str(error).split())[:200])
        return
    registered = dict(LogSegment.objects.values_list("path", "bytes"))
    wrong = sorted(path for path, size in registered.items() if lying.get(path) != size)
    if wrong:
        yield problem("voicelog.files-wrong", place=place.base, count=len(wrong), example=wrong[0])
    else:
        voices = LogSegment.objects.aggregate(voices=Sum("voices"))["voices"] or 0
        yield well("voicelog.whole", place=place.base, voices=voices, files=len(registered))
    if settings.VOICE_LOG and place.is_local:
        yield from _space(place)


def _space(place: Place) -> Iterator[Finding]:
    """The disk of a log that lies elsewhere; that of the data folder is looked at anyway."""
    folder = Path(place.base)
    if folder.is_dir():
        free = shutil.disk_usage(folder).free
        values = {"gigabytes": f"{free / 2**30:.1f}", "folder": str(folder)}
        if free < LEAST_FREE_BYTES:
            yield problem("space.gone", **values)
        elif free < FEW_FREE_BYTES:
            yield warning("space.little", **values)
