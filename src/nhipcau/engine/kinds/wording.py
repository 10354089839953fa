"""How well a sentence of a voice reads, and how it is written for readers: shared by questions and labels.

No grouping and no scoring by content here: see `questions.py` and `labels/`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from nhipcau.engine.cleaning.text import has_diacritics, normalize

_NOT_TEXT: Final = re.compile(r"https?://\S+|www\.\S+|@[\w.]+")
_REPEATED: Final = re.compile(r"([^\w\s])\1+")
_SPACES: Final = re.compile(r"\s+")
_BEFORE_MARK: Final = re.compile(r"\s+([,.;:!?…])")
_WORD: Final = re.compile(r"[^\W_]+")
_ASKING_FIRST: Final = re.compile(
    r"^(?:(?:dạ|thưa|kính thưa|chào|ad|admin|ban quản trị|quản trị viên|mọi người|cả nhà|bà con|cô chú|anh chị|các bác|"
    r"các anh chị|bác sĩ|xin)(?:\s*ơi)?[\s,:]*+)*"
    r"(?:(?:cho|xin)\s+(?:(?:em|mình|tôi|con|cháu|chị|anh|bác|e|m|mk)\s+)?(?:xin\s+)?h[ỏõo]i(?:\s+(?:chút|tí|xíu|thêm|là|với|chut|ti|xiu))?"
    r"(?:\s+(?:ạ|mọi người))?|(?:(?:em|mình|tôi|con|cháu|e|m|mk)\s+)?mu[ốo]n\s+h[ỏõo]i)[\s,:.]+(?=\w)",
    re.IGNORECASE,
)
_CALLED_FIRST: Final = re.compile(
    r"^(?:(?:dạ|kính)[\s,]+)?(?:thưa\s+(?:\w+\s+){0,3}\w+|(?:thưa\s+)?(?:\w+\s+){1,3}(?:ơi|oi)"
    r"|(?:làm\s+)?phiền\s+(?:\w+\s+){0,3}\w+)\s*[,!:.]\s*(?=\w)",
    re.IGNORECASE,
)
"""Who is spoken to, before what is asked: "Dạ ad ơi, …"."""
_POLITE_LAST: Final = re.compile(
    r"(?:[\s,]+(?:ạ|ah|ak|vậy ạ|thế ạ|mn|mọi người|bà con|mn ơi|mọi người ơi|các bác|các bác ơi|ad|ad ơi|cả nhà))+"
    r"(?=[?!.\s]*$)",
    re.IGNORECASE,
)
# What people type and no office would print.
_SHORTHAND: Final = frozenset(
    {
        "k",
        "ko",
        "kg",
        "kh",
        "hok",
        "dc",
        "đc",
        "vs",
        "j",
        "r",
        "mn",
        "ng",
        "nx",
        "bn",
        "tks",
        "ntn",
        "ck",
        "vk",
        "e",
        "m",
        "mk",
        "bh",
        "h",
        "z",
        "vl",
        "cx",
        "lm",
        "ak",
        "v",
        "nc",
        "hs",
        "gd",
        "ace",
        "nma",
        "bit",
    }
)
_SYMBOLS: Final = frozenset({"So", "Sk", "Cf", "Co", "Cn", "Cs"})


def reading_form(text: str, *, question: bool = False) -> str:
    """Write the text on one line for a reader: without links, mentions, emoji, repeated marks; a capital first.

    With `question`, greetings and formulas of asking at the start and courtesies at the end go as well, and one
    question mark closes it.

    Examples
    --------
    >>> reading_form("cho em hỏi mai có nghỉ học không ạ???", question=True)
    'Mai có nghỉ học không?'
    """
    plain = normalize(_NOT_TEXT.sub(" ", text))
    plain = "".join(
        " " if unicodedata.category(letter) in _SYMBOLS or letter in "\ufe0f\u20e3" else letter for letter in plain
    )
    plain = _BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", _REPEATED.sub(r"\1", plain))).strip(" ,;:-–—|")
    if question:
        asked = _CALLED_FIRST.sub("", _ASKING_FIRST.sub("", plain))
        shorter = _POLITE_LAST.sub("", _ASKING_FIRST.sub("", asked)).strip(" ,;:-")
        plain = shorter if len(_WORD.findall(shorter)) >= 3 else plain
        plain = plain.rstrip(" .,!?…;:") + "?" if plain.rstrip(" .,!?…;:") else ""
    return plain[:1].upper() + plain[1:]


def wording_quality(text: str) -> float:
    """Rate a text from about -2 to 1: a good length, diacritics, no shorthand, no shouting.

    Examples
    --------
    >>> wording_quality("Khi nào có điện lại ở ấp 4?") > wording_quality("bao h co dien lai vay")
    True
    """
    words = _WORD.findall(text)
    if not words:
        return -2.0
    quality = 0.0
    if 5 <= len(words) <= 25:
        quality += 0.6
    elif len(words) > 25:
        quality -= 0.6 + 0.01 * len(words)
    elif len(words) < 3:
        quality -= 0.6
    accented = sum(has_diacritics(word) for word in words)
    if accented:
        quality += 0.4 * min(1.0, 2.0 * accented / len(words))
    quality -= 0.8 * min(1.0, 2.5 * sum(word.lower() in _SHORTHAND for word in words) / len(words))
    if len(words) > 2 and text.isupper():
        quality -= 0.6
    if "[" in text or "⟨" in text or "<" in text:
        quality -= 0.8
    return quality
