"""What few people said cannot be told from two looks: before and after a merge, a split, one undone, a forgetting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.issues.actions.forgotten import forget_words_of
from nhipcau.issues.actions.parting import merge_issue, part_issue, split_issue
from nhipcau.issues.actions.picture import renew_picture
from nhipcau.issues.errors import IssueHasMoved, NothingToSplit
from nhipcau.issues.listening import Listening
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import IssueEvent, ThreadPlace
from nhipcau.issues.queries.search import Filters, find
from nhipcau.issues.queries.shown import Shown, excerpts_of, is_wide
from nhipcau.issues.quotable import Apart, keys_of_voice, quoted_keys
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person
from nhipcau.network.spelling import folded
from nhipcau.voices.models import Forgetting, Source
from tests.issues.listened import NOON, about, hear, used_to_talk, voices

pytestmark = pytest.mark.django_db
FLOOR = 10
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MATTERS = (
    # words, voices, authors, source
    ("nước máy đục ngầu có mùi hôi bao giờ sửa?", 24, 24, "loa"),
    ("đèn đường hỏng tối om ngoài lộ", 12, 6, "dien"),
    ("rác chất đống bốc khói độc hại", 26, 13, "rac"),
    ("chợ cóc lấn chiếm vỉa hè buôn bán ồn ào", 10, 5, "cho"),
)


@dataclass
class Seen:
    """What somebody who looks all the time knows: who said what, and what was shown when."""

    listening: Listening
    texts: list[str] = field(default_factory=list)
    said_by: dict[str, int] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    came_with: dict[int, set[int]] = field(default_factory=dict)  # issue that was merged → its threads then
    banned: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)

    def thread_of(self, text: str) -> int:
        engine_row = self.texts.index(text)
        threads: list[int] = self.listening.log.column("thread").tolist()
        return threads[len(threads) - len(self.texts) + engine_row]

    def shown_in(self, issue: Issue) -> set[str]:
        """The voices whose words can be read on the page of an issue."""
        told = [one["text"] for one in excerpts_of(issue)]
        told += [one["text"] for one in Shown(issue).questions]
        told += [one["words"] for one in issue.threads if one.get("words") and is_wide(issue)]
        keys = set().union(*(keys_of_voice(one) for one in told)) if told else set()
        return {text for text in self.texts if keys_of_voice(text) & keys}

    def speakers(self, threads: set[int]) -> int:
        kept = (text for text in self.texts if self.source[text] not in self.forgotten)
        return len({self.said_by[text] for text in kept if self.thread_of(text) in threads})

    def threads_in(self, issue: Issue) -> set[int]:
        keys, base = self.listening.thread_keys.tolist(), self.listening.thread_base
        return {base + k for k, key in enumerate(keys) if key == issue.pk}

    def check(self) -> None:
        for issue in Issue.objects.filter(gone_at=None):
            shown = self.shown_in(issue)
            here = self.threads_in(issue)
            assert not shown & self.banned, "what was quoted before a split is quoted again"
            for text in shown:
                assert self.source[text] not in self.forgotten
                thread = self.thread_of(text)
                parts = [one for one in self.came_with.values() if one & here]
                part = next((one for one in parts if thread in one), here - set().union(*parts) if parts else here)
                assert self.speakers(part & here) >= FLOOR, "words of a part with few people"
        for text in self.banned:
            words = folded(" ".join(text.split()[-5:]))
            for found in find(Filters(words=words), now=NOON, number=1).rows:
                told = (one["text"] for one in excerpts_of(found.issue))
                read = folded(" ".join([found.label, *found.issue.keywords, *told]))
                assert all(word in read for word in words.split()), "found by what can be read there alone"
                assert words not in found.issue.search_text or words in folded(found.label), "kept to be found by"


@pytest.fixture
def person() -> Person:
    return Person.objects.create(email="an@example.org", name="An")


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    listening = used_to_talk(tmp_path)
    made = Seen(listening)
    office = Office.objects.create(code="H", name="Trung tâm", kind="hub")
    for number, (words, count, authors, source) in enumerate(MATTERS):
        Source.objects.create(code=source, name=source, kind="api", owner=office, created_at=NOON)
        first, texts = 1_000 * (number + 1), about(words, count, seed=number)
        hear(listening, voices(texts, authors=authors, source=source, first=first))
        for k, text in enumerate(texts):
            made.texts.append(text)
            made.said_by[text], made.source[text] = first + k % authors, source
    renew_picture(listening=listening, now=NOON)
    return made


def test_words_of_few_are_not_shown_where_a_merge_brings_them_together_with_many(seen: Seen, person: Person) -> None:
    many, few = (_issue_of(seen, MATTERS[k][3]) for k in (0, 1))
    assert seen.shown_in(many)
    assert not seen.shown_in(few)
    _merge(seen, few, many, person)
    whole = Issue.objects.get(pk=many.pk)
    assert whole.voices > many.voices
    assert {seen.source[text] for text in seen.shown_in(whole)} == {"loa"}
    seen.check()


def test_two_small_issues_that_are_merged_say_nothing_that_would_lead_back_to_one(seen: Seen, person: Person) -> None:
    one, other = _issue_of(seen, "dien"), _issue_of(seen, "cho")
    _merge(seen, other, one, person)
    whole = Issue.objects.get(pk=one.pk)
    assert whole.distinct_authors >= FLOOR
    assert not seen.shown_in(whole)


def test_what_was_quoted_before_a_split_is_quoted_no_more(seen: Seen, person: Person) -> None:
    issue, other = _issue_of(seen, "loa"), _issue_of(seen, "rac")
    theirs = seen.threads_in(other)
    _merge(seen, other, issue, person)
    whole = Issue.objects.get(pk=issue.pk)
    before = seen.shown_in(whole)
    assert before
    assert quoted_keys(whole)
    part = _split(seen, whole, sorted(theirs), person)
    assert part is not None
    left, off = Issue.objects.get(pk=issue.pk), Issue.objects.get(pk=part.pk)
    assert not (seen.shown_in(left) | seen.shown_in(off)) & before
    assert seen.shown_in(left) or seen.shown_in(off), "others are quoted instead"


def test_what_was_quoted_before_a_split_stays_unquoted_when_a_merge_is_taken_back(seen: Seen, person: Person) -> None:
    issue, other = _issue_of(seen, "loa"), _issue_of(seen, "rac")
    _merge(seen, other, issue, person)
    whole = Issue.objects.get(pk=issue.pk)
    before = seen.shown_in(whole)
    assert {seen.source[text] for text in before} == {"loa", "rac"}
    quoted = set(quoted_keys(whole))
    assert _split(seen, whole, [int(whole.threads[0]["thread"])], person) is not None
    part_issue(by=person, issue=Issue.objects.get(pk=other.pk))
    seen.came_with.pop(other.pk)
    for _ in range(2):
        renew_picture(listening=seen.listening, now=NOON, judge=False)
    back = Issue.objects.get(pk=other.pk)
    assert back.gone_at is None
    assert Apart.load(since=LONG_AGO).quoted[back.pk] >= quoted
    assert not seen.shown_in(back) & before
    seen.check()


def test_a_source_that_is_forgotten_is_quoted_no_more_and_counts_for_no_floor(seen: Seen, person: Person) -> None:
    issue = _issue_of(seen, "loa")
    assert seen.shown_in(issue)
    _forget(seen, "loa")
    again = Issue.objects.get(pk=issue.pk)
    assert (again.excerpts, again.questions) == ([], [])
    assert again.voices == issue.voices, "figures stay"
    seen.check()


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from("mmsupf"), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=5)
)
def test_whatever_is_done_nothing_leads_back_to_few(
    seen: Seen, person: Person, steps: list[tuple[str, int, int]]
) -> None:
    for step, first, second in steps:
        alive = list(Issue.objects.filter(gone_at=None).order_by("pk"))
        gone = list(Issue.objects.filter(merged_into__isnull=False).order_by("pk"))
        one, other = alive[first % len(alive)], alive[second % len(alive)]
        if step == "m" and one != other:
            _merge(seen, one, other, person)
        elif step == "s":
            _split(seen, one, [int(each["thread"]) for each in one.threads][: second + 1], person)
        elif step == "u" and gone:
            back = gone[first % len(gone)]
            part_issue(by=person, issue=back)
            seen.came_with.pop(back.pk, None)
            renew_picture(listening=seen.listening, now=NOON, judge=False)
        elif step == "f" and second == 0 and (source := MATTERS[first % 4][3]) not in seen.forgotten:
            _forget(seen, source)
        seen.check()


def _issue_of(seen: Seen, source: str) -> Issue:
    return max(
        Issue.objects.filter(gone_at=None, source_codes__contains=f"|{source}|"), key=lambda one: (one.voices, -one.pk)
    )


def _merge(seen: Seen, issue: Issue, into: Issue, by: Person) -> None:
    seen.came_with[issue.pk] = seen.threads_in(issue)
    merge_issue(by=by, issue=issue, into=into)
    seen.check()
    renew_picture(listening=seen.listening, now=NOON, judge=False)


def _split(seen: Seen, issue: Issue, threads: list[int], by: Person) -> Issue | None:
    before = seen.shown_in(issue)
    try:
        part = split_issue(by=by, issue=issue, threads=threads)
    except (NothingToSplit, IssueHasMoved):
        return None
    seen.banned |= before
    seen.check()
    for _ in range(2):
        renew_picture(listening=seen.listening, now=NOON, judge=False)
    assert IssueEvent.objects.filter(issue=part, code="split").exists()
    assert ThreadPlace.objects.filter(issue=part).count() == len(threads)
    return part


def _forget(seen: Seen, code: str) -> None:
    Forgetting.objects.create(source=Source.objects.get(code=code), asked_at=NOON)
    forget_words_of(code)
    seen.forgotten.add(code)
    seen.check()
    renew_picture(listening=seen.listening, now=NOON, judge=True)
