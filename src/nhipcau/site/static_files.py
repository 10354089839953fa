"""Static files straight from where they lie, each address with the hash of its content: no cache is ever stale."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import Storage


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise ValueError(f"there is no static file {name!r}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]


class VersionedFiles(Storage):
    """The addresses of static files."""

    def url(self, name: str | None) -> str:
        """Give the address; a file that is not there is an error, not a broken page."""
        return f"{urljoin(settings.STATIC_URL, name or '')}?v={_version(name or '')}"
