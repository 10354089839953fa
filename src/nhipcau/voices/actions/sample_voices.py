"""The voices of the sample province: its sources, thirty days of what was said, and a stream that goes on.

They go the way that all voices go: redacted and keyed before anything is written, accepted once each. Asked again,
nothing changes.
"""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from hashlib import sha256
from typing import Final

import numpy as np
import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from nhipcau.authorkeys import HOUSE_ZONE, AuthorKey, author_key
from nhipcau.engine.reading.arrays import numbers_of
from nhipcau.network.actions.audit import record
from nhipcau.network.models.offices import Office
from nhipcau.voices import samplevoices
from nhipcau.voices.actions.intake import accept, origin_of, written
from nhipcau.voices.envelope import Envelope, read_voices
from nhipcau.voices.models.intake import IntakeBatch, IntakeReceipt
from nhipcau.voices.models.sources import Source
from nhipcau.voices.samplevoices import Said

TERMS: Final = "Dữ liệu mẫu do máy sinh ra; không có người thật nào nói những lời này."
HOUR_MICROSECONDS: Final = 3_600_000_000
LAST_SECOND: Final = clock_time(23, 59, 59)
RHYTHM_MINUTES: Final = 3 * 24 * 60
BUSY: Final = 3.0
"""Share of the talk from which a source of the sample is expected to be heard from every three days."""


def make_sample_sources(*, hub: Office, at: datetime) -> dict[str, Source]:
    """Put the sources of the sample into the register; give them by code."""
    with transaction.atomic():
        if not Source.objects.filter(is_sample=True).exists():
            made = [
                Source(
                    code=samplevoices.code_of(one.name),
                    name=one.name,
                    kind=samplevoices.KINDS[one.channel],
                    matter="press" if one.channel == "press" else "post",
                    owner=hub,
                    terms=TERMS,
                    rhythm_minutes=RHYTHM_MINUTES if one.weight >= BUSY else None,
                    created_at=at,
                    is_sample=True,
                )
                for one in samplevoices.sample_sources()
            ]
            Source.objects.bulk_create(made)
            record(by=None, action="sample.sources-made", of=hub, values={"sources": len(made)})
    return Source.objects.filter(is_sample=True).in_bulk(field_name="code")


def make_sample_past(*, hub: Office, now: datetime) -> int:
    """Take in thirty days up to now, as if each voice had come in when it was said; give how many were new."""
    local = timezone.localtime(now)
    known = make_sample_sources(hub=hub, at=now - timedelta(days=samplevoices.DAYS))
    accepted = 0
    for day, said in samplevoices.past_days(now=local):
        # the secret of a day that is over is gone: that of the sample's days was never anywhere
        key = AuthorKey(day.toordinal(), secrets.token_bytes(32))
        end = min(datetime.combine(day, LAST_SECOND, tzinfo=HOUSE_ZONE), now)
        envelopes = {
            code: _arrived_when_said(
                read_voices((one.fields for one in voices), origin=origin_of(known[code]), author_key=key, at=end)
            )
            for code, voices in _by_source(said).items()
        }
        accepted += _accept_past({known[code]: one for code, one in envelopes.items()}, day=day, at=end)
    return accepted


def _accept_past(envelopes: dict[Source, Envelope], *, day: date, at: datetime) -> int:
    """Put a day into the queue hour by hour, as its voices would have come, with one receipt a source; once."""
    name = f"past-{day}"
    fingerprint = sha256(name.encode()).hexdigest()
    with transaction.atomic():
        if IntakeReceipt.objects.filter(source__in=envelopes, key=name).exists():
            return 0
        batches = []
        for source, envelope in envelopes.items():
            hours = numbers_of(envelope.batch.column("arrived")) // HOUR_MICROSECONDS
            for hour in np.unique(hours).tolist():
                rows = envelope.batch.take(pa.array(np.flatnonzero(hours == hour)))
                received = datetime.fromtimestamp(min((hour + 1) * 3600 - 1, int(at.timestamp())), UTC)
                batches.append(
                    IntakeBatch(
                        source=source,
                        route="sample",
                        received_at=received,
                        author_epoch=envelope.author_epoch,
                        voices=rows.num_rows,
                        payload=written(rows),
                    )
                )
        batches.sort(key=lambda one: (one.received_at, one.source_id))
        IntakeBatch.objects.bulk_create(batches, batch_size=500)
        IntakeReceipt.objects.bulk_create(
            IntakeReceipt(source=source, key=name, fingerprint=fingerprint, accepted=one.batch.num_rows, at=at)
            for source, one in envelopes.items()
        )
        for source, envelope in envelopes.items():
            if envelope.batch.num_rows:
                latest = envelope.batch.column("arrived")[-1].as_py()
                Source.objects.filter(pk=source.pk).update(heard_at=latest, succeeded_at=latest)
    return sum(one.voices for one in batches)


def stream_sample(*, now: Callable[[], datetime], is_over: Callable[[], bool], rest_seconds: float = 1.0) -> int:
    """Take in a day of the sample sixty times as fast, until it ends or `is_over`; give how many voices were taken."""
    begun, accepted = now(), 0
    known = Source.objects.filter(is_sample=True).in_bulk(field_name="code")
    waiting = samplevoices.stream(start=timezone.localtime(begun))
    pending: list[Said] = []
    for said in waiting:
        if is_over():
            break
        due = begun + (said.at - begun) / samplevoices.STREAM_SPEED
        while due > now() and not is_over():
            accepted += _take(known, pending, at=now())
            pending = []
            time.sleep(rest_seconds)
        pending.append(said)
    return accepted + _take(known, pending, at=now())


def _take(known: dict[str, Source], said: list[Said], *, at: datetime) -> int:
    """What has become due is said now: a day that goes by faster still happens today."""
    accepted = 0
    key = author_key(settings.DATA_FOLDER, now=at)
    for code, voices in _by_source(said).items():
        fields = ({**one.fields, "time": at.isoformat()} for one in voices)
        envelope = read_voices(fields, origin=origin_of(known[code]), author_key=key, at=at)
        accepted += _accept(known[code], envelope, name=f"stream-{voices[0].fields['id']}", at=at)
    return accepted


def _accept(source: Source, envelope: Envelope, *, name: str, at: datetime) -> int:
    fingerprint = sha256(name.encode()).hexdigest()
    receipt = accept(source=source, batch=envelope, route="sample", key=name[:64], fingerprint=fingerprint, at=at)
    return receipt.accepted


def _arrived_when_said(envelope: Envelope) -> Envelope:
    """Of the past, what was said is taken to have come in at once."""
    batch = envelope.batch
    place = batch.schema.get_field_index("arrived")
    batch = batch.set_column(place, batch.schema.field(place), batch.column("time"))
    return Envelope(batch, envelope.author_epoch, envelope.refused)


def _by_source(said: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        found[one.source].append(one)
    return found
