"""`nhipcau serve`: what dies comes back, what is told to stop stops, and one folder has one tree."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.installations import Installation, eventually, is_alive, run_command
from nhipcau.running.loading import SETTINGS
from tests.postgresql import new_database

pytestmark = pytest.mark.processes

Start = Callable[..., Installation]
URL = os.environ.get("DATABASE_URL", "")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for the tests that leave it as healthy as they found it."""
    folder = tmp_path_factory.mktemp("running") / "data"
    database = new_database(URL) if URL else ""
    installation = Installation(folder, "--web", "2", "--workers", "2", DATABASE_URL=database)
    installation.wait_until_ready()
    yield installation
    installation.stop()


def healthy(installation: Installation) -> list[int]:
    """The children of a tree that is whole."""
    eventually(lambda: len(installation.children()) == 5 and installation.is_ready(), what="the tree is whole")
    return installation.children()


def test_what_it_keeps_is_for_its_owner_only(running: Installation) -> None:
    kept = [running.folder, *running.folder.rglob("*")]
    assert len(kept) > 2
    assert not [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_killed_web_processes_are_replaced_and_a_request_meanwhile_waits(running: Installation) -> None:
    before = [one for one in healthy(running) if one in running.children("web")]
    for process in before:
        os.kill(process, signal.SIGKILL)
    assert running.get("/healthz").status_code == 200
    assert not set(running.children("web")) & set(before)
    assert "process web ended (code -9)" in running.said


def test_a_killed_worker_is_replaced(running: Installation) -> None:
    healthy(running)
    worker = running.children("worker")[0]
    os.kill(worker, signal.SIGKILL)
    eventually(
        lambda: worker not in running.children("worker") and len(running.children("worker")) == 2, what="another"
    )


def test_several_web_processes_share_the_address_and_their_figures(running: Installation) -> None:
    healthy(running)
    threads = [threading.Thread(target=running.get, args=("/healthz",)) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = [
        float(line.split()[-1])
        for line in running.get("/metrics").text.splitlines()
        if line.startswith("nhipcau_requests_total{") and 'view="healthz"' in line
    ]
    assert sum(counted) >= 30


def test_a_second_one_on_the_same_folder_is_refused(running: Installation) -> None:
    refused = run_command("serve", "--data", running.folder, "--port", "0", "--lang", "en")
    assert refused.returncode == 2
    assert str(running.process.pid) in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert running.is_ready()


def test_all_processes_stop_when_told_to(start: Start) -> None:
    installation = start()
    installation.wait_until_ready()
    children = installation.children()
    assert len(children) == 3
    assert installation.stop(signal.SIGTERM) == 0
    assert not any(is_alive(child) for child in children)


def test_children_end_when_their_parent_is_killed_and_the_folder_is_free_again(start: Start) -> None:
    first = start()
    first.wait_until_ready()
    children = first.children()
    first.process.kill()
    second = start()
    second.wait_until_ready()
    assert not any(is_alive(child) for child in children)
    assert second.stop(signal.SIGINT) == 0


@pytest.mark.parametrize(("lang", "word"), [("vi", "cổng này đang có chương trình khác dùng"), ("en", "--port")])
def test_a_port_in_use_is_told_in_one_line(tmp_path: Path, lang: str, word: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = run_command("serve", "--data", tmp_path / "data", "--port", port, "--lang", lang)
    assert refused.returncode == 2
    assert word in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NHIPCAU_PUBLIC_URL", "nhipcau", "NHIPCAU_PUBLIC_URL='nhipcau'"),
        ("DATABASE_URL", "mysql://a/b", "DATABASE_URL="),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
    ],
)
def test_a_wrong_setting_is_told_without_a_trace(tmp_path: Path, name: str, value: str, said: str) -> None:
    refused = run_command("serve", "--data", tmp_path / "data", "--port", "0", "--lang", "en", **{name: value})
    assert refused.returncode == 2
    assert said in refused.stderr.splitlines()[-2]
    assert "Traceback" not in refused.stderr


def with_settings(folder: Path, name: str, lines: str) -> dict[str, str]:
    """The environment of an installation whose settings are changed."""
    (folder / f"{name}.py").write_text(f"from {SETTINGS} import *\n{lines}\n")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    return {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": name}


def test_a_process_that_cannot_start_ends_the_tree_with_a_reason(start: Start, tmp_path: Path) -> None:
    # the database is fine, the pages are not: only the web process breaks
    broken = start("data", **with_settings(tmp_path, "broken", "ROOT_URLCONF = 'none.at.all'"))
    assert broken.process.wait(120) == 2
    assert "The process web cannot start" in broken.said
    assert "No module named 'none'" in broken.said
    assert not broken.children()


def test_whoever_starts_it_is_told_what_the_rooms_have_to_say(start: Start, tmp_path: Path) -> None:
    (tmp_path / "greeting").mkdir()
    (tmp_path / "greeting" / "__init__.py").write_text("")
    (tmp_path / "greeting" / "notices.py").write_text(
        "from nhipcau.running.notices import notice\n\n"
        "@notice\ndef greet(lang):\n    yield f'Begin at {{address}}start/ ({lang})'\n"
    )
    changes = with_settings(tmp_path, "greeted", "INSTALLED_APPS = [*INSTALLED_APPS, 'greeting']")
    greeted = start("data", **changes)
    eventually(lambda: f"Begin at {greeted.address}/start/ (en)" in greeted.said, what="the greeting")


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    from nhipcau.running.serving import _environment, prepare

    folder = tmp_path / "data"
    folder.mkdir(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", "")
        patch.setenv("DJANGO_SETTINGS_MODULE", SETTINGS)
        prepare(_environment(folder, "en"))
    with closing(sqlite3.connect(folder / "nhipcau.sqlite3")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('running', '9999_future', '2026-01-01')"
        )
        database.commit()
    refused = run_command("serve", "--data", folder, "--port", "0", "--lang", "en", DATABASE_URL="")
    assert refused.returncode == 2
    assert "9999_future" in refused.stderr
    found = run_command("check", "--data", folder, "--lang", "en", DATABASE_URL="")
    assert found.returncode == 1
    assert "9999_future" in found.stdout
