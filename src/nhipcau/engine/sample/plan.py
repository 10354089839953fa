"""What happens in the province and when: issues with onset, growth and end, copied waves, a source that falls silent.

Decides nothing about words (`compose`). An issue is one happening of a scenario; scenarios come again in
other places, so that issues are born and die as long as the stream lasts and the number of live ones stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from nhipcau.engine.sample.grammar import Scenario
from nhipcau.engine.sample.province import Source, communes

Floats = npt.NDArray[np.float64]

# Share of a day's talk in each hour: quiet nights, peaks before work, at noon and in the evening.
HOURS: Final = np.array(
    [7, 4, 2, 2, 3, 10, 28, 52, 62, 60, 56, 60, 66, 50, 46, 48, 52, 58, 62, 78, 92, 84, 52, 22], np.float64
)
WEEKDAYS: Final = np.array([1.06, 1.03, 1.0, 1.02, 1.05, 0.93, 0.86], np.float64)

# Height of each shape against the others, days until it can come again.
_HEIGHT: Final = {"sudden": 8.0, "slow": 2.4, "weekly": 3.2, "steady": 0.75}
_PAUSE_DAYS: Final = {"sudden": (4, 18), "slow": (5, 20), "weekly": (6, 24), "steady": (6, 24)}
_CHATTER_PER_ISSUE_TALK: Final = 0.38


@dataclass
class Wave:
    """A text that was copied: by many writers, or by few. `original` is a row number, -1 until it was written."""

    number: int
    issue: int
    start_hour: float
    end_hour: float
    share: float
    authors: str
    author_count: int
    original: int = -1
    copies: int = 0
    base: npt.NDArray[np.int32] | None = None
    choices: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))


@dataclass
class Issue:
    """One happening of a scenario. Hours count from the start of the stream."""

    number: int
    scenario: int
    key: str
    shape: str
    onset: float
    rise: float
    decay: float
    life: float
    height: float
    night: float
    places: npt.NDArray[np.int32]
    offset: float
    salt: int
    wave: Wave | None = None
    by_kind: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(6, np.int64))
    first: int = -1
    last: int = -1
    peak_hour: int = -1
    peak_posts: int = 0

    def intensity(self, hours: Floats) -> Floats:
        """How much is said at these hours, before the rhythm of day and week."""
        age = hours - self.onset
        grown = np.maximum(age, 0.0)
        if self.shape == "sudden":
            level = (1 - np.exp(-grown / self.rise)) * np.exp(-grown / self.decay)
        elif self.shape == "slow":
            growth = 1 / (1 + np.exp(-(grown - 0.6 * self.rise) / (0.13 * self.rise)))
            level = growth * np.exp(-np.maximum(grown - self.rise, 0) / self.decay)
        elif self.shape == "weekly":
            since_pulse = (grown - 10 + 84) % 168 - 84
            level = 0.04 + np.exp(-0.5 * (since_pulse / self.decay) ** 2)
        else:
            level = np.minimum(1.0, (grown + 1) / self.rise)
        return np.where((age >= 0) & (age < self.life), self.height * level, 0.0)


@dataclass
class Plan:
    """The whole stream in outline. `posts_by_hour` is exact; `chatter` is the level of talk without an issue."""

    issues: list[Issue]
    chatter: float
    posts_by_hour: npt.NDArray[np.int64]
    first_weekday: int
    first_hour: int
    silent_source: int
    silent_since: float

    def rhythm(self, hours: npt.NDArray[np.int64]) -> Floats:
        """Talk at these hours against the mean, by hour of day and weekday."""
        return rhythm(hours, first_weekday=self.first_weekday, first_hour=self.first_hour)


def rhythm(hours: npt.NDArray[np.int64], *, first_weekday: int, first_hour: int) -> Floats:
    """Talk at these hours against the mean."""
    clock = hours + first_hour
    return HOURS[clock % 24] / HOURS.mean() * WEEKDAYS[(first_weekday + clock // 24) % 7]


def _first_onsets(random: np.random.Generator, scenarios: tuple[Scenario, ...], days: int) -> list[float]:
    """First onset of each scenario in hours: some matters are old, the others spread evenly over the first weeks.

    One sudden matter falls into each stretch of days, so that the end of a short stream has something new as well.
    """
    draws = random.random((2, len(scenarios)))
    onsets = np.zeros(len(scenarios))
    for shape, latest in (("sudden", 0.98), ("slow", 0.85)):
        members = [number for number, scenario in enumerate(scenarios) if scenario.shape == shape]
        first, last = min(1.6, days * 0.1), min(days * latest, 18.0)
        rank = np.argsort(np.argsort(draws[0, members]))
        onsets[members] = first + (rank + draws[1, members]) / max(1, len(members)) * (last - first)
    for number, scenario in enumerate(scenarios):
        if scenario.shape in ("steady", "weekly"):
            onsets[number] = max(0.0, draws[1, number] * 9 - 3.5) * min(1.0, days / 14)
    return [float(onset) * 24 for onset in onsets]


def _issue(
    random: np.random.Generator,
    number: int,
    scenario: int,
    key: Scenario,
    onset: float,
    *,
    first_weekday: int,
    first_hour: int,
) -> Issue:
    draw = random.random(8)
    shape = key.shape
    rise, decay, life = {
        "sudden": (2 + 6 * draw[0], 16 + 26 * draw[1], 24 * (4 + 4 * draw[2])),
        "slow": (24 * (4 + 4 * draw[0]), 20 + 30 * draw[1], 24 * (8 + 6 * draw[2])),
        "weekly": (10.0, 7 + 4 * draw[1], 24 * (20 + 8 * draw[2])),
        "steady": (24.0, 24.0, 24 * (11 + 14 * draw[2])),
    }[shape]
    if shape == "weekly":
        # The pulse comes ten hours after the onset, in the afternoon or evening of the scenario's weekday.
        day = onset // 24
        onset = (day + (key.weekday - first_weekday - day) % 7) * 24 - first_hour + 4 + 5 * draw[3]
    count = 1 + int(draw[4] * key.spread)
    names = communes()
    centre = int(draw[5] * len(names)) % len(names)
    near = [place for place in range(len(names)) if names[place].area == names[centre].area and place != centre]
    order = np.argsort(random.random(len(near)))
    places = [centre, *(near[place] for place in order)]
    if key.spread > 8:
        others = np.argsort(random.random(len(names)))
        places = list(dict.fromkeys([*places[:3], *others.tolist()]))
        count = key.spread + int(draw[4] * 10)
    return Issue(
        number=number,
        scenario=scenario,
        key=key.key,
        shape=shape,
        onset=float(onset),
        rise=float(rise),
        decay=float(decay),
        life=float(life),
        height=_HEIGHT[shape] * key.weight * float(0.6 + 0.9 * draw[6]),
        night=key.night,
        places=np.array(places[:count], np.int32),
        offset=float(draw[7]),
        salt=int(random.random() * 2**31),
    )


def _wave(random: np.random.Generator, number: int, issue: Issue) -> Wave | None:
    draw = random.random(6)
    if draw[0] > 0.5:
        return None
    start = issue.onset + 4 + draw[1] * min(60.0, issue.life / 3)
    return Wave(
        number=number,
        issue=issue.number,
        start_hour=float(start),
        end_hour=float(start + 6 + 30 * draw[2]),
        share=float(0.2 + 0.3 * draw[3]),
        authors="few" if draw[4] < 0.35 else "many",
        author_count=3 + int(draw[5] * 4),
    )


def _whole_numbers(random: np.random.Generator, level: Floats, total: int) -> npt.NDArray[np.int64]:
    """Return the posts of each hour: the level with Poisson-like noise, to an exact total."""
    expected = level / level.sum() * total
    # The sum of twelve uniform numbers is normal enough, and unlike `Generator.poisson` it is the same in every NumPy.
    noise = random.random((len(level), 12)).sum(axis=1) - 6
    noisy = np.maximum(expected + noise * np.sqrt(expected), 0.0)
    edges = np.floor(np.cumsum(noisy) / noisy.sum() * total + 1e-6).astype(np.int64)
    edges[-1] = total
    return np.diff(edges, prepend=0)


def make_plan(
    scenarios: tuple[Scenario, ...],
    sources: tuple[Source, ...],
    *,
    days: int,
    posts_per_day: int,
    seed: int,
    first_weekday: int,
    first_hour: int,
) -> Plan:
    """Lay out the stream.

    Parameters
    ----------
    scenarios, sources
        What can happen, where it can be said.
    days, posts_per_day
        Their product is the exact number of posts; a day has more or fewer, as it goes.
    seed
        The same seed gives the same plan.
    first_weekday, first_hour
        Local weekday (Monday is 0) and hour at which the stream begins.

    Returns
    -------
    Plan
        Issues in the order of their onsets. Cost: about 50 µs an issue.
    """
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 0])))
    found: list[Issue] = []
    first_onsets = _first_onsets(random, scenarios, days)
    for number, scenario in enumerate(scenarios):
        onset = first_onsets[number]
        while onset < days * 24:
            issue = _issue(random, 0, number, scenario, onset, first_weekday=first_weekday, first_hour=first_hour)
            if 0 <= issue.onset < days * 24:
                found.append(issue)
            low, high = _PAUSE_DAYS[scenario.shape]
            onset = issue.onset + issue.life + 24 * (low + random.random() * (high - low))
    found.sort(key=lambda issue: (issue.onset, issue.scenario))
    waves = 0
    total = np.zeros(days * 24)
    clock = np.arange(days * 24, dtype=np.int64)
    beat = rhythm(clock, first_weekday=first_weekday, first_hour=first_hour)
    for number, issue in enumerate(found):
        issue.number = number
        issue.wave = _wave(random, waves, issue)
        waves += issue.wave is not None
        low = int(issue.onset)
        high = min(days * 24, int(issue.onset + issue.life) + 1)
        hours = clock[low:high].astype(np.float64) + 0.5
        total[low:high] += issue.intensity(hours) * beat[low:high] ** issue.night
    chatter = _CHATTER_PER_ISSUE_TALK * float(total.mean())
    total += chatter * beat
    posts = _whole_numbers(random, total, days * posts_per_day)
    of_areas = [number for number, source in enumerate(sources) if source.area >= 0 and source.commune < 0]
    return Plan(
        issues=found,
        chatter=chatter,
        posts_by_hour=posts,
        first_weekday=first_weekday,
        first_hour=first_hour,
        silent_source=of_areas[int(random.random() * len(of_areas))],
        silent_since=float(int(days * 24 * (0.6 + 0.1 * random.random()))),
    )
