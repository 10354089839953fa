"""The Arrow shapes that travel through the engine: what a reader yields and what the log keeps.

No logic lives here. Readers make `POST_SCHEMA`, `nhipcau.engine.stream` turns it into `LOGGED_SCHEMA`.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

POST: Final = "post"
"""What a person wrote. Their words are shown only above the floor of distinct authors."""
PRESS: Final = "press"
"""A publication. It may be quoted with its source."""

TIME_TYPE: Final = pa.timestamp("us", tz="UTC")

POST_SCHEMA: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("time", TIME_TYPE),
        pa.field("arrived", TIME_TYPE),
        pa.field("source", pa.string()),
        pa.field("channel", pa.string()),
        pa.field("place", pa.string()),
        pa.field("author_key", pa.uint64()),
        pa.field("text", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("reach", pa.int64()),
        pa.field("link", pa.string()),
    ]
)
"""One post a row. `author_key` is a keyed one-way hash, null where the author is unknown; no name passes the reader.

`text` is the raw text; a title and a summary are joined by a line break, so that its first line is the title.
`arrived` is when the post became known, null where that is not told (then `time` stands for it).
"""

LOGGED_SCHEMA: Final = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("thread", pa.int64(), nullable=False),
        pa.field("is_copy", pa.bool_(), nullable=False),
        pa.field("author_epoch", pa.int32(), nullable=False),
        pa.field("places", pa.list_(pa.int32()), nullable=False),
        *POST_SCHEMA,
    ]
)
"""One grouped post a row: `seq` is its place in the stream, `thread` the tight group it was put into (which issue a
thread belongs to is revised, see `grouping`), `is_copy` whether it is a near copy of an earlier post, `places` rows of
the gazetteer, `text` redacted. Author keys compare only within one `author_epoch`: the hashing key is changed, and the
old one destroyed, every day.
"""
