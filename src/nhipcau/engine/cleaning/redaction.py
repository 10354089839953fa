"""Personal data taken out of texts before anything is kept: `redact`, the one door.

What is personal data is decided in `redaction_numbers.py`, `redaction_addresses.py` and `redaction_links.py`; which
texts are looked at, in `_redaction_kernel.py`; what is put in its place, in `tags.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.redaction_addresses import (
    AREA_STARTS,
    AT_WORDS,
    HOUSE_CUES,
    KNOWN_STREETS,
    QUARTERS,
    STREET_STARTS,
    redact_addresses,
)
from nhipcau.engine.cleaning.redaction_links import redact_links
from nhipcau.engine.cleaning.redaction_numbers import (
    NUMBER_CUES,
    NUMBER_WORDS,
    redact_numbers,
    redact_plates,
    redact_spoken,
)
from nhipcau.engine.cleaning.tags import ACCOUNT, ADDRESS, EMAIL, IDENTITY, PHONE, PLATE, PROFILE, TAGS
from nhipcau.engine.cleaning.tokens import utf8_buffers
from nhipcau.engine.reading.arrays import flag_array, text_array

__all__ = ["ACCOUNT", "ADDRESS", "EMAIL", "IDENTITY", "PHONE", "PLATE", "PROFILE", "TAGS", "redact", "suspected"]

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_OTHER_DIGIT: Final = re.compile(r"[\d＠](?<![0-9])")
_MOST_ROUNDS: Final = 8


@cache
def _hashes(words: tuple[str, ...]) -> npt.NDArray[np.uint64]:
    """Sorted hashes of the last words of phrases, without diacritics."""
    last = {strip_diacritics(word.lower()).split()[-1] for word in words}
    return np.array(sorted(map(token_hash, last)), dtype=np.uint64)


@cache
def _known() -> npt.NDArray[np.uint64]:
    """Sorted hashes of the first two words of well-known streets, joined as the kernel joins them."""
    pairs = {tuple(strip_diacritics(name.lower()).split()[:2]) for name in KNOWN_STREETS}
    joined = {token_hash(pair[0]) ^ (token_hash(pair[1]) >> 1) for pair in pairs if len(pair) > 1}
    return np.array(sorted(joined), dtype=np.uint64)


@cache
def _interesting() -> npt.NDArray[np.bool_]:
    """Bytes at which the first look stops: digits, @, /, k (of "không"), first bytes of wide and other digits."""
    interesting = np.zeros(256, dtype=np.bool_)
    interesting[[*b"0123456789@/kK", 0xEF, 0xF0]] = True
    return interesting


def suspected(texts: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.uint8]:
    """Kinds of personal data that each text may hold (uint8[n], bits of `_redaction_kernel`); 0 for most texts."""
    from nhipcau.engine.cleaning._redaction_kernel import Suspicions, suspect
    from nhipcau.engine.cleaning._tables import tables

    data, rows = utf8_buffers(texts)
    found = np.zeros(len(rows) - 1, dtype=np.uint8)
    words = Suspicions(
        house_cues=_hashes(HOUSE_CUES),
        at=_hashes(AT_WORDS),
        streets=_hashes(STREET_STARTS),
        quarters=_hashes(QUARTERS),
        number_cues=_hashes(NUMBER_CUES),
        digits=_hashes(NUMBER_WORDS),
        known=_known(),
        areas=_hashes((*(area.split()[0] for area in AREA_STARTS), "p", "q", "f", "tp")),
        number_word=_hashes(("số",))[0],
        flat=_hashes(("hộ",))[0],
        group=_hashes(("tổ",))[0],
    )
    suspect(data, rows, _interesting(), tables().properties, words, found)
    return found


def _ordinary_digits(text: str) -> str:
    """Write wide, mathematical and other digits as 0 to 9, compose, and drop invisible characters."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda found: "@" if found[0] == "＠" else str(unicodedata.digit(found[0])), text)


def _redacted(text: str, kinds: int) -> str:
    from nhipcau.engine.cleaning import _redaction_kernel as kernel

    rules: tuple[tuple[int, Callable[[str], str]], ...] = (
        (kernel.AT_SIGN | kernel.LINK, redact_links),
        (kernel.NUMBER, redact_numbers),
        (kernel.PLATE, redact_plates),
        (kernel.SPOKEN, redact_spoken),
        (kernel.ADDRESS, redact_addresses),
    )
    ordinary = _ordinary_digits(text)
    result = ordinary
    for kind, rule in rules:
        if kinds & kind:
            result = rule(result)
    # A text without personal data stays as it was written, to the byte.
    return text if result == ordinary else result


def redact(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Replace personal data by tags such as `[điện thoại]`; the tags yield no tokens.

    Replaced: telephone numbers (`[điện thoại]`); identity cards, passports, driving licences, insurance numbers and
    tax codes of persons (`[giấy tờ]`); `[email]`; bank accounts and card numbers (`[tài khoản]`); vehicle plates
    (`[biển số]`); the house part of addresses (`[địa chỉ]`, the street stays); handles and profile links
    (`[tài khoản mạng]`). Kept: public short numbers (113, 1900…, 1800…), years, dates, times, prices, counts, numbers
    of laws and documents, tax codes of companies, road numbers, links to articles.

    `redact(redact(x)) == redact(x)`.

    Parameters
    ----------
    texts
        Arrow `string` or `large_string`, chunked or not; null stays null.

    Returns
    -------
    pa.Array
        `string`, as long as the input (`large_string` where the input is).

    Examples
    --------
    >>> import pyarrow as pa
    >>> redact(pa.array(["Gọi 0900 000 000 trước 20/11/2025"])).to_pylist()
    ['Gọi [điện thoại] trước 20/11/2025']

    Notes
    -----
    A kernel reads all bytes once; only suspected texts (about one in fifty in news) meet regular expressions, whose
    repeats are all bounded, so that no text takes more than time in proportion to its length.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = pa.concat_arrays(texts.chunks) if texts.num_chunks else pa.array([], texts.type)
    kinds = suspected(texts)
    rows = np.flatnonzero(kinds)
    changed: dict[int, str] = {}
    for _ in range(_MOST_ROUNDS):
        fresh: list[int] = []
        for row, text in zip(rows.tolist(), _texts_at(texts, rows, changed), strict=True):
            result = _redacted(text, int(kinds[row]))
            if result != text:
                changed[row] = result
                fresh.append(row)
        if not fresh:
            break
        # A tag may have parted what stood together: look again until nothing is found.
        rows = np.array(fresh)
        kinds[rows] = suspected(text_array([changed[row] for row in fresh]))
        rows = rows[kinds[rows] > 0]
    return _with_changes(texts, changed)


def _texts_at(texts: pa.Array, rows: npt.NDArray[np.int64], changed: dict[int, str]) -> list[str]:
    if changed:
        return [changed[row] for row in rows.tolist()]
    return [texts[row].as_py() for row in rows.tolist()]


def _with_changes(texts: pa.Array, changed: dict[int, str]) -> pa.Array:
    if not changed:
        return texts
    import pyarrow.compute as pc

    mask = np.zeros(len(texts), dtype=np.bool_)
    rows = sorted(changed)
    mask[rows] = True
    return pc.replace_with_mask(texts, flag_array(mask), text_array([changed[row] for row in rows]).cast(texts.type))
