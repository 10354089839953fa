"""The hours of a week as people write them ("T2-T6 07:00-11:30 13:30-17:00; T7 07:00-11:30") and as they are stored.

Days may be Vietnamese (T2 … T7, CN) or English (Mon … Sun). What the hours mean for a clock is in `worktime.py`.
"""

from __future__ import annotations

import itertools
import re
from typing import Any, Final

from nhipcau.network.worktime import Span, Week

DAYS_VI: Final = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
DAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NUMBERS: Final = {name.lower(): number for names in (DAYS_VI, DAYS_EN) for number, name in enumerate(names)}
_SPAN: Final = re.compile(r"(\d{1,2})[:hg](\d{2})?\s*[-–]\s*(\d{1,2})[:hg](\d{2})?", re.IGNORECASE)
_PART: Final = re.compile(r"\s*([A-Za-z]\w*)(?:\s*[-–]\s*([A-Za-z]\w*))?\s+(.+?)\s*", re.DOTALL)
CLOSED: Final = ("nghỉ", "closed")


class WeekError(ValueError):
    """Hours that cannot be read: a code of what is wrong, and the piece of text that is."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


def read_week(text: str) -> Week:
    """Read the hours of a week; days that are not named are not worked.

    Raises
    ------
    WeekError
        `week.part` (not "days hours"), `week.day`, `week.days-backward`, `week.day-twice`, `week.span`,
        `week.span-order`, `week.overlap`, `week.empty`; `text` is the piece.
    """
    days: dict[int, tuple[Span, ...]] = {}
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        matched = _PART.fullmatch(part)
        if matched is None:
            raise WeekError("week.part", part.strip())
        first, last = _day(matched[1]), _day(matched[2] or matched[1])
        if last < first:
            raise WeekError("week.days-backward", part.strip())
        spans = _spans(matched[3])
        for day in range(first, last + 1):
            if day in days:
                raise WeekError("week.day-twice", part.strip())
            days[day] = spans
    if not any(days.values()):
        raise WeekError("week.empty", text.strip())
    return tuple(days.get(day, ()) for day in range(7))


def write_week(week: Week, *, language: str = "vi") -> str:
    """Write the hours of a week so that `read_week` reads the same; equal days that follow one another are one part."""
    names = DAYS_EN if language == "en" else DAYS_VI
    parts = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and week[last + 1] == week[day]:
            last += 1
        if week[day]:
            days = names[day] if day == last else f"{names[day]}-{names[last]}"
            parts.append(f"{days} {' '.join(f'{_clock(start)}-{_clock(end)}' for start, end in week[day])}")
        day = last + 1
    return "; ".join(parts)


def stored_week(week: Week) -> list[list[list[str]]]:
    """Give the hours of a week as an office keeps them."""
    return [[[_clock(start), _clock(end)] for start, end in spans] for spans in week]


def week_of(stored: Any) -> Week:
    """Read back what an office keeps.

    Raises
    ------
    WeekError
        `week.stored`: seven lists of spans are not what is there; and as in `read_week`.
    """
    if not isinstance(stored, list) or len(stored) != 7:
        raise WeekError("week.stored", str(stored)[:80])
    try:
        return tuple(_spans(" ".join(f"{start}-{end}" for start, end in spans)) if spans else () for spans in stored)
    except (TypeError, ValueError) as error:
        if isinstance(error, WeekError):
            raise
        raise WeekError("week.stored", str(stored)[:80]) from None


def _day(name: str) -> int:
    number = _NUMBERS.get(name.lower())
    if number is None:
        raise WeekError("week.day", name)
    return number


def _spans(text: str) -> tuple[Span, ...]:
    if text.lower() in CLOSED:
        return ()
    spans: list[Span] = []
    for piece in re.split(r"[\s,]+", re.sub(r"\s*[-–]\s*", "-", text.strip(" ,"))):
        matched = _SPAN.fullmatch(piece)
        if matched is None:
            raise WeekError("week.span", piece)
        start = _minute(matched[1], matched[2], piece)
        end = _minute(matched[3], matched[4], piece)
        if end <= start:
            raise WeekError("week.span-order", piece)
        spans.append((start, end))
    spans.sort()
    for (_, end), (start, _last) in itertools.pairwise(spans):
        if start < end:
            raise WeekError("week.overlap", text.strip())
    return tuple(spans)


def _minute(hour: str, minute: str | None, piece: str) -> int:
    of_day = int(hour) * 60 + int(minute or 0)
    if of_day > 1440 or int(minute or 0) > 59:
        raise WeekError("week.span", piece)
    return of_day


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
