"""How the listener is doing is told to machines and to whoever looks after the system, each fault by its name."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from nhipcau.issues import listener as listening_loop
from nhipcau.issues.actions.beats import note_failed_round
from nhipcau.issues.checks import intake_queue, listener
from nhipcau.issues.health import listener_is_lacking
from nhipcau.issues.listener import Listener
from nhipcau.issues.models.listening import ListenerBeat
from nhipcau.network.models.offices import Office
from nhipcau.running.models import WorkerBeat
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.models.sources import Source

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(hours=1)


def beat(**values: Any) -> ListenerBeat:
    now = timezone.now()
    return ListenerBeat.objects.create(**{"beat_at": now, "started_at": now, "doing": "listening"} | values)


def codes() -> set[str]:
    return {finding.code for finding in [*listener(), *intake_queue()]}


def wait_in_queue() -> None:
    office = Office.objects.create(code="H", name="Trung tâm", kind="hub")
    source = Source.objects.create(code="loa", name="Loa", kind="file", owner=office, created_at=timezone.now())
    received_at = timezone.now() - LONG_AGO
    IntakeBatch.objects.create(
        source=source, route="file", received_at=received_at, author_epoch=1, voices=7, payload=b""
    )


def test_a_listener_that_listens_is_well() -> None:
    beat(seq=12)
    assert codes() == {"listener.alive"}
    assert listener_is_lacking(timezone.now()) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (None, "listener.never"),
        ({"beat_at": timezone.now() - LONG_AGO}, "listener.silent"),
        ({"doing": "stopped"}, "listener.silent"),
        ({"failures_in_a_row": 3, "failed_at": timezone.now(), "error": "ValueError"}, "listener.fails"),
        ({"waiting": 9, "waiting_since": timezone.now() - LONG_AGO}, "listener.late"),
    ],
)
def test_what_is_wrong_with_it_is_told_and_named_as_lacking(values: dict[str, Any] | None, code: str) -> None:
    if values is not None:
        beat(**values)
    assert codes() == {code}
    assert listener_is_lacking(timezone.now()) == ["listener"]


def test_one_round_that_failed_is_told_and_nothing_lacks() -> None:
    beat(failures_in_a_row=1, failed_at=timezone.now(), error="OSError (issues/listener.py:1)")
    assert codes() == {"listener.alive", "listener.failed"}
    assert listener_is_lacking(timezone.now()) == []


def test_compiling_takes_its_time() -> None:
    beat(doing="compiling", beat_at=timezone.now() - timedelta(minutes=5))
    assert codes() == {"listener.alive"}


def test_one_that_catches_up_is_not_late_nor_is_its_queue_old() -> None:
    wait_in_queue()
    row = beat(doing="catching-up", waiting=9, waiting_since=timezone.now() - LONG_AGO)
    assert codes() == {"listener.catching-up"}
    ListenerBeat.objects.filter(pk=row.pk).update(doing="listening", waiting=0, waiting_since=None)
    assert codes() == {"listener.alive", "intake.old"}


def test_a_silent_listener_is_named_and_pages_go_on(client: Client) -> None:
    now = timezone.now()
    WorkerBeat.objects.create(name="here:1", version="1", started_at=now, beat_at=now)
    beat(beat_at=now - LONG_AGO)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": [], "lacking": ["listener"]})


def test_figures_tell_the_queue_the_beat_and_what_is_in_memory(client: Client) -> None:
    wait_in_queue()
    beat(beat_at=timezone.now() - timedelta(seconds=30), seq=5, round_seconds=1.5, kept=5, threads=4, issues=3)
    found = {
        sample.name: sample.value
        for family in text_string_to_metric_families(client.get("/metrics").content.decode())
        for sample in family.samples
    }
    assert (found["nhipcau_intake_queue_batches"], found["nhipcau_intake_queue_voices"]) == (1, 7)
    assert found["nhipcau_intake_queue_oldest_seconds"] >= LONG_AGO.total_seconds()
    assert found["nhipcau_listener_beat_age_seconds"] >= 30
    names = ("voices_grouped", "round_seconds", "kept_voices", "threads", "issues", "failures_in_a_row")
    assert [found[f"nhipcau_listener_{name}"] for name in names] == [5, 1.5, 5, 4, 3, 0]


def test_an_error_is_noted_by_its_kind_and_place_never_by_what_it_quotes() -> None:
    now = timezone.now()
    for _ in range(2):
        try:
            listening_loop.begin(None)  # type: ignore[arg-type]  # fails inside the house
        except TypeError as error:
            error.args = ("bà Lê Thị Bưởi, 0912 345 678",)
            note_failed_round(error, started_at=now, now=now)
    row = ListenerBeat.objects.get()
    assert row.failures_in_a_row == 2
    assert row.error.startswith("TypeError (issues/listener")
    assert "Bưởi" not in row.error


def test_a_round_that_fails_is_taken_again_and_the_next_whole_one_clears_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DATA_FOLDER = tmp_path
    settings.VOICE_LOG = ""
    wait_in_queue()
    stopping = threading.Event()
    listener_of_test = Listener(stopping, folder=tmp_path / "state", rest_seconds=0.0)
    seen = []

    def turn(_listening: object) -> int:
        seen.append(ListenerBeat.objects.get().failures_in_a_row)
        if len(seen) < 3:
            raise OSError("no room")
        if len(seen) == 4:
            stopping.set()
        return 1

    monkeypatch.setattr(listening_loop, "close_old_connections", lambda: None)  # the test's own is one
    monkeypatch.setattr(listener_of_test, "turn", turn)
    monkeypatch.setattr(stopping, "wait", lambda _seconds: None)
    listener_of_test.run()
    assert seen == [0, 1, 2, 0]
    assert ListenerBeat.objects.get().error == ""
