"""One run: people use a centre, its processes are killed at random, and in the end everything is looked through."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.crashes.cast import Cast
from benchmarks.crashes.clients import Clients
from benchmarks.crashes.letterbox import letters_of
from benchmarks.installations import Installation, environment, eventually

SETTINGS = "benchmarks.crashes.settings"
ROLES = ("web", "worker", "listener")
VICTIMS = ("web", "worker", "parent", "tree", "sender")
PAUSE_SECONDS = (0.3, 2.0)
SETTLE_SECONDS = 400.0
RESTART_SECONDS = 2.0


@dataclass
class Outcome:
    """What was killed, what was done meanwhile, and what was wrong after it."""

    kills: Counter[str] = field(default_factory=Counter)
    figures: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Centre:
    """The installation, started anew where its parent was killed, or gave up because the last one's children still end.

    The system's own keeper of services does the same (`Restart=always`).
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self._port = folder, port
        self._one_at_a_time, self._stopped = threading.Lock(), threading.Event()
        self.installation = self._start()
        threading.Thread(target=self._keep_up, daemon=True).start()

    def _keep_up(self) -> None:
        while not self._stopped.wait(RESTART_SECONDS):
            with self._one_at_a_time:
                if self.installation.process.poll() is not None and not self._stopped.is_set():
                    self.installation = self._start()

    @property
    def address(self) -> str:
        """Where it serves, whether it lives or not."""
        return f"http://127.0.0.1:{self._port}"

    def _start(self) -> Installation:
        return Installation(self.folder, "--port", str(self._port), DJANGO_SETTINGS_MODULE=SETTINGS)

    def kill(self, victim: str, chance: random.Random) -> bool:
        """Kill a process, or all; whether there was one to kill."""
        if victim in ROLES:  # after a kill of all it takes a while until there is one again
            what = f"there is a {victim} process"
            eventually(lambda: self.installation.children(victim), what=what, seconds=SETTLE_SECONDS)
        with self._one_at_a_time:
            return self._kill(victim, chance)

    def _kill(self, victim: str, chance: random.Random) -> bool:
        parent = self.installation.process
        children = {role: self.installation.children(role) for role in ROLES}
        every = [process for role in ROLES for process in children[role]]
        doomed = {**children, "parent": [parent.pid], "tree": [parent.pid, *every]}[victim]
        chance.shuffle(doomed)
        for process in doomed:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                return False
        if parent.pid in doomed:
            parent.wait()
            self.installation = self._start()
        return bool(doomed)

    def stop(self) -> None:
        """Stop it in order."""
        self._stopped.set()
        with self._one_at_a_time:
            self.installation.stop()

    def wait_until_ready(self) -> None:
        """Wait until the one that runs by then says that it can do its work."""
        eventually(self._is_ready, what="the installation is ready", seconds=SETTLE_SECONDS)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=30).status_code == 200
        except httpx.TransportError:
            return False


def run(folder: Path, *, kills: int, seed: int, port: int) -> Outcome:
    """Kill so many processes, one after the other, and say what was wrong in the end."""
    cast = _make_cast(folder)
    centre = Centre(folder, port)
    try:
        return _use_and_kill(centre, cast, kills=kills, seed=seed)
    finally:
        centre.stop()


def _use_and_kill(centre: Centre, cast: Cast, *, kills: int, seed: int) -> Outcome:
    chance, outcome, folder = random.Random(seed), Outcome(), centre.folder
    centre.wait_until_ready()
    clients = Clients(lambda: centre.address, cast, folder, letters_of(folder))
    threads = clients.start(by_page=max(6, kills // 3), by_action=max(6, kills // 3))
    senders = threads[:2]
    while sum(outcome.kills.values()) < kills:
        time.sleep(chance.uniform(*PAUSE_SECONDS))
        victim = chance.choice(VICTIMS)
        if victim == "sender":
            if clients.sender is None or clients.sender.poll() is not None:
                continue
            clients.sender.kill()
        elif not centre.kill(victim, chance):
            continue
        outcome.kills[victim] += 1
    for thread in senders:
        thread.join(SETTLE_SECONDS)
    centre.wait_until_ready()
    eventually(lambda: not _pending(folder), what="everything due is done", seconds=SETTLE_SECONDS)
    clients.finish()
    for thread in threads:
        thread.join(SETTLE_SECONDS)
    eventually(lambda: not _pending(folder), what="everything due is done", seconds=SETTLE_SECONDS)
    clients.close()
    centre.stop()
    told = {"directives": clients.directives, "acknowledged": sorted(set(clients.acknowledged))}
    found = json.loads(run_part("verdict", folder, given=json.dumps(told)))
    outcome.figures, outcome.faults = found["figures"], found["faults"] + clients.refused
    outcome.figures["acknowledgements told"] = len(set(clients.acknowledged))
    return outcome


def _make_cast(folder: Path) -> Cast:
    folder.mkdir(mode=0o700, exist_ok=True)
    made = json.loads(run_part("cast", folder))
    made["officers"] = {int(office): session for office, session in made["officers"].items()}
    return Cast(**made)


def _pending(folder: Path) -> int:
    return int(run_part("pending", folder))


def run_part(name: str, folder: Path, *, given: str = "", **changes: str) -> str:
    """Run a part of the benchmark in a process of its own, with the settings of the centre; give what it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.crashes.{name}", str(folder)],
        env=environment(DJANGO_SETTINGS_MODULE=SETTINGS, **changes),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
