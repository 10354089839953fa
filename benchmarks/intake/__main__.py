"""`python -m benchmarks.intake [--voices 100000] [--web 1]`: voices a second that the real server accepts.

On PostgreSQL: `python -m tests.postgresql --durable python -m benchmarks.intake`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import orjson

from benchmarks.installations import Installation, environment, processor_seconds
from benchmarks.intake.cast import SOURCE
from nhipcau.engine.sample.writing import write_sample

SETTINGS = "benchmarks.crashes.settings"
CHANGES = {"NHIPCAU_INTAKE_QUEUE_VOICES": "100000000", "NHIPCAU_API_REQUESTS_A_MINUTE": "1000000"}
NAMES = (("Nguyễn", "Trần", "Lê", "Phạm"), ("Văn", "Thị", "Minh"), ("An", "Bình", "Chi", "Dũng", "Giang", "Hạnh"))
COUNTED = """
from django.db.models import Sum
from nhipcau.voices.models import IntakeBatch, LogSegment
waiting = IntakeBatch.objects.aggregate(all=Sum("voices"))["all"] or 0
print(waiting + (LogSegment.objects.aggregate(all=Sum("voices"))["all"] or 0))
"""


@dataclass
class Measured:
    """What a run gave."""

    voices: int
    seconds: float
    answers: list[float]
    waits: int
    processor_seconds: float


def batches_of(folder: Path, *, voices: int, batch: int, seed: int) -> list[bytes]:
    """Bodies of made-up voices, whose authors have made-up names."""
    write_sample(folder / "sample.jsonl", days=10, posts_per_day=-(-voices // 10), seed=seed)
    now = datetime.now(UTC).isoformat()
    bodies = []
    with (folder / "sample.jsonl").open("rb") as lines:
        while rows := [orjson.loads(line) for line in itertools.islice(lines, batch)]:
            bodies.append(orjson.dumps({"voices": [_voice(row, now) for row in rows]}))
    return bodies


def _voice(row: dict[str, str], now: str) -> dict[str, str]:
    kept = {name: row[name] for name in ("id", "text", "place", "channel") if row.get(name)}
    if not row.get("author"):
        return kept | {"time": now}
    number = int(row["author"], 16)
    name = " ".join(parts[number // 7**place % len(parts)] for place, parts in enumerate(NAMES))
    return kept | {"time": now, "author_id": row["author"], "author": name}


async def push(address: str, tokens: list[str], bodies: list[bytes], measured: Measured, *, name: str) -> None:
    """Each program sends the next batch as soon as its last one is answered, and waits when it is told to."""
    waiting = iter(enumerate(bodies))
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=120.0, limits=limits) as line:
        begun = time.perf_counter()
        await asyncio.gather(*(_program(line, token, waiting, measured, name=name) for token in tokens))
        measured.seconds = time.perf_counter() - begun


async def _program(
    line: httpx.AsyncClient, token: str, waiting: Iterator[tuple[int, bytes]], measured: Measured, *, name: str
) -> None:
    for number, body in waiting:
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": f"{name}-{number:08}",
            "Content-Type": "application/json",
        }
        while True:
            begun = time.perf_counter()
            answer = await line.post(f"/api/v1/sources/{SOURCE}/voices", content=body, headers=headers)
            if answer.status_code == 202:
                break
            assert answer.status_code in (429, 503), answer.text
            measured.waits += 1
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        measured.answers.append(time.perf_counter() - begun)
        said = answer.json()
        assert said["rejected"] == 0, said
        measured.voices += said["accepted"]


def measure(place: Path, *, voices: int, batch: int, web: int, programs: int, seed: int) -> Measured:
    """Start a centre, push, count what is in the database."""
    folder = place / "data"
    folder.mkdir(mode=0o700)
    bodies = batches_of(place, voices=voices, batch=batch, seed=seed)
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.intake.cast", str(folder), str(programs)],
        env=environment(DJANGO_SETTINGS_MODULE=SETTINGS),
        stdout=subprocess.PIPE,
        check=True,
    )
    tokens = json.loads(made.stdout)
    centre = Installation(folder, "--web", str(web), DJANGO_SETTINGS_MODULE=SETTINGS, **CHANGES)
    measured = Measured(0, 0.0, [], 0, 0.0)
    try:
        centre.wait_until_ready()
        warm = [body.replace(b'"id":"', b'"id":"warm-') for body in bodies[: 2 * web]]
        asyncio.run(push(centre.address, tokens, warm, Measured(0, 0.0, [], 0, 0.0), name="warm"))
        processes = centre.children("web")
        before = processor_seconds(processes)
        asyncio.run(push(centre.address, tokens, bodies, measured, name="batch"))
        measured.processor_seconds = processor_seconds(processes) - before
    finally:
        centre.stop()
    assert _counted(folder) >= measured.voices
    return measured


def _counted(folder: Path) -> int:
    code = f"from pathlib import Path\nfrom nhipcau.running.loading import load\nload(Path({str(folder)!r}))\n{COUNTED}"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), stdout=subprocess.PIPE, check=True)
    return int(done.stdout)


def main() -> None:
    """Measure once and print a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=1_000, help="voices of one request")
    parser.add_argument("--web", type=int, default=1, help="web processes")
    parser.add_argument("--programs", type=int, default=4, help="programs that push at the same time")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        measured = measure(Path(place), **vars(options))
    middle, late = np.quantile(measured.answers, (0.5, 0.95)) * 1000
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    print("| database | web | voices accepted | a second | median ms a batch | p95 ms | web CPU µs a voice | waits |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    print(
        f"| {database} | {options.web} | {measured.voices:,} | {measured.voices / measured.seconds:,.0f} |"
        f" {middle:.0f} | {late:.0f} | {measured.processor_seconds / measured.voices * 1e6:.0f} | {measured.waits} |"
    )


if __name__ == "__main__":
    main()
