"""Separated values (CSV and its kin) become spans: the header, the separator, and records that may span lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

import numpy as np

from nhipcau.engine.reading.columns import ColumnPlan
from nhipcau.engine.reading.kinds_of_value import BAD_FIELDS, BAD_LONG, BAD_QUOTE
from nhipcau.engine.reading.spans import Spans
from nhipcau.engine.reading.streams import Block

SEPARATORS: Final = ",;\t|"
NO_SEPARATOR: Final = "\u0100"
"""Of one column alone: no byte is this character, so that commas in a text separate nothing."""
_CODES: Final = {BAD_QUOTE: "quote", BAD_FIELDS: "fields", BAD_LONG: "line-too-long"}


class Header:
    """The first record of a file.

    Parameters
    ----------
    head
        The beginning of the file, without a byte-order mark.

    Attributes
    ----------
    names
        The columns, as they are written.
    separator
        The character between fields: whichever stands most often in the header, outside quotes; or `NO_SEPARATOR`.
    line_count, byte_count
        What the header takes, blank lines and a leading `sep=` line included.
    """

    def __init__(self, head: bytes) -> None:
        self.byte_count, self.line_count = 0, 0
        self.separator = ","
        given = None
        while True:
            end = head.find(b"\n", self.byte_count) + 1
            line = head[self.byte_count : end or len(head)].strip()
            if line.lower().startswith(b"sep=") and line[4:].decode("latin-1") in tuple(SEPARATORS):
                given = chr(line[4])
            elif line or not end:
                break
            self.byte_count, self.line_count = end, self.line_count + 1
        text = head[self.byte_count :].decode("utf-8", "replace")
        first_line = text.partition("\n")[0]
        bare = "".join(first_line.split('"')[::2])
        counts = {separator: bare.count(separator) for separator in SEPARATORS}
        most = max(SEPARATORS, key=counts.__getitem__)
        self.separator = given or (most if counts[most] else NO_SEPARATOR)
        records = csv.reader(io.StringIO(text, newline=""), delimiter=self.separator)
        try:
            self.names = next(records, [])
        except csv.Error:
            self.names = [first_line]
        record_lines = max(records.line_num, 1)
        for _ in range(record_lines):
            self.byte_count = head.find(b"\n", self.byte_count) + 1 or len(head)
        self.line_count += record_lines


class RecordScanner:
    """Finds the wanted fields in blocks of lines; a record may begin in one block and end in a later one."""

    def __init__(self, plan: ColumnPlan, header: Header, *, most_rows: int, max_record_bytes: int) -> None:
        self._most_rows = most_rows
        self._longest = max_record_bytes
        self._separator = ord(header.separator)
        self._carried = b""
        self._line = header.line_count + 1
        self.slots: dict[str, int] = {}
        self._slots_of_columns = np.full(len(header.names), -1, np.int16)
        for column, name in enumerate(header.names):
            wanted = plan.wants(name)
            if wanted is not None and wanted not in self.slots:
                self.slots[wanted] = len(self.slots)
                self._slots_of_columns[column] = self.slots[wanted]

    @property
    def held_bytes(self) -> int:
        """Bytes of a record that has begun and not ended."""
        return len(self._carried)

    @property
    def next_line(self) -> int:
        """The number of the line on which the next record begins."""
        return self._line

    def resume_at(self, line: int) -> None:
        """Go on with the record that begins on `line`."""
        self._line = line

    def scan(self, block: Block | None) -> Iterator[Spans]:
        """Give the rows of a block, or with no block: of what is left at the end of the file."""
        from nhipcau.engine.reading._separated_kernels import scan_records

        raw = self._carried + (block.data if block else b"")
        data = np.frombuffer(raw, np.uint8)
        position = 0
        most_rows = min(self._most_rows, raw.count(b"\n") + 1)
        shape = (most_rows, max(len(self.slots), 1))
        while position < len(data):
            begun = position
            kinds, starts, ends = np.empty(shape, np.uint8), np.empty(shape, np.int32), np.empty(shape, np.int32)
            lines, bad_lines = np.empty(most_rows, np.int64), np.empty(most_rows, np.int64)
            bad_codes = np.empty(most_rows, np.uint8)
            position, self._line, rows, bad = scan_records(
                data, position, self._line, int(block is None), self._longest, self._separator,
                self._slots_of_columns, kinds, starts, ends, lines, bad_lines, bad_codes,
            )  # fmt: skip
            faults = [
                (line, _CODES[code])
                for line, code in zip(bad_lines[:bad].tolist(), bad_codes[:bad].tolist(), strict=True)
            ]
            yield Spans(
                data, position - begun, kinds[:rows], starts[:rows], ends[:rows], lines[:rows], self.slots, faults
            )
            if rows < most_rows and bad < most_rows:
                break
        self._carried = raw[position:]
