"""What people merge, split and deny lies over the grouping, and nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.issues.actions.picture import renew_picture
from nhipcau.issues.denials import signature_of
from nhipcau.issues.listening import Listening
from nhipcau.issues.models.issues import Issue, IssueHour
from nhipcau.issues.models.triage import IssueEvent, NotAnIssue, ThreadPlace
from nhipcau.network.models.people import Person
from tests.issues.listened import NOON, about, hear, used_to_talk, voices

pytestmark = pytest.mark.django_db
MATTERS = ("nước máy đục ngầu có mùi hôi", "đèn đường hỏng tối om ngoài lộ", "rác chất đống bốc khói độc hại")


@pytest.fixture
def person() -> Person:
    return Person.objects.create(email="an@example.org", name="An")


@pytest.fixture
def heard(tmp_path: Path) -> Listening:
    listening = used_to_talk(tmp_path)
    for number, words in enumerate(MATTERS):
        hear(listening, voices(about(words, 24, seed=number), first=1_000 * (number + 1)))
    renew_picture(listening=listening, now=NOON)
    return listening


def merge(issue: Issue, into: Issue, by: Person) -> None:
    Issue.objects.filter(pk=issue.pk).update(merged_into=into, gone_at=NOON)
    IssueEvent.objects.create(issue=into, at=NOON, code="merged", other=issue, by=by)


def part(issue: Issue, by: Person) -> None:
    Issue.objects.filter(pk=issue.pk).update(merged_into=None, gone_at=None)
    IssueEvent.objects.create(issue=issue, at=NOON, code="merge-undone", by=by)


def split(listening: Listening, issue: Issue, by: Person, *, most: int) -> Issue:
    keys, base = listening.thread_keys, listening.thread_base
    threads = [base + k for k, key in enumerate(keys.tolist()) if key == issue.pk][:most]
    made = Issue.objects.create(label="riêng", first_seen_at=NOON, last_seen_at=NOON, changed_at=NOON)
    for thread in threads:
        ThreadPlace.objects.update_or_create(thread=thread, defaults={"issue": made, "by": by, "at": NOON})
    IssueEvent.objects.create(issue=made, at=NOON, code="split", other=issue, by=by)
    return made


def heard_in_all() -> int:
    return IssueHour.objects.aggregate(sum=Sum("voices"))["sum"]


def check_sums() -> None:
    for issue in Issue.objects.all():
        assert issue.voices_total == (IssueHour.objects.filter(issue=issue).aggregate(sum=Sum("voices"))["sum"] or 0)


def test_merged_issues_are_counted_together_and_apart_again(heard: Listening, person: Person) -> None:
    one, other = Issue.objects.order_by("-voices")[:2]
    before = heard_in_all()
    merge(other, one, person)
    renew_picture(listening=heard, now=NOON, judge=False)
    assert Issue.objects.get(pk=one.pk).voices == one.voices + other.voices
    assert Issue.objects.get(pk=other.pk).voices == 0
    assert heard_in_all() == before
    part(other, person)
    renew_picture(listening=heard, now=NOON, judge=False)
    again = Issue.objects.get(pk=other.pk)
    assert (again.voices, heard_in_all()) == (other.voices, before)
    check_sums()


def test_a_part_with_few_authors_has_no_excerpts_and_neither_has_what_is_left(heard: Listening, person: Person) -> None:
    issue = Issue.objects.order_by("-voices")[0]
    assert issue.excerpts
    made = split(heard, issue, person, most=issue.voices - 5)
    small = split(heard, made, person, most=4)
    renew_picture(listening=heard, now=NOON, judge=False)
    for row in Issue.objects.filter(pk__in=[issue.pk, small.pk]):
        assert (row.distinct_authors or 0) < 10
        assert row.excerpts == []
        assert row.questions == []
        assert not any(one["words"] for one in row.threads)


def test_the_list_of_threads_names_none_that_is_in_another_issue(heard: Listening, person: Person) -> None:
    issue = Issue.objects.order_by("-voices")[0]
    there = {one["thread"] for one in issue.threads}
    made = split(heard, issue, person, most=3)
    gone = set(ThreadPlace.objects.filter(issue=made).values_list("thread", flat=True))
    assert gone & there
    renew_picture(listening=heard, now=NOON, judge=False, describe=False)
    assert {one["thread"] for one in Issue.objects.get(pk=issue.pk).threads} == there - gone


def test_what_is_like_a_denied_issue_is_hidden_until_that_is_taken_back(heard: Listening, person: Person) -> None:
    one = Issue.objects.order_by("-voices")[0]
    denial = NotAnIssue.objects.create(issue=one, by=person, at=NOON, signature=signature_of(one.keywords))
    IssueEvent.objects.create(issue=one, at=NOON, code="not-an-issue", by=person)
    renew_picture(listening=heard, now=NOON)
    assert set(Issue.objects.filter(like_denied=denial).values_list("pk", flat=True)) == {one.pk}
    NotAnIssue.objects.update(taken_back_at=NOON)
    IssueEvent.objects.create(issue=one, at=NOON, code="denial-taken-back", by=person)
    renew_picture(listening=heard, now=NOON)
    assert not Issue.objects.filter(like_denied__isnull=False).exists()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from("msu"), st.integers(0, 9), st.integers(0, 9)), max_size=6))
def test_whatever_people_do_each_voice_is_in_one_issue(
    heard: Listening, person: Person, steps: list[tuple[str, int, int]]
) -> None:
    before = heard_in_all()
    for step, first, second in steps:
        alive = list(Issue.objects.filter(gone_at=None).order_by("pk"))
        gone = list(Issue.objects.filter(merged_into__isnull=False).order_by("pk"))
        one, other = alive[first % len(alive)], alive[second % len(alive)]
        if step == "m" and one != other:
            merge(one, other, person)
        elif step == "s":
            split(heard, one, person, most=second)
        elif step == "u" and gone:
            part(gone[first % len(gone)], person)
        renew_picture(listening=heard, now=NOON, judge=False)
        assert heard_in_all() == before
        check_sums()
        for row in Issue.objects.all():
            if (row.distinct_authors or 0) < 10:
                assert row.excerpts == []
