"""What is remembered between two fetches: validators, waits, and which items are written already. Files only.

The state file lies beside the output and is replaced whole. The output is appended to in whole lines. The state also
says how long the output was when it was saved: lines beyond that were written by a run that was killed before it could
save, so they are read back, and no item is written twice. A torn last line is cut off.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from nhipcau.engine.disk import sync
from nhipcau.feeds.errors import FeedError

MOST_SEEN: Final = 20_000
"""Items remembered as written, the latest seen last; more where one run saw more."""

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class FeedState:
    """What to tell a server next time, and until when it asked to be left alone."""

    etag: str = ""
    modified: str = ""
    retry_at: datetime | None = None


@dataclass(slots=True)
class FetchState:
    """State of all feeds that go to one output file."""

    feeds: dict[str, FeedState] = field(default_factory=dict)
    seen: dict[str, None] = field(default_factory=dict)
    out_bytes: int = 0

    def note(self, identity: str) -> bool:
        """Mark an item as seen now; say whether it is new."""
        key = fingerprint(identity)
        is_new = key not in self.seen
        self.seen.pop(key, None)
        self.seen[key] = None
        return is_new

    def forget(self, *, keep: int) -> None:
        """Drop the items that were not seen for longest, down to `keep`."""
        for key in list(self.seen)[: max(0, len(self.seen) - keep)]:
            del self.seen[key]


def fingerprint(identity: str) -> str:
    """64 bits of an item's id: enough to know it again, and short."""
    return hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def load(path: Path) -> FetchState:
    """State from its file; an empty one where there is none.

    Raises
    ------
    FeedError
        `feed.state-broken` where the file is not ours.
    """
    try:
        document = orjson.loads(path.read_bytes())
        if document["version"] != _VERSION:
            raise ValueError(document["version"])
        return FetchState(
            feeds={
                url: FeedState(
                    etag=str(feed["etag"]),
                    modified=str(feed["modified"]),
                    retry_at=datetime.fromisoformat(feed["retry_at"]) if feed["retry_at"] else None,
                )
                for url, feed in document["feeds"].items()
            },
            seen=dict.fromkeys(str(key) for key in document["seen"]),
            out_bytes=int(document["out_bytes"]),
        )
    except FileNotFoundError:
        return FetchState()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FeedError("feed.state-broken", path=str(path)) from None


def save(state: FetchState, path: Path) -> None:
    """Write the state so that a reader finds the old one or the new one, never a part."""
    document: dict[str, Any] = {
        "version": _VERSION,
        "out_bytes": state.out_bytes,
        "feeds": {
            url: {
                "etag": feed.etag,
                "modified": feed.modified,
                "retry_at": feed.retry_at.isoformat() if feed.retry_at else None,
            }
            for url, feed in sorted(state.feeds.items())
        },
        "seen": list(state.seen),
    }
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(orjson.dumps(document, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync(path.parent)


def recover(state: FetchState, out: int, path: Path) -> None:
    """Bring state and output together at the start of a run.

    Parameters
    ----------
    state
        As loaded; learns the items that were written after it was saved.
    out
        Descriptor of the output, open for reading and writing. A torn last line is cut off.
    path
        The output's path.
    """
    size = os.fstat(out).st_size
    whole = _end_of_last_line(out, size)
    if whole < size:
        os.ftruncate(out, whole)
    if whole < state.out_bytes:
        state.out_bytes = whole  # the operator began the file anew; what was seen stays seen
        return
    with path.open("rb") as file:
        file.seek(state.out_bytes)
        for line in file:
            try:
                state.note(str(orjson.loads(line)["id"]))
            except (ValueError, KeyError, TypeError):
                continue  # a line of someone else's; it is not ours to judge
    state.out_bytes = whole


def append(out: int, posts: list[dict[str, str]], state: FetchState, path: Path) -> None:
    """Write whole lines and make them safe on the disk; on failure the file is as it was.

    Raises
    ------
    FeedError
        `feed.write-failed`, for example on a full disk.
    """
    if not posts:
        return
    lines = memoryview(b"".join(orjson.dumps(post, option=orjson.OPT_APPEND_NEWLINE) for post in posts))
    start = os.fstat(out).st_size
    try:
        written = 0
        while written < len(lines):  # one write, save where the system takes less
            written += os.write(out, lines[written:])
        os.fsync(out)
    except OSError as error:
        os.ftruncate(out, start)
        raise FeedError("feed.write-failed", path=str(path), reason=error.strerror or str(error)) from None
    state.out_bytes = start + len(lines)


def _end_of_last_line(out: int, size: int) -> int:
    """Byte after the last line break, found from the end."""
    end = size
    while end > 0:
        start = max(0, end - 65_536)
        position = os.pread(out, end - start, start).rfind(b"\n")
        if position >= 0:
            return start + position + 1
        end = start
    return 0
