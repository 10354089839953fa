"""A year's counts over a voice log of three years. `python -m benchmarks.voicelog --voices 50000000`.

The log is made first, in a folder of its own that is removed at the end, and written as the house writes a past day.
Time and peak memory are those of a fresh process that has the database open; the third of three runs is told too,
when files are in the memory of the system anyway.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

YEAR = 365


def main() -> None:
    """Make the log, count in a process of its own, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", type=int, default=5_000_000)
    parser.add_argument("--days", type=int, default=1_096)
    parser.add_argument("--counting", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.counting:
        count(options.voices, options.days)
        return
    with tempfile.TemporaryDirectory(prefix="nhipcau-voicelog-") as folder:
        os.environ["NHIPCAU_DATA"] = folder
        os.environ["NHIPCAU_SECRET_KEY"] = "of a benchmark, signs nothing: 0123456789 0123456789 0123456789"
        make(options.voices, options.days)
        for path, name in (("voices", "voices"), ("voices-derived/threads", "threads"), ("voices-derived", "derived")):
            size = sum(file.stat().st_size for file in (Path(folder) / path).rglob("*.parquet"))
            print(f"{name}: {size / 1e9:.2f} GB", flush=True)
        command = [sys.executable, "-m", "benchmarks.voicelog", "--counting", "yes", "--voices", str(options.voices)]
        subprocess.run([*command, "--days", str(options.days)], check=True)


def _load() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "nhipcau.site.settings"
    import django

    django.setup()


def make(voices: int, days: int) -> None:
    """Write a file a day with its sides, and register it."""
    _load()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks.voicelog.generating import Province
    from nhipcau.voices.actions.replacing import as_segment
    from nhipcau.voices.logplace import place_of_log
    from nhipcau.voices.models import LogPosition, LogSegment
    from nhipcau.voices.segmentfile import digest_of, name_of, write_voices
    from nhipcau.voices.sides import TALLIES, THREADS, tally_of, write_side

    call_command("migrate", verbosity=0)
    began, place, province = time.perf_counter(), place_of_log(), Province(voices=voices, days=days)
    next_seq, tallied = 0, 0
    for day, batch, side in province.voices():
        with place.making() as file:
            rows = write_voices(file, [batch])
            digest, size = digest_of(file), file.stat().st_size
            path = name_of(day, next_seq, digest)
            place.put(file, path)
        described = {"path": path, "day": day, "first_seq": next_seq, "last_seq": next_seq + rows - 1}
        row = LogSegment(**described, voices=rows, bytes=size, sha256=digest, written_at=timezone.now())
        row.save()
        write_side(as_segment(row), THREADS, side)
        tally = tally_of(side)
        write_side(as_segment(row), TALLIES, tally)
        next_seq, tallied = next_seq + rows, tallied + tally.num_rows
    LogPosition.objects.create(next_seq=next_seq)
    print(
        f"{next_seq:,} voices of {days} days made in {time.perf_counter() - began:.0f} s, {tallied:,} rows of tallies"
    )


def peak_megabytes() -> int:
    """The most that this process ever held; what `getrusage` says would begin with the parent's."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def count(voices: int, days: int) -> None:
    """Count the last year, three times."""
    _load()
    from benchmarks.voicelog.generating import FIRST_DAY, issues_of_threads
    from nhipcau.voices.queries.counts import counts

    issue_of = issues_of_threads(days)
    until = FIRST_DAY + timedelta(days=days - 1)
    since = max(until - timedelta(days=YEAR - 1), date(2024, 1, 1))
    before = peak_megabytes()
    for by in (("day", "issue", "place"), ("day", "issue"), ("day", "place")):
        seconds, found, processor = [], None, 0.0
        for _ in range(3):
            began, used = time.perf_counter(), time.process_time()
            found = counts(since=since, until=until, issue_of=issue_of, by=by)
            seconds.append(time.perf_counter() - began)
            processor = time.process_time() - used
        assert found is not None
        print(
            json.dumps(
                {
                    "voices": voices,
                    "by": by,
                    "rows": found.table.num_rows,
                    "uncounted": found.uncounted,
                    "seconds_first": round(seconds[0], 2),
                    "seconds_third": round(seconds[2], 2),
                    "processor_seconds": round(processor, 2),
                    "peak_megabytes": peak_megabytes(),
                    "megabytes_before": before,
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
