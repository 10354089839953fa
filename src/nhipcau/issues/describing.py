"""What an issue says: label, places, questions, excerpts. The words themselves are fetched from the voice log.

Which issues, and what is done with it, is in `actions/picture.py`; the rules of the floor are the engine's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief import issue_parts
from nhipcau.engine.brief.figures import Longs
from nhipcau.engine.brief.issue_parts import Voices
from nhipcau.engine.brief.model import DEFAULT_FLOOR
from nhipcau.engine.forecasting.model import no_forecast
from nhipcau.engine.kinds.cues import KINDS
from nhipcau.engine.stream import Engine
from nhipcau.issues.looking import QUESTION, Look, only
from nhipcau.issues.quotable import Apart, Quotable
from nhipcau.issues.threadlists import threads_of_rows
from nhipcau.network.spelling import folded

MOST_TEXTS: Final = 400
"""The latest voices of an issue that are read to describe it."""
MOST_EVIDENCE: Final = 200


class Texts(Protocol):
    """Where the words of voices are."""

    def texts(self, seqs: Longs) -> tuple[list[str], list[str | None]]:
        """Give text and link of each voice, in order; empty for one that is no longer kept."""


def describe_issues(engine: Engine, texts: Texts, seen: Look, places: list[int]) -> dict[int, dict[str, Any]]:
    """Describe the issues at some places of `seen.keys`: the fields of `Issue` that words are needed for.

    An issue without voices in the window is described by its latest ones, of which none is quoted.
    """
    if not places:
        return {}
    figures = seen.figures
    wanted = np.full(len(seen.keys), -1, np.int64)
    wanted[places] = np.arange(len(places))
    chosen = np.flatnonzero(wanted[figures.issue] >= 0)
    owner = wanted[figures.issue[chosen]]
    in_order = np.argsort(owner, kind="stable")
    ends = np.cumsum(np.bincount(owner, minlength=len(places)))
    whole = np.split(chosen[in_order], ends[:-1])
    inside = figures.mask(seen.window.since, seen.window.until)[chosen]
    chosen, owner = (
        chosen[inside | ~seen.is_in_window[figures.issue[chosen]]],
        owner[inside | ~seen.is_in_window[figures.issue[chosen]]],
    )
    order = np.argsort(owner, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(places)))])
    latest = [chosen[order[max(start, stop - MOST_TEXTS) : stop]] for start, stop in pairwise(bounds)]
    words, links = texts.texts(figures.seq[np.concatenate([np.zeros(0, np.int64), *latest])])
    apart = Apart.load(since=datetime.fromtimestamp(seen.window.since, UTC))
    described, begin = {}, 0
    for place, part, rows in zip(places, latest, whole, strict=True):
        end = begin + len(part)
        if len(part):
            key, said_of = int(seen.keys[place]), words[begin:end]
            left = apart.quotable(engine, seen, key, every=rows, asked=part, words=said_of)
            described[place] = _describe(engine, seen, place, part, said_of, links[begin:end], left)
            said = {
                row: text
                for k, (row, text) in enumerate(zip(part.tolist(), said_of, strict=True))
                if left is None or left.mask[k]
            }
            may_quote = any(one["kind"] == "post" for one in described[place]["excerpts"])
            described[place]["threads"] = threads_of_rows(seen, rows, said, may_quote=may_quote)
        begin = end
    return described


def _describe(
    engine: Engine,
    seen: Look,
    place: int,
    part: Longs,
    words: list[str],
    links: list[str | None],
    left: Quotable | None,
) -> dict[str, Any]:
    kept = np.array([bool(text) for text in words], np.bool_)
    figures = only(seen.figures, part[kept])
    row = seen.row_of(place)
    authors = 0 if row is None else int(seen.found.authors[row]) if left is None else left.authors
    is_wide = authors >= DEFAULT_FLOOR
    if left is None or left.mask[kept].all():
        made = _made(engine, seen, place, part, words, links, kept, is_wide=is_wide)
    else:
        # counts and places are those of all; words are taken of those only that may be quoted
        made = _made(engine, seen, place, part, words, links, kept, is_wide=False)
        if (may := kept & left.mask).any():
            said = _made(engine, seen, place, part, words, links, may, is_wide=is_wide)
            made.update({name: said[name] for name in ("label", "keywords", "questions", "excerpts")})
        elif figures.is_press.any():
            made["excerpts"] = []
    withheld = ""
    if not is_wide and not figures.is_press.all():
        withheld = "few-authors" if authors or row is None else "unknown-authors"
    label = "" if made["label"] == f"#{place}" else made["label"]
    shown = [label, *made["keywords"], *(excerpt["text"] for excerpt in made["excerpts"])]
    codes = [place["code"] for place in made["places"]]
    return {
        "label": label[:300],
        "keywords": made["keywords"],
        "places": made["places"],
        "place_codes": f"|{'|'.join(codes)}|" if codes else "",
        "questions": made["questions"],
        "excerpts": made["excerpts"],
        "excerpts_withheld": withheld,
        "evidence": [int(seq) for seq in figures.seq[~figures.is_copy][-MOST_EVIDENCE:]],
        "search_text": folded(*filter(None, shown)),
    }


def _made(
    engine: Engine,
    seen: Look,
    place: int,
    part: Longs,
    words: list[str],
    links: list[str | None],
    kept: NDArray[np.bool_],
    *,
    is_wide: bool,
) -> Any:
    """What the engine says of some of the voices."""
    figures = only(seen.figures, part[kept])
    asks = (seen.kind[part[kept]] == QUESTION) & ~figures.is_copy & ~figures.is_press
    voices = Voices(
        rows=list(range(int(kept.sum()))),
        ids=[str(seq) for seq in figures.seq],
        texts=[text for text, is_kept in zip(words, kept, strict=True) if is_kept],
        links=[link for link, is_kept in zip(links, kept, strict=True) if is_kept],
        asks=asks.tolist(),
        questions=int(asks.sum()),
    )
    return issue_parts.describe(engine, figures, seen.window, place, voices, no_forecast("later"), is_wide=is_wide)


def kinds_by_name(counts: Longs) -> dict[str, int]:
    """Name the counts of kinds."""
    return dict(zip(KINDS, counts.tolist(), strict=True))
