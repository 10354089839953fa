from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from nhipcau.engine.brief import alarms
from nhipcau.engine.brief.assemble import Window
from nhipcau.engine.brief.figures import Figures
from nhipcau.engine.watch.levels import NONE, WATCH, WEEKS_PER_FALSE_ALARM

HOUR, DAY = 3600, 86_400
NOW = 1_700_000_000 // DAY * DAY + 5 * HOUR
WINDOW = Window(NOW - DAY, NOW, ZoneInfo("UTC"), 0)
GAZETTEER = SimpleNamespace(
    describe=lambda row: SimpleNamespace(code=str(row), full_name=f"Place {row}", candidates=())
)
ENGINE = SimpleNamespace(gazetteer=GAZETTEER)


def figures_of(posts, *, copies=()):
    """Figures of (issue, seconds before now, place or None), each in stream order."""
    posts = sorted(posts, key=lambda post: -post[1])
    places = [place for _, _, place in posts]
    size = len(posts)
    return Figures(
        seq=np.arange(size),
        issue=np.array([issue for issue, _, _ in posts], np.int64),
        time=np.array([NOW - ago for _, ago, _ in posts], np.int64),
        source=np.zeros(size, np.int32),
        author=np.zeros(size, np.uint64),
        epoch=np.zeros(size, np.int32),
        is_copy=np.isin(np.arange(size), copies),
        is_press=np.ones(size, np.bool_),
        place_offsets=np.concatenate([[0], np.cumsum([place is not None for place in places])]).astype(np.int64),
        places=np.array([place for place in places if place is not None], np.int32),
        source_names=[""],
        batch_starts=np.array([0, size]),
        latest=NOW,
        has_times=True,
        has_authors=False,
    )


def quiet(*, days=28, a_day=40, first_issue=1000, place=None):
    """A stream of issues of one post each."""
    step = DAY // a_day
    return [(first_issue + k, days * DAY - k * step, place) for k in range(days * a_day)]


def warned(posts, **options):
    figures = figures_of(posts, **options)
    issues = np.unique(figures.issue[figures.mask(WINDOW.since, WINDOW.until)])
    stated, levels, places = alarms.warnings(ENGINE, figures, WINDOW, issues)
    return stated, dict(zip(issues.tolist(), levels.tolist(), strict=True)), places


def test_an_issue_that_grows_fast_is_raised_and_the_others_are_not():
    _, levels, _ = warned([*quiet(), *((7, hour * HOUR // 2, None) for hour in range(12))])
    assert levels.pop(7) >= WATCH
    assert set(levels.values()) == {NONE}


def test_copies_raise_nothing():
    burst = [(7, hour * HOUR // 2, None) for hour in range(12)]
    posts = sorted([*quiet(), *burst], key=lambda post: -post[1])
    copies = [row for row, post in enumerate(posts) if post[0] == 7][1:]
    _, levels, _ = warned(posts, copies=copies)
    assert levels[7] == NONE


def brisk(*, issues=600, posts=10):
    """A stream whose every issue begins with ten posts within a few hours."""
    random = np.random.default_rng(4)
    begins = random.integers(DAY, 28 * DAY, issues)
    return [
        (3000 + k, int(begin - ago), None) for k, begin in enumerate(begins) for ago in random.integers(0, DAY, posts)
    ]


def test_where_every_issue_begins_so_a_brisk_beginning_is_nothing_special():
    begin = [(7, hour * 2 * HOUR, None) for hour in range(10)]
    assert warned([*quiet(), *begin])[1][7] >= WATCH
    assert warned([*brisk(), *begin])[1][7] == NONE


def test_the_first_week_of_a_place_does_not_warn_and_a_burst_after_it_does():
    burst = [(2000 + k, k * HOUR // 4, 5) for k in range(20)]
    _, _, places = warned([*quiet(days=28, a_day=2, place=5), *burst])
    assert [(place["name"], place["level"] == "none") for place in places] == [("Place 5", False)]
    _, _, places = warned([*quiet(days=5, a_day=2, place=5), *burst])
    assert [(place["name"], place["level"]) for place in places] == [("Place 5", "none")]


def test_false_alarms_are_stated_over_all_that_is_watched():
    old = [(7, 20 * DAY, None), *((7, hour * HOUR, None) for hour in range(4))]
    none_begins = [(7, 20 * DAY + day * DAY, None) for day in range(5)]
    stated, _, _ = warned([*none_begins, *old])
    rates = [stated["watch_per_week"], stated["alert_per_week"], stated["urgent_per_week"]]
    assert rates == pytest.approx([1 / weeks for weeks in WEEKS_PER_FALSE_ALARM], rel=0.06)
    more, _, _ = warned([*none_begins, *old, *brisk()])
    assert more["watch_per_week"] > stated["watch_per_week"]


def test_without_times_nothing_is_stated():
    figures = figures_of([(1, 0, 3), (2, 0, 3), (3, 0, 3)])
    timeless = Figures(**{**vars(figures), "time": np.full(3, -1), "has_times": False})
    stated, levels, places = alarms.warnings(ENGINE, timeless, WINDOW, np.array([1, 2, 3]))
    assert set(stated.values()) == {None}
    assert levels.tolist() == [NONE] * 3
    assert [place["voices"] for place in places] == [3]
