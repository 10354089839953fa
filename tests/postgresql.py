"""A real PostgreSQL on a temporary folder: `python -m tests.postgresql COMMAND …` runs a command with its DATABASE_URL.

`--durable` before the command makes its commits survive a power cut, for measurements. PostgreSQL refuses to run as
root: there it runs as `postgres` or `nobody`.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.needs import postgresql

ROOMY = ("max_connections=200",)
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", *ROOMY)
SUPERUSER = "nhipcau"
PATIENCE_SECONDS = 60


_numbers = itertools.count()


def new_database(url: str) -> str:
    """Make a new, empty database beside the one of an address, and give its own address."""
    import psycopg

    name = f"fresh_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


class Server:
    """A server on a folder, at a port of its own; it can be taken away for a while."""

    def __init__(self, folder: Path, settings: tuple[str, ...]) -> None:
        programs = postgresql()
        assert programs is not None, "PostgreSQL is missing: python tests/needs.py installs it"
        account = _account()
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        self._log = folder.parent / f"{folder.name}.log"
        port = _free_port()
        self.url = f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres"
        options = [part for option in settings for part in ("-c", option)]
        place = ["-D", folder / "data", "-k", folder, "-p", str(port), "-h", "127.0.0.1"]
        self._command = [programs / "postgres", *place, *options]
        self._process: subprocess.Popen[bytes] | None = None
        initdb = [programs / "initdb", "-D", folder / "data", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
        with self._log.open("ab") as log:
            subprocess.run(
                [*initdb, "--locale=C", "--no-sync"], stdout=log, stderr=log, cwd="/", check=True, **self._identity
            )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, cwd="/", **self._identity)
        _wait(self._process, self.url)

    def stop(self, how: int = signal.SIGQUIT) -> None:
        """Stop it, at once."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None


@contextmanager
def own_server(settings: tuple[str, ...] = QUICK) -> Iterator[Server]:
    """Start a server on a temporary folder, and stop it with all that it holds."""
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-postgresql-"))
    try:
        server = Server(folder, settings)
        try:
            server.start()
            yield server
        finally:
            server.stop()  # nothing in it is kept
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


@contextmanager
def running_server(settings: tuple[str, ...] = QUICK) -> Iterator[str]:
    """The address of a server that is there for as long as this lasts."""
    with own_server(settings) as server:
        yield server.url


def _account() -> pwd.struct_passwd | None:
    """Whom to run it as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    import psycopg

    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, f"PostgreSQL ended with {server.returncode}"
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("PostgreSQL did not start")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server is stopped then too
    is_durable = sys.argv[1:2] == ["--durable"]
    with running_server(ROOMY if is_durable else QUICK) as address:
        done = subprocess.run(sys.argv[1 + is_durable :], env={**os.environ, "DATABASE_URL": address}, check=False)
    sys.exit(done.returncode)
