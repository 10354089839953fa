"""Units → the spellings that may point at them, and how far each spelling can be trusted. Tables only, no searching.

The spellings go through the engine's own `tokenize`, so that they are hashed exactly as texts are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.tokens import MARKED, Tokens, token_hash, tokenize
from nhipcau.engine.places.units import Units

# How a spelling is trusted; the kernels have the same numbers.
BLOCK: Final = 0
TYPED: Final = 1
TYPED_PLAIN: Final = 2
PROVINCE: Final = 3
PROVINCE_PLAIN: Final = 4
CITY: Final = 5
DISTRICT: Final = 6
COMMUNE: Final = 7
LISTED: Final = 8
LISTED_PLAIN: Final = 9
ACRONYM: Final = 10
CITY_PLAIN: Final = 11
DOTTED: Final = 12
EXPANDED: Final = 13

NEEDS_CUE: Final = 1
LOWER_CASE: Final = 2
ONE_SYLLABLE: Final = 4
NAME_OF_PERSON: Final = 8
NUMBERED: Final = 16

LONGEST: Final = 8
"""Tokens of the longest spelling that is looked for."""

_MAY_BEGIN_LOWER: Final = (EXPANDED, TYPED, TYPED_PLAIN, LISTED, LISTED_PLAIN, CITY_PLAIN, BLOCK, DOTTED)
_NUMBERED: Final = re.compile(r"(?:Phường|Quận) \d+")
_SHORT: Final = re.compile(r"[pq] ?\d+")

_CUES: Final = (
    "ở", "tại", "từ", "về", "đến", "tới", "qua", "gần", "vào", "ra", "khỏi", "bàn", "vực", "tâm", "dân", "an", "ủy",
    "phương", "cả", "quanh", "thuộc", "khắp", "in", "at", "from", "near",
)  # fmt: skip
"""Words before a name that speak for a place: *ở* Tân Lập, địa *bàn* Tân Lập, công *an* Tân Lập."""

_AGAINST: Final = (
    "đường", "phố", "lộ", "ngõ", "hẻm", "ngách", "cầu", "sông", "vịnh", "đèo", "ông", "bà", "anh", "chị", "cô", "chú",
    "em", "bé", "cháu", "sĩ", "clb", "đội", "giải", "báo", "bò", "tên", "thủ", "street", "fc", "hãng",
)  # fmt: skip
"""Words before a name that speak against a place: *đường* Hà Nội, *ông* Thái Bình, *CLB* Hà Nội."""

_PREFIXES: Final[dict[str, tuple[tuple[str, bool, int], ...]]] = {
    "province": (("tỉnh", False, TYPED), ("tinh", True, TYPED_PLAIN)),
    "municipality": (
        ("thành phố", False, TYPED),
        ("tp", False, TYPED),
        ("thành phố", True, TYPED_PLAIN),
        ("tp", True, TYPED_PLAIN),
        ("thanh pho", True, TYPED_PLAIN),
    ),
    "commune": (("xã", False, TYPED), ("xa", True, TYPED_PLAIN), ("x", False, DOTTED)),
    "ward": (("phường", False, TYPED), ("phuong", True, TYPED_PLAIN), ("p", False, DOTTED)),
    "special-zone": (("đặc khu", False, TYPED), ("dac khu", True, TYPED_PLAIN)),
    "township": (("thị trấn", False, TYPED), ("thi tran", True, TYPED_PLAIN), ("tt", False, DOTTED)),
    "district": (("huyện", False, TYPED), ("huyen", True, TYPED_PLAIN), ("h", False, DOTTED)),
    "urban-district": (("quận", False, TYPED), ("quan", True, TYPED_PLAIN), ("q", False, DOTTED)),
    "town": (("thị xã", False, TYPED), ("thi xa", True, TYPED_PLAIN), ("tx", False, TYPED), ("tx", True, TYPED_PLAIN)),
}
_PREFIXES["city"] = _PREFIXES["municipality"]

_PROMINENT: Final = frozenset({"city", "town", "urban-district", "special-zone"})
_SAFE_PLAIN: Final = frozenset(
    {"Hà Nội", "Sài Gòn", "Đà Nẵng", "Hải Phòng", "Cần Thơ", "Đồng Nai", "Quảng Ninh", "Quảng Ngãi", "Quảng Trị",
     "Khánh Hòa", "Lâm Đồng", "Vĩnh Long", "Hưng Yên", "Nghệ An", "Thanh Hóa", "Hà Tĩnh", "Bình Phước", "Bình Dương",
     "Hanoi", "Saigon", "Danang", "Haiphong"}
)  # fmt: skip
"""Province names that are no other words when written without diacritics and capitals."""

FAMILY_NAMES: Final = (
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương",
    "lý", "đinh", "đoàn", "trịnh", "mai", "tô", "lưu", "cao", "hà", "lâm", "tạ", "tăng", "thái", "kiều", "châu",
    "la", "thân", "mạc", "chu", "nghiêm", "văn", "thị", "trương", "đào", "tôn", "lương", "vương", "triệu", "phùng",
    "thạch", "doãn", "khuất", "giang", "tống", "ông", "kim", "hứa", "lại", "nông", "vi", "sầm", "từ",
)  # fmt: skip
_PEOPLE_FIRST: Final = frozenset(
    {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Ngô", "Lý", "Đinh",
     "Trịnh", "Trương", "Lương"}
)  # fmt: skip


class Spellings(NamedTuple):
    """Hash table of spellings, and what each may mean.

    A key is the rolling combination of the token hashes; every beginning of a spelling is a key too.

    `keys`: uint64[power of two], 0 = free; `entry`: int32, same length, -1 = only a beginning. `first_any`,
    `first_lower` and `single`: uint64[512], bits of the tokens that a spelling begins with, of those that it may begin
    with in lower case, and of those that are a spelling by themselves. A row an entry: `trust`, `marks`, `skip` (tokens
    before the name): uint8; `offsets`: int64[entries + 1] into `candidates` (int32, rows of units).
    """

    keys: npt.NDArray[np.uint64]
    entry: npt.NDArray[np.int32]
    first_any: npt.NDArray[np.uint64]
    first_lower: npt.NDArray[np.uint64]
    single: npt.NDArray[np.uint64]
    trust: npt.NDArray[np.uint8]
    marks: npt.NDArray[np.uint8]
    skip: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    candidates: npt.NDArray[np.int32]


class Context(NamedTuple):
    """Sorted hashes (uint64) of the words around a name that speak for a place, against one, or for a person."""

    cues: npt.NDArray[np.uint64]
    guards: npt.NDArray[np.uint64]
    families: npt.NDArray[np.uint64]
    conjunctions: npt.NDArray[np.uint64]
    china: npt.NDArray[np.uint64]
    old: npt.NDArray[np.uint64]
    spouses: npt.NDArray[np.uint64]
    sport: npt.NDArray[np.uint64]
    club: npt.NDArray[np.uint64]
    coach: npt.NDArray[np.uint64]


def _guards() -> dict[str, list[str]]:
    rules: dict[str, list[str]] = {"typed": [], "cue": [], "capital": [], "block": [], "club": []}
    with (files("nhipcau.engine") / "data" / "place_guards.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            rules[row["rule"]].append(row["phrase"])
    return rules


def tokens_of(texts: Sequence[str]) -> Tokens:
    """Cut spellings into tokens; no abbreviation is written out."""
    encoded = [text.encode("utf-8") for text in texts]
    offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    # Not `pa.array`, which imports pandas where it is installed and so takes half a second.
    array = pa.StringArray.from_buffers(len(encoded), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded)))
    return tokenize(array, lexicon=Lexicon.empty())


def context() -> Context:
    """Hash the words that the rules look for around a name."""

    def hashes(words: Sequence[str]) -> npt.NDArray[np.uint64]:
        return np.sort(np.array([token_hash(word) for word in words], dtype=np.uint64))

    return Context(
        cues=hashes(_CUES),
        guards=hashes(_AGAINST),
        families=hashes(FAMILY_NAMES),
        conjunctions=hashes(("và", "hay", "hoặc", "với", "cùng", "sang", "đến")),
        china=np.array([token_hash(word) for word in ("trung", "quốc")], dtype=np.uint64),
        old=hashes(("cũ",)),
        spouses=hashes(("bà", "ông")),
        sport=hashes(("hlv", "clb", "league", "fc", "highlight", "derby")),
        # The lexicon writes 'clb' and 'hlv' out: câu *lạc bộ*, huấn *luyện viên*.
        club=np.array([token_hash(word) for word in ("lạc", "bộ")], dtype=np.uint64),
        coach=np.array([token_hash(word) for word in ("luyện", "viên")], dtype=np.uint64),
    )


class _Rows(NamedTuple):
    """Spellings before they are hashed: which prefix, which name, and what the pair is worth. Columns of int32."""

    prefix: npt.NDArray[np.int32]
    name: npt.NDArray[np.int32]
    is_plain: npt.NDArray[np.int32]
    trust: npt.NDArray[np.int32]
    marks: npt.NDArray[np.int32]
    unit: npt.NDArray[np.int32]


def spellings(units: Units, *, shadowed: npt.NDArray[np.bool_], absorbed: npt.NDArray[np.bool_]) -> Spellings:
    """Make the table of all spellings of the units.

    Parameters
    ----------
    units
        The gazetteer.
    shadowed
        bool[n], units that a text never means, because today's unit has their name and kind and holds their land.
    absorbed
        bool[n], units that their bare name does not mean, because today's unit has the name and holds their land.
    """
    from nhipcau.engine.places._table import fill, fold_keys

    rules = _guards()
    names, owners, count = list(units.name), list(range(len(units))), len(units)
    for row, aliases in enumerate(units.aliases):
        names.extend(aliases)
        owners.extend([row] * len(aliases))
    for row, name in enumerate(units.name):
        if _NUMBERED.fullmatch(name):
            letter, number = name[0].lower(), name.split(" ")[1]
            names.extend([f"{letter} {number}", f"{letter}{number}"])
            owners.extend([row, row])
    for phrase in rules["block"] + rules["club"]:
        names.append(phrase)
        owners.append(-1)
    prefixes = list(dict.fromkeys(["", *(word for kind in _PREFIXES.values() for word, _, _ in kind)]))
    name_tokens, prefix_tokens = tokens_of(names), tokens_of(prefixes)
    rows = _spelled(units, names, np.array(owners, np.int32), count, name_tokens, prefixes, rules, shadowed, absorbed)

    keys, firsts, lengths = fold_keys(
        rows.prefix, rows.name, rows.is_plain, *_columns(prefix_tokens), *_columns(name_tokens)
    )
    order = np.lexsort((rows.unit, rows.trust, keys))
    order = order[lengths[order] <= LONGEST]
    keys, firsts, lengths = keys[order], firsts[order], lengths[order]
    rows = _Rows(*(column[order] for column in rows))
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    group = np.cumsum(np.concatenate([[True], keys[1:] != keys[:-1]])) - 1
    trust = rows.trust[begins]  # the rows are in the order of trust, the best first
    kept = (rows.trust == trust[group]) | ((rows.trust >= CITY) & (rows.trust <= COMMUNE) & (trust[group] >= CITY))
    kept &= np.concatenate([[True], (group[1:] != group[:-1]) | (rows.unit[1:] != rows.unit[:-1])])
    marks = np.bitwise_or.reduceat(rows.marks, begins)
    candidates = rows.unit[kept]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(group[kept], minlength=len(begins)))])
    skip = np.diff(prefix_tokens.offsets)[rows.prefix[begins]]
    skip += (marks & NUMBERED) // NUMBERED

    table, entry = fill(keys[begins], rows.prefix[begins], rows.name[begins], rows.is_plain[begins],
                        *_columns(prefix_tokens), *_columns(name_tokens))  # fmt: skip
    in_lower_case = np.isin(trust, _MAY_BEGIN_LOWER) | ((marks & LOWER_CASE) > 0)
    return Spellings(
        keys=table,
        entry=entry,
        first_any=_bits(firsts[begins]),
        first_lower=_bits(firsts[begins][in_lower_case]),
        single=_bits(firsts[begins][lengths[begins] == 1]),
        trust=trust.astype(np.uint8),
        marks=marks.astype(np.uint8),
        skip=skip.astype(np.uint8),
        offsets=offsets.astype(np.int64),
        candidates=candidates.astype(np.int32),
    )


def _columns(tokens: Tokens) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    return tokens.offsets, tokens.marked, tokens.plain


def _bits(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    bits = np.zeros(32_768, dtype=np.uint8)
    bits[(hashes >> np.uint64(49)).astype(np.int64)] = 1
    return np.packbits(bits, bitorder="little").view(np.uint64)


def _spelled(
    units: Units,
    names: list[str],
    owners: npt.NDArray[np.int32],
    count: int,
    name_tokens: Tokens,
    prefixes: list[str],
    rules: dict[str, list[str]],
    shadowed: npt.NDArray[np.bool_],
    absorbed: npt.NDArray[np.bool_],
) -> _Rows:
    """Pair every name with what may stand before it. Whole columns at a time, because there are 14,000 units."""
    parts: list[_Rows] = []
    owner = np.maximum(owners, 0)
    is_alias = np.arange(len(names)) >= count
    is_block = owners < 0
    syllables = np.diff(name_tokens.offsets)
    text = np.array(names, dtype=object)
    kind = np.array(units.kind, dtype=object)[owner]
    level = units.level[owner]
    usable = ~shadowed[owner] & ~is_block & (syllables > 0)
    numbered = np.array([_NUMBERED.fullmatch(name) is not None for name in names])
    marked = np.add.reduceat(
        np.concatenate([(name_tokens.flags & MARKED) > 0, [False]]).astype(np.int64), name_tokens.offsets[:-1]
    ).astype(bool) & (syllables > 0)
    is_acronym = is_alias & np.array([name.isupper() and " " not in name for name in names])

    def add(
        mask: npt.NDArray[np.bool_], trust: int, *, prefix: str = "", is_plain: bool = False, marks: Any = 0
    ) -> None:
        chosen = np.flatnonzero(mask).astype(np.int32)
        whole = np.full(len(chosen), 0, np.int32)
        parts.append(
            _Rows(
                prefix=whole + prefixes.index(prefix),
                name=chosen,
                is_plain=whole + int(is_plain),
                trust=whole + trust,
                marks=np.broadcast_to(marks, len(names)).astype(np.int32)[chosen],
                unit=owners[chosen],
            )
        )

    short = is_alias & np.array([_SHORT.fullmatch(name) is not None for name in names])
    add(usable & short, DOTTED, marks=np.where(syllables > 1, NUMBERED, 0))
    usable &= ~short
    typed = usable & ~numbered & ~is_acronym
    for of_kind, entries in _PREFIXES.items():
        for prefix, is_plain, trust in entries:
            add(typed & (kind == of_kind), trust, prefix=prefix, is_plain=is_plain)
    add(usable & is_acronym, ACRONYM)
    for prefix in ("thành phố", "tp"):
        add(usable & is_acronym, TYPED, prefix=prefix)
    add(usable & numbered, TYPED, marks=NUMBERED)
    add(usable & numbered, TYPED_PLAIN, is_plain=True, marks=NUMBERED)
    add(is_block, BLOCK, marks=np.where(np.isin(text, rules["club"]), NEEDS_CUE, 0))

    one = np.where((syllables == 1), ONE_SYLLABLE, 0)
    cue = np.where(np.isin(text, rules["cue"]), NEEDS_CUE, 0)
    first_words = np.array([name.split(" ", 1)[0] for name in names], dtype=object)
    person = np.where((syllables >= 2) & np.isin(first_words, list(_PEOPLE_FIRST)), NAME_OF_PERSON, 0)
    is_safe = np.isin(text, list(_SAFE_PLAIN))
    lower_case = ~np.isin(text, rules["capital"] + rules["cue"]) & (syllables > 1) & (marked | is_safe)
    long_enough = (syllables > 1) | marked | np.array([len(name) >= 5 for name in names])
    bare = usable & ~numbered & ~is_acronym & ~np.isin(text, rules["typed"]) & long_enough
    province, prominent = level == 3, np.isin(kind, list(_PROMINENT))
    add(bare & province, PROVINCE, marks=one | cue | np.where(lower_case, LOWER_CASE, 0))
    plain = bare & province & (syllables > 1) & (cue == 0)
    add(plain, PROVINCE_PLAIN, is_plain=True, marks=np.where(is_safe, LOWER_CASE, 0))
    add(usable & province & np.isin(text, rules["typed"]), EXPANDED)
    two = bare & ((syllables > 1) | prominent)
    add(two & prominent, CITY, marks=one | cue | person)
    add(two & prominent & (syllables > 1) & (cue + person == 0), CITY_PLAIN, is_plain=True)
    add(two & (level == 2) & ~prominent, DISTRICT, marks=cue | person)
    add(two & (level == 1) & ~prominent & ~absorbed[owner], COMMUNE, marks=cue | person)
    add(bare & (level == 0), LISTED, marks=one | cue | person)
    add(bare & (level == 0) & (syllables > 1), LISTED_PLAIN, is_plain=True)
    return _Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
