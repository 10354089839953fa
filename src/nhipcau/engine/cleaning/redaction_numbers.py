"""Telephone, identity, account, card and plate numbers: which digits are redacted, which stay. For `redaction.py`.

A pattern finds digits of a shape, a check decides: prices, dates, years, counts, hotlines (1900…, 1800…), tax codes of
companies and numbers of documents stay.
"""

from __future__ import annotations

import re
from typing import Final

from nhipcau.engine.cleaning.accents import either
from nhipcau.engine.cleaning.tags import ACCOUNT, IDENTITY, PHONE, PLATE

NUMBER_CUES: Final = ("khoản", "stk", "cmnd", "cccd", "cmt", "mst", "tk", "cước", "dân", "thư", "thẻ")
"""Words before a number with points at which the first look of `redact` stops."""

_BREAK: Final = r"[ .\-–()\u00a0]{0,3}"
_DIGIT: Final = r"[\doO]"
_CALL_WORDS: Final = ("sdt", "sđt", "đt", "dt", "lh", "zalo", "tel", "hotline", "alo", "call", "ib")
# Nothing of a larger number, word or address before; a word for "telephone" may stand there without a space.
_ALONE: Final = (
    r"(?:(?<![\w.,/@+\-])|(?<=[^\W\d_][.\-])|(?<=[\s(][.,\-])|(?<=\d{5}/)|"
    + "|".join(f"(?<={word})" for word in _CALL_WORDS)
    + ")"
)
_COUNTRY: Final = rf"\(?(?:\+|00)84\)?{_BREAK}(?:\(?0\)?{_BREAK})?|84{_BREAK}"

_IDENTITY_LABELS: Final = either(
    "cmnd", "cmt", "cmtnd", "cccd", "căn cước", "chứng minh nhân dân", "chứng minh thư", "số định danh", "mã định danh",
    "hộ chiếu", "passport", "giấy phép lái xe", "gplx", "bằng lái", "bhyt", "bảo hiểm y tế", "thẻ bảo hiểm", "bhxh",
    "bảo hiểm xã hội", "mst cá nhân", "mst của em", "mst của tôi", "mst của mình", "mã số thuế cá nhân",
    "mã số thuế của em", "mã số thuế của tôi", "mã số thuế của mình",
)  # fmt: skip
_COMPANY_LABELS: Final = either(
    "mst", "mã số thuế", "mã số doanh nghiệp", "mã số dn", "đăng ký doanh nghiệp", "đăng ký kinh doanh", "gpkd",
    "gcnđkdn", "giấy phép kinh doanh", "chứng nhận doanh nghiệp",
)  # fmt: skip
_ACCOUNT_LABELS: Final = either(
    "stk", "số tài khoản", "số tk", "tài khoản số", "tk số", "số thẻ", "thẻ số", "account number", "account no",
    "acc no", "số account",
)  # fmt: skip
_MAYBE_ACCOUNT_LABELS: Final = either(
    "tài khoản", "tk", "chuyển khoản", "ck", "account", "vietcombank", "vcb", "techcombank", "tcb", "mb bank", "mbbank",
    "mb", "bidv", "vietinbank", "viettinbank", "agribank", "acb", "sacombank", "tpbank", "tp bank", "vpbank",
    "vp bank", "vib", "shb", "hdbank", "msb", "ocb", "eximbank", "seabank", "lpbank", "lienvietpostbank", "scb",
    "abbank", "namabank", "bacabank", "pvcombank", "vietbank", "kienlongbank", "dongabank", "oceanbank", "momo",
    "zalopay", "viettelpay", "viettel money",
)  # fmt: skip
_BANKS_AFTER: Final = either(
    "vietcombank", "vcb", "techcombank", "tcb", "mb bank", "mbbank", "mb", "bidv", "vietinbank", "agribank", "acb",
    "sacombank", "tpbank", "vpbank", "vib", "shb", "hdbank", "msb", "ocb", "eximbank", "seabank", "lpbank", "scb",
    "ngân hàng", "bank", "momo",
)  # fmt: skip
_UNIT: Final = re.compile(
    rf"(?!\s?{either('ngân hàng')})"
    + r"\s?(?:[%$€²³]|(?:"
    + either(
        "đồng", "đ", "vnđ", "vnd", "usd", "euro", "tỷ", "tỉ", "triệu", "tr", "nghìn", "ngàn", "k", "người", "ca",
        "km", "ha", "m2", "m3", "tấn", "kg", "lượt", "cổ phiếu", "cp", "lít", "kwh", "mw", "view", "views", "bản",
        "chiếc", "hộ", "đơn vị", "won", "yên", "baht", "rúp", "bitcoin", "giao dịch",
    )
    + r")(?!\w))",
    re.IGNORECASE,
)  # fmt: skip
_CODE_BEFORE: Final = re.compile(
    either("mã", "mã số", "mã đơn", "mã vận đơn", "mã hồ sơ", "đơn hàng", "vận đơn", "id", "no", "code", "số hồ sơ")
    + r"[ :.#]{0,3}$",
    re.IGNORECASE,
)

# One long run, or groups with breaks between.
_LABELLED_VALUE: Final = (
    r"(?:(?<![^\W\d_])(?-i:[A-Z]{1,2}[ \-]?|[a-z]{1,2}(?=\d)))?(?:\d{8,22}|\d(?:[ .\-]{0,2}\d){5,21}+)(?!\d)"
)
_NUMBERS: Final = re.compile(
    "|".join(
        (
            r"(?P<keep>https?://\S{1,2000}|(?<![\d.,])1[89]00(?:[ .\-]?\d){4,6}(?!\d)|"
            + rf"(?<!\w){_COMPANY_LABELS}(?! ?{either('cá nhân', 'của')})[ :.\-]{{0,3}}{either('là', 'số')}?"
            + r"[ :]{0,2}\d{10}(?:[ \-]?\d{3})?(?!\d))",
            rf"(?P<identity>(?<!\w){_IDENTITY_LABELS}(?!\w))(?P<gap1>[^\d\n]{{0,25}}?)(?P<value1>{_LABELLED_VALUE})",
            rf"(?P<account>(?<!\w){_ACCOUNT_LABELS}(?!\w))(?P<gap2>[^\d\n]{{0,25}}?)(?P<value2>{_LABELLED_VALUE})",
            rf"(?P<mobile>{_ALONE}(?:{_COUNTRY}|\(?[0oO]{_BREAK})(?:[35789](?:{_BREAK}{_DIGIT}){{8}}|"
            + rf"1[2689](?:{_BREAK}\d){{8}})(?!\d))",
            rf"(?P<landline>{_ALONE}(?:{_COUNTRY}|\(?0)2\d{{1,2}}{_BREAK}\d(?:{_BREAK}\d){{6,7}}(?!\d))",
            rf"(?P<maybe>(?<!\w){_MAYBE_ACCOUNT_LABELS}(?!\w))(?P<gap3>[^\d\n]{{0,25}}?)(?P<value3>{_LABELLED_VALUE})",
            rf"(?P<citizen>{_ALONE}0\d{{2}}(?:[ .]?\d{{3}}){{3}}(?!\d))",
            r"(?P<insurance>(?<!\w)[A-Za-z]{2}[ \-]?\d[ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{3}[ \-]?\d{5}(?!\d))",
            r"(?P<passport>(?<![\w\-])(?-i:[BCNPEK])\d{7,8}(?!\w))",
            r"(?P<card>(?<![\w.,\-/])[3-69]\d{3}(?:[ \-]?\d{4}){2}[ \-]?\d{1,7}(?!\d))",
            r"(?P<before_bank>(?<![\w.,\-/])\d(?:[ .\-]?\d){7,18}+)(?=[ ,:\-–(]{1,3}"
            + rf"(?:{either('ngân hàng', 'nh', 'bank', 'tại', 'của')} )?{_BANKS_AFTER}(?!\w))",
            r"(?P<nine>(?<![\w.,/@#\-+$])[0-3]\d{5}(?!000)\d{3}(?!\w|[.,\-/]\w))",
        )
    ),
    re.IGNORECASE,
)
_ADJACENT: Final = re.compile(
    r"[\s:.,=\-#(]{0,4}(?:"
    + either("số", "là", "của em", "của tôi", "của mình", "em", "công dân")
    + r"[\s:.=\-#]{0,3}){0,3}",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"\(?(?:\d{1,2}[ .\-–]{1,3}){1,2}(?:19|20)\d\d(?!\d)")
_YEARS: Final = re.compile(r"(?<!\d)(?:19|20)\d\d[ .\-–]{1,3}(?:19|20)\d\d(?!\d)")
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}(?:[ .]\d{3})+")
_MORE_PAIRS: Final = re.compile(r"[ .,\-–]{1,3}\d{2}(?!\d)")
_SPELLED_ZERO: Final = str.maketrans("oO", "00")

_MOBILE_DIGITS: Final = re.compile(r"0[35789]\d{8}|01[2689]\d{8}")
_LANDLINE_DIGITS: Final = re.compile(r"02\d{8,9}")
_FEWEST_LABELLED: Final = 6
_UNLABELLED_LENGTHS: Final = range(8, 20)


def _digits(value: str) -> str:
    return re.sub(r"\D", "", value.translate(_SPELLED_ZERO))


def _is_amount(value: str, following: str) -> bool:
    """Whether digits are a date, a span of years, or a count or price with its unit."""
    return bool(_DATE.match(value) or _YEARS.search(value) or _UNIT.match(following))


def _is_phone(value: str, following: str) -> bool:
    if _DATE.match(value) or (value.lstrip("(")[:1] not in "+0oO" and _UNIT.match(following)):
        return False
    digits = _digits(value)
    for prefix in ("0084", "84"):
        if digits.startswith(prefix):
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
            break
    groups = [len(group) for group in re.findall(r"[\doO]+", value)]
    if len(groups) >= 5 and set(groups) == {2} and _MORE_PAIRS.match(following):
        return False  # a row of drawn lottery numbers
    return bool(_MOBILE_DIGITS.fullmatch(digits) or _LANDLINE_DIGITS.fullmatch(digits))


def _is_labelled_identity(value: str, following: str) -> bool:
    digits = _digits(value)
    letters = sum(letter.isalpha() for letter in value)
    if _is_amount(value, following) or _THOUSANDS.fullmatch(value):
        # Nine digits in threes behind the word for an identity card are one, unless a unit follows.
        return len(digits) in (9, 12) and not _is_amount(value, following)
    return 8 - letters <= len(digits) <= 15


def _is_account(value: str, following: str, *, is_labelled: bool) -> bool:
    digits = _digits(value)
    if len(digits) < _FEWEST_LABELLED or _is_amount(value, following):
        return False
    if is_labelled:
        return True
    if len(digits) not in _UNLABELLED_LENGTHS:
        return False
    return not _THOUSANDS.fullmatch(value) and not digits.endswith("000")


def _passes_luhn(digits: str) -> bool:
    """Check the last digit of a card number (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _labelled(match: re.Match[str], number: str, tag: str | None) -> str:
    """Keep the label and what stands between, replace the value."""
    label = match[0][: match.start(f"value{number}") - match.start()]
    # What the label does not make a number of its kind may still be one of another.
    return label + (_NUMBERS.sub(_number, match[f"value{number}"]) if tag is None else tag)


def _number(match: re.Match[str]) -> str:
    value, following = match[0], match.string[match.end() : match.end() + 16]
    kind = match.lastgroup or ""
    if match["keep"]:
        return value
    if match["identity"] or match["account"] or match["maybe"]:
        number = "1" if match["identity"] else "2" if match["account"] else "3"
        inner = match[f"value{number}"]
        is_adjacent = _ADJACENT.fullmatch(match[f"gap{number}"]) is not None
        tag = None
        if inner[:1] in "0+" and _is_phone(inner, following) and not (is_adjacent and number == "2"):
            tag = PHONE if number != "1" or not is_adjacent else IDENTITY
        elif number == "1":
            tag = IDENTITY if _is_labelled_identity(inner, following) else None
        elif _is_account(inner, following, is_labelled=number == "2"):
            tag = ACCOUNT
        return _labelled(match, number, tag)
    if kind in ("mobile", "landline"):
        return PHONE if _is_phone(value, following) else value
    if kind in ("citizen", "insurance", "passport"):
        return value if kind == "citizen" and _is_amount(value, following) else IDENTITY
    if kind == "card":
        digits = _digits(value)
        return ACCOUNT if 13 <= len(digits) <= 19 and _passes_luhn(digits) else value
    if kind == "before_bank":
        return ACCOUNT if _is_account(value, following, is_labelled=False) else value
    is_code = _CODE_BEFORE.search(match.string[max(0, match.start() - 20) : match.start()])
    return value if is_code or value == "123456789" or _is_amount(value, following) else IDENTITY


def redact_numbers(text: str) -> str:
    """Replace telephone, identity, account and card numbers.

    >>> redact_numbers("Gọi 0900 000 000, giá 1.200.000 đồng, hotline 1900 0000")
    'Gọi [điện thoại], giá 1.200.000 đồng, hotline 1900 0000'
    """
    return _NUMBERS.sub(_number, text)


_SERIES: Final = r"(?:[A-HK-NPR-VX-Z]\d|[A-HK-NPR-VX-Z]|LD|DA|MK|M[DĐÐ]|NG|NN|KT|CD|CV|HC|T[DĐÐ]|A[A-Z])"
_PLATES: Final = re.compile(
    # With capitals: 59A-123.45, 93-B1 234.56, 51F 12345; anywhere.
    rf"(?<![\w.,/\-])[1-9]\d[ \-]?{_SERIES}[ \-.]{{0,2}}(?:\d{{3}}\.\d{{2}}|\d{{5}})(?!\w|[.,]\d)"
    # In small letters only without a space inside: 59a-123.45, 51f12345.
    rf"|(?<![\w.,/\-])[1-9]\d-?(?i:{_SERIES})-?(?:\d{{3}}\.\d{{2}}|\d{{5}})(?!\w|[.,]\d)"
)
_LABELLED_PLATES: Final = re.compile(
    r"(?P<label>(?<!\w)" + either("biển số", "biển kiểm soát", "bks", "bsx", "biển", "xe", "ô tô", "xe máy")
    + r"[ :]{1,3}(?:(?:số|so|xe|mang)[ :]{1,3}){0,2})"
    + rf"(?P<plate>[1-9]\d[ \-.]?{_SERIES}[ \-.]{{0,2}}(?:\d{{3}}[.\- ]?\d{{2}}|\d{{4}}))(?!\w|[.,]\d)",
    re.IGNORECASE,
)  # fmt: skip


def redact_plates(text: str) -> str:
    """Replace the plates of vehicles.

    >>> redact_plates("xe 00A-000.00 và xe 59A-000.00")
    'xe 00A-000.00 và xe [biển số]'
    """
    return _PLATES.sub(PLATE, _LABELLED_PLATES.sub(lambda match: match["label"] + PLATE, text))


NUMBER_WORDS: Final = (
    "không", "một", "mốt", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín",
)  # fmt: skip
_NUMBER_WORD: Final = either(*NUMBER_WORDS)
_SPOKEN: Final = re.compile(rf"(?<!\w){either('không')}(?:[ ,.\-]{{1,3}}{_NUMBER_WORD}){{9,10}}(?!\w)", re.IGNORECASE)


def redact_spoken(text: str) -> str:
    """Replace telephone numbers in words: ten or eleven digits, the first a zero.

    >>> redact_spoken("gọi không chín không không không không không không không không nhé")
    'gọi [điện thoại] nhé'
    """
    return _SPOKEN.sub(PHONE, text)
