"""What was said about one issue, quoted, or the sentence why it is not quoted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nhipcau.engine.brief.model import Issue, quotable
from nhipcau.engine.brief.text import brought_down, isolate, web_link
from nhipcau.engine.brief.view import Quote
from nhipcau.engine.brief.words import Words

LONGEST_QUOTE: Final = 500


def quotes_of(issue: Issue, *, floor: int, words: Words) -> list[Quote]:
    """Word the excerpts that may be shown, each with its kind, its source, its time and how many copies it has."""
    quotes = []
    for excerpt in quotable(issue, floor=floor):
        told = [words(f"issue.{excerpt['kind']}")]
        if excerpt["source"]:
            told.append(isolate(excerpt["source"]))
        if excerpt["time"]:
            told.append(words.short_moment(excerpt["time"]))
        if excerpt["voices"] > 1:
            told.append(words("count.copies", excerpt["voices"] - 1))
        text = brought_down(excerpt["text"], most=LONGEST_QUOTE)
        quotes.append(Quote(text, words("list.join").join(told), web_link(excerpt["link"])))
    return quotes


def withheld_sentence(issue: Issue, quotes: Sequence[Quote], *, floor: int, words: Words) -> str:
    """Say why people's words are not quoted; empty where they are."""
    reason = issue["excerpts_withheld"]
    if reason is None and len(quotes) < len(issue["excerpts"]):
        reason = "unknown-authors" if issue["distinct_authors"] is None else "few-authors"
    if reason is None:
        return "" if quotes else words("issue.excerpts_none")
    key = f"withheld.{reason}"
    return words(key if key in words else "withheld.other", floor=words.number(floor))
