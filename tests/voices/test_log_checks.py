"""What `nhipcau check` says of the log, and that a backup made while it changes holds all of it."""

from __future__ import annotations

import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from nhipcau.running.backup import writing
from nhipcau.running.checks import Level, worded
from nhipcau.voices.actions.compacting import put_together
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.actions.sweeping import remove_leaving_files, sweep_left_files
from nhipcau.voices.checks import check_voice_log
from nhipcau.voices.models import LogSegment
from tests.voices.voices_of_days import NOW, files_and_register, made_source, queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(own_data_folder: Path) -> Path:
    for text in ("một", "hai", "ba"):
        queue(made_source(), [text])
        log_waiting(now=NOW)
    return own_data_folder / "voices"


def found() -> dict[str, Level]:
    said = list(check_voice_log())
    assert all(worded(one, lang=lang) for one in said for lang in ("vi", "en"))
    return {one.code: one.level for one in said}


def test_a_log_with_all_its_files_is_well(log: Path) -> None:
    assert found() == {"voicelog.whole": Level.WELL}


def test_no_log_yet_is_well() -> None:
    assert found() == {"voicelog.whole": Level.WELL}


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_file_that_is_missing_or_cut_is_a_problem(log: Path, is_cut: bool) -> None:
    path = log / LogSegment.objects.order_by("pk")[0].path
    if is_cut:
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.unlink()
    assert found() == {"voicelog.files-wrong": Level.PROBLEM}
    (said,) = check_voice_log()
    assert path.name in worded(said, lang="en")


def test_a_place_that_cannot_be_opened_is_a_problem(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(_self: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("nhipcau.voices.logplace.Place.sizes", unreachable)
    assert found() == {"voicelog.unreachable": Level.PROBLEM}


def test_the_disk_of_a_log_elsewhere_is_looked_at(
    log: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VOICE_LOG = str(log)
    for free, code in ((100, "space.gone"), (2**30, "space.little")):
        monkeypatch.setattr("shutil.disk_usage", lambda _path, free=free: type("Usage", (), {"free": free}))
        assert code in found()


def test_a_backup_holds_the_files_of_its_moment_though_they_are_replaced_meanwhile(
    log: Path, own_data_folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = files_and_register(log)[1]

    def replaced_after_the_snapshot(_target: Path) -> None:
        assert put_together(now=NOW + timedelta(days=1)) == 1
        assert remove_leaving_files(now=NOW + timedelta(days=2)) == 0
        assert sweep_left_files(now=NOW + timedelta(days=2)) == 0

    monkeypatch.setattr(writing, "_take_snapshot", replaced_after_the_snapshot)
    archive = tmp_path_factory.mktemp("backup") / "backup.tar.gz"
    writing.write_backup(archive, folder=own_data_folder, now=NOW)
    with tarfile.open(archive) as tar:
        names = set(tar.getnames())
    assert {f"files/voices/{path}" for path in then} <= names
    assert not any(".part" in name or name.endswith(".lock") for name in names)
    assert connection.vendor in ("sqlite", "postgresql")
    assert remove_leaving_files(now=NOW + timedelta(days=2)) == 3
