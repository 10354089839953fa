"""House-level addresses: the number of a house, an alley, a flat is redacted, the street stays. For `redaction.py`.

A street is a place that is listened for (*đường Lê Lợi ngập*); only with the house it is where somebody lives. A road
number (quốc lộ 13, đường số 7), a date and the number of anything else stay.
"""

from __future__ import annotations

import re
from typing import Final

from nhipcau.engine.cleaning.accents import either
from nhipcau.engine.cleaning.tags import ADDRESS

HOUSE_CUES: Final = "nhà hẻm hxh ngõ ngách kiệt sn tổ hộ".split()
"""Words before a number at which the first look of `redact` stops."""

_FAMILY_NAMES: Final = (
    "Nguyễn Lê Trần Phan Phạm Hoàng Huỳnh Võ Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Trịnh Trương Mai Lương Cao Châu "
    "Tô Tạ Thái Tôn Phùng Đào Lâm Hà Lưu Chu Âu Mạc Doãn"
).split()
_KNOWN_STREETS: Final = (
    "Nguyễn Huệ|Lê Lợi|Trần Hưng Đạo|Lý Thường Kiệt|Nguyễn Trãi|Lê Duẩn|Lê Hồng Phong|Nguyễn Văn Cừ|Nguyễn Thị Minh Khai|"
    "Hai Bà Trưng|Điện Biên Phủ|Quang Trung|Hùng Vương|Cách Mạng Tháng Tám|Cách Mạng Tháng 8|Trường Chinh|Lạc Long Quân|"
    "Âu Cơ|Đồng Khởi|Nam Kỳ Khởi Nghĩa|Xô Viết Nghệ Tĩnh|Hàm Nghi|Bạch Đằng|Kim Mã|Giải Phóng|Láng Hạ|Bà Triệu|"
    "Tôn Đức Thắng|Phan Chu Trinh|Phan Châu Trinh|Phan Bội Châu|Phan Đình Phùng|Nguyễn Đình Chiểu|Nguyễn Văn Linh|"
    "Nguyễn Tất Thành|Phạm Văn Đồng|Phạm Ngũ Lão|Võ Văn Kiệt|Võ Nguyên Giáp|Võ Thị Sáu|Lê Đại Hành|Lê Thánh Tôn|"
    "Lê Thánh Tông|Lê Lai|Lê Văn Sỹ|Lê Quý Đôn|Lý Tự Trọng|Lý Thái Tổ|Đinh Tiên Hoàng|Ngô Quyền|Ngô Gia Tự|"
    "Hoàng Diệu|Hoàng Hoa Thám|Hoàng Văn Thụ|Huỳnh Thúc Kháng|Nguyễn Công Trứ|Nguyễn Du|Nguyễn Khuyến|Trần Phú|"
    "Trần Quang Khải|Trần Nhân Tông|Trần Quốc Toản|Bùi Thị Xuân|Tô Hiến Thành|Tôn Thất Tùng|Hồ Tùng Mậu|Yersin|"
    "Nơ Trang Long|Y Jút|Cống Quỳnh|Cộng Hòa|Ung Văn Khiêm|Thống Nhất|Tràng Tiền|Hàng Bài|Hàng Bông|Hàng Đào|Tây Sơn"
).split("|")
STREET_STARTS: Final = sorted({*_FAMILY_NAMES, *(name.split()[0] for name in _KNOWN_STREETS), "đường", "phố", "đ"})
"""First words of a street behind a house number, at which the first look of `redact` stops."""

_HOUSE: Final = r"\d{1,4}[a-zA-Z]?(?:[/\-]\d{1,4}[a-zA-Z]?){0,5}(?:[ ]?bis)?(?![\w/%]|[.,]\d)"
_CAPITALIZED: Final = r"(?-i:[A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠ-Ỹ])[^\W\d_]{1,7}"
_NO_STREET: Final = "(?!{}(?!\\w))".format(
    either(
        "Hà Nội", "Hà Nam", "Hà Tĩnh", "Hà Giang", "Hà Lan", "Thái Lan", "Thái Bình", "Thái Nguyên", "Cao Bằng", "Lâm Đồng",
        "Châu Âu", "Châu Á", "Châu Phi", "Châu Mỹ", "Tôn giáo", "Mai mốt", "Đỗ xe",
    )
)  # fmt: skip
_KNOWN: Final = rf"{either(*_KNOWN_STREETS)}(?!\w)(?![ ]{_CAPITALIZED})"
_STREET: Final = rf"{_NO_STREET}(?:{_KNOWN}|{either(*_FAMILY_NAMES)}(?:[ ]{_CAPITALIZED}){{1,3}}(?!\w))"
_SMALL_STREET: Final = (
    r"(?-i:nguyen|tran|pham|phan|huynh|hoang|truong|vo|vu|dang|le|ly|ngo|dinh|ton|dien|quang|hung)[ ][a-z]{2,7}(?!\w)"
)
_ROAD_WORD: Final = rf"(?:{either('đường', 'phố')}(?!\w)|[đd]\.)[ ]{{0,2}}"
_ROAD: Final = rf"{_ROAD_WORD}(?:{_CAPITALIZED}|\d{{1,2}}/\d{{1,2}}|{either('số')}[ ]\d|{_SMALL_STREET})"
_AREA: Final = (
    r"[ ]?[,(\-–][ ]?(?:"
    + either("phường", "quận", "xã", "thị trấn", "thị xã", "thành phố", "huyện", "tỉnh", "khu phố", "kp", "tp", "tphcm")
    + r"(?!\w)|(?-i:P|Q|F|TP)\.?[ ]?(?:\d|(?-i:[A-ZĐ])))"
)
_AT: Final = either(
    "ở", "tại", "địa chỉ", "đ/c", "add", "address", "ship", "giao", "giao tới", "giao đến", "nhà", "nhà ở", "nhà tại",
    "nhà em", "nhà mình", "nhà tôi", "trú tại", "ngụ", "tạm trú", "thường trú", "hộ khẩu", "trọ", "shop", "quán",
)  # fmt: skip
_UNIT: Final = either("hẻm", "ngõ", "ngách", "kiệt", "hxh", "hxt")
_NUMBER_WORD: Final = rf"(?:{either('số')}[ .:]{{1,2}})?"
_DEEPER: Final = rf"(?:[ ,]{{1,3}}{_UNIT}[ ]{{1,2}}{_NUMBER_WORD}{_HOUSE}){{0,3}}"
_QUARTER: Final = either("khu phố", "ấp", "thôn", "khóm", "bản", "buôn", "khu vực", "kp", "kv", "tổ dân phố", "tdp")

_ADDRESSES: Final = re.compile(
    "|".join(
        (
            # số nhà 12/3; nhà số 5B, ngõ 7; SN 20
            rf"(?P<house>(?<!\w){either('số nhà', 'nhà số', 'sn')}[ :.]{{1,3}}{_HOUSE}{_DEEPER})",
            # số 5, hẻm 123; ngách 4/7
            rf"(?P<alley>(?:(?<!\w){either('số')}[ ]{{1,2}}{_HOUSE}[ ,]{{1,3}})?(?<!\w){_UNIT}[ ]{{1,2}}{_NUMBER_WORD}"
            rf"{_HOUSE}{_DEEPER})",
            # K12/4, K12/H3/4
            r"(?P<lane>(?<![\w/])k\d{1,4}(?:/h?\d{1,4}){1,4}(?![\w/]))",
            # tổ 5 khu phố 3: the smallest unit goes, the quarter stays
            rf"(?P<group>(?<!\w){either('tổ')}[ ]{{1,2}}\d{{1,3}})(?=[ ,]{{1,3}}{_QUARTER}[ ])",
            r"(?P<flat>(?<!\w)" + either("căn hộ", "căn hộ số") + r"[ ]{1,2}[a-z]{0,2}\d{1,4}(?:[.\-]\d{1,4}){0,2}(?![\w/%]))",
            # ở 45 Nguyễn Huệ; địa chỉ: số 45 đường Nguyễn Huệ
            rf"(?P<at>(?<!\w){_AT}[ :]{{1,3}}{_NUMBER_WORD})(?P<at_house>{_HOUSE})"
            rf"(?=[ ,]{{1,2}}(?:{_STREET}|{_ROAD}|{_SMALL_STREET}))",
            rf"(?P<number>(?<!\w){either('số')}[ ]{{1,2}}{_HOUSE})(?=[ ,]{{1,2}}(?:{_ROAD}|{_STREET}{_AREA}))",
            rf"(?P<bare>(?<![\w.,/\-]){_HOUSE})(?=[ ]{{1,2}}(?:{_KNOWN}|(?:{_ROAD_WORD})?{_STREET}{_AREA}))",
        )
    ),
    re.IGNORECASE,
)
_OTHER_NUMBER: Final = re.compile(
    r"(?:(?<!\w)"
    + either(
        "đường", "quốc lộ", "tỉnh lộ", "năm", "ngày", "tháng", "bão", "bão số", "lần", "hạng", "vòng", "khóa", "top", "lớp",
        "giải", "phút", "áo", "áo số", "sáng", "chiều", "tối", "trưa", "đêm", "hơn", "gần", "với", "trong", "khoảng", "cả",
        "có", "các", "những", "thứ", "kỳ", "bảng", "sinh", "từ", "và", "đường số", "đội", "cùng", "gồm",
    )
    + r"[ ]{1,2}|[(–/.\d][ ]{0,2})$",
    re.IGNORECASE,
)  # fmt: skip
_DATE: Final = re.compile(r"(?:[12]\d|3[01]|0?[1-9])[/\-](?:1[0-2]|0?[1-9])(?:[/\-](?:\d{2}|\d{4}))?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_ONE_DIGIT: Final = re.compile(r"\d")


def _replacement(match: re.Match[str]) -> str:
    kind = match.lastgroup
    before = match.string[max(0, match.start() - 16) : match.start()]
    if kind == "bare":
        number = match[0]
        is_other = _DATE.fullmatch(number) or _YEAR.fullmatch(number) or _OTHER_NUMBER.search(before)
        return number if is_other else ADDRESS
    if kind == "at_house":
        # "tại 2 đường A và B" counts streets; a year is none of a house where nothing else says so.
        following = match.string[match.end() : match.end() + 8].strip(" ,").lower()
        counts = _ONE_DIGIT.fullmatch(match["at_house"]) and following.startswith(("đường", "phố", "duong", "pho"))
        has_number_word = re.search(r"s[ốo][ .:]{1,2}$", match["at"], re.IGNORECASE)
        is_other = not has_number_word and (counts or _YEAR.fullmatch(match["at_house"]))
        return match[0] if is_other else match["at"] + ADDRESS
    if kind == "number" and _OTHER_NUMBER.search(before):
        return match[0]
    return ADDRESS


def redact_addresses(text: str) -> str:
    """Replace the house part of addresses; the street, the quarter and the town stay.

    >>> redact_addresses("nhà em ở 12/3 đường Lê Lợi, phường 4, gần quốc lộ 13")
    'nhà em ở [địa chỉ] đường Lê Lợi, phường 4, gần quốc lộ 13'
    """
    return _ADDRESSES.sub(_replacement, text)
