"""Files that people hand in: checked by what they hold, photos made anew, kept under names that nobody can guess.

Nothing here knows of rows; `actions/tasks/files.py` writes those. Where the bytes lie is the caller's folder.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

PHOTO_BYTES = 15 * 1024 * 1024
DOCUMENT_BYTES = 20 * 1024 * 1024
PHOTO_PIXELS = 80_000_000
PHOTO_SIDE = 2048
UNPACKED_BYTES = 200 * 1024 * 1024
# what zipfile raises for broken bytes: a place before the file, a name that is no UTF-8, a stream that is none
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")
_OFFICE_TYPES = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
_OPEN_TYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}


class FileRefused(ValueError):
    """A file that is not taken. `code` says why: empty, too_large, unknown_kind, not_readable, has_macros."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept."""

    content: bytes
    extension: str
    content_type: str

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes that are kept."""
        return hashlib.sha256(self.content).hexdigest()


def check_photo(stream: BinaryIO) -> CheckedFile:
    """A photo made anew: turned upright, at most `PHOTO_SIDE` pixels a side, without a word of where or by what."""
    content = _read(stream, limit=PHOTO_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_PHOTO_FORMATS) as image:
                if image.width * image.height > PHOTO_PIXELS:
                    raise FileRefused("too_large", limit_megabytes=PHOTO_BYTES // 1024**2)
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
                plain = Image.new("RGB", upright.size, "white")
                with_alpha = upright.convert("RGBA")
                plain.paste(with_alpha, mask=with_alpha.getchannel("A"))
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused("too_large", limit_megabytes=PHOTO_BYTES // 1024**2) from error
    except UnidentifiedImageError as error:
        raise FileRefused("unknown_kind", allowed="JPEG, PNG, WebP") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow raises for broken bytes
        raise FileRefused("not_readable") from error
    made = io.BytesIO()
    plain.save(made, "JPEG", quality=82, optimize=True)
    return CheckedFile(made.getvalue(), "jpg", "image/jpeg")


def check_document(stream: BinaryIO) -> CheckedFile:
    """A document that is what it says: PDF, Office or OpenDocument, without macros. Kept byte for byte."""
    content = _read(stream, limit=DOCUMENT_BYTES)
    if content.startswith(b"%PDF-"):
        return CheckedFile(content, "pdf", "application/pdf")
    if content.startswith(b"PK\x03\x04"):
        return _check_packed(content)
    raise FileRefused("unknown_kind", allowed="PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP")


def _check_packed(content: bytes) -> CheckedFile:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED_BYTES:
                raise FileRefused("too_large", limit_megabytes=DOCUMENT_BYTES // 1024**2)
            names = packed.namelist()
            lowered = [name.casefold() for name in names]
            if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in lowered):
                raise FileRefused("has_macros")
            if "[Content_Types].xml" in names:
                for folder, (extension, content_type) in _OFFICE_TYPES.items():
                    if any(name.startswith(folder) for name in names):
                        return CheckedFile(content, extension, content_type)
            if "mimetype" in names and packed.getinfo("mimetype").file_size < 100:
                said = packed.read("mimetype").strip()
                if said in _OPEN_TYPES:
                    return CheckedFile(content, _OPEN_TYPES[said], said.decode("ascii"))
    except FileRefused:
        raise
    except _BROKEN_ZIP as error:
        raise FileRefused("not_readable") from error
    raise FileRefused("unknown_kind", allowed="PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP")


def _read(stream: BinaryIO, *, limit: int) -> bytes:
    content = stream.read(limit + 1)
    if not content:
        raise FileRefused("empty")
    if len(content) > limit:
        raise FileRefused("too_large", limit_megabytes=limit // 1024**2)
    return content


def keep(checked: CheckedFile, *, folder: Path) -> str:
    """Write the bytes below a folder, whole or not at all, and give the name. The name has 192 random bits."""
    name = f"{secrets.token_hex(24)}.{checked.extension}"
    place = path_of(name, folder=folder)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = place.with_name(place.name + ".partial")
    with partial.open("xb") as out:
        out.write(checked.content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(place)
    return name


def path_of(name: str, *, folder: Path) -> Path:
    """Where a kept file lies: spread over 256 folders."""
    if "/" in name or "\\" in name or name.startswith("."):
        raise ValueError(name)
    return folder / name[:2] / name


def forget(name: str, *, folder: Path) -> None:
    """Take away a file whose row was never written."""
    path_of(name, folder=folder).unlink(missing_ok=True)
