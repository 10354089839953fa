"""When rules fire and letters go out: single cases by hand, and that any steps of a worker tell what a trial tells."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.issues.alertletters import Letter, Manners, due_at, letters_of, put_into
from nhipcau.issues.alertrules import (
    CROWD,
    LEVEL,
    PLACE,
    SOURCE,
    VOID,
    Condition,
    Firing,
    Memory,
    Seen,
    Watch,
    step_down,
)

START = datetime(2026, 11, 2, 1, tzinfo=UTC)  # 08:00 in Viet Nam


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def issue(at: float, level: int = 0, *, number: int = 1, **values) -> Seen:
    return Seen(at=hour(at), subject=f"issue-{number}", level=level, **values)


def told(condition: Condition, *sightings: Seen, until: float = 200, since: float = 0) -> list[tuple[float, str, int]]:
    """What a rule tells, in hours after the start."""
    fired = Watch(condition, since=hour(since)).advance(sightings, until=hour(until))
    return [((one.at - START) / timedelta(hours=1), one.subject, one.level) for one in fired]


def test_level_is_told_when_it_is_reached_and_again_when_it_rises():
    course = [issue(0, 1), issue(1, 2), issue(2, 2), issue(3, 3), issue(4, 2), issue(5, 3)]
    assert told(Condition(LEVEL, level=2), *course) == [(1, "issue-1", 2), (3, "issue-1", 3)]


def test_what_comes_back_is_told_only_after_the_hours_of_rest():
    course = [issue(0, 2), issue(1, 0), issue(2, 2)]
    assert told(Condition(LEVEL, level=2, repeat_hours=24), *course) == [(0, "issue-1", 2), (24, "issue-1", 2)]
    course += [issue(20, 0)]
    assert told(Condition(LEVEL, level=2, repeat_hours=24), *course) == [(0, "issue-1", 2)]


def test_what_goes_on_is_repeated_only_where_that_is_wanted():
    rule = Condition(LEVEL, level=2, repeat_hours=12)
    assert told(rule, issue(1, 2), until=40) == [(1, "issue-1", 2)]
    again = Condition(LEVEL, level=2, repeat_hours=12, repeats=True)
    assert told(again, issue(1, 2), until=40) == [
        (1, "issue-1", 2),
        (13, "issue-1", 2),
        (25, "issue-1", 2),
        (37, "issue-1", 2),
    ]


def test_what_holds_already_is_told_when_the_rule_is_switched_on():
    assert told(Condition(LEVEL, level=2), issue(0, 2), issue(9, 2), since=5) == [(5, "issue-1", 2)]
    assert told(Condition(LEVEL, level=2), issue(0, 2), issue(4, 0), since=5) == []


def test_issue_that_is_gone_is_told_no_more():
    course = [issue(0, 3), issue(1, 3, is_there=False)]
    assert told(Condition(LEVEL, level=2, repeat_hours=2, repeats=True), *course) == [(0, "issue-1", 3)]


def test_place_is_told_once_for_several_issues_and_at_its_highest_level():
    course = [
        issue(0, 2, number=1, places=frozenset({"11", "12"})),
        issue(1, 2, number=2, places=frozenset({"11"})),
        issue(2, 0, number=1),
        issue(3, 3, number=2, places=frozenset({"11"})),
    ]
    told_of = told(Condition(PLACE, level=2), *course)
    assert told_of == [(0, "place-11", 2), (0, "place-12", 2), (3, "place-11", 3)]
    assert told(Condition(PLACE, level=2, places=frozenset({"12"})), *course) == [(0, "place-12", 2)]


def test_source_that_falls_silent_is_told_once_and_again_after_it_was_back():
    def source(at: float, *, is_silent: bool) -> Seen:
        return Seen(at=hour(at), subject="source-bao", is_silent=is_silent, sources=frozenset({"bao"}))

    course = [
        source(0, is_silent=False),
        source(5, is_silent=True),
        source(40, is_silent=False),
        source(50, is_silent=True),
    ]
    assert told(Condition(SOURCE), *course) == [(5, "source-bao", 0), (50, "source-bao", 0)]
    assert told(Condition(SOURCE, sources=frozenset({"khac"})), *course) == []
    assert told(Condition(LEVEL, level=1), *course) == []


def test_questions_are_told_while_nothing_is_published():
    course = [issue(0, questions=10), issue(1, questions=20), issue(2, questions=20, is_published=True)]
    assert told(Condition(VOID, questions=20), *course) == [(1, "issue-1", 0)]
    assert told(Condition(VOID, questions=20), issue(0, questions=50, is_published=True)) == []


def test_crowd_is_told_of_a_new_issue_only():
    course = [issue(0, people=20, is_new=True), issue(1, people=30, is_new=True)]
    assert told(Condition(CROWD, people=30), *course) == [(1, "issue-1", 0)]
    assert told(Condition(CROWD, people=30), issue(0, people=50)) == []


@pytest.mark.parametrize(
    "filters",
    [
        {"places": frozenset({"99"})},
        {"sources": frozenset({"khac"})},
        {"words": ("hoc phi",)},
        {"level": 3},
    ],
)
def test_each_filter_keeps_out_what_it_should(filters):
    seen = issue(0, 2, places=frozenset({"11"}), sources=frozenset({"bao"}), words="ngap nuoc duong le loi")
    assert told(Condition(LEVEL, **({"level": 2} | filters)), seen) == []
    passing = Condition(
        LEVEL, level=2, places=frozenset({"11"}), sources=frozenset({"bao"}), words=("hoc phi", "ngap nuoc")
    )
    assert told(passing, seen) == [(0, "issue-1", 2)]


def test_numbers_are_remembered_by_steps():
    assert [step_down(number) for number in (None, 0, 4, 5, 49, 10_000)] == [0, 0, 3, 5, 30, 1000]


NIGHT = Manners(quiet_from=time(22), quiet_until=time(6), group_minutes=10)


def clock(text: str, *, day: int = 2) -> datetime:
    """A moment by the clock of Viet Nam."""
    hours, minutes = text.split(":")
    return datetime(2026, 11, day, int(hours), int(minutes), tzinfo=UTC) - timedelta(hours=7)


@pytest.mark.parametrize(
    ("fires", "level", "due"),
    [
        (clock("14:00"), 2, clock("14:10")),
        (clock("14:00"), 3, clock("14:00")),
        (clock("21:55"), 2, clock("22:00")),
        (clock("22:00"), 2, clock("06:00", day=3)),
        (clock("23:59"), 2, clock("06:00", day=3)),
        (clock("00:00", day=3), 2, clock("06:00", day=3)),
        (clock("05:59", day=3), 2, clock("06:00", day=3)),
        (clock("06:00", day=3), 2, clock("06:10", day=3)),
        (clock("02:00", day=3), 3, clock("02:00", day=3)),
    ],
)
def test_letter_waits_for_others_and_for_the_end_of_quiet_hours(fires, level, due):
    assert due_at(Firing(fires, "issue-1", level), NIGHT) == due


def test_urgent_waits_for_the_morning_where_it_may_not_break_through():
    manners = Manners(quiet_from=time(22), quiet_until=time(6), urgent_breaks_through=False)
    assert due_at(Firing(clock("02:00"), "issue-1", 3), manners) == clock("06:00")


def test_quiet_hours_within_a_day_and_none():
    noon = Manners(quiet_from=time(11, 30), quiet_until=time(13, 30), group_minutes=0)
    assert due_at(Firing(clock("12:00"), "issue-1", 1), noon) == clock("13:30")
    assert due_at(Firing(clock("13:30"), "issue-1", 1), noon) == clock("13:30")
    same = Manners(quiet_from=time(6), quiet_until=time(6), group_minutes=0)
    assert due_at(Firing(clock("06:00"), "issue-1", 1), same) == clock("06:00")


def test_several_go_in_one_letter_and_urgent_takes_along_what_waits():
    firings = [
        Firing(clock("14:00"), "issue-1", 1),
        Firing(clock("14:05"), "issue-2", 2),
        Firing(clock("14:09"), "issue-3", 3),
        Firing(clock("14:10"), "issue-4", 1),
    ]
    letters = letters_of([(firing, ["a"]) for firing in firings], NIGHT)
    assert [(letter.due_at, len(letter.firings)) for letter in letters] == [(clock("14:09"), 3), (clock("14:20"), 1)]


def test_urgent_of_one_moment_goes_in_one_letter():
    firings = [Firing(clock("23:00"), f"issue-{number}", 3) for number in (1, 2)]
    letters = letters_of([(firing, ["a"]) for firing in firings], NIGHT)
    assert [(letter.due_at, len(letter.firings)) for letter in letters] == [(clock("23:00"), 2)]


levels = st.integers(0, 3)
PLACES = [frozenset(), frozenset({"11"}), frozenset({"11", "12"})]


@st.composite
def courses(draw: st.DrawFn) -> list[Seen]:
    """Issues and sources over about four days, in order, no two at one moment."""
    minutes = sorted(draw(st.sets(st.integers(0, 6000), max_size=40)))
    seen = []
    for minute in minutes:
        at = START + timedelta(minutes=minute)
        if draw(st.integers(0, 5)) == 0:
            code = draw(st.sampled_from(["bao", "dai"]))
            silent = draw(st.booleans())
            seen.append(Seen(at=at, subject=f"source-{code}", is_silent=silent, sources=frozenset({code})))
        else:
            seen.append(
                Seen(
                    at=at,
                    subject=f"issue-{draw(st.integers(1, 3))}",
                    is_there=draw(st.integers(0, 9)) > 0,
                    level=draw(levels),
                    is_new=draw(st.booleans()),
                    people=draw(st.sampled_from([0, 10, 50])),
                    questions=draw(st.sampled_from([0, 10, 50])),
                    is_published=draw(st.booleans()),
                    places=draw(st.sampled_from(PLACES)),
                )
            )
    return seen


conditions = st.builds(
    Condition,
    what=st.sampled_from([LEVEL, PLACE, SOURCE, VOID, CROWD]),
    level=levels,
    people=st.sampled_from([0, 10, 50]),
    questions=st.sampled_from([0, 10, 50]),
    places=st.sampled_from([frozenset(), frozenset({"11"})]),
    repeat_hours=st.sampled_from([1, 6, 24]),
    repeats=st.booleans(),
)
manners = st.builds(
    Manners,
    quiet_from=st.sampled_from([None, time(22), time(12)]),
    quiet_until=st.sampled_from([time(6), time(13, 30)]),
    urgent_breaks_through=st.booleans(),
    group_minutes=st.sampled_from([0, 10, 60]),
)


@given(courses(), conditions, st.sets(st.integers(0, 8000), max_size=30), st.integers(0, 3000))
def test_any_steps_of_a_worker_fire_what_a_trial_fires(course, condition, stops, since):
    end, switched_on = START + timedelta(minutes=9000), START + timedelta(minutes=since)
    at_once = Watch(condition, since=switched_on).advance(course, until=end)
    states: dict[str, Seen] = {}
    memory: dict[str, Memory] = {}
    step_by_step, left = [], list(course)
    for until in [*sorted(START + timedelta(minutes=stop) for stop in stops | {since}), end]:
        taken, left = [one for one in left if one.at <= until], [one for one in left if one.at > until]
        if until >= switched_on:
            watch = Watch(condition, since=switched_on, states=dict(states), memory=memory)  # as after a restart
            step_by_step += watch.advance(taken, until=until)
            memory = watch.memory
        states |= {one.subject: one for one in taken}
    assert step_by_step == at_once


@given(courses(), conditions, manners)
def test_letters_that_are_filled_one_by_one_are_those_of_a_trial(course, condition, how):
    fired = Watch(condition, since=START).advance(course, until=START + timedelta(minutes=9000))
    sent: list[Letter] = []
    waiting: Letter | None = None
    for firing in fired:
        if waiting is not None and waiting.due_at < firing.at:
            sent.append(waiting)  # it has gone out before
            waiting = None
        waiting, _is_another = put_into(waiting, firing, how, recipient="a")
    sent += [waiting] if waiting else []
    assert sent == letters_of([(firing, ["a"]) for firing in fired], how)


@given(courses(), conditions, manners)
def test_nothing_is_told_in_quiet_hours_nor_before_it_fires_nor_twice(course, condition, how):
    fired = Watch(condition, since=START).advance(course, until=START + timedelta(minutes=9000))
    letters = letters_of([(firing, ["a"]) for firing in fired], how)
    assert [firing for letter in letters for firing in letter.firings] == fired
    for letter in letters:
        assert all(firing.at <= letter.due_at for firing in letter.firings)
        if how.quiet_from and not any(one.level == 3 and how.urgent_breaks_through for one in letter.firings):
            local = (letter.due_at + timedelta(hours=7)).time()
            start, end = how.quiet_from, how.quiet_until
            assert not (start < local < end if start < end else local > start or local < end)
