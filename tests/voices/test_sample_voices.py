"""The voices of the sample: thirty days, taken in once, and a day that goes on sixty times as fast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from nhipcau.authorkeys import HOUSE_ZONE
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.offices import Office
from nhipcau.voices import samplevoices
from nhipcau.voices.actions.intake import read_back
from nhipcau.voices.actions.sample_voices import make_sample_past, make_sample_sources, stream_sample
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.models.sources import Source
from tests.network.tasks.cast import Cast, make_cast

NOW = datetime(2026, 11, 30, 1, 30, tzinfo=UTC)


@pytest.fixture
def hub(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(samplevoices, "DAYS", 3)
    monkeypatch.setattr(samplevoices, "VOICES_A_DAY", 120)
    monkeypatch.setattr(samplevoices, "STREAM_VOICES_A_DAY", 300)
    cast: Cast = make_cast()
    return cast.hub


def test_sources_are_made_once(hub: Office):
    first = make_sample_sources(hub=hub, at=NOW)
    assert set(make_sample_sources(hub=hub, at=NOW)) == set(first)
    assert Source.objects.filter(is_sample=True, rhythm_minutes__isnull=False).exists()
    assert AuditRecord.objects.filter(action="sample.sources-made").count() == 1


def test_the_past_came_in_day_by_day_and_once(hub: Office):
    accepted = make_sample_past(hub=hub, now=NOW)
    assert 250 < accepted < 420
    assert make_sample_past(hub=hub, now=NOW) == 0
    batches = [(one, read_back(bytes(one.payload))) for one in IntakeBatch.objects.order_by("pk")]
    assert sum(batch.num_rows for _, batch in batches) == accepted
    days = [one.author_epoch for one, _ in batches]
    assert days == sorted(days)
    assert len(set(days)) == 4
    for one, batch in batches:
        assert batch.column("arrived") == batch.column("time")
        moments = batch.column("time").to_pylist()
        assert max(moments) <= NOW + timedelta(seconds=1)
        assert {moment.astimezone(HOUSE_ZONE).toordinal() for moment in moments} == {one.author_epoch}


def test_a_day_goes_by_sixty_times_as_fast(hub: Office, monkeypatch: pytest.MonkeyPatch):
    make_sample_sources(hub=hub, at=NOW)
    with time_machine.travel(NOW, tick=False) as clock:
        monkeypatch.setattr("nhipcau.voices.actions.sample_voices.time.sleep", lambda seconds: clock.shift(seconds))
        accepted = stream_sample(now=lambda: datetime.now(UTC), is_over=lambda: False, rest_seconds=20)
        assert timedelta(minutes=22) < datetime.now(UTC) - NOW < timedelta(minutes=26)
    assert accepted == 300
    times = [t for one in IntakeBatch.objects.all() for t in read_back(bytes(one.payload)).column("time").to_pylist()]
    assert min(times) >= NOW
    assert max(times) <= NOW + timedelta(minutes=26)


def test_a_stream_ends_when_told(hub: Office):
    make_sample_sources(hub=hub, at=NOW)
    assert stream_sample(now=lambda: datetime.now(UTC), is_over=lambda: True) == 0
