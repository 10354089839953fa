"""Copied waves and twins: the same text again, edited a little or without its diacritics, as the truth tells.

A wave's first post is drawn like any other; its text is kept and what follows repeats it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from nhipcau.engine.sample.filling import CLOSING, EMOJI, GREETING, SEGMENTS, Chosen, Filler
from nhipcau.engine.sample.live import Flags, Floats, Live, Longs, Numbers
from nhipcau.engine.sample.phrases import EMPTY
from nhipcau.engine.sample.plan import Issue, Wave

TWIN_SHARE: Final = 0.014
EDITED_SHARE: Final = 0.07
"""Share of the pieces of a copy that are said in another way, where the sentence leaves a choice."""

_COPIED_MARKS: Final = 5  # thanks, jokes and reports that stand alone are not what goes round
_FEW_AUTHORS: Final = 2**40


class Waves:
    """The copied texts of the live issues."""

    def __init__(self, filler: Filler) -> None:
        self.filler = filler

    def choose(
        self,
        random: np.random.Generator,
        issues: Sequence[Issue],
        live: Live,
        seconds: Longs,
        chosen: Chosen,
        *,
        allowed: Flags,
        commune: Numbers,
        persona: Numbers,
        first_row: int,
    ) -> tuple[Longs, list[tuple[Wave, Longs]]]:
        """Which posts are copies, before any text is filled in; changes `chosen`, `commune` and `persona` in place.

        Returns
        -------
        copy_of
            Row number of the original in the whole stream, -1 where the post is no copy.
        waves
            Each wave at work with the posts that copy it here. Its original, if it is here, comes first.
        """
        copy_of = np.full(len(seconds), -1, np.int64)
        found: list[tuple[Wave, Longs]] = []
        uniform = random.random((4, len(seconds)))
        for issue in issues:
            wave = issue.wave
            if wave is None or seconds[-1] < wave.start_hour * 3600 or seconds[0] > wave.end_hour * 3600:
                continue
            inside = (live.issue == issue.number) & allowed
            inside &= (seconds >= wave.start_hour * 3600) & (seconds < wave.end_hour * 3600)
            rows = np.flatnonzero(inside & (uniform[0] < wave.share))
            start = 0
            if wave.original < 0:
                fit = rows[chosen.mark[rows] < _COPIED_MARKS]
                if not len(fit):
                    continue
                start = int(fit[0])
                wave.original = first_row + start
                rows = rows[rows >= start]
                wave.choices = np.concatenate(
                    [
                        chosen.picks[start],
                        chosen.separators[start],
                        [commune[start], persona[start], chosen.mark[start]],
                    ]
                ).astype(np.int32)
                found.append((wave, rows))
                rows = rows[1:]
            else:
                found.append((wave, rows))
            copy_of[rows] = wave.original
            wave.copies += len(rows)
            self._repeat(wave, rows, chosen, commune, persona, uniform[1:, rows])
        return copy_of, found

    def _repeat(
        self, wave: Wave, rows: Longs, chosen: Chosen, commune: Numbers, persona: Numbers, uniform: Floats
    ) -> None:
        own_emoji = chosen.picks[rows, EMOJI]
        chosen.picks[rows] = wave.choices[: len(SEGMENTS)]
        chosen.separators[rows] = wave.choices[len(SEGMENTS) : len(SEGMENTS) + 2]
        commune[rows], persona[rows], chosen.mark[rows] = wave.choices[-3:]
        passed_on = np.full(len(rows), self.filler.book.passed_on, np.int32)
        shared = self.filler.pick(uniform[0] * 5 % 1, passed_on)
        chosen.picks[rows, GREETING] = np.where(uniform[0] < 0.2, shared, chosen.picks[rows, GREETING])
        chosen.picks[rows, EMOJI] = np.where(uniform[1] < 0.3, own_emoji, chosen.picks[rows, EMOJI])
        chosen.picks[rows, CLOSING] = np.where(uniform[2] < 0.12, 0, chosen.picks[rows, CLOSING])

    def restore(
        self,
        random: np.random.Generator,
        text: Numbers,
        waves: list[tuple[Wave, Longs]],
        chosen: Chosen,
        first_row: int,
    ) -> None:
        """Put the original's pieces into its copies, but for the few that are edited; changes `text` in place."""
        for wave, rows in waves:
            if wave.base is None:
                wave.base = text[wave.original - first_row].copy()
            edited = random.random((len(rows), text.shape[1])) < EDITED_SHARE
            for segment in (GREETING, CLOSING, EMOJI):
                other = chosen.picks[rows, segment] != wave.choices[segment]
                edited[:, self.filler.spans[segment]] |= other[:, None]
            text[rows] = np.where(edited, text[rows], wave.base)


def few_authors(random: np.random.Generator, wave: Wave, count: int) -> npt.NDArray[np.uint64]:
    """Rows of authors for copies that few people post again and again."""
    among = (random.random(count) * wave.author_count).astype(np.uint64)
    return among + np.uint64(_FEW_AUTHORS + wave.number * 8)


def twin_partners(uniform: Floats, issue: Numbers, accented: Flags, free: Flags) -> Longs:
    """Find posts that repeat an earlier post of their issue without diacritics: its place in this run, else -1.

    Parameters
    ----------
    uniform
        One random number a post.
    issue
        Issue of each post; chatter has no twins.
    accented
        Posts written with all their diacritics.
    free
        Posts that are no copies, no press items and not in English.
    """
    order = np.argsort(issue, kind="stable")
    previous = np.full(len(issue), -1, np.int64)
    previous[order[1:]] = order[:-1]
    twin = (uniform < TWIN_SHARE) & free & (issue >= 0)
    partner_fits = (issue[previous] == issue) & accented[previous] & free[previous] & ~twin[previous]
    return np.where(twin & partner_fits & (previous >= 0), previous, EMPTY)
