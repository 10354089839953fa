"""Files of the log are put together, rewritten without what must go, and taken off the disk."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from nhipcau.network.models.audit import AuditRecord
from nhipcau.running.backup.keeping import files_kept
from nhipcau.running.jobs import all_jobs
from nhipcau.site.errors import NotAllowed
from nhipcau.voices.actions.compacting import put_together
from nhipcau.voices.actions.forgetting import delete_past_term, order_forgetting
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.actions.sweeping import remove_leaving_files, sweep_left_files
from nhipcau.voices.loglocks import held
from nhipcau.voices.models import Forgetting, IntakeBatch, LeavingFile, LogSegment, SegmentPart
from nhipcau.voices.sides import TALLIES, THREADS, read_side, tally_of, write_sides
from nhipcau.voices.voicelog import VoiceLog
from tests.network.tasks.cast import Cast
from tests.voices.voices_of_days import NOW, files_and_register, grouped, logged, made_source, queue

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)
SECRET = "so-bi-mat-{}"


@pytest.fixture
def log(own_data_folder: Path) -> Path:
    """Six files of one day: a short-lived source and one that stays, in turn."""
    short, long = made_source("short", retention_days=30), made_source("long")
    for number in range(6):
        queue(long if number % 2 else short, [f"{SECRET.format(number)} {row}" for row in range(number + 1)])
        log_waiting(now=NOW + timedelta(seconds=number))
    return own_data_folder / "voices"


def on_disk(folder: Path, words: str) -> bool:
    """Whether words can be read in any file of the log, whatever the register says."""
    import pyarrow.parquet as pq

    return any(
        words in str(text)
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_size
        for text in pq.read_table(path, columns=["text"]).column("text").to_pylist()
    )


def test_files_of_a_past_day_become_one_with_all_that_was_derived(log: Path) -> None:
    before = logged()
    write_sides(THREADS, grouped())
    assert put_together(now=TOMORROW) == 1
    assert put_together(now=TOMORROW) == 0
    (segment,) = VoiceLog().segments()
    assert logged() == before
    assert dict(SegmentPart.objects.values_list("source__code", "voices")) == {"short": 9, "long": 12}
    side = read_side(segment, THREADS)
    assert side is not None
    assert side.equals(grouped())
    tally = read_side(segment, TALLIES)
    assert tally is not None
    assert tally.equals(tally_of(side))


def test_files_of_today_are_put_together_by_ten_minutes_when_these_are_over(log: Path) -> None:
    write_sides(THREADS, grouped())
    assert put_together(now=NOW + timedelta(minutes=11)) == 0
    assert put_together(now=NOW + timedelta(minutes=13)) == 1
    queue(made_source("long"), ["later"])
    log_waiting(now=NOW + timedelta(minutes=14))
    assert put_together(now=NOW + timedelta(minutes=15)) == 0
    assert LogSegment.objects.count() == 2


def test_files_that_nobody_has_grouped_yet_wait_where_others_are_grouped(log: Path) -> None:
    table = grouped()
    assert write_sides(THREADS, table.slice(0, 10)) == 4
    assert put_together(now=TOMORROW) == 1
    assert sorted(LogSegment.objects.values_list("voices", flat=True)) == [5, 6, 10]
    assert write_sides(THREADS, table) == 3
    assert put_together(now=TOMORROW) == 1
    assert LogSegment.objects.count() == 1


def test_replaced_files_stay_for_readers_and_then_go_with_what_was_derived(log: Path) -> None:
    write_sides(THREADS, grouped())
    put_together(now=TOMORROW)
    assert remove_leaving_files(now=TOMORROW + timedelta(minutes=5)) == 0
    assert len(files_and_register(log)[0]) == 7
    assert remove_leaving_files(now=TOMORROW + timedelta(minutes=11)) == 6
    lying, registered = files_and_register(log)
    assert lying == registered
    assert files_and_register(log.parent / "voices-derived" / THREADS)[0] == registered
    assert not LeavingFile.objects.exists()


def test_nothing_goes_while_a_backup_is_written(log: Path, own_data_folder: Path) -> None:
    put_together(now=TOMORROW)
    (log / "day=2026-11-27" / "part-left.parquet").touch()
    with files_kept(own_data_folder):
        assert remove_leaving_files(now=TOMORROW + timedelta(hours=1)) == 0
        assert sweep_left_files(now=TOMORROW + timedelta(hours=1)) == 0
    assert sweep_left_files(now=TOMORROW + timedelta(hours=1)) == 1
    assert remove_leaving_files(now=TOMORROW + timedelta(hours=1)) == 6


def test_what_a_kill_left_is_swept_but_not_while_another_writes(log: Path) -> None:
    left = log / "day=2026-11-26"
    left.mkdir()
    (left / "part-000000000099-0123456789ab.parquet").write_bytes(b"left")
    (log / ".part" / "begun").write_bytes(b"begun")
    with held("arranging"):
        assert sweep_left_files(now=NOW) == 0
    assert sweep_left_files(now=NOW) == 1
    assert not left.exists()
    assert not list((log / ".part").iterdir())
    lying, registered = files_and_register(log)
    assert lying == registered
    assert len(logged()) == 21


def test_voices_past_their_term_go_from_log_sides_and_disk_and_a_proof_stays(log: Path) -> None:
    write_sides(THREADS, grouped())
    put_together(now=TOMORROW)
    before = LogSegment.objects.get()
    assert delete_past_term(now=NOW + timedelta(days=30)) == 0
    assert delete_past_term(now=NOW + timedelta(days=31)) == 1
    assert delete_past_term(now=NOW + timedelta(days=31)) == 0
    after = LogSegment.objects.get()
    assert after.voices == 12
    assert not any(SECRET.format(0) in text or SECRET.format(4) in text for _, text in logged())
    assert all(on_disk(log, SECRET.format(number)) == (number % 2 == 1) for number in range(6))
    kept = [seq for seq, _ in logged()]
    (segment,) = VoiceLog().segments()
    side = read_side(segment, THREADS)
    assert side is not None
    assert side.column("seq").to_pylist() == kept
    assert files_and_register(log.parent / "voices-derived")[0] == {
        f"{name}/{after.path}" for name in (THREADS, TALLIES)
    }
    record = AuditRecord.objects.get()
    assert record.action == "voices.deleted"
    assert record.values == {
        "source": "Short",
        "since": "2026-11-27",
        "until": "2026-11-27",
        "voices": 9,
        "before": before.sha256,
        "after": after.sha256,
    }


def test_a_file_of_which_nothing_remains_goes(log: Path) -> None:
    made_source("long").__class__.objects.update(retention_days=5)
    assert delete_past_term(now=NOW + timedelta(days=6)) == 6
    assert not LogSegment.objects.exists()
    assert not list(log.rglob("*.parquet"))
    assert AuditRecord.objects.count() == 6
    assert {record.values["after"] for record in AuditRecord.objects.all()} == {""}
    queue(made_source("long"), ["later"])
    log_waiting(now=NOW + timedelta(days=6))
    assert logged() == [(21, "later")]


def test_terms_are_kept_some_files_at_a_time(log: Path) -> None:
    assert [delete_past_term(now=NOW + timedelta(days=31), most=2) for _ in range(3)] == [2, 1, 0]


FORGET = {"named": "Short", "reason": "hết hạn sử dụng", "at": NOW}


def test_a_source_is_forgotten_on_the_order_of_an_administrator(cast: Cast, log: Path) -> None:
    source = made_source("short")
    queue(source, [f"{SECRET.format(8)} waits"])
    order = order_forgetting(by=cast.administrator, source=source, **FORGET)
    assert order_forgetting(by=cast.administrator, source=source, **FORGET) == order
    source.refresh_from_db()
    assert source.stopped_at == NOW
    assert not IntakeBatch.objects.exists()
    assert delete_past_term(now=NOW) == 3
    order.refresh_from_db()
    assert (order.voices, order.ended_at) == (10, NOW)
    assert not on_disk(log, SECRET.format(0))
    assert on_disk(log, SECRET.format(1))
    codes = list(AuditRecord.objects.order_by("seq").values_list("action", flat=True))
    assert codes == ["source.forgotten", *["voices.deleted"] * 3, "source.forgotten-wholly"]
    assert AuditRecord.objects.get(action="source.forgotten-wholly").values == {"source": "Short", "voices": 10}


@pytest.mark.parametrize("who", ["analyst", "leader", "auditor", "officer", "stranger"])
def test_nobody_else_may_order_that(cast: Cast, log: Path, who: str) -> None:
    with pytest.raises(NotAllowed):
        order_forgetting(by=getattr(cast, who), source=made_source("short"), **FORGET)
    assert not Forgetting.objects.exists()
    assert not AuditRecord.objects.exists()


def test_a_proof_is_written_with_the_swap_or_not_at_all(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    from nhipcau.voices.actions import replacing

    def broken(step: str) -> None:
        if step == "before-swap":
            raise OSError(step)

    monkeypatch.setattr(replacing, "reached", broken)
    with pytest.raises(OSError, match="before-swap"), transaction.atomic():
        delete_past_term(now=NOW + timedelta(days=31))
    assert not AuditRecord.objects.exists()
    assert LogSegment.objects.count() == 6
    assert len(logged()) == 21


def test_the_worker_does_all_of_it() -> None:
    names = {one.name for one in all_jobs()}
    assert {"voices.log-files", "voices.log-term", "voices.log-leaving", "voices.log-sweep"} <= names


def test_days_of_the_log_are_dates(log: Path, settings: Any) -> None:
    assert {segment.day for segment in VoiceLog().segments(since=date(2026, 11, 27))} == {date(2026, 11, 27)}
