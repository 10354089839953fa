"""Accepting voices: once each, under a key, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nhipcau.network.models.audit import AuditRecord
from nhipcau.voices.actions.intake import KeyUsed, SourceStopped, read_back, take_in
from nhipcau.voices.jobs.intake import REMEMBERED, destroy_past_author_key, file_known_voices, forget_old_voices
from nhipcau.voices.models import IntakeBatch, IntakeReceipt, KnownVoice, RecentVoices, Source
from tests.voices.conftest import NOW

pytestmark = pytest.mark.django_db


def voice(number: int | str, **more: Any) -> dict[str, Any]:
    return {"id": number, "time": "2026-11-27T08:00:00+07:00", "text": f"Nước ngập lần {number}", **more}


def taken(source: Source, *voices: Any, key: str = "key-0001", at: datetime = NOW, fingerprint: str = "f") -> Any:
    return take_in(source=source, voices=voices, route="push", key=key, fingerprint=fingerprint, at=at)


def queued() -> Iterator[dict[str, Any]]:
    for batch in IntakeBatch.objects.order_by("pk"):
        yield from read_back(bytes(batch.payload)).to_pylist()


def test_voices_are_queued_with_a_receipt(source: Source) -> None:
    receipt = taken(source, voice(1), voice(2), {"id": 3})
    assert receipt.accepted == 2
    assert receipt.answer["refused"] == 1
    assert receipt.answer["rows"] == [{"row": 3, "field": "text", "code": "missing", "values": {}}]
    batch = IntakeBatch.objects.get()
    assert (batch.voices, batch.route, batch.received_at) == (2, "push", NOW)
    assert batch.author_epoch == NOW.date().toordinal()
    assert [row["text"] for row in queued()] == ["Nước ngập lần 1", "Nước ngập lần 2"]
    source.refresh_from_db()
    assert source.heard_at == source.succeeded_at == NOW
    assert not AuditRecord.objects.exists()


def test_the_same_request_again_is_answered_and_not_doubled(source: Source) -> None:
    first = taken(source, voice(1))
    assert taken(source, voice(1)) == first
    assert IntakeBatch.objects.count() == IntakeReceipt.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(source: Source) -> None:
    taken(source, voice(1))
    with pytest.raises(KeyUsed):
        taken(source, voice(2), fingerprint="other")
    assert len(list(queued())) == 1


def test_a_stopped_source_takes_nothing_but_still_answers_for_what_it_took(source: Source) -> None:
    first = taken(source, voice(1))
    Source.objects.update(stopped_at=NOW)
    assert taken(source, voice(1)) == first
    with pytest.raises(SourceStopped):
        taken(source, voice(2), key="key-0002")
    assert len(list(queued())) == 1


@pytest.mark.parametrize("filed", [False, True])
def test_a_voice_that_is_sent_again_is_known(source: Source, filed: bool) -> None:
    taken(source, voice(1), voice(2))
    if filed:
        file_known_voices(NOW)
        assert (KnownVoice.objects.count(), RecentVoices.objects.count()) == (2, 0)
    receipt = taken(source, voice(2), voice(3), voice(3), key="key-0002")
    assert (receipt.accepted, receipt.answer["known"]) == (1, 2)
    assert len(list(queued())) == 3


def test_nothing_new_is_no_batch(source: Source) -> None:
    taken(source, voice(1))
    receipt = taken(source, voice(1), key="key-0002", at=NOW + timedelta(minutes=5))
    assert (receipt.accepted, receipt.answer["known"]) == (0, 1)
    assert IntakeBatch.objects.count() == 1
    source.refresh_from_db()
    assert (source.heard_at, source.succeeded_at) == (NOW, NOW + timedelta(minutes=5))


def test_another_source_may_call_its_voices_the_same(source: Source) -> None:
    other = Source.objects.create(code="survey", name="Khảo sát", kind="api", owner=source.owner, created_at=NOW)
    taken(source, voice(1))
    assert taken(other, voice(1)).accepted == 1


def test_a_voice_ends_the_silence_of_its_source(source: Source) -> None:
    Source.objects.update(silent_since=NOW - timedelta(days=1))
    taken(source, voice(1))
    source.refresh_from_db()
    assert source.silent_since is None


def test_voices_and_receipts_are_forgotten_after_a_month(source: Source) -> None:
    taken(source, voice(1))
    file_known_voices(NOW)
    assert forget_old_voices(NOW + REMEMBERED) == 0
    assert forget_old_voices(NOW + REMEMBERED + timedelta(days=1)) == 2
    assert forget_old_voices(NOW + REMEMBERED + timedelta(days=1)) == 0
    assert taken(source, voice(1), at=NOW + REMEMBERED + timedelta(days=1)).accepted == 1


def test_filing_goes_on_where_it_was_cut_off(source: Source) -> None:
    taken(source, *map(voice, range(10)))
    digests = RecentVoices.objects.get().digests
    file_known_voices(NOW)
    RecentVoices.objects.create(accepted_on=NOW.date(), digests=digests)  # as if it were filed a second time
    assert file_known_voices(NOW) == 0
    assert KnownVoice.objects.count() == 10


def test_authors_are_told_apart_within_a_day_and_not_across(source: Source) -> None:
    taken(source, voice(1, author_id="u1"), voice(2, author_id="u1"), voice(3, author="u2"))
    taken(source, voice(4, author_id="u1"), key="key-0002", at=NOW + timedelta(days=1))
    first, second, third, fourth = (row["author_key"] for row in queued())
    assert first == second
    assert len({first, third, fourth}) == 3
    assert len(set(IntakeBatch.objects.values_list("author_epoch", flat=True))) == 2


def test_the_author_key_goes_after_midnight(source: Source, tmp_path: Path) -> None:
    taken(source, voice(1))
    assert destroy_past_author_key(NOW) == 0
    assert (tmp_path / "author.key").exists()
    assert destroy_past_author_key(NOW + timedelta(days=1)) == 1
    assert not (tmp_path / "author.key").exists()
