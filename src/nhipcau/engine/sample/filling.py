"""Picks templates, fills their slots and joins the segments of many posts at once. Numbers only.

What a post has of greeting, situation and closing is drawn here from the odds in `book`; who and where comes from
`compose`, copies and twins from `copying`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nhipcau.engine.sample import book as phrases
from nhipcau.engine.sample.book import Book
from nhipcau.engine.sample.live import Flags, Floats, Live, Longs, Numbers, mixed
from nhipcau.engine.sample.phrases import CONTEXTS, EMPTY, FREE, OF_ISSUE, WIDTH

SEGMENTS: Final = ("greeting", "situation", "lead", "core", "closing", "emoji")
SALT: Final = len(CONTEXTS)
"""Column of a post's own salt, after its contexts."""

GREETING, SITUATION, LEAD, CORE, CLOSING, EMOJI = range(6)
PERSONAL_SHARE: Final = 0.012
"""Share of the posts that name an obvious placeholder of a telephone or identity number."""

WINDOW: Final = 0.75
"""An issue speaks in this part of its scenario's sentences, so that two issues of one scenario differ."""


@dataclass
class Chosen:
    """Templates by segment (posts, 6), the mark of each core, and the pieces after the situation and the core."""

    picks: Numbers
    mark: Numbers
    separators: Numbers


class Filler:
    """Draws from one phrasebook."""

    def __init__(self, book: Book) -> None:
        self.book = book
        templates = book.templates
        self.filled: Numbers = (templates.rows != EMPTY).sum(axis=1).astype(np.int32)
        widths = [self._widest(groups) for groups in book.segment_groups()]
        self.edges = np.cumsum([0, *widths])
        self.spans = [slice(int(low), int(high)) for low, high in zip(self.edges[:-1], self.edges[1:], strict=True)]
        self.title_width = self._widest(book.title)

    def _widest(self, groups: Numbers) -> int:
        templates = self.book.templates
        widest = 1
        for group in np.unique(groups):
            start = templates.group_start[group]
            widest = max(widest, int(self.filled[start : start + templates.group_size[group]].max()))
        return widest

    def pick(self, uniform: Floats, groups: Numbers, offset: Floats | float = 0.0, window: float = 1.0) -> Numbers:
        """One template of each group."""
        templates = self.book.templates
        place = (offset + window * uniform) % 1.0
        return (templates.group_start[groups] + (place * templates.group_size[groups]).astype(np.int32)).astype(
            np.int32
        )

    def choose(self, random: np.random.Generator, live: Live, mark: Numbers, *, press: Flags, english: Flags) -> Chosen:
        """Templates for every segment of every post."""
        book = self.book
        n = len(mark)
        scenario = live.scenario
        uniform = random.random((14, n))
        plain = ~(press | english)
        core = np.where(press, phrases.PRESS_COLUMN, np.where(english, phrases.ENGLISH_COLUMN, mark))
        groups = np.full((n, len(SEGMENTS)), book.nothing, np.int32)
        greeted = plain & (uniform[0] < phrases.GREETING[mark])
        formally = greeted & (uniform[1] < 0.16) & (mark < 3)
        greeting = np.where(formally, book.formal_greeting[scenario], book.greeting[scenario, mark])
        groups[:, GREETING] = np.where(greeted, greeting, book.nothing)
        groups[english & (uniform[0] < 0.4), GREETING] = book.english_greeting
        told = ((uniform[3] < 0.65) & (mark != 4) & (mark != 6)).astype(np.int32)
        # "Theo em thấy thì em ở …" and "Cập nhật: em ở …" are not said.
        hedged = greeted & ((mark == 3) | (mark == 4))
        situated = plain & (uniform[2] < phrases.SITUATION[mark]) & ~hedged
        groups[:, SITUATION] = np.where(situated, book.situation[scenario, told], book.nothing)
        # A press item has two sentences of text, the first about the matter itself.
        groups[press, SITUATION] = book.situation[scenario[press], phrases.PRESS_LEAD]
        groups[:, LEAD] = np.where(plain & (uniform[4] < phrases.LEAD[mark]), book.lead[scenario, mark], book.nothing)
        groups[:, CORE] = book.core[scenario, core]
        closed = plain & (uniform[5] < phrases.CLOSING[mark])
        groups[:, CLOSING] = np.where(closed, book.closing[scenario, mark], book.nothing)
        groups[plain & (uniform[5] > 1 - PERSONAL_SHARE) & (mark < 3) & (live.issue >= 0), CLOSING] = book.personal
        groups[english & (uniform[5] < 0.3), CLOSING] = book.english_closing
        groups[:, EMOJI] = np.where(~press & (uniform[6] < phrases.EMOJI[mark]), book.emoji[mark], book.nothing)
        picks = np.empty((n, len(SEGMENTS)), np.int32)
        for segment in range(len(SEGMENTS)):
            if segment == CORE:
                picks[:, segment] = self.pick(uniform[7 + segment], groups[:, segment], live.offset, WINDOW)
            else:
                picks[:, segment] = self.pick(uniform[7 + segment], groups[:, segment])
        # Both groups begin with the same sentences: the second must not say the first again.
        start, first = (book.templates.group_start[groups[:, segment]] for segment in (CORE, SITUATION))
        place = picks[:, SITUATION] - first
        repeated = press & (place == picks[:, CORE] - start)
        place = np.where(repeated, (place + 1) % book.templates.group_size[groups[:, SITUATION]], place)
        picks[:, SITUATION] = first + place
        return Chosen(picks, mark, self._separators(random, picks, mark, press=press, english=english))

    def _separators(
        self, random: np.random.Generator, picks: Numbers, mark: Numbers, *, press: Flags, english: Flags
    ) -> Numbers:
        known = self.book.separators
        uniform = random.random((2, len(mark)))
        after = np.where(uniform[0] < 0.62, known[". "], np.where(uniform[0] < 0.94, known[", "], known["\n"]))
        after = np.where(press, known[" "], after)
        after = np.where(self.filled[picks[:, SITUATION]] > 0, after, EMPTY)
        ask = np.array([known[end] for end in phrases.ASKED])
        ask_plainly = np.array([known[end] for end in phrases.ASKED_PLAINLY])
        tell = np.array([known[end] for end in phrases.TOLD])
        tell_plainly = np.array([known[end.removeprefix(" ạ")] for end in phrases.TOLD])
        place = (uniform[1] * len(ask)).astype(np.int32)
        question = (mark == 0) & ~english
        closed = self.book.templates.ends[picks[:, CORE]] | press
        particle = self.book.templates.takes_particle[picks[:, CORE]]
        asked = np.where(particle, ask[place], ask_plainly[place])
        told = np.where(particle & (mark < 6), tell[place], tell_plainly[place])
        end = np.where(question, asked, told)
        unended = np.isin(end, [known[""], known[" ạ"], known[" vậy"]])
        bare = unended & (self.filled[picks[:, CLOSING]] > 0)
        end = np.where(bare, np.where(question, known["?"], known["."]), end)
        end = np.where(closed | (end == known[""]), EMPTY, end)
        return np.stack([after, end], axis=1).astype(np.int32)

    def fill(
        self, random: np.random.Generator, ids: Numbers, contexts: Numbers, salt: Longs, width: int = WIDTH
    ) -> Numbers:
        """Pieces of these templates, (posts, width), by the formula that `phrases` prepares.

        A slot says piece `start + context * size + pick`; a slot that is fixed for its issue picks by the issue's salt.
        """
        templates = self.book.templates
        codes: Numbers = templates.rows[ids, :width]
        row, column = np.nonzero(codes < EMPTY)
        slot = -2 - codes[row, column]
        size = templates.slot_size[slot]
        context = templates.slot_context[slot]
        pick = (random.random(len(slot)) * size).astype(np.int32)
        # A river keeps its name throughout an issue, a fee throughout a post.
        steadiness = templates.slot_steadiness[slot]
        steady = steadiness > FREE
        salts = np.where(steadiness == OF_ISSUE, salt[row], contexts[row, SALT])[steady]
        salted = mixed(salts.astype(np.uint64) * np.uint64(4099) + slot[steady].astype(np.uint64))
        pick[steady] = (salted % size[steady].astype(np.uint64)).astype(np.int32)
        codes[row, column] = templates.slot_start[slot] + contexts[row, context] * size + pick
        return codes

    def fill_segments(self, random: np.random.Generator, picks: Numbers, contexts: Numbers, salt: Longs) -> Numbers:
        """Fill the segments side by side, at the columns of `spans`."""
        text = np.full((len(picks), int(self.edges[-1])), EMPTY, np.int32)
        for segment, span in enumerate(self.spans):
            rows = np.flatnonzero(self.filled[picks[:, segment]])
            text[rows, span] = self.fill(
                random, picks[rows, segment], contexts[rows], salt[rows], span.stop - span.start
            )
        return text

    def join(self, text: Numbers, chosen: Chosen, *, careless: Flags) -> tuple[Numbers, Flags]:
        """Join the whole text of each post as pieces, and which of them begin with a capital."""
        n = len(text)
        blank = np.where(self.filled[chosen.picks[:, CLOSING]] > 0, self.book.separators[" "], EMPTY).astype(np.int32)
        columns = [
            text[:, : self.edges[LEAD]],
            chosen.separators[:, :1],
            text[:, self.edges[LEAD] : self.edges[CLOSING]],
            chosen.separators[:, 1:],
            blank[:, None],
            text[:, self.edges[CLOSING] :],
        ]
        pieces = np.concatenate(columns, axis=1)
        upper = np.zeros(pieces.shape, bool)
        ends = self.book.templates.ends
        # Who greets in a sentence of its own goes on with a capital.
        careless = careless & ~ends[chosen.picks[:, GREETING]]
        begins = ~careless
        known = self.book.separators
        for segment in range(EMOJI):
            present = self.filled[chosen.picks[:, segment]] > 0
            # One separator stands before the lead, another and a blank before the closing.
            column = int(self.edges[segment]) + (segment >= LEAD) + 2 * (segment >= CLOSING)
            upper[:, column] = begins & present
            after = ends[chosen.picks[:, segment]]
            if segment == SITUATION:
                mark = chosen.separators[:, 0]
                after = (mark == known[". "]) | (mark == known["\n"]) | ((mark == known[" "]) & after)
            elif segment == CORE:
                after = np.ones(n, bool)
            begins = np.where(present, after & ~careless, begins)
        return pieces, upper
