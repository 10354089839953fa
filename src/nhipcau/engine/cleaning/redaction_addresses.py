"""House-level addresses: the number of a house, an alley, a flat is redacted, the street stays. For `redaction.py`.

A street is a place that is listened for (*đường Lê Lợi ngập*); only with the house it is where somebody lives. A road
number (quốc lộ 13, đường số 7), a date and the number of anything else stay.
"""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from typing import Final

from nhipcau.engine.cleaning.accents import either
from nhipcau.engine.cleaning.tags import ADDRESS

HOUSE_CUES: Final = ("nhà", "hẻm", "hxh", "hxt", "ngõ", "ngách", "kiệt", "sn")
"""Words before the number of a house, with or without "số" between; the first look of `redact` stops there."""

with (files("nhipcau.engine") / "data" / "street_names.csv").open(encoding="utf-8") as _table:
    _NAMES = [(row["name"], row["kind"]) for row in csv.DictReader(_table)]
_FAMILY_NAMES: Final = tuple(name for name, kind in _NAMES if kind == "family")
KNOWN_STREETS: Final = tuple(name for name, kind in _NAMES if kind == "street")
"""Well-known streets: with a number before them they are an address even where nothing else says so."""
STREET_STARTS: Final = tuple(
    sorted({*_FAMILY_NAMES, *(name.split()[0] for name in KNOWN_STREETS), "đường", "phố", "đ"})
)
"""First words of a street behind a house number, at which the first look of `redact` stops."""

AREA_STARTS: Final = (
    "phường", "quận", "xã", "thị trấn", "thị xã", "thành phố", "huyện", "tỉnh", "khu phố", "kp", "tp", "tphcm",
)  # fmt: skip
"""Words that begin the next larger unit behind a street."""
_QUARTERS: Final = ("khu phố", "ấp", "thôn", "khóm", "bản", "buôn", "khu vực", "kp", "kv", "tổ dân phố", "tdp")
QUARTERS: Final = tuple(quarter.split()[0] for quarter in _QUARTERS)
"""First words behind the number of a residents' group."""
AT_WORDS: Final = (
    "ở", "tại", "địa chỉ", "đ/c", "add", "address", "ship", "giao", "giao tới", "giao đến", "nhà", "nhà ở", "nhà tại",
    "nhà em", "nhà mình", "nhà tôi", "trú tại", "ngụ", "tạm trú", "thường trú", "hộ khẩu", "trọ", "shop", "quán",
)  # fmt: skip
"""Words before the number of a house whose street follows."""

_CAPITALIZED: Final = r"[A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠ-Ỹ][^\W\d_]{1,7}"
_NO_STREET: Final = "(?!{}(?!\\w))".format(
    either(
        "Hà Nội", "Hà Nam", "Hà Tĩnh", "Hà Giang", "Hà Lan", "Thái Lan", "Thái Bình", "Thái Nguyên", "Cao Bằng",
        "Lâm Đồng", "Châu Âu", "Châu Á", "Châu Phi", "Châu Mỹ",
    )
)  # fmt: skip
_KNOWN: Final = rf"{either(*KNOWN_STREETS)}(?!\w)(?![ ]{_CAPITALIZED})"
_STREET: Final = rf"{_NO_STREET}(?:{_KNOWN}|{either(*_FAMILY_NAMES)}(?:[ ]{_CAPITALIZED}){{1,3}}(?!\w))"
# In small letters only what is no other word: "tại 2 trận đấu" is no street.
_SMALL_STREET: Final = (
    either(
        "nguyễn", "phạm", "huỳnh", "hoàng", "lê lợi", "lê duẩn", "lê lai", "lê văn", "lê hồng", "trần hưng", "trần phú",
        "trần quang", "trần quốc", "võ văn", "võ thị", "võ nguyên", "lý thường", "lý tự", "lý thái", "ngô quyền",
        "ngô gia", "đinh tiên", "điện biên phủ", "quang trung", "hùng vương", "hai bà", "cách mạng tháng", "phan chu",
        "phan bội", "phan đình", "phan văn", "bùi thị", "tôn đức", "bà triệu",
    )
    + r"(?!\w)"
)  # fmt: skip
_ROAD_WORD: Final = rf"(?:{either('đường', 'phố', 'Đường', 'Phố')}(?!\w)|[đdĐD]\.)[ ]{{0,2}}"
_ROAD: Final = rf"{_ROAD_WORD}(?:{_CAPITALIZED}|\d{{1,2}}/\d{{1,2}}|{either('số')}[ ]\d|{_SMALL_STREET})"
_AREA: Final = rf"[ ]?[,(\-–][ ]?(?:(?i:{either(*AREA_STARTS)})(?!\w)|(?:P|Q|F|TP)\.?[ ]?[\dA-ZĐ])"
_UNIT: Final = f"(?i:{either('hẻm', 'ngõ', 'ngách', 'hxh', 'hxt')}|{either('kiệt số')})|{either('kiệt')}"

_NUMBER: Final = re.compile(
    r"\d(?<![\w.,/\-]\d)\d{0,3}[a-zA-Z]?(?:[/\-]\d{1,4}[a-zA-Z]?){0,5}"
    r"(?:[ ]?[Bb]is)?(?:[ ][\-–][ ]\d{1,4}[a-zA-Z]?)?(?![\w/%]|[.,]\d)"
)
# What stands before a number, ending where it begins.
_SO: Final = rf"(?i:{either('số')})"
_HOUSE_BEFORE: Final = re.compile(
    rf"(?<!\w)(?:(?i:{either('số nhà', 'nhà số')})|(?:{_UNIT})(?:[ ]{_SO})?)[ :.]{{1,3}}$"
)
_GROUP_BEFORE: Final = re.compile(rf"(?<!\w){either('tổ', 'Tổ')}[ ]{{1,2}}$")
_AT_BEFORE: Final = re.compile(rf"(?<!\w)(?i:{either(*AT_WORDS)})[ :]{{1,3}}(?P<number>{_SO}[ .:]{{1,2}})?$")
_NUMBER_BEFORE: Final = re.compile(rf"(?<!\w){_SO}[ ]{{1,2}}$")
_SN_BEFORE: Final = re.compile(r"(?<!\w)(?:SN|sn|Sn)[ :.]{1,3}$")
_OTHER_BEFORE: Final = re.compile(
    r"(?:(?<!\w)"
    + either(
        "đường", "quốc lộ", "tỉnh lộ", "năm", "ngày", "tháng", "bão", "lần", "hạng", "vòng", "khóa", "top", "lớp",
        "giải", "phút", "áo", "sáng", "chiều", "tối", "trưa", "đêm", "hơn", "gần", "với", "trong", "khoảng", "cả", "có",
        "các", "những", "thứ", "kỳ", "bảng", "sinh", "từ", "và", "đội", "cùng", "gồm", "niệm", "lửa", "tàu", "hiệu",
        "metro", "tuyến", "công viên", "lô", "tổ", "khu đất", "gói thầu",
    )
    + r"[ ]{1,2}(?:s[ốo][ ]{1,2})?|[(–/.\d][ ]{0,2})$",
    re.IGNORECASE,
)  # fmt: skip
# What stands behind a number, from where it ends.
_QUARTER_AFTER: Final = re.compile(rf"[ ,]{{1,3}}(?i:{either(*_QUARTERS)})[ ]")
_STREET_AFTER: Final = re.compile(rf"[ ,]{{1,2}}(?:{_STREET}|{_ROAD}|{_SMALL_STREET})")
_ROAD_AFTER: Final = re.compile(rf"[ ,]{{1,2}}(?:{_ROAD}|{_STREET}{_AREA}|(?:{_UNIT})[ ]{{1,2}}(?:{_SO}[ ])?\d)")
_ANY_STREET_AFTER: Final = re.compile(rf"[ ]{{1,2}}(?:{_KNOWN}|(?:{_ROAD_WORD})?{_STREET}{_AREA})")
_COUNTED_ROAD_AFTER: Final = re.compile(r"[ ](?:đường|phố|duong|pho)")

_LANE: Final = re.compile(r"[kK](?<![\w/][kK])\d{1,4}(?:/[hH]?\d{1,4}){1,4}(?![\w/])")
_FLAT: Final = re.compile(
    rf"(?P<word>[cC](?<!\w[cC])(?i:{either('ăn hộ')})[ ]{{1,2}})"
    rf"(?i:{either('số')}[ ]\d{{1,4}}|[a-z]{{1,2}}\d{{1,4}}(?:[.\-]\d{{1,4}})?)(?![\w/%²])"
)
_DATE: Final = re.compile(r"(?:[12]\d|3[01]|0?[1-9])[/\-](?:1[0-2]|0?[1-9])(?:[/\-](?:\d{2}|\d{4}))?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_WINDOW: Final = 24


def _is_house(number: str, before: str, text: str, end: int) -> bool:
    """Whether a number is that of a house, by what stands before it and what follows."""
    if _HOUSE_BEFORE.search(before):
        return True
    # Most numbers are ruled out by what follows, which is found faster than what stands before.
    quarter, street = _QUARTER_AFTER.match(text, end), _STREET_AFTER.match(text, end)
    road, any_street = _ROAD_AFTER.match(text, end), _ANY_STREET_AFTER.match(text, end)
    if not (quarter or street or road or any_street):
        return False
    if _GROUP_BEFORE.search(before):
        return number.isdigit() and quarter is not None
    is_date, is_year = _DATE.fullmatch(number), _YEAR.fullmatch(number)
    at = _AT_BEFORE.search(before)
    if at and street:
        # "tại 2 đường A và B" counts streets; a year is no house where nothing else says so.
        counts = len(number) == 1 and _COUNTED_ROAD_AFTER.match(text, end)
        return at["number"] is not None or not (counts or is_year)
    if _SN_BEFORE.search(before):
        return street is not None
    if _OTHER_BEFORE.search(before):
        return False
    if _NUMBER_BEFORE.search(before):
        return road is not None
    return not is_date and not is_year and any_street is not None


def redact_addresses(text: str) -> str:
    """Replace the house part of addresses; the street, the quarter and the town stay.

    >>> redact_addresses("nhà em ở 12/3 đường Lê Lợi, phường 4, gần quốc lộ 13")
    'nhà em ở [địa chỉ] đường Lê Lợi, phường 4, gần quốc lộ 13'
    """
    text = _FLAT.sub(rf"\g<word>{ADDRESS}", _LANE.sub(ADDRESS, text))
    parts: list[str] = []
    done = 0
    for match in _NUMBER.finditer(text):
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        if _is_house(match[0], before, text, match.end()):
            parts += [text[done : match.start()], ADDRESS]
            done = match.end()
    return "".join([*parts, text[done:]])
