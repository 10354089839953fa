"""Backup and restore with the voice log and what the listener has in its folder: the same voices, and it goes on."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from nhipcau.issues.listener import Listener, begin, save
from nhipcau.running.backup import restore_backup, write_backup
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.models import LogSegment
from tests.issues.listened import talk
from tests.voices.voices_of_days import NOW, logged, made_source, queue

pytestmark = pytest.mark.django_db(transaction=True)


def test_voices_and_checkpoint_come_back_and_listening_goes_on(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = data = tmp_path / "data"
    data.mkdir()
    source = made_source()
    queue(source, talk(60))
    listener = Listener(threading.Event(), folder=data / "listener", clock=lambda: NOW)
    listening = begin(data / "listener")
    listener.turn(listening)
    save(listening, data / "listener")
    heard, before = listening.engine.seq, logged()
    write_backup(tmp_path / "archive.tar.gz", folder=data, now=timezone.now())
    if connection.vendor == "postgresql":
        return  # a database for it is made in tests/running/test_backup_postgresql.py
    restore_backup(tmp_path / "archive.tar.gz", folder=tmp_path / "again")
    settings.DATA_FOLDER = again = tmp_path / "again"
    assert logged() == before
    for segment in LogSegment.objects.all():
        content = (again / "voices" / segment.path).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (segment.bytes, segment.sha256)
    resumed = begin(again / "listener")
    assert resumed.engine.seq == heard, "it begins where the checkpoint was, not anew"
    queue(source, ["một ý kiến mới"])
    assert log_waiting(now=NOW) == 1
    Listener(threading.Event(), folder=again / "listener", clock=lambda: NOW).turn(resumed)
    assert resumed.engine.seq == heard + 1
