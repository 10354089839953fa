"""Draws posts: who writes when, where and about what, and which pieces of text make the post. Numbers only.

`plan` says what happens, `filling` finds the words, `encoding` turns the numbers into lines of a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nhipcau.engine.sample import book as phrases
from nhipcau.engine.sample.book import Book
from nhipcau.engine.sample.copying import Waves, few_authors, twin_partners
from nhipcau.engine.sample.filling import CORE, EMOJI, SALT, Filler
from nhipcau.engine.sample.live import Flags, Floats, Live, Longs, Numbers, mixed
from nhipcau.engine.sample.phrases import EMPTY, PERSONAS
from nhipcau.engine.sample.plan import Issue, Plan
from nhipcau.engine.sample.province import Source, communes
from nhipcau.engine.sample.spelling import STYLE_SHARES, STYLES

ENGLISH_SHARE: Final = 0.02
PRESS_SHARE: Final = 0.035
_UNACCENTED: Final = STYLES.index("unaccented")
_SETTLED: Final = ("hotline", "radio")  # typed by a clerk, in plain Vietnamese


@dataclass
class Rows:
    """A run of posts. `text` is (posts, columns) of pieces, `EMPTY` where there is none; `upper` its capitalised ones.

    `seconds` and `arrived` count from the start of the stream; `issue` is -1 for chatter, `copy_of` and `twin_of` are
    row numbers in the whole stream or -1; `author` 0 is unknown.
    """

    first_row: int
    seconds: Longs
    arrived: Longs
    issue: Numbers
    kind: npt.NDArray[np.int8]
    commune: Numbers
    has_place: Flags
    source: Numbers
    author: npt.NDArray[np.uint64]
    is_press: Flags
    title: Numbers
    text: Numbers
    upper: Flags
    style: npt.NDArray[np.int8]
    reach: Longs
    copy_of: Longs
    twin_of: Longs


class Composer:
    """Draws one chunk of posts after the other; holds the copied waves and what was counted of each issue."""

    def __init__(self, plan: Plan, book: Book, places: tuple[Source, ...], *, posts_per_day: int, seed: int) -> None:
        self.plan = plan
        self.book = book
        self.seed = seed
        self.next_row = 0
        self.author_count = max(2000, 6 * posts_per_day)
        self.live: list[Issue] = []
        self._started = 0
        self._filler = Filler(book)
        self._waves = Waves(self._filler)
        self._area = np.array([commune.area for commune in communes()], np.int32)
        self._settlement = np.array([commune.settlement for commune in communes()], np.int32)
        self._channel = np.array([source.channel for source in places])
        self._is_commune_page = np.array([source.commune >= 0 for source in places])
        self._area_page = np.zeros(int(self._area.max()) + 1, np.int32)
        self._commune_page = np.full(len(self._area), -1, np.int32)
        for number, source in enumerate(places):
            if source.commune >= 0:
                self._commune_page[source.commune] = number
            elif source.area >= 0:
                self._area_page[source.area] = number

    def draw(self, number: int, hours: Longs, counts: Longs, *, start: float = 0.0, end: float = 1.0) -> Rows:
        """Draw the posts of these hours, in time order.

        Parameters
        ----------
        number
            Which chunk: its random numbers depend on this and the seed alone.
        hours, counts
            Hours since the start of the stream, ascending, and how many posts fall into each.
        start, end
            The part of each hour to draw from.
        """
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, 1, number])))
        n = int(counts.sum())
        uniform = random.random((17, n))
        within = start + (end - start) * uniform[0]
        seconds = np.sort(((np.repeat(hours, counts) + within) * 3600).astype(np.int64))
        live = self._choose_issues(random.random(n), hours, counts)
        age = np.where(live.issue >= 0, seconds / 3600 - live.onset, 0.0)
        has_press = self.book.core[live.scenario, phrases.PRESS_COLUMN] != self.book.nothing
        press = (uniform[1] < PRESS_SHARE) & has_press & (age > 2)
        english = ~press & (uniform[1] > 1 - ENGLISH_SHARE)
        english &= self.book.core[live.scenario, phrases.ENGLISH_COLUMN] != self.book.nothing
        phase = np.where(live.issue < 0, 1, np.digitize(age / live.life, (0.16, 0.6)))
        mark = (uniform[2][:, None] > self.book.mark_odds[live.scenario, phase]).sum(axis=1)
        mark = np.minimum(mark, len(phrases.VOICE_MARKS) - 1).astype(np.int32)
        commune = self._choose_places(uniform[3], live, age)
        persona = np.searchsorted(np.cumsum([share for _, _, share in PERSONAS])[:-1], uniform[4]).astype(np.int32)
        author_row = (self.author_count * uniform[5] ** 1.8).astype(np.uint64)

        chosen = self._filler.choose(random, live, mark, press=press, english=english)
        copy_of, waves = self._waves.choose(
            random,
            self.live,
            live,
            seconds,
            chosen,
            allowed=~(press | english),
            commune=commune,
            persona=persona,
            first_row=self.next_row,
        )
        for wave, rows in waves:
            if wave.authors == "few":
                author_row[rows] = few_authors(random, wave, len(rows))
        author = mixed(author_row + np.uint64(self.seed) * np.uint64(2**44 + 1)) >> np.uint64(16)
        author = np.maximum(author, np.uint64(1))
        contexts = self._contexts(persona, commune, (random.random(n) * 2**31).astype(np.int32))
        text = self._filler.fill_segments(random, chosen.picks, contexts, live.salt)
        self._waves.restore(random, text, waves, chosen, self.next_row)
        careless = (uniform[6] < 0.22) & ~(press | english)
        pieces, upper = self._filler.join(text, chosen, careless=careless)

        style = self._choose_styles(uniform[7:9], author, plain=press | english)
        original = np.zeros(n, bool)
        for wave, _ in waves:
            if wave.original >= self.next_row:
                original[wave.original - self.next_row] = True
        style[original] = 0
        twin = twin_partners(uniform[9], live.issue, style == 0, ~(press | english | original) & (copy_of < 0))
        kind = self.book.templates.kinds[chosen.picks[:, CORE]]
        rows = np.flatnonzero(twin >= 0)
        for values in (pieces, upper, commune, kind):
            values[rows] = values[twin[rows]]
        source = self._choose_sources(uniform[10:13], live.scenario, commune, seconds, press=press)
        channel = self._channel[source]
        clerk = np.isin(channel, _SETTLED) & (uniform[13] < 0.9)
        style[clerk] = 0
        # A clerk types no emoji; what has a twin stays as the twin repeats it.
        clerk[rows] = clerk[twin[rows]] = False
        pieces[clerk, self._filler.spans[EMOJI].start - self._filler.spans[EMOJI].stop :] = EMPTY
        # After the clerks, for a twin is one because it has no diacritics and its partner has them all.
        style[rows] = _UNACCENTED
        title = self._titles(random, live, contexts, press)
        self._count(live.issue, kind, seconds)
        drawn = Rows(
            first_row=self.next_row,
            seconds=seconds,
            arrived=seconds + self._delays(uniform[14], channel),
            issue=live.issue,
            kind=kind,
            commune=commune,
            has_place=uniform[15] < self._place_odds(source, channel),
            source=source,
            author=np.where(np.isin(channel, ("press", "survey", "radio")), np.uint64(0), author),
            is_press=press,
            title=title,
            text=pieces,
            upper=upper,
            style=style,
            reach=np.minimum(3.0 / (1.0 - uniform[16]) ** 1.05 * np.where(press, 60.0, 1.0), 99000.0).astype(np.int64),
            copy_of=copy_of,
            twin_of=np.where(twin >= 0, self.next_row + twin, EMPTY),
        )
        self.next_row += n
        return drawn

    def _contexts(self, persona: Numbers, commune: Numbers, salt: Numbers) -> Numbers:
        """Return what slots depend on, in the columns of `phrases.CONTEXTS`, and its salt."""
        contexts = np.zeros((len(persona), SALT + 1), np.int32)
        contexts[:, 1] = persona
        contexts[:, 2] = commune
        contexts[:, 3] = self._settlement[commune]
        contexts[:, 4] = self._area[commune]
        contexts[:, SALT] = salt
        return contexts

    def _choose_issues(self, uniform: Floats, hours: Longs, counts: Longs) -> Live:
        plan = self.plan
        while self._started < len(plan.issues) and plan.issues[self._started].onset < hours[-1] + 1:
            self.live.append(plan.issues[self._started])
            self._started += 1
        self.live = [issue for issue in self.live if issue.onset + issue.life > hours[0]]
        middle = hours.astype(np.float64) + 0.5
        beat = plan.rhythm(hours)
        levels = [issue.intensity(middle) * beat**issue.night for issue in self.live]
        table = np.cumsum(np.array([*levels, plan.chatter * beat]), axis=0).T
        table = table / table[:, -1:]
        # One search for all hours: the odds of the k-th hour lie between k and k + 1.
        row = np.repeat(np.arange(len(hours)), counts)
        edges = (table + np.arange(len(hours))[:, None]).ravel()
        column = np.searchsorted(edges, row + uniform, side="right") - row * table.shape[1]
        column = np.minimum(column, table.shape[1] - 1).astype(np.int32)
        return Live.of(self.live, column, len(self.book.core) - 1)

    def _choose_places(self, uniform: Floats, live: Live, age: Floats) -> Numbers:
        count = live.place_count
        # A matter begins in one commune and reaches the others while it grows.
        active = np.minimum(count, 1 + (count - 1) * np.minimum(1.0, (age + 1) / (live.rise * 2 + 1)))
        pick = np.clip((uniform**1.4 * active).astype(np.int32), 0, count - 1)
        anywhere = (uniform * len(self._area)).astype(np.int32)
        return np.where(live.issue < 0, anywhere, live.places[live.column, pick]).astype(np.int32)

    def _choose_styles(self, uniform: Floats, author: npt.NDArray[np.uint64], *, plain: Flags) -> npt.NDArray[np.int8]:
        habit = (mixed(author) >> np.uint64(11)).astype(np.float64) / 2**53
        # People type as they always do, three times in four.
        draw = np.where(uniform[0] < 0.75, habit, uniform[1])
        style = np.searchsorted(np.cumsum(STYLE_SHARES)[:-1], draw).astype(np.int8)
        style[plain] = 0
        return style

    def _choose_sources(
        self, uniform: Floats, scenario: Numbers, commune: Numbers, seconds: Longs, *, press: Flags
    ) -> Numbers:
        book = self.book
        column = (uniform[0][:, None] > book.source_odds[scenario]).sum(axis=1)
        choice = book.source_choices[scenario, np.minimum(column, book.source_choices.shape[1] - 1)]
        hour = (seconds // 3600 + self.plan.first_hour) % 24
        # A hotline has few calls at night; who would have called writes to a page.
        asleep = (self._channel[choice] == "hotline") & ((hour < 7) | (hour >= 18)) & (uniform[1] < 0.7)
        choice = np.where(asleep, -1, choice)
        page = self._commune_page[commune]
        choice = np.where((choice == -2) & (page >= 0), page, np.where(choice == -2, -1, choice))
        choice = np.where(choice == -1, self._area_page[self._area[commune]], choice)
        column = np.searchsorted(book.press_odds, uniform[2], side="right")
        column = np.minimum(column, len(book.press_sources) - 1)
        choice = np.where(press, book.press_sources[column], choice)
        silent = (choice == self.plan.silent_source) & (seconds >= self.plan.silent_since * 3600)
        return np.where(silent, 0, choice).astype(np.int32)

    def _titles(self, random: np.random.Generator, live: Live, contexts: Numbers, press: Flags) -> Numbers:
        title = np.full((len(press), self._filler.title_width), EMPTY, np.int32)
        rows = np.flatnonzero(press)
        picks = self._filler.pick(random.random(len(rows)), self.book.title[live.scenario[rows]])
        title[rows] = self._filler.fill(random, picks, contexts[rows], live.salt[rows], self._filler.title_width)
        return title

    def _place_odds(self, source: Numbers, channel: npt.NDArray[np.str_]) -> Floats:
        odds = np.where(channel == "hotline", 0.95, np.where(channel == "survey", 0.8, 0.08))
        return np.where(self._is_commune_page[source], 0.9, odds)

    @staticmethod
    def _delays(uniform: Floats, channel: npt.NDArray[np.str_]) -> Longs:
        """Seconds until a post is known: a page is read every few minutes, a survey once a day, some come late."""
        mean = np.select([channel == "page", channel == "press", channel == "survey"], [420.0, 2700.0, 21600.0], 150.0)
        late = uniform > 0.97
        return (20 + mean * 2 * uniform + late * (uniform - 0.97) / 0.03 * 36000).astype(np.int64)

    def _count(self, issue: Numbers, kind: npt.NDArray[np.int8], seconds: Longs) -> None:
        """Keep each live issue's posts by kind, its first and last second and its busiest hour."""
        if not self.live:
            return
        low = self.live[0].number
        own = issue >= 0
        slot = issue[own] - low
        width = max(one.number for one in self.live) - low + 1
        by_kind = np.bincount(slot * 6 + kind[own], minlength=width * 6).reshape(width, 6)
        hour = seconds[own] // 3600
        first_hour = int(seconds[0] // 3600)
        span = int(seconds[-1] // 3600) - first_hour + 1
        by_hour = np.bincount(slot * span + (hour - first_hour), minlength=width * span).reshape(width, span)
        for one in self.live:
            row = one.number - low
            if not by_kind[row].any():
                continue
            one.by_kind += by_kind[row]
            busiest = int(by_hour[row].argmax())
            # An hour that is drawn in parts is taken by its parts; the peak stays within the hour.
            if by_hour[row, busiest] > one.peak_posts:
                one.peak_posts, one.peak_hour = int(by_hour[row, busiest]), first_hour + busiest
            of_issue = np.flatnonzero(issue == one.number)
            one.first = int(seconds[of_issue[0]]) if one.first < 0 else one.first
            one.last = int(seconds[of_issue[-1]])
