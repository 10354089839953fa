"""A disk that is full while the log is written: nothing accepted is lost, and it goes on when there is room."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from nhipcau.voices.actions import logging
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.actions.replacing import replace
from nhipcau.voices.models import IntakeBatch, LogSegment
from tests.voices.voices_of_days import NOW, logged, made_source, queue

pytestmark = pytest.mark.django_db
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def refuse(*_arguments: Any, **_named: Any) -> None:
    raise FULL


@pytest.mark.parametrize("step", ["write_voices", "digest_of", "fsync"])
def test_what_cannot_be_written_waits(monkeypatch: pytest.MonkeyPatch, own_data_folder: Path, step: str) -> None:
    queue(made_source(), ["một", "hai"])
    with monkeypatch.context() as patch:
        patch.setattr(os if step == "fsync" else logging, step, refuse)
        with pytest.raises(OSError, match="No space"):
            log_waiting(now=NOW)
    assert IntakeBatch.objects.count() == 1
    assert not LogSegment.objects.exists()
    assert [path for path in own_data_folder.rglob("*") if path.is_file() and path.stat().st_size] == []
    assert log_waiting(now=NOW) == 2
    assert logged() == [(0, "một"), (1, "hai")]


def test_files_that_cannot_be_put_together_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ("một", "hai"):
        queue(made_source(), [words])
        log_waiting(now=NOW)
    before = logged()
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        replace(list(LogSegment.objects.all()), parts={made_source().pk: 2}, leaves_at=NOW)
    monkeypatch.undo()
    assert (logged(), LogSegment.objects.count()) == (before, 2)
