"""JSON lines, and one JSON array as lines, become spans. The grammar is in `_json_kernels`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import numpy as np
import orjson

from nhipcau.engine.reading.arrays import Bytes
from nhipcau.engine.reading.columns import ColumnPlan, plain_name
from nhipcau.engine.reading.kinds_of_value import ABSENT, CONTROL, EMPTY, NESTED
from nhipcau.engine.reading.spans import Spans
from nhipcau.engine.reading.streams import Block, Readable

_TABLE_SIZE = 1024
_MOST_KEYS = 512
_SPARE_SLOTS = 4


class ObjectScanner:
    """Finds the wanted values in blocks of lines, each of which is one JSON object.

    It learns the keys as it meets them; what a key means depends on the key alone.
    """

    def __init__(self, plan: ColumnPlan, *, most_rows: int) -> None:
        self._plan = plan
        self._most_rows = most_rows
        self._key_hashes = np.zeros(_TABLE_SIZE, np.uint64)
        self._key_slots = np.full(_TABLE_SIZE, -1, np.int16)
        self._key_count = 0
        self.slots: dict[str, int] = {}
        self.seen: dict[str, None] = {}
        """Keys met, in their order, the first few hundred."""

    def scan(self, block: Block) -> Iterator[Spans]:
        """Give the rows of a block, at most so many at a time as was asked for."""
        from nhipcau.engine.reading._json_kernels import scan_objects

        data = np.frombuffer(block.data, np.uint8)
        most_rows = min(self._most_rows, max(block.line_count, 1))
        line, position = block.first_line, 0
        while position < len(data):
            begun = position
            lines, bad_lines = np.empty(most_rows, np.int64), np.empty(most_rows, np.int64)
            bad_codes = np.empty(most_rows, np.uint8)
            width = len(self.slots) + _SPARE_SLOTS
            shape = (most_rows, width)
            kinds, starts, ends = np.empty(shape, np.uint8), np.empty(shape, np.int32), np.empty(shape, np.int32)
            row = bad = 0
            while True:
                position, line, row, bad, key_start, key_end = scan_objects(
                    data, position, line, row, bad, self._key_hashes, self._key_slots,
                    kinds, starts, ends, lines, bad_lines, bad_codes,
                )  # fmt: skip
                if key_start < 0:
                    break
                self._learn(block.data[key_start:key_end])
                if len(self.slots) > width:
                    more = np.zeros((most_rows, len(self.slots) + _SPARE_SLOTS - width), np.uint8)
                    kinds = np.concatenate([kinds, more], axis=1)
                    starts = np.concatenate([starts, more.astype(np.int32)], axis=1)
                    ends = np.concatenate([ends, more.astype(np.int32)], axis=1)
                    width = kinds.shape[1]
            spans = Spans(
                data, position - begun, kinds[:row], starts[:row], ends[:row], lines[:row], dict(self.slots),
                [(int(found), "json") for found in bad_lines[:bad]],
            )  # fmt: skip
            yield self._with_nested(spans)

    def _learn(self, raw: bytes) -> None:
        """Enter a key into the table, as it is written (escapes included)."""
        if self._key_count >= _MOST_KEYS:  # keys without end: forget, and learn again what is in use
            self._key_hashes[:] = 0
            self._key_slots[:] = -1
            self._key_count = 0
        try:
            name = json.loads(b'"' + raw + b'"', strict=False)
        except ValueError:  # not UTF-8
            name = raw.decode("utf-8", "replace")
        wanted = self._plan.wants(name)
        slot = -1 if wanted is None else self.slots.setdefault(wanted, len(self.slots))
        if len(self.seen) < _MOST_KEYS:
            self.seen[name] = None
        key = _hash(raw)
        entry = key % _TABLE_SIZE
        while self._key_hashes[entry]:
            entry = (entry + 1) % _TABLE_SIZE
        self._key_hashes[entry] = key
        self._key_slots[entry] = slot
        self._key_count += 1

    def _with_nested(self, spans: Spans) -> Spans:
        """Give wanted members of objects (`user.id`) slots of their own."""
        found: dict[str, list[tuple[int, bytes]]] = {}
        for parent in self._plan.parents & spans.slots.keys():
            slot = spans.slots[parent]
            rows = np.flatnonzero(spans.kinds[:, slot] == NESTED)
            names = [name for name in self._plan.wanted if name.split(".")[0] == parent and "." in name]
            for row in rows.tolist():
                members = _members(spans.data[spans.starts[row, slot] : spans.ends[row, slot]].tobytes(), parent)
                for name in names:
                    if name in members:
                        found.setdefault(name, []).append((row, members[name]))
        if not found:
            return spans
        extra = bytearray()
        size = len(spans.data)
        for name, values in sorted(found.items()):
            if name in spans.slots:
                slot = spans.slots[name]
            else:
                slot = spans.kinds.shape[1]
                spans.slots[name] = slot
                rows_of = np.zeros((len(spans.lines), 1), np.int32)
                spans.kinds = np.concatenate([spans.kinds, rows_of.astype(np.uint8)], axis=1)
                spans.starts = np.concatenate([spans.starts, rows_of], axis=1)
                spans.ends = np.concatenate([spans.ends, rows_of], axis=1)
                self.seen.setdefault(name)
            for row, value in values:
                if spans.kinds[row, slot] in (ABSENT, EMPTY, NESTED):
                    spans.kinds[row, slot] = CONTROL if value else EMPTY
                    spans.starts[row, slot] = size + len(extra)
                    extra += value
                    spans.ends[row, slot] = size + len(extra)
        spans.data = np.concatenate([spans.data, np.frombuffer(bytes(extra), np.uint8)])
        spans.size += len(extra)
        return spans


def _hash(raw: bytes) -> int:
    """FNV-1a with 64 bits, as the compiled scanner computes it."""
    value = 0xCBF29CE484222325
    for byte in raw:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value or 1


def _members(raw: bytes, prefix: str) -> dict[str, bytes]:
    """Find the simple members of a JSON object, by dotted plain names."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:  # a lone surrogate, NaN or a raw control character: what the standard library takes
        try:
            value = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            return {}
    members: dict[str, bytes] = {}
    levels = [(prefix, value)]
    while levels:
        path, holder = levels.pop()
        if isinstance(holder, dict):
            levels += [(f"{path}.{plain_name(name)}", member) for name, member in holder.items()]
        elif isinstance(holder, str):
            members[path] = holder.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
        elif isinstance(holder, bool | int) or (isinstance(holder, float) and math.isfinite(holder)):
            members[path] = json.dumps(holder).encode()
    return members


class ArrayElements:
    """One JSON array, read as a line for each element: the line's number is the element's."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._state = (0, 0, 0)

    def read(self, size: int) -> bytes:
        """Give up to `size` bytes, none at the end."""
        from nhipcau.engine.reading._json_kernels import elements_to_lines

        data: Bytes = np.frombuffer(bytearray(self._source.read(size)), np.uint8)
        self._state = elements_to_lines(data, *self._state)
        return data.tobytes()
