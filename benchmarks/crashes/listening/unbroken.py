"""`python -m benchmarks.crashes.listening.unbroken DATA`: a listener that nobody kills hears the same log.

Its issues come as JSON. It has a folder and an SQLite database of its own, with the register of the log copied into it,
and its clock stands where the last picture of the broken run was made.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from nhipcau.running.loading import load

COPIED = ("voices.Source", "voices.LogPosition", "voices.LogSegment", "voices.SegmentPart")


def copied(folder: Path) -> dict[str, Any]:
    """What the unbroken run is given: the register as it stands, where the files are, and the time."""
    from django.apps import apps
    from django.core import serializers

    from nhipcau.issues.models import Picture
    from nhipcau.network.models.offices import Office

    rows = [row for name in COPIED for row in apps.get_model(name).objects.order_by("pk")]
    offices = Office.objects.filter(pk__in={row.owner_id for row in rows if hasattr(row, "owner_id")})
    as_of = Picture.objects.get(pk=1).as_of
    assert as_of is not None
    return {
        "rows": serializers.serialize("json", [*offices, *rows]),
        "log": str(folder / "voices"),
        "as_of": as_of.isoformat(),
    }


def hear(folder: Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Hear all of it at once, until every issue is described."""
    from django.core import serializers
    from django.db import connection

    from benchmarks.crashes.listening.verdict import issues_as_shown
    from nhipcau.issues.listener import Listener
    from nhipcau.issues.listenermemory import begin
    from nhipcau.running.preparing import prepare_installation
    from nhipcau.voices import voicelog
    from nhipcau.voices.logplace import local_place

    prepare_installation()
    with connection.constraint_checks_disabled():
        for row in serializers.deserialize("json", given["rows"]):
            row.save()
    # files are read where they are; what is derived from them is written here
    voicelog.place_of_log = lambda: local_place(Path(given["log"]))  # type: ignore[attr-defined]
    now = datetime.fromisoformat(given["as_of"])
    listener = Listener(threading.Event(), folder=folder / "listener", clock=lambda: now)
    listening = begin(folder / "listener")
    listener.turn(listening)
    while listening.to_describe:
        listener.turn(listening)
    return issues_as_shown()


def main() -> None:
    """Copy in this process, hear in another one: a process has one database."""
    if len(sys.argv) == 3:
        load(Path(sys.argv[1]))
        given = json.loads(Path(sys.argv[2]).read_text("utf-8"))
        json.dump(hear(Path(sys.argv[1]), given), sys.stdout)
        return
    folder = Path(sys.argv[1]).resolve()
    load(folder)
    with tempfile.TemporaryDirectory() as place:
        given_at, own = Path(place) / "given.json", Path(place) / "data"
        given_at.write_text(json.dumps(copied(folder)), "utf-8")
        own.mkdir(mode=0o700)
        command = [sys.executable, "-m", "benchmarks.crashes.listening.unbroken", str(own), str(given_at)]
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        sys.stdout.write(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True).stdout)


if __name__ == "__main__":
    main()
