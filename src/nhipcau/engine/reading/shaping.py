"""Raw rows are judged here and become posts: the one place where a row is rejected for what it says."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nhipcau.engine.cleaning.names import called_by, hide_author, is_named
from nhipcau.engine.posts import POST, POST_SCHEMA, PRESS, TIME_TYPE
from nhipcau.engine.reading.arrays import (
    Mask,
    flag_array,
    mask_of,
    number_array,
    numbers_of,
    repeated,
    string_buffers,
    text_array,
    validity_of,
)
from nhipcau.engine.reading.authors import author_keys
from nhipcau.engine.reading.options import ReadOptions
from nhipcau.engine.reading.spans import RawRows
from nhipcau.engine.reading.times import microseconds_of, parse_times

_PRESS_WORDS = frozenset({PRESS, "báo chí", "báo", "bao chi", "bao", "news"})
_POST_WORDS = frozenset({POST, "", "posts", "comment", "bài đăng", "bình luận", "bai dang", "binh luan"})
_PLAIN_TARGETS = ("source", "channel", "place", "link")


@dataclass
class Shaped:
    """Posts, and what became of the rows that are none."""

    batch: pa.RecordBatch
    rejects: list[tuple[int, str]] = field(default_factory=list)
    """Line and code, by line."""
    later: int = 0
    unknown_kinds: int = 0


def shape_rows(rows: RawRows, *, options: ReadOptions, stem: str, has_times: bool) -> Shaped:
    """Judge rows and shape those that are good as `POST_SCHEMA`.

    Parameters
    ----------
    rows
        What a file gave.
    options
        How to read.
    stem
        Begins the ids of rows that have none.
    has_times
        Whether the file tells times, so that a row without one is rejected.
    """
    count = len(rows.lines)
    fault = np.zeros(count, np.uint8)
    codes = ["", "encoding", "text-nested", "text-empty", "time", "arrived"]

    def reject(where: Mask, code: str) -> None:
        fault[where & (fault == 0)] = codes.index(code)

    columns: dict[str, pa.Array] = {}
    for target in ("text", "id", *_PLAIN_TARGETS):
        column = rows.columns.get(target)
        if column is not None:
            columns[target], broken = _only_utf8(column)
            if broken is not None:
                reject(broken, "encoding")
    if options.hide_authors and rows.naming:
        _hide_authors(columns, rows.naming)
    if rows.nested_text is not None:
        reject(rows.nested_text, "text-nested")
    text = columns.pop("text", None)
    reject(np.ones(count, np.bool_) if text is None else _blank(text), "text-empty")

    time, unreadable = _times(rows.columns.get("time"), options, count)
    reject(unreadable | ~validity_of(time) if has_times else unreadable, "time")
    arrived, unreadable = _times(rows.columns.get("arrived"), options, count)
    reject(unreadable, "arrived")

    keep = fault == 0
    later = np.zeros(count, np.bool_)
    if options.as_of is not None:
        last = number_array(np.array([microseconds_of(options.as_of)]), TIME_TYPE)[0]
        later = keep & mask_of(pc.greater(pc.coalesce(arrived, time), last))
        keep &= ~later

    kind, unknown = _kinds(rows.columns.get("kind"), options.kind, count)
    columns |= {
        "id": _ids(columns.get("id"), stem, rows.lines),
        "time": time,
        "arrived": arrived,
        "author_key": _author_keys(rows.columns.get("author"), options.key_now(), count),
        "text": text if text is not None else pa.nulls(count, pa.string()),
        "kind": kind,
        "reach": _reach(rows.columns.get("reach"), count),
    }
    arrays = [columns[name] if name in columns else pa.nulls(count, POST_SCHEMA.field(name).type) for name in _NAMES]
    if not keep.all():
        chosen = flag_array(keep)
        arrays = [array.filter(chosen) for array in arrays]
    faults = [(int(rows.lines[row]), codes[fault[row]]) for row in np.flatnonzero(fault)]
    return Shaped(
        pa.RecordBatch.from_arrays(arrays, schema=POST_SCHEMA),
        sorted(rows.bad + faults),
        int(later.sum()),
        int((unknown & keep).sum()),
    )


_NAMES = POST_SCHEMA.names


def _only_utf8(column: pa.StringArray) -> tuple[pa.StringArray, Mask | None]:
    """Give the column with broken values made null, and where they were (None: nowhere)."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        offsets, data = string_buffers(column)
        valid = validity_of(column)
        texts = [
            _decoded(data[offsets[row] : offsets[row + 1]].tobytes()) if valid[row] else None
            for row in range(len(column))
        ]
        return text_array(texts), valid & np.array([text is None for text in texts])
    return column, None


def _hide_authors(columns: dict[str, pa.Array], naming: list[pa.Array]) -> None:
    ways = zip(*(_only_utf8(column)[0].to_pylist() for column in naming), strict=True)
    called = [called_by(row) for row in ways]
    for target in ("text", "place", "channel"):
        if target in columns:
            said = zip(columns[target].to_pylist(), called, strict=True)
            columns[target] = text_array([_without(text, row) for text, row in said])


def _without(text: str | None, called: tuple[list[str], list[str]]) -> str | None:
    names, handles = called
    if not text or not is_named(text, names=names, handles=handles):
        return text
    return hide_author(text, names=names, handles=handles)


def _decoded(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _blank(text: pa.StringArray) -> Mask:
    from nhipcau.engine.reading._text_kernels import find_blank

    offsets, data = string_buffers(text)
    blank = np.empty(len(text), np.uint8)
    find_blank(data, offsets, blank)
    return np.asarray(blank == 1) | ~validity_of(text) if text.null_count else np.asarray(blank == 1)


def _times(column: pa.Array | None, options: ReadOptions, count: int) -> tuple[pa.TimestampArray, Mask]:
    if column is None:
        return pa.nulls(count, TIME_TYPE), np.zeros(count, np.bool_)
    if pa.types.is_timestamp(column.type):
        return column, np.zeros(count, np.bool_)
    return parse_times(column, options.default_zone)


def _kinds(column: pa.StringArray | None, default: str, count: int) -> tuple[pa.StringArray, Mask]:
    """Give post or press for every row, and where something else was said; that counts as a post."""
    if column is None:
        return repeated(default, count), np.zeros(count, np.bool_)
    encoded = column.dictionary_encode()
    words = [str(word.as_py(), "utf-8", "replace").strip().lower() for word in encoded.dictionary.cast(pa.binary())]
    kinds = text_array([(PRESS if word in _PRESS_WORDS else POST) if word else None for word in words])
    unknown = flag_array(np.array([word not in _PRESS_WORDS | _POST_WORDS for word in words], np.bool_))
    said = kinds.take(encoded.indices)
    return pc.coalesce(said, repeated(default, count)), mask_of(unknown.take(encoded.indices))


def _ids(column: pa.StringArray | None, stem: str, lines: npt.NDArray[np.int64]) -> pa.StringArray:
    if column is not None and column.null_count == 0:
        return column
    made: pa.StringArray = pc.binary_join_element_wise(
        repeated(stem, len(lines)), number_array(lines, pa.int64()).cast(pa.string()), text_array([":"])[0]
    )
    return made if column is None else pc.coalesce(column, made)


def _author_keys(column: pa.StringArray | None, key: bytes, count: int) -> pa.UInt64Array:
    return pa.nulls(count, pa.uint64()) if column is None else author_keys(column, key)


def _reach(column: pa.Array | None, count: int) -> pa.Int64Array:
    if column is None:
        return pa.nulls(count, pa.int64())
    try:
        reach = column.cast(pa.int64())
    except pa.ArrowInvalid:
        told = [_whole_number(text) for text in _only_utf8(column)[0].to_pylist()]
        reach = number_array(np.array(told, np.int64), pa.int64())
    numbers = numbers_of(reach)
    return number_array(numbers, pa.int64(), validity_of(reach) & (numbers >= 0))


def _whole_number(text: str | None) -> int:
    """Give the whole number that a text tells, -1 where it tells none that can be a reach."""
    try:
        number = float(text or "nan")
        return int(number) if 0 <= number < 2**62 else -1
    except ValueError:
        return -1
