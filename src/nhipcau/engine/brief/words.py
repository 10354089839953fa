"""Every word that a brief shows, in Vietnamese and English, and how each language writes numbers and times.

The sentences are in `catalogue/vi.toml` and `catalogue/en.toml`; a test holds them to the same keys and places. They
name what is counted by its matter: voices of people, articles of the press, or both. Which sentence is said when is in
`view`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from nhipcau.engine.brief.model import MATTERS, Matter
from nhipcau.engine.brief.text import isolate
from nhipcau.engine.errors import EngineError

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
NO_BREAK_SPACE: Final = "\u00a0"
TIME_VALUES: Final = frozenset({"time", "since", "until", "last", "first", "start", "end"})
"""Values of an unknown that are ISO times."""
SHARE_VALUES: Final = frozenset({"share", "coverage"})
"""Values of an unknown that are shares of one."""


class Words:
    """The words of one language about one matter, and its numbers and times in one zone."""

    def __init__(self, lang: Language, matter: Matter, zone: str) -> None:
        self.lang = lang
        self.matter = matter
        self.sentences = _sentences(lang, matter)
        self.zone = ZoneInfo(zone)

    def about(self, matter: Matter) -> Words:
        """Give the words of the same language and zone about another matter."""
        return self if matter == self.matter else Words(self.lang, matter, self.zone.key)

    def __call__(self, key: str, count: int | None = None, /, **values: object) -> str:
        """Say the sentence of a key with its values put in; with a `count`, in its singular or plural."""
        if count is not None:
            key = f"{key}.{'one' if count == 1 else 'other'}"
            values = {"count": self.number(count), **values}
        return self.sentences[key].format(**values) if values else self.sentences[key]

    def __contains__(self, key: str) -> bool:
        return key in self.sentences

    def number(self, value: float, *, decimals: int = 0) -> str:
        """Write a number as the language writes it: 1.234,5 or 1,234.5; a true minus sign."""
        written = f"{abs(round(value, decimals)):,.{decimals}f}"
        if self.lang == "vi":
            written = written.translate({ord(","): ".", ord("."): ","})
        return f"−{written}" if round(value, decimals) < 0 else written

    def percent(self, share: float, *, decimals: int = 0) -> str:
        """Write a share of one as a percentage: 12,5 % or 12.5%."""
        space = NO_BREAK_SPACE if self.lang == "vi" else ""
        return f"{self.number(share * 100, decimals=decimals)}{space}%"

    def change(self, share: float) -> str:
        """Write a relative change with its sign: +45 %."""
        return ("+" if round(share * 100) > 0 else "") + self.percent(share)

    def local(self, time: str) -> datetime:
        """Read an ISO time in the zone of the brief."""
        return datetime.fromisoformat(time).astimezone(self.zone)

    def moment(self, time: str) -> str:
        """Write a time in full: 06:00, thứ Hai 23/11/2026."""
        return self._dated("moment", self.local(time))

    def short_moment(self, time: str) -> str:
        """Write a time in short, without its year: 06:00 23/11."""
        return self._dated("short-moment", self.local(time))

    def day(self, time: datetime) -> str:
        """Write a day in short with its weekday: T2 23/11."""
        return self._dated("day", time)

    def _dated(self, form: str, time: datetime) -> str:
        return self(
            f"time.{form}",
            clock=f"{time:%H:%M}",
            weekday=self(f"weekday.{time.weekday()}"),
            weekday_short=self(f"weekday-short.{time.weekday()}"),
            day=f"{time:%d}",
            plain_day=str(time.day),
            month=f"{time:%m}",
            month_name=self(f"month.{time.month}"),
            month_short=self(f"month-short.{time.month}"),
            year=str(time.year),
        )

    def hours(self, span: timedelta) -> str:
        """Write a length of time in hours or, from three days up, in days."""
        whole_hours = round(span.total_seconds() / 3600)
        return self("time.days", round(whole_hours / 24)) if whole_hours >= 72 else self("time.hours", whole_hours)

    def unknown(self, code: str, values: Mapping[str, object]) -> str | None:
        """Say the sentence of something that is not known, or None where the catalogue has none for these values.

        A `count` chooses singular or plural; times (`time`, `since`, `until`, `last`, `first`, `start`, `end`) are ISO
        strings, shares (`share`, `coverage`) are between 0 and 1, lists are joined.
        """
        key = f"unknown.{code}"
        written = {name: self._value(name, value) for name, value in values.items()}
        count = values.get("count")
        if isinstance(count, int) and f"{key}.other" in self:
            key += ".one" if count == 1 else ".other"
        try:
            return self.sentences[key].format(**written)
        except KeyError:
            return None

    def _value(self, name: str, value: object) -> str:
        if isinstance(value, list | tuple):
            return self("list.join").join(self._value(name, each) for each in value)
        if name in TIME_VALUES and isinstance(value, str):
            return self.moment(value)
        if name in SHARE_VALUES and isinstance(value, int | float):
            return self.percent(value)
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, float):
            return self.number(value, decimals=0 if value >= 10 else 1)
        return isolate(str(value))


def words_for(lang: str, *, zone: str = "Asia/Ho_Chi_Minh", matter: Matter = "post") -> Words:
    """Load the words of a language.

    Parameters
    ----------
    lang
        ``"vi"`` or ``"en"``.
    matter
        What is counted, see `model.matter_of`.
    zone
        IANA name of the zone that times are shown in.

    Raises
    ------
    EngineError
        ``brief.unknown-language`` or ``brief.unknown-zone``.

    Examples
    --------
    >>> words_for("vi").number(1234.5, decimals=1)
    '1.234,5'
    """
    for known in LANGUAGES:
        if lang == known:
            try:
                return Words(known, matter, zone)
            except (KeyError, ValueError, OSError) as error:
                raise EngineError("brief.unknown-zone", zone=zone) from error
    raise EngineError("brief.unknown-language", language=lang, known=", ".join(LANGUAGES))


def unknown_text(code: str, values: Mapping[str, object], *, lang: str, zone: str = "Asia/Ho_Chi_Minh") -> str:
    """Word something that is not known, for `Unknown.text`; the bare code where the catalogue has no such sentence.

    Parameters
    ----------
    code, values
        As in the brief; the codes and their values are the ``[unknown]`` part of the catalogue.
    lang, zone
        See `words_for`.
    """
    return words_for(lang, zone=zone).unknown(code, values) or code


@cache
def _sentences(lang: Language, matter: Matter) -> Mapping[str, str]:
    """Read the sentences about a matter: its own where it has some, its nouns put into the others."""
    catalogue = _catalogue(lang)
    common = {name: part for name, part in catalogue.items() if name != "noun" and name not in MATTERS}
    nouns = catalogue["noun"][matter]
    sentences = dict([*_flat("", common), *_flat("", catalogue.get(matter, {}))])
    for name, noun in nouns.items():
        sentences = {key: sentence.replace(f"{{{name}}}", noun) for key, sentence in sentences.items()}
    return sentences


@cache
def _catalogue(lang: Language) -> Mapping[str, Any]:
    source = resources.files("nhipcau.engine.brief") / "catalogue" / f"{lang}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _flat(prefix: str, part: Mapping[str, object]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in part.items():
        if isinstance(value, Mapping):
            found.extend(_flat(f"{prefix}{name}.", value))
        else:
            found.append((f"{prefix}{name}", str(value)))
    return found
