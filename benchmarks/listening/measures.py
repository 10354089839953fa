"""What is measured of a running centre: when pushed voices are shown, and what its listener has used."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

from benchmarks.installations import Installation, eventually
from benchmarks.intake.__main__ import Measured, push
from benchmarks.intake.cast import SOURCE

LOOK_SECONDS = 0.02
LONGEST_SECONDS = 3_600.0


class Watch:
    """Looks, by a connection of its own, up to which voice the picture shows; notes when that changed."""

    def __init__(self) -> None:
        self._times: list[float] = [time.perf_counter()]
        self._seqs: list[int] = [seq_shown()]
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._enough.wait(LOOK_SECONDS):
            seq = seq_shown()
            if seq != self._seqs[-1]:
                self._times.append(time.perf_counter())
                self._seqs.append(seq)

    def wait_for(self, seq: int) -> None:
        """Wait until so many voices are shown."""
        eventually(lambda: self._seqs[-1] >= seq, what=f"{seq} voices are shown", seconds=LONGEST_SECONDS)

    def when(self, seq: int) -> float:
        """When so many voices were shown first."""
        return self._times[int(np.searchsorted(self._seqs, seq))]

    def stop(self) -> None:
        """Look no more."""
        self._enough.set()
        self._thread.join()


def seq_shown() -> int:
    """How many voices the picture shows."""
    from nhipcau.issues.models import Picture

    return Picture.objects.filter(pk=1).values_list("seq", flat=True).first() or 0


@dataclass
class Stream:
    """When each batch was asked for, answered, and how many voices there were with it."""

    asked: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    voices: list[int] = field(default_factory=list)
    behind_seconds: float = 0.0


def stream(centre: Installation, token: str, bodies: list[bytes], *, every_seconds: float) -> Stream:
    """Push a batch at its time, one after the other."""
    found, count = Stream(), 0
    begun = time.perf_counter()
    with httpx.Client(base_url=centre.address, timeout=120.0, headers={"Authorization": f"Bearer {token}"}) as line:
        for number, body in enumerate(bodies):
            due = begun + number * every_seconds
            time.sleep(max(0.0, due - time.perf_counter()))
            found.behind_seconds = max(found.behind_seconds, time.perf_counter() - due)
            headers = {"Idempotency-Key": f"stream-{number:08}", "Content-Type": "application/json"}
            found.asked.append(time.perf_counter())
            answer = line.post(f"/api/v1/sources/{SOURCE}/voices", content=body, headers=headers)
            found.answered.append(time.perf_counter())
            assert answer.status_code == 202, answer.text
            count += answer.json()["accepted"]
            found.voices.append(count)
    return found


def catch_up(centre: Installation, token: str, bodies: list[bytes], watch: Watch, *, shown: int) -> tuple[int, float]:
    """Let voices wait while the listener stands still; give how many, and how long it takes to show them all."""
    [listener] = centre.children("listener")
    os.kill(listener, signal.SIGSTOP)
    pushed = Measured(0, 0.0, [], 0, 0.0)
    asyncio.run(push(centre.address, [token], bodies, pushed, name="backlog"))
    begun = time.perf_counter()
    os.kill(listener, signal.SIGCONT)
    watch.wait_for(shown + pushed.voices)
    return pushed.voices, watch.when(shown + pushed.voices) - begun


def peak_megabytes(process: int) -> float:
    """The most memory that a process has had."""
    for line in (Path("/proc") / str(process) / "status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM")
