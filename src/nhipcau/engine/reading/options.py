"""What a caller may choose about reading, and the `--columns` notation. The guesses themselves are in `columns`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from nhipcau.engine.errors import EngineError
from nhipcau.engine.posts import POST, PRESS
from nhipcau.engine.reading.times import zone_named

TARGETS: Final = (
    "id",
    "time",
    "arrived",
    "source",
    "channel",
    "place",
    "author",
    "text",
    "kind",
    "reach",
    "link",
)
"""What a column can be taken for. `author` becomes `author_key` in `POST_SCHEMA`; the rest keep their names."""


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How posts are read.

    Parameters
    ----------
    author_key
        The secret of the keyed hash of authors, 16 or 32 bytes. Whoever holds it can test a guessed name. A function
        is asked for it whenever rows are read, so that a long reading can change it.
    columns
        Which columns of the input make which target, for example `{"text": ["title", "summary"]}`; what is not named
        here is guessed. Names are matched without regard to case, accents and punctuation; `user.id` looks into an
        object.
    default_zone
        Where times without a zone were written.
    kind
        `"post"` or `"press"`, for rows that do not say. A row that says anything else is a post, whose words are
        protected.
    hide_authors
        Whether what an author is called is taken out of the text, the place and the channel of that post: the values of
        all columns that name an author, whichever of them tells one author from another.
    called
        Further columns that name an author, which nobody would guess.
    as_of
        Posts that arrived later than this (where that is not told: that are later) are left out and counted.
    batch_rows
        The most rows in a batch.
    block_bytes
        How much is read at a time. It changes speed and memory, never the rows.
    max_line_bytes
        A line, or a record of separated values, that is longer is rejected.

    Raises
    ------
    EngineError
        `read.kind`, `read.columns-target`, `read.zone`.
    ValueError
        If a number or the length of the key makes no sense.
    """

    author_key: bytes | Callable[[], bytes]
    columns: Mapping[str, list[str]] = field(default_factory=dict)
    default_zone: str = "Asia/Ho_Chi_Minh"
    kind: str = POST
    hide_authors: bool = False
    called: tuple[str, ...] = ()
    as_of: datetime | None = None
    batch_rows: int = 16_384
    block_bytes: int = 4 * 2**20
    max_line_bytes: int = 8 * 2**20

    def key_now(self) -> bytes:
        """Give the author key for rows that are read now."""
        return self.author_key if isinstance(self.author_key, bytes) else self.author_key()

    def __post_init__(self) -> None:
        if isinstance(self.author_key, bytes) and len(self.author_key) not in (16, 32):
            raise ValueError(f"an author key has 16 or 32 bytes, this has {len(self.author_key)}")
        if min(self.batch_rows, self.block_bytes, self.max_line_bytes) < 1:
            raise ValueError("batch_rows, block_bytes and max_line_bytes are at least 1")
        if self.max_line_bytes > 2**29 or self.block_bytes > 2**29:
            raise ValueError("block_bytes and max_line_bytes are at most 512 MiB")
        if self.as_of is not None and self.as_of.tzinfo is None:
            raise ValueError("as_of has no zone")
        if self.kind not in (POST, PRESS):
            raise EngineError("read.kind", kind=self.kind, expected=f"{POST}, {PRESS}")
        for target in self.columns:
            _check_target(target)
        zone_named(self.default_zone)


def parse_columns(notation: str) -> dict[str, list[str]]:
    """Read the notation of `--columns`.

    Parameters
    ----------
    notation
        `target=column` pairs with commas between them; `+` joins columns into one text. A target given again adds to
        the columns that stand in for one another (for a text: that are joined).

    Returns
    -------
    dict
        Target to the names of its columns, in order.

    Raises
    ------
    EngineError
        `read.columns-target` where a target is unknown (it names the valid ones), `read.columns-form` where a pair
        has no form.

    Examples
    --------
    >>> parse_columns("time=published,text=title+summary")
    {'time': ['published'], 'text': ['title', 'summary']}
    """
    columns: dict[str, list[str]] = {}
    for pair in notation.split(","):
        if not pair.strip():
            continue
        target, equals, names = pair.partition("=")
        target = target.strip().lower()
        found = [name.strip() for name in names.split("+")]
        if not equals or not all(found):
            raise EngineError("read.columns-form", pair=pair.strip())
        _check_target(target)
        columns.setdefault(target, []).extend(found)
    return columns


def _check_target(target: str) -> None:
    if target not in TARGETS:
        raise EngineError("read.columns-target", target=target, expected=", ".join(TARGETS))
