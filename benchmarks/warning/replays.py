"""Known bursts of the news stream, replayed: what would the brief have shown at that hour, and how soon was it warned?

The stream is fed once, in the order of arrival; at each moment a brief is made of what had come by then.
"""

from __future__ import annotations

import gzip
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from nhipcau.engine.brief.assemble import BriefOptions, assemble
from nhipcau.engine.brief.model import LEVELS, Brief, Issue
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.stream import Engine

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MENTIONS = 10
"""An event's clock begins when so many articles about it have arrived."""


@dataclass(frozen=True)
class Burst:
    """An event, told by a pattern of its articles within two days; `asked` is a moment that somebody asks about."""

    name: str
    pattern: str
    first_day: str
    last_day: str
    asked: str | None = None


_FLOODED = "lũ|ngập|mưa"
_CENTRE = "khánh hòa|đắk lắk|phú yên|nha trang|quy nhơn|gia lai"
BURSTS = (
    Burst("typhoon Kajiki", "kajiki|bão số 5", "2025-08-20", "2025-08-28"),
    Burst("Nepal unrest", "nepal", "2025-09-07", "2025-09-14"),
    Burst("typhoon Ragasa", "ragasa|bão số 9", "2025-09-17", "2025-09-27"),
    Burst("typhoon Bualoi", "bualoi|bão số 10", "2025-09-23", "2025-10-02", "2025-09-26T20:00"),
    Burst("typhoon Matmo", "matmo|bão số 11", "2025-10-01", "2025-10-10"),
    Burst("flood of Thái Nguyên", "thái nguyên.*(lũ|ngập)|(lũ|ngập).*thái nguyên|sông cầu", "2025-10-06", "2025-10-14"),
    Burst("typhoon Fengshen", "fengshen|bão số 12", "2025-10-17", "2025-10-26"),
    Burst("flood of Huế", f"({_FLOODED}).*(huế|hội an)|(huế|hội an).*({_FLOODED})", "2025-10-25", "2025-11-03"),
    Burst("typhoon Kalmaegi", "kalmaegi|bão số 13", "2025-11-01", "2025-11-10", "2025-11-03T12:00"),
    Burst("central floods", f"({_FLOODED}).*({_CENTRE})|({_CENTRE}).*({_FLOODED})", "2025-11-18", "2025-11-28",
          "2025-11-19T22:00"),
    Burst("typhoon Koto", "koto|bão số 15", "2025-11-23", "2025-12-02"),
    Burst("Hong Kong fire", "(cháy|hỏa hoạn).*hong ?kong|hong ?kong.*(cháy|hỏa hoạn)", "2025-11-24", "2025-12-02"),
    Burst("Bondi shooting", "bondi|xả súng.*(úc|sydney)", "2025-12-12", "2025-12-18"),
    Burst("strike on Venezuela", "maduro|venezuela", "2026-01-02", "2026-01-08"),
)  # fmt: skip


@dataclass(frozen=True)
class Article:
    """A line of the file, when it arrived, and its text for the patterns."""

    id: str
    arrived: datetime
    text: str
    line: bytes


def articles(path: Path) -> list[Article]:
    """Read `vi-news/articles.jsonl.gz` in the order of arrival."""
    found = []
    with gzip.open(path) as file:
        for line in file:
            row = orjson.loads(line)
            text = unicodedata.normalize("NFC", f"{row['title']} . {row['summary'] or ''}").lower()
            arrived = datetime.fromisoformat(row["fetched"]).astimezone(ZONE)
            found.append(Article(row["id"], arrived, text, line))
    return sorted(found, key=lambda article: article.arrived)


def moments(stream: list[Article]) -> Iterator[tuple[datetime, str, Burst | None]]:
    """List when a brief is made: as asked, three hours after the tenth article, and every week to compare with."""
    for burst in BURSTS:
        if burst.asked:
            yield datetime.fromisoformat(burst.asked).replace(tzinfo=ZONE), "as asked", burst
        about = [
            article.arrived
            for article in stream
            if burst.first_day <= article.arrived.isoformat() < burst.last_day
            and re.search(burst.pattern, article.text)
        ]
        yield about[MENTIONS - 1] + timedelta(hours=3), f"article {MENTIONS} + 3 h", burst
    day = stream[0].arrived.replace(hour=6, minute=0, second=0) + timedelta(days=42)
    while day < stream[-1].arrived:
        yield day, "weekly", None
        day += timedelta(days=7, hours=6)


def report(path: Path) -> None:
    """Print one row a burst and moment, and how many levels an ordinary brief shows."""
    stream = articles(path)
    text_of = {article.id: article.text for article in stream}
    engine, taken = Engine(), 0
    levels: Counter[str] = Counter()
    stated, briefs, held = 0.0, 0, Counter[str]()
    print("| event | brief of | when | rank | status | level | voices | label |\n|---|---|---|---:|---|---|---:|---|")
    for moment, why, burst in sorted(moments(stream), key=lambda each: each[0]):
        upto = taken
        while upto < len(stream) and stream[upto].arrived <= moment:
            upto += 1
        _feed(engine, stream[taken:upto])
        taken = upto
        brief = assemble(engine, BriefOptions(as_of=moment, lang="en"))
        if burst is None:
            briefs += 1
            stated += brief["alarms"]["watch_per_week"] or 0.0
            levels.update(issue["level"] for issue in brief["issues"])
            continue
        rank, issue = _find(brief, burst, text_of)
        held[f"{why}: {_verdict(rank, issue)}"] += 1
        print(f"| {burst.name} | {moment:%Y-%m-%d %H:%M} | {why} | {_told(rank, issue)} |", flush=True)
    for verdict, count in sorted(held.items()):
        print(f"{verdict}: {count}")
    shown = ", ".join(f"{level} {levels[level] / briefs:.1f}" for level in LEVELS)
    print(
        f"an ordinary brief of ten ({briefs}, a week apart) shows: {shown}; states {stated / briefs:.0f} false a week"
    )


def _feed(engine: Engine, arrived: list[Article]) -> None:
    if not arrived:
        return
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.jsonl"
        part.write_bytes(b"".join(article.line for article in arrived))
        engine.run(PostReader([part], ReadOptions(author_key=bytes(32), kind="press")).batches())


def _find(brief: Brief, burst: Burst, text_of: dict[str, str]) -> tuple[int, Issue | None]:
    """Find the first of the ten issues of which half the articles are about the event."""
    for rank, issue in enumerate(brief["issues"], start=1):
        about = [re.search(burst.pattern, text_of[post]) is not None for post in issue["evidence"]]
        if sum(about) >= max(2, len(about) / 2):
            return rank, issue
    return 0, None


def _verdict(rank: int, issue: Issue | None) -> str:
    if issue is None or issue["level"] == "none" or issue["status"] not in ("new", "growing"):
        return "missed"
    return "warned in the top 3" if rank <= 3 else "warned in the top 10"


def _told(rank: int, issue: Issue | None) -> str:
    if issue is None:
        return "– | – | – | – | –"
    return f"{rank} | {issue['status']} | {issue['level']} | {issue['voices']} | {issue['label'][:60]}"
