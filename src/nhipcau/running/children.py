"""What each process of the tree does when it starts: `python -m nhipcau.running.children web|worker|…`.

A child ends when its parent is gone, however that died: it holds the reading end of a pipe that only the parent writes.
Who starts it: `tree`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Final

from nhipcau.engine.errors import EngineError

GRACE_SECONDS: Final = 10
"""So long a child may finish what it has begun."""

PARENT_PIPE: Final = "NHIPCAU_PARENT_PIPE"
SOCKET: Final = "NHIPCAU_SOCKET"


def main(role: str) -> None:
    """Do one role; what whoever runs it can mend is one line."""
    from django.core.exceptions import ImproperlyConfigured

    from nhipcau.messages import say

    try:
        try:
            ROLES.get(role, lambda: of_a_room(role))()
        except ImproperlyConfigured as fault:
            raise EngineError("run.setting", error=str(fault)) from fault
    except EngineError as error:
        sys.stderr.write(f"nhipcau: {say(error, lang=os.environ.get('NHIPCAU_LANG', 'vi'))}\n")
        sys.exit(2)


def web() -> None:
    """Serve on the socket that the parent opened: while a killed web process starts anew, requests wait there."""
    import uvicorn

    from nhipcau.running.application import make_application
    from nhipcau.running.collecting import collect_seldom
    from nhipcau.running.taking import TakingServer

    served = make_application()
    config = uvicorn.Config(
        served.application,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        proxy_headers=True,
        forwarded_allow_ips=os.environ.get("NHIPCAU_PROXIES", "127.0.0.1"),
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=30,
    )
    server = TakingServer(config, has_room=served.has_room)

    def stop() -> None:
        server.should_exit = True

    end_with_parent(stop)
    collect_seldom()
    server.run(sockets=[socket.socket(fileno=int(os.environ[SOCKET]))])


def worker() -> None:
    """Do the jobs until told to stop."""
    import django

    django.setup()
    from nhipcau.running.worker import Worker

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    end_with_parent(stopping.set)
    Worker(stopping).run()


def of_a_room(role: str) -> None:
    """Do what a room has named in the settings (`PROCESS_ROLES`) until told to stop."""
    import django

    django.setup()
    from django.conf import settings
    from django.utils.module_loading import import_string

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    end_with_parent(stopping.set)
    import_string(settings.PROCESS_ROLES[role])(stopping)


def prepare() -> None:
    """Bring the database to this version, before anything else starts; the parent reads what is to be told."""
    import django

    django.setup()
    from nhipcau.running.notices import all_notices
    from nhipcau.running.preparing import prepare_installation

    prepare_installation()
    json.dump(all_notices(os.environ.get("NHIPCAU_LANG", "vi")), sys.stdout)


def end_with_parent(stop: Callable[[], None]) -> None:
    """Stop when the parent is gone; when that takes longer than the grace, end at once."""
    pipe = os.environ.get(PARENT_PIPE)
    if pipe is None:
        return

    def wait() -> None:
        os.read(int(pipe), 1)  # the parent never writes: this returns when its end is closed
        stop()
        threading.Event().wait(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()


ROLES: Final[dict[str, Callable[[], None]]] = {"web": web, "worker": worker, "prepare": prepare}


if __name__ == "__main__":
    main(sys.argv[1])
