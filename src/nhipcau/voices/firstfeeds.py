"""The short list of press feeds that a new centre may begin with, from `data/first_feeds.csv`.

Their addresses are to be checked by whoever confirms them; nothing of the list is asked before.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class FirstFeed:
    """A feed of the list."""

    code: str
    name: str
    address: str
    matter: str
    language: str
    rhythm_minutes: int
    terms: str


@cache
def first_feeds() -> tuple[FirstFeed, ...]:
    """Give the list, in its order."""
    text = (files("nhipcau.voices") / "data" / "first_feeds.csv").read_text("utf-8")
    return tuple(
        FirstFeed(
            code=row["code"],
            name=row["name"],
            address=row["address"],
            matter=row["matter"],
            language=row["language"],
            rhythm_minutes=int(row["rhythm_minutes"]),
            terms=row["terms"],
        )
        for row in csv.DictReader(text.splitlines())
    )
