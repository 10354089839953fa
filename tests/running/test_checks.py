"""`nhipcau check`: each fault that it knows is found, told in both languages, and with what to do."""

from __future__ import annotations

import ast
import re
import smtplib
import sqlite3
import string
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

import nhipcau
from nhipcau.issues.models.listening import ListenerBeat
from nhipcau.running import checks, folder, installation
from nhipcau.running.checking import check_installation
from nhipcau.running.checks import Level, codes, problem, run_checks, worded
from nhipcau.running.folder import check_folder
from nhipcau.running.models import JobRun, OutgoingMail, WorkerBeat

SOURCES = Path(nhipcau.__file__).parent


def findings_in_the_code() -> dict[str, set[str]]:
    """Every finding that the code can make, with the names of its values."""
    found: dict[str, set[str]] = {}
    for source in [*SOURCES.glob("running/*.py"), *SOURCES.glob("*/checks.py")]:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            is_one = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_one and node.func.id in ("well", "warning", "problem") and isinstance(node.args[0], ast.Constant):
                names = {keyword.arg for keyword in node.keywords}
                found[node.args[0].value] = {"gigabytes", "folder"} if names == {None} else names
    return found


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_finding_has_words_that_name_only_what_it_knows(lang: str) -> None:
    made = findings_in_the_code()
    assert len(made) > 30
    assert codes(lang) == set(made)
    for code, names in made.items():
        words = checks._words(lang)[code]
        assert {name for _, name, _, _ in string.Formatter().parse(words) if name} <= names, code
        assert words.endswith((".", ".\n"))


def codes_of(found) -> set[str]:
    return {finding.code for finding in found}


def bad(found) -> set[str]:
    return {finding.code for finding in found if finding.level is not Level.WELL}


def test_a_private_folder_with_room_is_well(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(0o700)
    assert codes_of(check_folder(tmp_path / "data")) == {"folder.private", "space.enough"}


def test_a_missing_folder_is_all_that_is_said(tmp_path: Path) -> None:
    assert codes_of(check_installation(tmp_path / "none")) == {"folder.missing"}


@pytest.mark.parametrize(("mode", "code"), [(0o755, "folder.open-to-all"), (0o750, "folder.open-to-group")])
def test_a_folder_that_others_can_open(tmp_path: Path, mode: int, code: str) -> None:
    (tmp_path / "data").mkdir(0o700)
    (tmp_path / "data" / "secret.key").write_text("x")
    (tmp_path / "data" / "secret.key").chmod(0o604)
    (tmp_path / "data").chmod(mode)
    assert bad(check_folder(tmp_path / "data")) == {code, "file.open-to-all"}


@pytest.mark.parametrize(("free", "code"), [(2**20, "space.gone"), (2**30, "space.little"), (2**40, "space.enough")])
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, code: str) -> None:
    usage = type("Usage", (), {"free": free})()
    monkeypatch.setattr(folder.shutil, "disk_usage", lambda _: usage)
    tmp_path.chmod(0o700)
    assert code in codes_of(check_folder(tmp_path))


@pytest.fixture
def sound(db, settings, monkeypatch):
    """An installation without a fault."""
    settings.PUBLIC_URL = "https://nhipcau.example.org"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "mail.example.org", False
    settings.DEFAULT_FROM_EMAIL = "Trung tâm <trung-tam@example.org>"
    settings.SECRET_KEY = string.ascii_letters
    monkeypatch.setattr(smtplib, "SMTP", MailServer)
    now = timezone.now()
    WorkerBeat.objects.create(name="here:1", version="1", started_at=now, beat_at=now)
    ListenerBeat.objects.create(beat_at=now, started_at=now, doing="listening")
    JobRun.objects.create(job="mail.send", every_seconds=2, finished_at=now)
    return settings


class MailServer(smtplib.SMTP):
    def connect(self, *_, **__):
        return 220, b"ready"

    def quit(self):
        return 221, b"bye"


def faults_of_this_room() -> set[str]:
    # a test's database may be in memory, and there is no centre in it
    return bad(run_checks()) - {"database.not-wal", "centre.unfounded"}


def test_a_sound_installation_has_no_fault(sound) -> None:
    assert faults_of_this_room() == set()


def silent() -> None:
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(minutes=5))


def hanging() -> None:
    JobRun.objects.update(finished_at=timezone.now() - timedelta(hours=1))


def failing() -> None:
    JobRun.objects.update(failures_in_a_row=3, error="ValueError: x")


def stuck() -> None:
    now = timezone.now()
    OutgoingMail.objects.create(
        key="k", to="a@example.org", state="refused", created_at=now, due_at=now, error="550 no"
    )


def in_the_future() -> None:
    WorkerBeat.objects.update(beat_at=timezone.now() + timedelta(hours=1))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (silent, "worker.silent"),
        (WorkerBeat.objects.all().delete, "worker.never"),
        (hanging, "job.hangs"),
        (failing, "job.fails"),
        (stuck, "mail.stuck"),
        (in_the_future, "clock.went-back"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_of_the_tables_is_found(sound, spoil, code: str) -> None:
    spoil()
    assert code in faults_of_this_room()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "short", "key.weak"),
        ("SECRET_KEY", "a" * 60, "key.weak"),
        ("SECRET_KEY", "django-insecure-" + string.ascii_letters, "key.weak"),
        ("DEBUG", True, "site.debug"),
        ("PUBLIC_URL", "http://localhost:8000", "site.local"),
        ("PUBLIC_URL", "http://nhipcau.example.org", "site.not-https"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "mail.not-sent"),
        ("DEFAULT_FROM_EMAIL", "webmaster@localhost", "mail.sender"),
        ("TIME_ZONE", "Asia/Nowhere", "clock.zone"),
    ],
)
def test_each_fault_of_the_settings_is_found(sound, monkeypatch, name: str, value: object, code: str) -> None:
    # the settings object itself would set the process's zone, which this one cannot be
    known = type("Settings", (), {"__getattr__": lambda _, asked: value if asked == name else getattr(sound, asked)})()
    monkeypatch.setattr(installation, "settings", known)
    assert code in faults_of_this_room()


def test_a_mail_server_that_is_away_is_found(sound, monkeypatch) -> None:
    def refuse(*_, **__):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(MailServer, "connect", refuse)
    assert faults_of_this_room() == {"mail.no-server"}


def test_a_newer_database_and_a_missing_step_are_found(sound, monkeypatch) -> None:
    monkeypatch.setattr(installation, "unapplied_migrations", lambda: ["network.0009_x"])
    assert faults_of_this_room() == {"migrations.missing"}
    monkeypatch.setattr(installation, "unknown_migrations", lambda: ["network.0099_y"])
    assert faults_of_this_room() == {"migrations.newer"}


def test_a_damaged_database_is_found(tmp_path: Path) -> None:
    from nhipcau.running.backup.sqlite import is_sound

    path = tmp_path / "database"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (x)")
        database.executemany("INSERT INTO t VALUES (?)", [("y" * 500,)] * 200)
    database.close()
    assert is_sound(path)
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    path.write_bytes(content)
    assert not is_sound(path)


def test_a_check_that_breaks_hides_no_other(sound, monkeypatch) -> None:
    def broken():
        raise RuntimeError("why")

    monkeypatch.setitem(checks._CHECKS, "a.broken", broken)
    found = run_checks()
    assert "check.broken" in codes_of(found)
    assert "worker.alive" in codes_of(found)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_finding_is_one_line(lang: str) -> None:
    line = worded(problem("database.unreachable", error="a\nb"), lang=lang)
    assert "\n" not in line
    assert re.search(r"a b", line)
