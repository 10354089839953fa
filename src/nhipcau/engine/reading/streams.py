"""Bytes of a file: unzipped, brought to UTF-8, and cut into blocks of whole lines. What they say comes later."""

from __future__ import annotations

import codecs
import select
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Protocol

import numpy as np

HEAD_BYTES: Final = 2**20
"""How much of the beginning of a file is looked at to tell its form."""

ZIPPED_BYTES: Final = 2**20
"""How much of a zipped file is unzipped at a time: enough for a block."""

LINE_FEED: Final = 10
_UTF8_MARK: Final = b"\xef\xbb\xbf"


class Readable(Protocol):
    """Something to read bytes from, until there are none."""

    def read(self, size: int, /) -> bytes:
        """Give up to `size` bytes, none at the end."""


class _Inflater(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


class Counted:
    """A file that counts what was read of it, and does not wait for more where some has come."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.done = 0

    def read(self, size: int) -> bytes:
        """Give what there is, up to `size` bytes; wait only where there is nothing."""
        read_once = getattr(self.file, "read1", self.file.read)
        parts = [read_once(size)]
        remaining = size - len(parts[0])
        while parts[-1] and remaining > 0 and self._has_more():
            parts.append(read_once(remaining))
            remaining -= len(parts[-1])
        read = parts[0] if len(parts) == 1 else b"".join(parts)
        self.done += len(read)
        return read

    def _has_more(self) -> bool:
        try:
            return bool(select.select([self.file.fileno()], [], [], 0)[0])
        except (OSError, ValueError, AttributeError):
            return True


class Unzipped:
    """Gzip members one after another. `fault` says how the file ends, where it does not end well."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._inflater = zlib.decompressobj(wbits=31)
        self._pending = b""
        self._salvaged = b""
        self.fault: str | None = None

    def read(self, size: int) -> bytes:
        """Give up to `size` bytes, none at the end or where the rest cannot be unzipped."""
        while self.fault is None:
            if self._inflater.eof:
                # Some writers fill the file up with zeros.
                self._pending = self._inflater.unused_data.lstrip(b"\0")
                self._pending = self._pending or self._source.read(ZIPPED_BYTES).lstrip(b"\0")
                if not self._pending:
                    return b""
                self._inflater = zlib.decompressobj(wbits=31)
            elif not self._pending:
                self._pending = self._source.read(ZIPPED_BYTES)
            at_end = not self._pending
            before = self._inflater.copy()
            try:
                found = self._inflater.decompress(self._pending, size)
            except zlib.error:
                self._salvage(before)
                break
            self._pending = self._inflater.unconsumed_tail
            if found:
                return found
            if at_end and not self._inflater.eof:
                self.fault = "cut"
        found, self._salvaged = self._salvaged[:size], self._salvaged[size:]
        return found

    def _salvage(self, inflater: _Inflater) -> None:
        """Unzip the pending bytes one by one up to the damage: a call that meets it gives nothing of what it had."""
        self.fault = "damaged"
        saved = bytearray()
        for at in range(len(self._pending)):
            try:
                saved += inflater.decompress(self._pending[at : at + 1])
            except zlib.error:
                break
        self._salvaged = bytes(saved)


class Recoded:
    """UTF-16 with a mark, brought to UTF-8."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        self._ended = False

    def read(self, size: int) -> bytes:
        """Give about `size` bytes, none at the end."""
        while not self._ended:
            found = self._source.read(max(1, size // 2))  # two bytes may become three
            self._ended = not found
            if text := self._decoder.decode(found, final=self._ended):
                return text.encode("utf-8", "replace")
        return b""


class Headed:
    """A source of which the beginning can be looked at before it is read."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._parts: list[bytes] = []

    def peek(self, size: int) -> bytes:
        """Give the first `size` bytes, fewer only at the end of the source."""
        held = sum(map(len, self._parts))
        while held < size and (found := self._source.read(size - held)):
            self._parts.append(found)
            held += len(found)
        self._parts = [b"".join(self._parts)]
        return self._parts[0][:size]

    def peek_until(self, is_enough: Callable[[bytes], bool], most: int) -> bytes:
        """Give the beginning of the source: as much as there is at hand, and at least what is enough."""
        held = b"".join(self._parts)
        while len(held) < most and not (held and is_enough(held)):
            if not (found := self._source.read(most - len(held))):
                break
            held += found
        self._parts = [held]
        return held

    def read(self, size: int) -> bytes:
        """Give up to `size` bytes, none at the end."""
        if self._parts and (head := self._parts.pop(0)):
            if len(head) > size:
                self._parts.insert(0, head[size:])
            return head[:size]
        return self._source.read(size)


class ByteStream:
    """A file's text as UTF-8 bytes without a mark, whatever it is packed in."""

    def __init__(self, file: BinaryIO) -> None:
        self._counted = Counted(file)
        source = Headed(self._counted)
        self._unzipped: Unzipped | None = None
        self.is_gzip = source.peek(2) == b"\x1f\x8b"
        if self.is_gzip:
            self._unzipped = Unzipped(source)
            source = Headed(self._unzipped)
        mark = source.peek(3)
        self.mark_bytes = 0
        self.is_recoded = mark[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        if self.is_recoded:
            source = Headed(Recoded(source))
        elif mark == _UTF8_MARK:
            source.read(3)
            self.mark_bytes = 3
        self._source = source

    @property
    def done(self) -> int:
        """Bytes read of the file itself."""
        return self._counted.done

    @property
    def fault(self) -> str | None:
        """How the stream ended, where it did not end well."""
        return self._unzipped.fault if self._unzipped else None

    def head(self) -> bytes:
        """Give the beginning of the text: a line that says something, unless it is very long, and what follows."""
        return self._source.peek_until(_has_line, HEAD_BYTES)

    def read(self, size: int) -> bytes:
        """Give up to `size` bytes, none at the end."""
        return self._source.read(size)


def _has_line(held: bytes) -> bool:
    lines = held.split(b"\n", 20)[:-1]
    return len(lines) == 20 or any(line.strip() and not line.lower().startswith(b"sep=") for line in lines)


@dataclass
class Block:
    """Whole lines. A line that was too long is here an empty one, and its number in `too_long`."""

    data: bytes
    first_line: int
    line_count: int
    consumed: int
    """Bytes of the source up to the end of this block."""
    too_long: list[int] = field(default_factory=list)
    removed: int = 0
    """Bytes of the line that was too long."""


class LineBlocks:
    """Cuts a source into blocks of whole lines; every block ends with a line feed.

    Parameters
    ----------
    source
        What to read.
    block_bytes, max_line_bytes
        How much to read at a time, and how long a line may be; no more than both together is held.
    first_line
        The number of the first line.

    Attributes
    ----------
    consumed
        Bytes of the lines that ended within what was read.
    rest
        After the last block: the bytes behind the last line feed (none where they were too many).
    """

    def __init__(self, source: Readable, *, block_bytes: int, max_line_bytes: int, first_line: int = 1) -> None:
        self._source = source
        # A line that lies within one read is then never too long, and only the first line of a block can be.
        self._block_bytes = min(block_bytes, max_line_bytes)
        self._longest = max_line_bytes
        self._line = first_line
        self.consumed = 0
        self.rest = b""
        self._rest_skipped = 0

    def __iter__(self) -> Iterator[Block]:
        pending: list[bytes] = []
        held = 0
        skipped = 0
        is_skipping = False
        while found := self._source.read(self._block_bytes):
            cut = found.rfind(b"\n") + 1
            if cut == 0:
                if is_skipping or held + len(found) > self._longest:
                    is_skipping, skipped = True, skipped + held + len(found)
                    pending, held = [], 0
                else:
                    pending.append(found)
                    held += len(found)
                continue
            data = b"".join([*pending, found[:cut]])
            raw_bytes = len(data)
            too_long, removed = [], 0
            first_end = data.find(b"\n")
            if is_skipping or first_end > self._longest:
                too_long, removed = [self._line], skipped + first_end
                data = data[first_end:]
            count = int(np.count_nonzero(np.frombuffer(data, np.uint8) == LINE_FEED))
            self.consumed += raw_bytes + skipped
            block = Block(data, self._line, count, self.consumed, too_long, removed)
            self._line += count
            pending, held = ([found[cut:]], len(found) - cut) if cut < len(found) else ([], 0)
            is_skipping, skipped = False, 0
            yield block
        self.rest = b"".join(pending)
        self._rest_skipped = skipped

    def last_line(self) -> Block | None:
        """Give what stood behind the last line feed, as a block of its own."""
        skipped = self._rest_skipped
        if not self.rest and not skipped:
            return None
        end = self.consumed + len(self.rest) + skipped
        return Block(self.rest + b"\n", self._line, 1, end, [self._line] if skipped else [], skipped)
