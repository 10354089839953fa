"""Accepting voices: one short transaction puts an envelope into the queue, and a receipt says what was accepted.

Making envelopes is in `envelope.py`, what takes them out of the queue in the jobs of the log. No audit record is
written here: the receipts are the account of what programs send; people's decisions about sources are audited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.conf import settings
from django.db import transaction

from nhipcau.authorkeys import HOUSE_ZONE, author_key
from nhipcau.engine.reading.arrays import number_array
from nhipcau.site.errors import DomainError
from nhipcau.voices.envelope import Envelope, Origin, read_voices
from nhipcau.voices.models.intake import IntakeBatch, IntakeReceipt
from nhipcau.voices.models.known import RecentVoices
from nhipcau.voices.models.sources import Source
from nhipcau.voices.queries.known import new_rows

MOST_REFUSALS_TOLD: Final = 1_000
Numbers = npt.NDArray[np.int64]


class SourceStopped(DomainError):
    """The source was stopped; nothing of it is taken in. Values: source."""

    code = "intake-source-stopped"
    status = 409


class KeyUsed(DomainError):
    """Something else was sent under this key before. Values: none."""

    code = "intake-key-used"
    status = 409


def origin_of(source: Source) -> Origin:
    """What the envelope must know of a source."""
    return Origin(source.code, is_press=source.matter == "press", id_secret=_id_secret(settings.SECRET_KEY))


def take_in(
    *, source: Source, voices: Iterable[object], route: str, key: str, fingerprint: str, at: datetime
) -> IntakeReceipt:
    """Make an envelope of mappings with today's author key, and accept it."""
    today = author_key(settings.DATA_FOLDER, now=at)
    batch = read_voices(voices, origin=origin_of(source), author_key=today, at=at)
    return accept(source=source, batch=batch, route=route, key=key, fingerprint=fingerprint, at=at)


def accept(*, source: Source, batch: Envelope, route: str, key: str, fingerprint: str, at: datetime) -> IntakeReceipt:
    """Put an envelope into the queue, whole or not at all, and leave out voices that were accepted lately.

    The same key and fingerprint again gives the same receipt, and nothing is doubled; the same key with another
    fingerprint is refused. Whoever calls has asked `queries/pressure.py` whether there is room.
    """
    digests = _digests(batch.batch)
    with transaction.atomic():
        # the row of the source is held first: what is accepted for one source is accepted one after the other
        is_open = Source.objects.filter(pk=source.pk, stopped_at__isnull=True).update(succeeded_at=at) == 1
        given = IntakeReceipt.objects.filter(source=source, key=key).first()
        if given is not None:
            if given.fingerprint != fingerprint:
                raise KeyUsed
            return given
        if not is_open:
            raise SourceStopped(source=source.name)
        rows = new_rows(digests)
        if len(rows):
            _queue(source, batch, rows=rows, digests=digests[rows], route=route, at=at)
        refused = [one.to_json() for one in batch.refused[:MOST_REFUSALS_TOLD]]
        known = batch.batch.num_rows - len(rows)
        return IntakeReceipt.objects.create(
            source=source,
            key=key,
            fingerprint=fingerprint,
            accepted=len(rows),
            answer={"known": known, "refused": len(batch.refused), "rows": refused},
            at=at,
        )


def _queue(source: Source, envelope: Envelope, *, rows: Numbers, digests: Numbers, route: str, at: datetime) -> None:
    batch = envelope.batch
    if len(rows) < batch.num_rows:
        batch = batch.take(number_array(rows, pa.int64()))
    IntakeBatch.objects.create(
        source=source,
        route=route,
        received_at=at,
        author_epoch=envelope.author_epoch,
        voices=batch.num_rows,
        payload=written(batch),
    )
    RecentVoices.objects.create(accepted_on=at.astimezone(HOUSE_ZONE).date(), digests=digests.tobytes())
    Source.objects.filter(pk=source.pk).update(heard_at=at, silent_since=None)


def written(batch: pa.RecordBatch) -> bytes:
    """An Arrow stream, as the queue keeps it."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read_back(payload: bytes) -> pa.RecordBatch:
    """What `written` wrote."""
    with pa.ipc.open_stream(payload) as reader:
        return reader.read_next_batch()


def _digests(batch: pa.RecordBatch) -> Numbers:
    """The first 64 bits of what each voice is called."""
    ids = batch.column("id").to_pylist()
    return np.frombuffer(bytes.fromhex("".join(one[:16] for one in ids)), np.dtype(">i8")).astype(np.int64)


@cache
def _id_secret(secret_key: str) -> bytes:
    return blake2b(secret_key.encode(), digest_size=32, person=b"nhipcau ids").digest()
