"""The listener takes each voice once, wherever it is cut off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from nhipcau.engine.posts import TIME_TYPE
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.reading.arrays import number_array
from nhipcau.engine.sample.writing import SampleSummary
from nhipcau.issues import listener as listening_loop
from nhipcau.issues.actions import picture
from nhipcau.issues.actions.beats import beat
from nhipcau.issues.actions.parting import merge_issue, split_issue
from nhipcau.issues.actions.picture import FEWEST_VOICES
from nhipcau.issues.actions.triage import rename_issue
from nhipcau.issues.listener import Listener, begin
from nhipcau.issues.listening import Listening
from nhipcau.issues.looking import map_voices
from nhipcau.issues.mapping import Overlay
from nhipcau.issues.models.issues import Issue, IssueHour, IssueMoment, Picture
from nhipcau.issues.models.listening import ListenerBeat
from nhipcau.issues.models.triage import IssueEvent, ThreadPlace
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person
from nhipcau.voices.actions.intake import written
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.models.segments import LogSegment
from nhipcau.voices.models.sources import Source
from nhipcau.voices.sides import THREADS, read_side
from nhipcau.voices.voicelog import VoiceLog
from tests.issues.listened import NOON

pytestmark = pytest.mark.django_db
LIVES = 24


class Killed(BaseException):
    """Stands for the end of a process: nothing handles it."""


@pytest.fixture
def source(settings: Any, tmp_path: Path) -> Source:
    settings.DATA_FOLDER = tmp_path
    settings.VOICE_LOG = ""
    office = Office.objects.create(code="H", name="Trung tâm", kind="hub")
    return Source.objects.create(code="loa", name="Loa", kind="file", owner=office, created_at=NOON)


@pytest.fixture
def batches(sample: SampleSummary) -> list[pa.RecordBatch]:
    """The beginning of the sample in pieces, which come ten minutes apart."""
    found = []
    first = next(PostReader([sample.path], ReadOptions(author_key=b"k" * 32)).batches())
    for number in range(12):
        batch = first.slice(60 * number, 60)
        came = int((NOON + timedelta(minutes=10 * number)).timestamp() * 1_000_000)
        arrived = number_array(np.full(batch.num_rows, came), TIME_TYPE)
        found.append(batch.set_column(batch.schema.get_field_index("arrived"), "arrived", arrived))
    return found


@pytest.fixture
def clock(batches: list[pa.RecordBatch]) -> Callable[[], datetime]:
    """Stands still where the last voice was written."""
    latest = batches[-1].column("time")[-1].as_py()
    return lambda: latest


def queue(source: Source, batch: pa.RecordBatch) -> None:
    IntakeBatch.objects.create(
        source=source, route="file", received_at=NOON, author_epoch=1, voices=batch.num_rows, payload=written(batch)
    )


def result() -> dict[str, Any]:
    """What the pages would show, apart from the numbers of rows."""
    rows = {row.pk: row.engine_id for row in Issue.objects.all()}
    alive = Issue.objects.filter(gone_at=None, voices_total__gt=0)
    hours = IssueHour.objects.values_list("issue_id", "hour", "voices", "copies", "press")
    sides: list[Any] = []
    for segment in VoiceLog().segments():
        side = read_side(segment, THREADS)
        assert side is not None
        sides += side.sort_by("seq").to_pylist()
    return {
        "issues": sorted(alive.values_list("engine_id", "voices", "copies", "voices_total", "distinct_authors")),
        "hours": sorted((rows[issue], *rest) for issue, *rest in hours),
        "sides": sorted(sides, key=lambda row: row["seq"]),
        "seq": Picture.objects.get().seq,
    }


def test_an_unbroken_run_and_one_that_is_cut_off_everywhere_end_alike(
    source: Source,
    batches: list[pa.RecordBatch],
    clock: Callable[[], datetime],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(4)
    kills: list[str] = []

    def reached(step: str) -> None:
        if len(kills) < LIVES and random.random() < 0.25:
            kills.append(step)
            raise Killed

    for module in ("nhipcau.issues.listener", "nhipcau.voices.actions.logging", "nhipcau.issues.actions.picture"):
        monkeypatch.setattr(f"{module}.reached", reached)
    waiting = list(batches)
    while waiting or len(kills) < LIVES or IntakeBatch.objects.exists() or not _is_shown():
        listener = Listener(threading.Event(), folder=tmp_path / "cut", clock=clock)
        with suppress(Killed):
            listening = begin(tmp_path / "cut")
            for _ in range(3):
                if waiting and random.random() < 0.7:
                    queue(source, waiting.pop(0))
                listener.turn(listening)
                listening_loop.save(listening, tmp_path / "cut")
    cut_off = result()
    assert {"grouped", "before-picture", "written-picture"} <= set(kills)
    assert cut_off["seq"] == sum(batch.num_rows for batch in batches)
    assert [row["seq"] for row in cut_off["sides"]] == list(range(cut_off["seq"]))

    forget_everything()
    listener = Listener(threading.Event(), folder=tmp_path / "whole", clock=clock)
    listener.turn(begin(tmp_path / "whole"))
    unbroken = result()
    assert cut_off["sides"] == unbroken["sides"]
    # more pictures on the way: an issue may have had enough voices for a row once, and lost them to another since
    there = {row[0] for row in unbroken["issues"]}
    assert [row for row in cut_off["issues"] if row[0] in there] == unbroken["issues"]
    assert [row for row in cut_off["hours"] if row[0] in there] == unbroken["hours"]
    others = [row for row in cut_off["issues"] if row[0] not in there]
    assert [row for row in others if row[3] >= FEWEST_VOICES] == []


def _is_shown() -> bool:
    return Picture.objects.filter(pk=1, seq=VoiceLog().next_seq).exists()


def forget_everything() -> None:
    """As before the first voice was heard, but for the log."""
    Issue.objects.update(merged_into=None)
    for model in (IssueEvent, IssueHour, IssueMoment, Issue, Picture, ListenerBeat):
        model.objects.all().delete()


def issue_of_voices(listening: Listening) -> dict[int, int]:
    """In which row each voice is; those of issues without a row are left out."""
    mapped = map_voices(listening.engine, listening.log, Overlay.load())
    keys = mapped.keys[mapped.issue]
    return {seq: key for seq, key in zip(listening.log.column("seq").tolist(), keys.tolist(), strict=True) if key < 1e9}


def heard_and_worked_on(source: Source, batches: list[pa.RecordBatch], listener: Listener, folder: Path) -> Listening:
    """All voices heard, each batch a file of its own; then two issues merged, one split, one named, by hand."""
    listening = begin(folder)
    for batch in batches:
        queue(source, batch)
        listener.turn(listening)
    by = Person.objects.create(email="an@example.org", name="An")
    largest = list(Issue.objects.filter(gone_at=None).order_by("-voices_total")[:4])
    rename_issue(by=by, issue=largest[0], label="Tên của trung tâm")
    merge_issue(by=by, issue=largest[0], into=largest[1])  # the larger one goes into the smaller
    wide = next(row for row in largest[2:] if len(row.threads) > 2)
    split_issue(by=by, issue=wide, threads=[one["thread"] for one in wide.threads[:2]])
    listener.turn(listening)
    listening_loop.save(listening, folder)
    assert ThreadPlace.objects.exclude(anchors=[]).count() == 2
    return listening


def lose_the_checkpoint(folder: Path) -> None:
    (folder / "current").write_text("9")


def test_a_lost_checkpoint_changes_nothing_while_the_log_is_whole(
    source: Source, batches: list[pa.RecordBatch], clock: Callable[[], datetime], tmp_path: Path
) -> None:
    listener = Listener(threading.Event(), folder=tmp_path / "state", clock=clock)
    before = issue_of_voices(heard_and_worked_on(source, batches, listener, tmp_path / "state"))
    rows = list(Issue.objects.order_by("pk").values("pk", "engine_id", "merged_into", "threads", "voices_total"))
    places = list(ThreadPlace.objects.order_by("thread").values())
    was = Picture.objects.get().grouping
    lose_the_checkpoint(tmp_path / "state")
    listening = begin(tmp_path / "state")
    listener.turn(listening)
    assert Picture.objects.get().grouping == listening.grouping != was
    assert issue_of_voices(listening) == before
    assert list(ThreadPlace.objects.order_by("thread").values()) == places
    assert rows == list(
        Issue.objects.order_by("pk").values("pk", "engine_id", "merged_into", "threads", "voices_total")
    )


@pytest.mark.parametrize("cut_off", [False, True])
def test_issues_and_what_people_did_with_them_outlive_a_checkpoint_when_the_log_begins_later_by_now(
    source: Source,
    batches: list[pa.RecordBatch],
    clock: Callable[[], datetime],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cut_off: bool,
) -> None:
    listener = Listener(threading.Event(), folder=tmp_path / "state", clock=clock)
    before = issue_of_voices(heard_and_worked_on(source, batches, listener, tmp_path / "state"))
    placed = set(ThreadPlace.objects.values_list("issue", flat=True))
    gone = VoiceLog().segments()[:2]  # past the term of their source
    LogSegment.objects.filter(path__in=[one.path for one in gone]).delete()
    lose_the_checkpoint(tmp_path / "state")
    listening = begin(tmp_path / "state")
    if cut_off:
        left = iter(range(8))
        monkeypatch.setattr(listening_loop, "reached", lambda step: next(left, None) is None and _kill())
        with suppress(Killed):
            listener.turn(listening)
        monkeypatch.undo()
        listening_loop.save(listening, tmp_path / "state")
        assert len(listening.found) > 0
        listening = begin(tmp_path / "state")
    listener.turn(listening)
    after = issue_of_voices(listening)
    assert listening.log.column("seq")[0] == gone[-1].last_seq + 1
    # grouping that has heard less may draw some borders otherwise; no issue is another one
    there = [seq for seq in after if seq in before]
    assert len(there) > 100
    assert np.mean([after[seq] == before[seq] for seq in there]) > 0.9
    assert set(ThreadPlace.objects.values_list("issue", flat=True)) == placed
    held = [seq for seq in there if before[seq] in placed]
    assert held
    assert [seq for seq in held if after[seq] != before[seq]] == []
    named = Issue.objects.get(own_label="Tên của trung tâm")
    assert named.merged_into is not None
    assert named.engine_id is not None


def _kill() -> None:
    raise Killed


def test_the_beat_says_how_far_behind_it_is(source: Source, batches: list[pa.RecordBatch], tmp_path: Path) -> None:
    for batch in batches[:2]:
        queue(source, batch)
    beat(doing="compiling", seq=None, started_at=NOON, now=NOON)
    row = ListenerBeat.objects.get()
    assert (row.waiting, row.waiting_since, row.doing) == (120, NOON, "compiling")


def all_described(
    source: Source, batches: list[pa.RecordBatch], clock: Callable[[], datetime], folder: Path
) -> tuple[Listener, Listening]:
    for batch in batches:
        queue(source, batch)
    listener = Listener(threading.Event(), folder=folder, clock=clock)
    listening = begin(folder)
    turn_until_described(listener, listening)
    return listener, listening


def turn_until_described(listener: Listener, listening: Listening) -> None:
    listener.turn(listening)
    while listening.to_describe:
        listener.turn(listening)


def test_after_a_start_all_issues_are_to_be_read_again_and_the_beat_says_so(
    source: Source, batches: list[pa.RecordBatch], clock: Callable[[], datetime], tmp_path: Path
) -> None:
    def to_describe(listening: Listening) -> int:
        beat(doing="listening", seq=listening.engine.seq, started_at=NOON, now=NOON, listening=listening)
        return ListenerBeat.objects.get().to_describe

    listener, listening = all_described(source, batches, clock, tmp_path / "state")
    assert to_describe(listening) == 0
    listening_loop.save(listening, tmp_path / "state")
    again = begin(tmp_path / "state")
    assert to_describe(again) == Issue.objects.filter(gone_at=None, voices__gt=0).count() > 0
    listener.turn(again)
    assert to_describe(again) == len(again.to_describe)


def test_all_that_is_to_be_read_again_is_written_though_only_some_of_it_has_its_turn_in_a_round(
    source: Source,
    batches: list[pa.RecordBatch],
    clock: Callable[[], datetime],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener, listening = all_described(source, batches, clock, tmp_path / "state")
    shown = dict(Issue.objects.filter(gone_at=None, voices__gt=0).values_list("pk", "evidence"))
    assert len([one for one in shown.values() if one]) > 10
    listening_loop.save(listening, tmp_path / "state")
    Issue.objects.update(evidence=[])  # as if another listener had been killed before it read them
    monkeypatch.setattr(picture, "MOST_DESCRIBED", 2)
    again = begin(tmp_path / "state")
    turn_until_described(listener, again)
    assert dict(Issue.objects.filter(pk__in=shown).values_list("pk", "evidence")) == shown


def test_every_hour_of_a_backlog_is_noted_however_it_comes_out_of_the_queue(
    source: Source, batches: list[pa.RecordBatch], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for batch in batches:
        queue(source, batch)
    monkeypatch.setattr(listening_loop, "log_waiting", partial(log_waiting, most=1))
    later = NOON + timedelta(hours=9)
    Listener(threading.Event(), folder=tmp_path / "one", clock=lambda: later).turn(begin(tmp_path / "one"))
    assert VoiceLog().next_seq == sum(batch.num_rows for batch in batches)
    # the pieces came from noon on, over an hour and fifty minutes: the end of the first hour lies among them
    assert IssueMoment.objects.filter(at=NOON + timedelta(hours=1)).exists()
