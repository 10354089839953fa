"""Which files there are to read, and of what form: by the name, else by the first bytes. `streams` opens them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nhipcau.engine.errors import EngineError

JSON_LINES: Final = "json lines"
JSON_ARRAY: Final = "json array"
SEPARATED: Final = "separated values"
PARQUET: Final = "parquet"

_FORMS: Final = {
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".json": None,
    ".csv": SEPARATED,
    ".tsv": SEPARATED,
    ".parquet": PARQUET,
    ".pq": PARQUET,
}
STANDARD_INPUT: Final = "-"


@dataclass(frozen=True)
class Input:
    """One file, or standard input, to be read.

    `form` is None where only the first bytes can tell. `is_named` says that the caller named this very file, so that
    a fault in it is the caller's to mend; a file that a folder happened to hold is passed over and reported.
    """

    path: Path | None
    name: str
    form: str | None
    is_named: bool

    @property
    def stem(self) -> str:
        """The file's name without its endings; it begins the ids of rows that have none."""
        if self.path is None:
            return "stdin"
        name = self.path.name.removesuffix(".gz")
        return name[: -len(suffix)] if (suffix := Path(name).suffix) in _FORMS else name


def list_inputs(paths: Sequence[Path | str], *, leave_out: Iterable[Path] = ()) -> tuple[list[Input], list[str]]:
    """List the files to read, in order, and the names of files in folders that are of no kind that can be read.

    A folder stands for the files in it, at any depth, sorted by path; hidden files and folders are passed over in
    silence, links to folders are not followed.

    Raises
    ------
    EngineError
        `read.missing` where a path is not there, `read.unreadable` where it may not be read.
    """
    left_out = {path.resolve() for path in leave_out}
    inputs: list[Input] = []
    ignored: list[str] = []
    for given in paths:
        if str(given) == STANDARD_INPUT:
            inputs.append(Input(None, STANDARD_INPUT, None, is_named=True))
            continue
        path = Path(given)
        try:
            if path.is_dir():
                for file in _files_under(path):
                    if file.resolve() in left_out:
                        continue
                    if _has_known_ending(file):
                        inputs.append(Input(file, str(file), form_by_name(file), is_named=False))
                    else:
                        ignored.append(str(file))
            elif path.exists():
                inputs.append(Input(path, str(path), form_by_name(path), is_named=True))
            else:
                raise EngineError("read.missing", path=str(path))
        except OSError as error:
            raise EngineError(
                "read.unreadable", path=str(path), error=error.strerror or type(error).__name__
            ) from error
    return inputs, ignored


def form_by_name(path: Path) -> str | None:
    """Tell the form by the ending of a file's name, None where it does not tell."""
    return _FORMS.get(Path(path.name.lower().removesuffix(".gz")).suffix)


def form_by_content(head: bytes, named: str | None) -> str:
    """Tell the form by the first bytes of a file, given what its name says."""
    if head.startswith(b"PAR1"):
        return PARQUET
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if named == JSON_LINES or named is None:
        if first == b"[":
            return JSON_ARRAY
        if first == b"{":
            return JSON_LINES
    return named or SEPARATED


def _has_known_ending(file: Path) -> bool:
    return Path(file.name.lower().removesuffix(".gz")).suffix in _FORMS


def _raise(error: OSError) -> None:
    raise error


def _files_under(folder: Path) -> list[Path]:
    files = []
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(files, key=lambda file: file.parts)
