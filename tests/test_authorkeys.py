"""The day's secret of authors: one for all processes, gone when the day is over."""

from __future__ import annotations

import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nhipcau.authorkeys import FILE_NAME, author_key, forget_past_key

BEFORE_MIDNIGHT = datetime(2026, 3, 2, 16, 59, 50, tzinfo=UTC)  # 23:59:50 in Viet Nam
AFTER_MIDNIGHT = BEFORE_MIDNIGHT + timedelta(seconds=20)


def test_a_day_has_one_secret_and_the_next_another(tmp_path: Path) -> None:
    first = author_key(tmp_path, now=BEFORE_MIDNIGHT)
    assert author_key(tmp_path, now=BEFORE_MIDNIGHT - timedelta(hours=20)) == first
    second = author_key(tmp_path, now=AFTER_MIDNIGHT)
    assert second.epoch == first.epoch + 1
    assert second.secret != first.secret
    assert first.secret.hex() not in (tmp_path / FILE_NAME).read_text()


def test_a_clock_that_is_a_moment_behind_gets_the_new_secret(tmp_path: Path) -> None:
    second = author_key(tmp_path, now=AFTER_MIDNIGHT)
    assert author_key(tmp_path, now=BEFORE_MIDNIGHT) == second


def test_a_secret_of_the_far_future_serves_no_day(tmp_path: Path) -> None:
    wrong = author_key(tmp_path, now=AFTER_MIDNIGHT + timedelta(days=400))
    right = author_key(tmp_path, now=AFTER_MIDNIGHT)
    assert right.epoch == wrong.epoch - 400
    assert right.secret != wrong.secret


def test_only_its_owner_reads_the_secret_and_it_is_not_shown(tmp_path: Path) -> None:
    key = author_key(tmp_path, now=BEFORE_MIDNIGHT)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert key.secret.hex() not in repr(key)
    assert str(key.secret) not in repr(key)


def test_a_past_secret_goes_though_nothing_comes_in(tmp_path: Path) -> None:
    assert not forget_past_key(tmp_path, now=BEFORE_MIDNIGHT)
    key = author_key(tmp_path, now=BEFORE_MIDNIGHT)
    assert not forget_past_key(tmp_path, now=BEFORE_MIDNIGHT)
    assert author_key(tmp_path, now=BEFORE_MIDNIGHT) == key
    held_open = (tmp_path / FILE_NAME).open()
    assert forget_past_key(tmp_path, now=AFTER_MIDNIGHT)
    assert not (tmp_path / FILE_NAME).exists()
    with held_open:
        assert key.secret.hex() not in held_open.read()  # its block was written over


def test_a_secret_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    for broken in ("", "2026-03-02", "2026-03-02 00ff", "0" * 76):
        (tmp_path / FILE_NAME).write_text(broken)
        assert len(author_key(tmp_path, now=BEFORE_MIDNIGHT).secret) == 32


def test_processes_that_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    asking = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path;"
        "from nhipcau.authorkeys import author_key;"
        "sys.stdin.readline();"
        "print(author_key(Path(sys.argv[1]), now=datetime(2026, 3, 3, tzinfo=UTC)).secret.hex())"
    )
    command = [sys.executable, "-c", asking, str(tmp_path)]
    asked = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    for one in asked:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    assert len({one.communicate()[0] for one in asked}) == 1
