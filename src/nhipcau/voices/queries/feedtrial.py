"""What a feed gives, looked at before it is saved: asked once, guarded as always, and nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyarrow as pa

from nhipcau.engine.cleaning.redaction import redact
from nhipcau.feeds.errors import FeedError
from nhipcau.voices.actions.feeds import ask
from nhipcau.voices.forms.source_words import failure_words

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: how many items and the first of them, or what went wrong and what to do."""

    address: str
    count: int = 0
    items: list[tuple[str, datetime]] = field(default_factory=list)
    moved_to: str = ""
    invalid_line: int = 0
    failure: str = ""
    remedy: str = ""


def try_feed(address: str, *, now: datetime) -> Trial:
    """Ask a feed once and show what it gives, texts redacted."""
    address = address.strip()
    try:
        result = ask(address, now=now)
    except FeedError as error:
        values = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in error.values.items()
        }
        failure, remedy = failure_words(error.code, values)
        return Trial(address, failure=failure, remedy=remedy)
    posts = result.posts[:SHOWN]
    titles = redact(pa.array([post["text"].split("\n")[0] for post in posts], pa.string())).to_pylist()
    times = [datetime.fromisoformat(post["time"]) for post in posts]
    return Trial(
        address,
        count=len(result.posts),
        items=list(zip(titles, times, strict=True)),
        moved_to=result.url if result.url != address else "",
        invalid_line=result.invalid_line,
    )
