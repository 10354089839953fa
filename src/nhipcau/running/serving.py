"""`nhipcau serve`: the folder is taken, the address opened, the database prepared, and the tree of processes runs."""

from __future__ import annotations

import errno
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nhipcau.engine.errors import EngineError
from nhipcau.running.folder import make_folder
from nhipcau.running.loading import environment_of
from nhipcau.running.occupancy import occupy
from nhipcau.running.tree import ProcessTree

METRICS_FOLDER: Final = "metrics"
"""Web processes share their counters here while they run."""
BACKLOG: Final = 2048


@dataclass(frozen=True)
class Serving:
    """Where to serve, what is kept where, how many processes."""

    host: str
    port: int
    folder: Path
    web_processes: int = 1
    workers: int = 1
    rooms_processes: tuple[str, ...] = ("listener",)
    lang: str = "vi"


def serve(
    options: Serving,
    *,
    on_ready: Callable[[str, list[str]], None],
    on_death: Callable[[str, int], None] = lambda _role, _code: None,
) -> None:
    """Serve until told to stop.

    Parameters
    ----------
    options
        Where and how many.
    on_ready
        Told the address once pages are answered, and what else whoever started it must know.
    on_death
        Told what died; it is started again.

    Raises
    ------
    EngineError
        ``run.busy``, ``run.port``, ``run.not-prepared``, ``run.cannot-start`` and those of the data folder.
    """
    os.umask(0o077)
    folder = make_folder(options.folder)
    with occupy(folder) as lock, _listen(options.host, options.port) as listening:
        environment = _environment(folder, options.lang)
        notices = prepare(environment)
        roles = ["web"] * options.web_processes + ["worker"] * options.workers
        roles += options.rooms_processes
        tree = ProcessTree(roles, listening=listening, environment=environment, kept_open=(lock,), on_death=on_death)
        tree.stop_on_signals()
        host, port = listening.getsockname()[:2]
        tree.run(while_running=_tell_once(host, port, lambda address: on_ready(address, notices)))


def work(folder: Path, *, workers: int, lang: str) -> None:
    """Run workers alone, beside a `serve` elsewhere that shares the database."""
    os.umask(0o077)
    environment = _environment(make_folder(folder), lang)
    prepare(environment)
    tree = ProcessTree(["worker"] * workers, listening=None, environment=environment)
    tree.stop_on_signals()
    tree.run()


def prepare(environment: dict[str, str]) -> list[str]:
    """Bring the database to this version and give what is to be told; what goes wrong is said on standard error."""
    command = [sys.executable, "-m", "nhipcau.running.children", "prepare"]
    finished = subprocess.run(  # noqa: S603  # ourselves
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False
    )
    if finished.returncode != 0:
        raise EngineError("run.not-prepared", exit_code=finished.returncode)
    notices: list[str] = json.loads(finished.stdout)
    return notices


def _environment(folder: Path, lang: str) -> dict[str, str]:
    metrics = folder / METRICS_FOLDER
    shutil.rmtree(metrics, ignore_errors=True)  # counters of processes that are gone
    metrics.mkdir(mode=0o700)
    return {
        **os.environ,
        **environment_of(folder),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "NHIPCAU_LANG": lang,
    }


def _listen(host: str, port: int) -> socket.socket:
    """Open the address; the parent keeps it, so that it answers again at once when a web process is replaced."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        reason = {errno.EADDRINUSE: "in-use", errno.EACCES: "not-allowed"}.get(error.errno or 0, "address")
        raise EngineError("run.port", host=host, port=port, reason=reason) from error
    return listening


def _tell_once(host: str, port: int, on_ready: Callable[[str], None]) -> Callable[[], None]:
    """Look now and then whether pages are answered, until they are."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # asked of, not bound to
    state = {"told": False, "look_at": 0.0}

    def look() -> None:
        if state["told"] or time.monotonic() < state["look_at"]:
            return
        state["look_at"] = time.monotonic() + 0.2
        if _answers(reachable, port):
            state["told"] = True
            on_ready(f"http://{f'[{reachable}]' if ':' in reachable else reachable}:{port}/")

    return look


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
