"""The kind of each voice, and why. Matching is in `_kernels.py`, the rules in `cues.py` and `data/kinds_*.csv`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhipcau.engine.kinds.cues import KINDS, CueTable, built_in_cues, built_in_lexicon
from nhipcau.engine.reading.arrays import number_array, text_array

if TYPE_CHECKING:
    from nhipcau.engine.cleaning.tokens import Tokens


class PostArrays(NamedTuple):
    """The bytes of the texts, int64[n + 1] bounds in them, and the columns of their `Tokens`, for the kernel."""

    data: npt.NDArray[np.uint8]
    bounds: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    plain: npt.NDArray[np.uint64]
    marked: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]


class Evidence(NamedTuple):
    """One cue that was found: the kind it speaks for, the cue as its file has it, and where it starts in the text."""

    kind: str
    cue: str
    position: int


def kinds_of(
    texts: pa.StringArray | pa.ChunkedArray, *, tokens: Tokens | None = None, cues: CueTable | None = None
) -> pa.UInt8Array:
    """Say what each text does: ask, request, worry, report, thank, or something else.

    Parameters
    ----------
    texts
        Redacted or raw texts; a null counts as empty.
    tokens
        The tokens of these texts where the caller has them already; they are most of the cost.
    cues
        The rules; the built-in ones if not given.

    Returns
    -------
    pyarrow.UInt8Array
        Places in `KINDS`.

    Notes
    -----
    Points of all cues of a kind are added, four make it a candidate. Of the candidates a request or a question wins
    (the one with the stronger cue, then the request), else the kind with the strongest cue. A question mark is a cue
    of four points, except in a sentence with a rhetorical cue. Linear in the tokens; no state.

    Examples
    --------
    >>> [KINDS[code] for code in kinds_of(pa.array(["Bao giờ có điện lại?", "cam on cac anh"])).to_pylist()]
    ['question', 'thanks']
    """
    from nhipcau.engine.kinds._kernels import kinds_of_posts

    table = built_in_cues() if cues is None else cues
    kinds = kinds_of_posts(_posts(texts, tokens), table.arrays)
    return number_array(kinds.astype(np.uint8, copy=False), pa.uint8())


def explain(text: str, *, cues: CueTable | None = None) -> list[Evidence]:
    """List the cues that count in one text, in its order: what an operator looks at when a kind surprises.

    Examples
    --------
    >>> explain("Lo quá, bao giờ sửa cầu?")
    [Evidence(kind='concern', cue='lo quá', position=0), Evidence(kind='question', cue='bao giờ', position=8), \
Evidence(kind='question', cue='?', position=23)]
    """
    from nhipcau.engine.kinds._kernels import cues_of_post

    posts = _posts(text_array([text]), None)
    table = built_in_cues() if cues is None else cues
    found, asking = cues_of_post(posts, table.arrays)
    kinds = table.arrays.kind
    content = text.encode("utf-8")
    evidence = [
        Evidence(KINDS[kinds[cue]], table.cues[cue], _characters(content, int(posts.starts[token])))
        for cue, token, *_, hidden in found.tolist()
        if not hidden and kinds[cue] < len(KINDS)
    ]
    for token in asking.tolist():
        place = content.find(b"?", int(posts.ends[token]))
        evidence.append(Evidence("question", "?", _characters(content, place)))
    return sorted(evidence, key=lambda one: (one.position, one.kind, one.cue))


def _characters(content: bytes, byte: int) -> int:
    return len(content[:byte].decode("utf-8", errors="ignore"))


def _posts(texts: pa.StringArray | pa.ChunkedArray, tokens: Tokens | None) -> PostArrays:
    from nhipcau.engine.cleaning.tokens import tokenize, utf8_buffers

    found = tokenize(texts, lexicon=built_in_lexicon()) if tokens is None else tokens
    data, bounds = utf8_buffers(texts)
    return PostArrays(data, bounds, found.offsets, found.plain, found.marked, found.starts, found.ends, found.flags)
