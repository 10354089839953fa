"""Files of directives and of evidence."""

from __future__ import annotations

from django.urls import reverse
from ninja import Schema
from pydantic import Field

from nhipcau.network.models.task_files import StoredFile


class FileOut(Schema):
    """A file of a directive or of the evidence."""

    name: str
    address: str = Field(description="Where it is fetched, with the same token")
    content_type: str
    size_bytes: int
    sha256: str


def file_out(file: StoredFile) -> FileOut:
    """A file, and where it is."""
    return FileOut(
        name=file.original_name,
        address=reverse("api:file", args=[file.name]),
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
    )
