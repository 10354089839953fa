"""A running installation, for tests too: `nhipcau serve` in a process of its own, asked over HTTP, killed, stopped."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from nhipcau.running.loading import SETTINGS

PATIENCE_SECONDS = 60.0
COMMAND = [sys.executable, "-m", "nhipcau.cli"]


def environment(**changes: str) -> dict[str, str]:
    """The environment of a user: the product's own settings, whatever tests run with; one web process, to be found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NHIPCAU_")}
    return {**kept, "DJANGO_SETTINGS_MODULE": SETTINGS, "NHIPCAU_WEB": "1", **changes}


def run_command(*arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `nhipcau …` to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(condition: Callable[[], object], *, what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not in {seconds} s: {what}"
        time.sleep(0.05)


class Installation:
    """One `nhipcau serve` and its data folder."""

    def __init__(self, folder: Path, *options: str, **changes: str) -> None:
        self.folder = folder
        self._log = folder.parent / f"{folder.name}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--data", folder, "--port", "0", "--lang", "en", *options],
                env=environment(**changes),
                stdout=log,
                stderr=log,
            )

    @property
    def said(self) -> str:
        """All that it printed."""
        return self._log.read_text("utf-8")

    @property
    def address(self) -> str:
        """Where it serves; waits until it does."""
        eventually(lambda: self.process.poll() is not None or " runs at " in self.said, what="the address is told")
        found = re.search(r"runs at (\S+)/", self.said)
        assert found is not None, self.said
        return found[1]

    def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return httpx.get(f"{self.address}{path}", timeout=PATIENCE_SECONDS)

    def children(self, role: str = "") -> list[int]:
        """The processes of the tree that do a role, found by whose children they are."""
        return children_of(self.process.pid, role)

    def is_ready(self) -> bool:
        """Whether it says that it can do its work."""
        return self.get("/readyz").status_code == 200

    def wait_until_ready(self) -> None:
        """Wait until it says so."""
        eventually(self.is_ready, what=f"the installation is ready\n{self.said}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop, and wait; give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


def children_of(parent: int, role: str = "") -> list[int]:
    """Living children of a process, by what their command line says."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            line = (status.parent / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if (
            int(fields[1]) == parent
            and fields[0] != "Z"
            and "nhipcau.running.children" in line
            and (not role or role in line)
        ):
            found.append(int(status.parent.name))
    return found


def processor_seconds(processes: list[int]) -> float:
    """What processes have spent, in user and system mode."""
    spent = 0
    for process in processes:
        fields = (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


def is_alive(process: int) -> bool:
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
