"""Rows of files: bytes are kept first, then the rows are written; when the rows fail, the bytes go.

Bytes without a row (the process died between the two) are swept away by `jobs/tasks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePath

from django.conf import settings

from nhipcau.network.models.people import Person
from nhipcau.network.models.task_files import StoredFile, TaskAttachment
from nhipcau.network.models.tasks import Task
from nhipcau.network.taskfiles import CheckedFile, forget, keep

Kept = tuple[str, str, CheckedFile]  # the name it is kept under, the name its owner gave it, what it is


def folder() -> Path:
    """Where the bytes lie: in the data folder, outside anything that is served."""
    return Path(settings.DATA_FOLDER) / "evidence"


@contextmanager
def kept(given: Sequence[tuple[str, CheckedFile]]) -> Iterator[list[Kept]]:
    """Keep files while their rows are written; when that fails, they are taken away again."""
    done: list[Kept] = []
    try:
        for original_name, checked in given:
            done.append((keep(checked, folder=folder()), original_name, checked))
        yield done
    except BaseException:
        for name, _, _ in done:
            forget(name, folder=folder())
        raise


def row_for(one: Kept, *, by: Person, at: datetime) -> StoredFile:
    """Write the row of a kept file."""
    name, original_name, checked = one
    shown = " ".join(PurePath(original_name.replace("\\", "/")).name.split())
    return StoredFile.objects.create(
        name=name,
        original_name=shown[-200:] or name,
        content_type=checked.content_type,
        size_bytes=len(checked.content),
        sha256=checked.sha256,
        stored_at=at,
        stored_by=by,
    )


def attach(given: Sequence[Kept], *, task: Task, by: Person, at: datetime) -> None:
    """Write the rows of what goes out with a directive."""
    for one in given:
        TaskAttachment.objects.create(task=task, file=row_for(one, by=by, at=at))
