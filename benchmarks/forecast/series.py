"""Hourly series to forecast: news categories and issues, tweet volumes, made-up ones; and hours to forecast from."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HORIZON = 72
HISTORY_HOURS = 28 * 24
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local hours on both sides
FIRST_DAY, AFTER_LAST_DAY = "2025-08-12T00:00:00", "2026-03-01T00:00:00"

KEYWORDS = {
    "bualoi": "bualoi|bão số 10",
    "kalmaegi": "kalmaegi|bão số 13",
    "ragasa": "ragasa|bão số 9",
    "kajiki": "kajiki|bão số 5",
    "lũ": r"\blũ\b|ngập",
    "sạt lở": "sạt lở",
    "vàng": "giá vàng",
    "thi": "tốt nghiệp thpt|tuyển sinh|kỳ thi",
    "bóng đá": "bóng đá|u23|u22|ngoại hạng",
    "sea games": "sea games",
    "ukraine": "ukraine|zelensky",
    "gaza": "gaza|israel|hamas",
    "trump": "trump",
    "ung thư": "ung thư",
    "sữa": "sữa giả|thực phẩm bẩn|ngộ độc",
    "tai nạn": "tai nạn",
    "giao thông": "ùn tắc|kẹt xe|giao thông",
    "học phí": "học phí|học sinh",
    "bệnh viện": "bệnh viện",
    "tết": r"\btết\b",
    "chứng khoán": "vn-index|chứng khoán",
    "bất động sản": "bất động sản|chung cư",
    "ai": r"\bai\b|trí tuệ nhân tạo",
    "iphone": "iphone",
    "tiktok": "tiktok",
    "lừa đảo": "lừa đảo",
    "cháy": r"\bcháy\b",
    "động đất": "động đất",
    "campuchia": "campuchia",
    "đại hội": "đại hội",
    "thuế": r"\bthuế\b|hộ kinh doanh",
    "metro": "metro",
    "sân bay": "sân bay",
    "cúm": r"\bcúm\b|sốt xuất huyết",
    "miss": "hoa hậu",
    "man utd": "man utd|man united|liverpool|real madrid",
    "xăng": "xăng|dầu",
    "venezuela": "venezuela|maduro",
    "công an": "khởi tố|bắt giam",
    "không khí": "ô nhiễm không khí|aqi",
}
"""Stand-ins for issues: what an article must match."""


@dataclass(frozen=True)
class Series:
    """One whole series: its group, the counts, the local hour of the first one, and the stream that it is part of."""

    group: str
    name: str
    counts: Floats
    first_hour: int
    stream: Floats | None
    is_issue: bool

    @property
    def is_held_out(self) -> bool:
        """No constant was set by looking at this series."""
        return hashlib.md5(self.name.encode()).digest()[-1] % 2 == 1 or self.group == "made up"


@dataclass(frozen=True)
class Case:
    """What was known at one hour, and what came then."""

    series: Series
    known: Floats
    stream: Floats | None
    last_hour: int
    came: Floats


def local_hour(text: str) -> int:
    """Give the local hours since 1970-01-01 of a time with or without a zone."""
    return int((datetime.fromisoformat(text).replace(tzinfo=None) - EPOCH).total_seconds() // 3600)


def news(folder: Path) -> Iterator[Series]:
    """Make the series of `vi-news/articles.jsonl.gz`: categories by publication and by arrival, keywords, phrases."""
    path = folder / "vi-news" / "articles.jsonl.gz"
    with gzip.open(path) as stream:
        rows = [orjson.loads(line) for line in stream]
    first, end = local_hour(FIRST_DAY), local_hour(AFTER_LAST_DAY)
    times = np.array([local_hour(row["time"]) for row in rows])
    arrivals = np.array([local_hour(row["fetched"]) for row in rows])

    def counted(hours: NDArray[np.int64]) -> Floats:
        inside = hours[(hours >= first) & (hours < end)]
        return np.bincount(inside - first, minlength=end - first).astype(np.float64)

    whole = counted(times)
    sources = np.array([row["source"] for row in rows])
    for source in sorted(set(sources)):
        yield Series("cat", source, counted(times[sources == source]), first, whole, is_issue=False)
        yield Series("catf", source, counted(arrivals[sources == source]), first, whole, is_issue=False)
    titles = [unicodedata.normalize("NFC", row["title"]).lower() for row in rows]
    texts = [unicodedata.normalize("NFC", f"{row['title']} . {row['summary'] or ''}").lower() for row in rows]
    for name, pattern in KEYWORDS.items():
        matches = np.array([re.search(pattern, text) is not None for text in texts])
        yield Series("kw", name, counted(times[matches]), first, whole, is_issue=True)
    yield from _phrases(titles, times, counted, first, whole)


def _phrases(titles: list[str], times, counted, first: int, whole: Floats) -> Iterator[Series]:  # type: ignore[no-untyped-def]
    """Two-syllable phrases of titles that burst: 300 unlike ones, the most bursting first."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, title in enumerate(titles):
        words = re.findall(r"\w+", title)
        for pair in set(pairwise(words)):
            found[pair].append(row)
    bursting = []
    for pair, rows in found.items():
        if len(rows) < 40:
            continue
        days = counted(times[rows]).reshape(-1, 24).sum(axis=1)
        peak = np.convolve(days, np.ones(3), "valid").max()
        if peak >= 12:
            bursting.append((peak / max(1.0, days.mean() * 3), len(rows), pair))
    taken: list[set[int]] = []
    for _, _, pair in sorted(bursting, reverse=True):
        rows_of = set(found[pair])
        if any(len(rows_of & other) > 0.5 * min(len(rows_of), len(other)) for other in taken):
            continue
        taken.append(rows_of)
        yield Series("auto", " ".join(pair), counted(times[found[pair]]), first, whole, is_issue=True)
        if len(taken) == 300:
            return


def tweets(folder: Path) -> Iterator[Series]:
    """Sum the tweet volumes of NAB by the hour."""
    for path in sorted((folder / "nab" / "data" / "realTweets").glob("*.csv.gz")):
        with gzip.open(path) as stream:
            rows = list(csv.reader(io.TextIOWrapper(stream, encoding="utf-8")))[1:]
        hours = np.array([local_hour(row[0]) for row in rows])
        volumes = np.array([float(row[1]) for row in rows])
        sums = np.bincount(hours - hours.min(), weights=volumes)[1:-1].astype(np.float64)
        yield Series("nab", path.name.split("_")[-1][:-7], sums, int(hours.min()) + 1, None, is_issue=False)


def made_up(number: int = 24) -> Iterator[Series]:
    """Draw series from sparse to busy, every second one with bursts that feed themselves; nothing was tuned on them."""
    shape = np.clip(1.0 + 0.9 * np.sin((np.arange(24) - 8) * np.pi / 12), 0.05, None)
    for seed in range(number):
        rng = np.random.default_rng(seed)
        rate = float(np.exp(rng.uniform(np.log(0.15), np.log(8.0))))
        base = np.tile(rate * shape, 60)
        counts, excited = np.zeros(len(base)), 0.0
        for hour, expected in enumerate(base):
            counts[hour] = rng.poisson(expected + excited * shape[hour % 24])
            if seed % 2:
                excited = 0.97 * excited + (rng.exponential(3 * rate) if rng.random() < 0.004 else 0.0)
        yield Series("made up", f"seed {seed}", counts, 24 * 20_000, None, is_issue=False)


def cases(series: Series, number: int, *, seed: int = 0) -> Iterator[Case]:
    """Choose hours to forecast from: any after a fortnight; for an issue those with at least 6 posts in the last day.

    An issue begins with its first post within the last 28 days, and must be a day old.
    """
    counts = series.counts
    hours = np.arange(14 * 24, len(counts) - HORIZON)
    if series.is_issue:
        last_day = np.convolve(counts, np.ones(24))[: len(counts)]
        hours = hours[last_day[hours - 1] >= 6]
    rng = np.random.default_rng(seed)
    for now in np.sort(rng.choice(hours, min(number, len(hours)), replace=False)).tolist():
        begin = max(0, now - HISTORY_HOURS)
        known = counts[begin:now]
        if series.is_issue:
            known = known[np.flatnonzero(known)[0] :]
        if len(known) < 24:
            continue
        stream = None if series.stream is None else series.stream[begin:now]
        yield Case(series, known, stream, series.first_hour + now - 1, counts[now : now + HORIZON])
