"""`nhipcau serve`: what dies comes back, what is told to stop stops, and one folder has one tree."""

from __future__ import annotations

import os
import signal
import socket
import stat
import threading
from collections.abc import Callable

import pytest
from benchmarks.installations import Installation, eventually, is_alive, run_command

from nhipcau.running.loading import SETTINGS

Start = Callable[..., Installation]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_processes_stop_when_told_to(start: Start, number: int) -> None:
    installation = start()
    installation.wait_until_ready()
    children = installation.children()
    assert len(children) == 2
    assert installation.stop(number) == 0
    assert not any(is_alive(child) for child in children)


def test_what_it_keeps_is_for_its_owner_only(start: Start) -> None:
    installation = start()
    installation.wait_until_ready()
    kept = [installation.folder, *installation.folder.rglob("*")]
    assert len(kept) > 2
    assert not [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_a_killed_web_process_is_replaced_and_a_request_meanwhile_waits(start: Start) -> None:
    installation = start()
    installation.wait_until_ready()
    [web] = installation.children("web")
    os.kill(web, signal.SIGKILL)
    assert installation.get("/healthz").status_code == 200
    assert installation.children("web") not in ([], [web])
    assert "process web ended (code -9)" in installation.said


def test_a_killed_worker_is_replaced(start: Start) -> None:
    installation = start()
    installation.wait_until_ready()
    [worker] = installation.children("worker")
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: installation.children("worker") not in ([], [worker]), what="another worker runs")


def test_children_end_when_their_parent_is_killed_and_the_folder_is_free_again(start: Start) -> None:
    first = start()
    first.wait_until_ready()
    children = first.children()
    first.process.kill()
    second = start()
    second.wait_until_ready()
    assert not any(is_alive(child) for child in children)


def test_a_second_one_on_the_same_folder_is_refused(start: Start) -> None:
    installation = start()
    installation.wait_until_ready()
    refused = run_command("serve", "--data", installation.folder, "--port", "0", "--lang", "en")
    assert refused.returncode == 2
    assert str(installation.process.pid) in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert installation.is_ready()


@pytest.mark.parametrize(("lang", "word"), [("vi", "cổng này đang có chương trình khác dùng"), ("en", "--port")])
def test_a_port_in_use_is_told_in_one_line(tmp_path, lang: str, word: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = run_command("serve", "--data", tmp_path / "data", "--port", port, "--lang", lang)
    assert refused.returncode == 2
    assert word in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_process_that_cannot_start_ends_the_tree_with_a_reason(start: Start, tmp_path) -> None:
    ready = start()
    ready.wait_until_ready()
    ready.stop()
    # the settings are fine, the pages are not: only the web process breaks
    (tmp_path / "broken.py").write_text(
        f"from {SETTINGS} import *\nROOT_URLCONF = 'none'\nMIDDLEWARE = ['none.at.all']\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    broken = start("data", PYTHONPATH=path, DJANGO_SETTINGS_MODULE="broken")
    assert broken.process.wait(60) == 2
    assert "The process web cannot start" in broken.said
    assert not broken.children()


def test_several_web_processes_share_the_address_and_their_figures(start: Start) -> None:
    installation = start("data", "--web", "2", "--workers", "2")
    installation.wait_until_ready()
    assert len(installation.children("web")) == len(installation.children("worker")) == 2
    threads = [threading.Thread(target=installation.get, args=("/healthz",)) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = [
        float(line.split()[-1])
        for line in installation.get("/metrics").text.splitlines()
        if line.startswith("nhipcau_requests_total{") and 'view="healthz"' in line
    ]
    assert sum(counted) >= 30
    assert "nhipcau_workers 2.0" in installation.get("/metrics").text


def test_whoever_starts_it_is_told_what_the_rooms_have_to_say(start: Start, tmp_path) -> None:
    (tmp_path / "greeting").mkdir()
    (tmp_path / "greeting" / "__init__.py").write_text("")
    (tmp_path / "greeting" / "notices.py").write_text(
        "from nhipcau.running.notices import notice\n\n"
        "@notice\ndef greet(lang):\n    yield f'Begin at {{address}}start/ ({lang})'\n"
    )
    (tmp_path / "greeted.py").write_text(f"from {SETTINGS} import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'greeting']\n")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    greeted = start("data", PYTHONPATH=path, DJANGO_SETTINGS_MODULE="greeted")
    eventually(lambda: f"Begin at {greeted.address}/start/ (en)" in greeted.said, what="the greeting")


def test_a_database_of_a_newer_version_is_left_alone(start: Start) -> None:
    import sqlite3

    first = start(DATABASE_URL="")
    first.wait_until_ready()
    first.stop()
    with sqlite3.connect(next(first.folder.glob("*.sqlite3"))) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('running', '9999_future', '2026-01-01')"
        )
    database.close()
    refused = run_command("serve", "--data", first.folder, "--port", "0", "--lang", "en", DATABASE_URL="")
    assert refused.returncode == 2
    assert "9999_future" in refused.stderr
    found = run_command("check", "--data", first.folder, "--lang", "en", DATABASE_URL="")
    assert found.returncode == 1
    assert "9999_future" in found.stdout
