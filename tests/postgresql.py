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


@contextmanager
def running_server(settings: tuple[str, ...] = QUICK) -> Iterator[str]:
    """Start a server on a temporary folder, give its address, and stop it with all that it holds."""
    programs = postgresql()
    assert programs is not None, "PostgreSQL is missing: python tests/needs.py installs it"
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-postgresql-"))
    try:
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        with (folder.parent / f"{folder.name}.log").open("wb") as log:
            initdb = [programs / "initdb", "-D", folder / "data", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
            subprocess.run(
                [*initdb, "--locale=C", "--no-sync"], stdout=log, stderr=log, cwd="/", check=True, **identity
            )
            port = _free_port()
            options = [part for option in settings for part in ("-c", option)]
            place = ["-D", folder / "data", "-k", folder, "-p", str(port), "-h", "127.0.0.1"]
            server = subprocess.Popen(
                [programs / "postgres", *place, *options], stdout=log, stderr=log, cwd="/", **identity
            )
            try:
                url = f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres"
                _wait(server, url)
                yield url
            finally:
                server.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
                server.wait(PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


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
