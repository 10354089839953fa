"""The process tree of `nhipcau serve`: children are started, watched, replaced when they die, and stopped together.

It knows processes, not what they do (`children`), and loads no web framework: the parent stays small. One tree uses a
data folder at a time (`occupancy`).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from nhipcau.engine.errors import EngineError
from nhipcau.running.children import GRACE_SECONDS, PARENT_PIPE, SOCKET
from nhipcau.running.counting import COUNTS, open_counts

QUICK_SECONDS: Final = 10.0
"""A child that ends by itself sooner after its start was not able to start."""
GIVE_UP_AFTER: Final = 3
LONGEST_WAIT_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.1


@dataclass
class Child:
    """One place in the tree: its process now, and how its last ones ended."""

    role: str
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    quick_ends: int = 0
    deaths: int = field(default=0)


class ProcessTree:
    """The processes of an installation.

    Parameters
    ----------
    roles
        What each child does, for example ``["web", "worker"]``.
    listening
        The open socket that every web child serves.
    environment
        What the children are told.
    kept_open
        File descriptors that children hold too: the lock of the data folder is free only when all are gone.
    on_death
        Told the role and the exit code of a child that died.
    """

    def __init__(
        self,
        roles: list[str],
        *,
        listening: socket.socket | None,
        environment: Mapping[str, str],
        kept_open: tuple[int, ...] = (),
        on_death: Callable[[str, int], None] = lambda _role, _code: None,
    ) -> None:
        self._children = [Child(role) for role in roles]
        self._listening = listening
        self._reading, self._writing = os.pipe()
        self._environment = {**environment, PARENT_PIPE: str(self._reading)}
        self._kept_open = (self._reading, *kept_open)
        self._counts = open_counts()
        self._environment[COUNTS] = str(self._counts)
        self._kept_open += (self._counts,)
        if listening is not None:
            self._environment[SOCKET] = str(listening.fileno())
            self._kept_open += (listening.fileno(),)
        self._on_death = on_death
        self._stopping = False

    def stop_on_signals(self) -> None:
        """Stop all on SIGTERM, SIGINT or SIGHUP."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop())

    def stop(self) -> None:
        """Ask the tree to stop; `run` returns when all children are gone."""
        self._stopping = True

    def run(self, *, while_running: Callable[[], None] = lambda: None) -> None:
        """Keep the children running until told to stop; raise where one cannot start at all."""
        try:
            while not self._stopping:
                for child in self._children:
                    self._tend(child)
                while_running()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop_children()
            for descriptor in (self._writing, self._reading, self._counts):
                os.close(descriptor)

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                child.process, child.started_at = self._start(child.role), now
            return
        code = child.process.poll()
        if code is None:
            return
        self._on_death(child.role, code)
        # one that was killed is innocent; one that ends by itself, again and again, cannot start
        was_quick = code > 0 and now - child.started_at < QUICK_SECONDS
        child.quick_ends = child.quick_ends + 1 if was_quick else 0
        if child.quick_ends >= GIVE_UP_AFTER:
            raise EngineError("run.cannot-start", process=child.role, exit_code=code)
        child.process = None
        child.deaths += 1
        wait = min(0.5 * 2**child.quick_ends, LONGEST_WAIT_SECONDS) if was_quick else 0.0
        child.start_at = now + wait

    def _start(self, role: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # ourselves, no shell
            [sys.executable, "-m", "nhipcau.running.children", role],
            env=self._environment,
            pass_fds=self._kept_open,
            stdin=subprocess.DEVNULL,
            # a terminal's Ctrl+C goes to the parent alone, which then stops its children in order
            start_new_session=True,
        )

    def _stop_children(self) -> None:
        """End all: they are asked first, and killed when they take longer than the grace."""
        running = [child.process for child in self._children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS + 2
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
