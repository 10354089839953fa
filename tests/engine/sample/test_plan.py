"""The plan of a stream: exact totals, issues that grow as their shape says, copies by many and by few."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.sample.grammar import scenarios
from nhipcau.engine.sample.plan import make_plan
from nhipcau.engine.sample.province import sources


def plan(*, days: int = 60, posts_per_day: int = 500, seed: int = 1):
    return make_plan(
        scenarios(), sources(), days=days, posts_per_day=posts_per_day, seed=seed, first_weekday=0, first_hour=0
    )


@given(st.integers(1, 40), st.integers(1, 400), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_hours_add_up_to_exactly_what_was_asked_for(days, posts_per_day, seed):
    made = plan(days=days, posts_per_day=posts_per_day, seed=seed)
    assert made.posts_by_hour.sum() == days * posts_per_day
    assert len(made.posts_by_hour) == days * 24
    assert (made.posts_by_hour >= 0).all()


def test_issues_are_numbered_in_the_order_of_their_onsets():
    issues = plan().issues
    assert [issue.number for issue in issues] == list(range(len(issues)))
    assert all(a.onset <= b.onset for a, b in itertools.pairwise(issues))


def test_a_scenario_comes_again_only_after_it_ended():
    last: dict[str, float] = {}
    for issue in plan(days=200).issues:
        assert issue.onset > last.get(issue.key, -1.0)
        last[issue.key] = issue.onset + issue.life
    assert len(last) == len(scenarios())


def test_nothing_is_said_before_onset_or_after_the_end():
    for issue in plan().issues:
        hours = np.array([issue.onset - 0.1, issue.onset + issue.life + 0.1])
        assert not issue.intensity(hours).any()
        assert issue.intensity(np.array([issue.onset + issue.life / 2]))[0] > 0


def test_a_storm_is_at_its_height_within_two_days_and_then_falls():
    for issue in plan().issues:
        if issue.shape == "sudden":
            hours = issue.onset + np.arange(0, issue.life, 0.5)
            level = issue.intensity(hours)
            assert level.argmax() * 0.5 < 48
            assert level[-1] < 0.35 * level.max()


def test_a_slow_issue_takes_days_to_grow():
    for issue in plan().issues:
        if issue.shape == "slow":
            early, late = issue.intensity(issue.onset + np.array([12.0, issue.rise]))
            assert early < 0.2 * late


def test_a_weekly_issue_comes_back_after_seven_days():
    for issue in plan().issues:
        if issue.shape == "weekly":
            first, between, second = issue.intensity(issue.onset + np.array([10.0, 94.0, 178.0]))
            assert second == first
            assert between < 0.1 * first


def test_weekly_issues_peak_on_their_weekday():
    for issue in plan().issues:
        if issue.shape == "weekly":
            assert int((issue.onset + 10) // 24) % 7 == scenarios()[issue.scenario].weekday


def test_the_last_day_and_a_half_of_a_fortnight_brings_a_storm():
    for seed in range(8):
        onsets = [issue.onset for issue in plan(days=14, seed=seed).issues if issue.shape == "sudden"]
        assert any(onset > 12.4 * 24 for onset in onsets)


def test_waves_are_by_many_and_by_few():
    waves = [issue.wave for issue in plan(days=200).issues if issue.wave is not None]
    assert {wave.authors for wave in waves} == {"many", "few"}
    assert len({wave.number for wave in waves}) == len(waves)
