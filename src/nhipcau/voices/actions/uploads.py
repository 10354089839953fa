"""Files of voices: handed in and looked at, sent on their way, dropped. Taking them in is in `taking_uploads.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from nhipcau.engine.errors import EngineError
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.running.folder import LEAST_FREE_BYTES, UPLOADS_FOLDER
from nhipcau.site.errors import NotAllowed
from nhipcau.voices.access.sources import keeps_sources
from nhipcau.voices.actions.source_errors import UploadElsewhere, UploadRefused
from nhipcau.voices.models.sources import Source, SourceKind
from nhipcau.voices.models.uploads import Upload
from nhipcau.voices.uploadfiles import NO_COLUMN, TARGETS, columns_in, ending_of, look, room_for, store

MOST_AT_ONCE: Final = 20
"""So many files may wait in all."""
TAKES_FILES: Final = frozenset({SourceKind.FILE, SourceKind.PAGE, SourceKind.SURVEY, SourceKind.HOTLINE})


def takes_files(source: Source) -> bool:
    """Whether files are taken for a source: it is of such a kind, and not stopped."""
    return source.stopped_at is None and source.kind in TAKES_FILES


def hand_in(*, by: Person, source: Source, name: str, size: int, chunks: Iterable[bytes]) -> Upload:
    """Whoever keeps the register hands a file in; it is kept until it was looked at and taken in, or dropped."""
    if not keeps_sources(by):
        raise NotAllowed
    most = settings.UPLOAD_MEGABYTES * 2**20
    ending = ending_of(name)
    if not takes_files(source):
        raise UploadRefused(problem="no-files", limit=0)
    if not ending:
        raise UploadRefused(problem="ending", limit=0)
    if size > most:
        raise UploadRefused(problem="too-large", limit=settings.UPLOAD_MEGABYTES)
    folder = settings.DATA_FOLDER
    if not room_for(folder, size, left_free=LEAST_FREE_BYTES):
        raise UploadRefused(problem="no-room", limit=0)
    if Upload.objects.filter(state__in=("looked-at", "waiting", "running")).count() >= MOST_AT_ONCE:
        raise UploadRefused(problem="many", limit=MOST_AT_ONCE)
    stored = store(chunks, folder=folder, ending=ending, most_bytes=most)
    if stored is None:
        raise UploadRefused(problem="too-large", limit=settings.UPLOAD_MEGABYTES)
    try:
        columns = _columns(stored.path)
        if stored.bytes == 0 or columns is None:
            raise UploadRefused(problem="nothing-readable", limit=0)
        twice = Upload.objects.filter(source=source, sha256=stored.sha256, state__in=("waiting", "running", "done"))
        if twice.exists():
            raise UploadRefused(problem="twice", limit=0)
        mapping = {target: column for target, column in source.mapping.items() if column in columns}
        with transaction.atomic():
            made = Upload.objects.create(
                source=source,
                by=by,
                at=timezone.now(),
                original_name=Path(name).name[:200],
                stored_name=stored.path.name,
                sha256=stored.sha256,
                bytes=stored.bytes,
                mapping=mapping,
            )
            values = {"file": made.original_name, "bytes": made.bytes, "source": source.name}
            record(by=by, action="upload.handed-in", of=made, values=values)
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    return made


def say_columns(*, by: Person, upload: Upload, mapping: Mapping[str, str]) -> None:
    """Whoever keeps the register says which column is what; the file is looked at again with that."""
    if not keeps_sources(by):
        raise NotAllowed
    known = set(_columns(path_of(upload)) or ()) | {NO_COLUMN}
    said = {target: column for target, column in mapping.items() if target in TARGETS and column}
    if not set(said.values()) <= known:
        raise UploadRefused(problem="column", limit=0)
    with transaction.atomic():
        if Upload.objects.filter(pk=upload.pk, state="looked-at").update(mapping=said) != 1:
            raise UploadElsewhere
        record(by=by, action="upload.columns-said", of=upload, values={"file": upload.original_name, "columns": said})
    upload.mapping = said


def take_upload(*, by: Person, upload: Upload) -> None:
    """Whoever keeps the register lets a file be taken in as it was shown; its columns are remembered for the next."""
    if not keeps_sources(by):
        raise NotAllowed
    try:
        seen = look(path_of(upload), upload.mapping, kind=upload.source.matter)
    except EngineError as error:
        raise UploadRefused(problem="nothing-readable", limit=0) from error
    if seen.batch is None:
        raise UploadRefused(problem="nothing-readable", limit=0)
    with transaction.atomic():
        waiting = Upload.objects.filter(pk=upload.pk, state="looked-at")
        if waiting.update(state="waiting", mapping=seen.mapping) != 1:
            raise UploadElsewhere
        Source.objects.filter(pk=upload.source_id).update(mapping=seen.mapping)
        record(by=by, action="upload.taken", of=upload, values=_named(upload))
    upload.refresh_from_db()


def drop_upload(*, by: Person, upload: Upload) -> None:
    """Whoever keeps the register drops a file; what was taken in of it stays, the file is removed."""
    if not keeps_sources(by):
        raise NotAllowed
    with transaction.atomic():
        open_still = Upload.objects.filter(pk=upload.pk, state__in=("looked-at", "waiting", "running", "failed"))
        if open_still.update(state="dropped", finished_at=timezone.now()) != 1:
            raise UploadElsewhere
        record(by=by, action="upload.dropped", of=upload, values=_named(upload))
        transaction.on_commit(lambda: path_of(upload).unlink(missing_ok=True))
    upload.refresh_from_db()


def path_of(upload: Upload) -> Path:
    """Where the file of an upload lies, so long as it is there."""
    return Path(settings.DATA_FOLDER) / UPLOADS_FOLDER / upload.stored_name


def _named(upload: Upload) -> dict[str, Any]:
    return {"file": upload.original_name, "source": upload.source.name}


def _columns(path: Path) -> list[str] | None:
    try:
        return columns_in(path)
    except (EngineError, OSError):
        return None
