"""Taking a file in, piece by piece: each in a transaction with the file's own position, so that a row comes in once.

A worker that dies anywhere leaves a position; the next reads the file again up to there and goes on.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from nhipcau.authorkeys import AuthorKey, author_key
from nhipcau.engine.errors import EngineError
from nhipcau.running.folder import UPLOADS_FOLDER
from nhipcau.site.errors import DomainError
from nhipcau.voices.actions.intake import accept, origin_of
from nhipcau.voices.actions.uploads import path_of
from nhipcau.voices.envelope import seal
from nhipcau.voices.models.uploads import Upload
from nhipcau.voices.queries.pressure import require_room
from nhipcau.voices.uploadfiles import REJECTS_KEPT, KeptRejects, options_for, pieces

KEPT: Final = timedelta(days=1)
"""How long a file lies here that was looked at only, or failed."""


class _NotOurs(Exception):
    """The upload was dropped, or another worker is at it."""


def take(upload_id: int) -> int:
    """Take a file in, from where it stands to its end; how many pieces. None of its rows is taken twice."""
    upload = Upload.objects.select_related("source").filter(pk=upload_id, state__in=("waiting", "running")).first()
    if upload is None:
        return 0
    begun = upload.pieces_done
    try:
        with _alone(path_of(upload)):
            if Upload.objects.filter(pk=upload.pk, state__in=("waiting", "running")).update(state="running") == 1:
                _take_pieces(upload)
    except FileNotFoundError:
        _fail(upload, "upload.file-gone", {})
    except (BlockingIOError, _NotOurs):
        return 0
    except EngineError as error:
        _fail(upload, error.code, {})
    except DomainError as error:
        if error.code != "intake-source-stopped":
            return 0  # no room at this moment: the file waits where it stands
        _fail(upload, "upload.source-stopped", {})
    upload.refresh_from_db()
    return max(1, upload.pieces_done - begun)


@dataclass(frozen=True, slots=True)
class _Piece:
    number: int
    batch: pa.RecordBatch
    rejected: int
    rejects: KeptRejects
    bytes_done: int


def _take_pieces(upload: Upload) -> None:
    """Read the file with the author key of the day; where the day changes, again with the new one, from where it is."""
    while True:
        upload.refresh_from_db()
        key = author_key(settings.DATA_FOLDER, now=timezone.now())
        for piece in _pieces(upload, key):
            if author_key(settings.DATA_FOLDER, now=timezone.now()).epoch != key.epoch:
                break
            if not piece.batch.num_columns:
                _finish(upload, rejected=piece.rejected, rejects=piece.rejects)
                return
            if piece.number >= upload.pieces_done:
                _take_piece(upload, piece, epoch=key.epoch)


def _pieces(upload: Upload, key: AuthorKey) -> Iterator[_Piece]:
    done = {"bytes": 0}
    rejects = KeptRejects()
    options = options_for(upload.mapping, key=key.secret, kind=upload.source.matter)
    read = pieces(path_of(upload), options, rejects=rejects, progress=lambda at, _all: done.update(bytes=at))
    for number, (batch, rejected) in enumerate(read):
        yield _Piece(number, batch, rejected, rejects, done["bytes"])


def _take_piece(upload: Upload, piece: _Piece, *, epoch: int) -> None:
    require_room()
    at = timezone.now()
    envelope = seal(piece.batch, origin=origin_of(upload.source), author_epoch=epoch, at=at)
    content = hashlib.sha256(f"{upload.sha256}:{piece.number}".encode()).hexdigest()
    with transaction.atomic():
        standing = Upload.objects.filter(pk=upload.pk, state="running", pieces_done=piece.number)
        if standing.update(pieces_done=piece.number + 1, bytes_done=piece.bytes_done) != 1:
            raise _NotOurs
        key = f"upload:{upload.pk}:{piece.number}"
        receipt = accept(source=upload.source, batch=envelope, route="file", key=key, fingerprint=content, at=at)
        Upload.objects.filter(pk=upload.pk).update(
            read=F("read") + piece.batch.num_rows,
            accepted=F("accepted") + receipt.accepted,
            refused=F("refused") + len(envelope.refused),
            rejected=piece.rejected,
            rejects=_told(piece.rejects),
        )


def _finish(upload: Upload, *, rejected: int, rejects: KeptRejects) -> None:
    with transaction.atomic():
        values = {"rejected": rejected, "rejects": _told(rejects), "bytes_done": upload.bytes}
        running = Upload.objects.filter(pk=upload.pk, state="running")
        if running.update(state="done", finished_at=timezone.now(), **values) != 1:
            raise _NotOurs
        transaction.on_commit(lambda: path_of(upload).unlink(missing_ok=True))


def _fail(upload: Upload, code: str, values: dict[str, str]) -> None:
    running = Upload.objects.filter(pk=upload.pk, state__in=("waiting", "running"))
    running.update(state="failed", failure_code=code[:60], failure_values=values, finished_at=timezone.now())


def _told(rejects: KeptRejects) -> list[dict[str, object]]:
    """Lines and codes; never a word of a row."""
    return [{"line": one.line, "code": one.code} for one in rejects.kept[:REJECTS_KEPT]]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the file, so that two workers do not read it side by side; the hold ends with the process."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def sweep(*, now: datetime) -> int:
    """Remove files that nobody needs any more: done, dropped, failed or forgotten ones, and those without a row."""
    forgotten = Upload.objects.filter(state="looked-at", at__lt=now - KEPT)
    forgotten.update(state="dropped", finished_at=now)
    folder = Path(settings.DATA_FOLDER) / UPLOADS_FOLDER
    if not folder.is_dir():
        return 0
    removed = 0
    needed = set(
        Upload.objects.filter(state__in=("looked-at", "waiting", "running")).values_list("stored_name", flat=True)
    ) | set(Upload.objects.filter(state="failed", finished_at__gte=now - KEPT).values_list("stored_name", flat=True))
    for path in folder.iterdir():
        is_old = path.stat().st_mtime < (now - KEPT).timestamp()
        known = Upload.objects.filter(stored_name=path.name).exists()
        if path.name not in needed and (known or is_old):
            path.unlink(missing_ok=True)
            removed += 1
    return removed
