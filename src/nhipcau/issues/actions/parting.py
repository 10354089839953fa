"""Merging issues, taking a merge back, and splitting an issue by hand.

Grouping itself stays as it is: rows over it say where voices go in the end, so that every step can be taken back.
Figures follow when the listener next makes the picture; what was quoted goes at once, for who speaks where has changed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from nhipcau.issues.actions.telling import note_events
from nhipcau.issues.actions.triage import tell
from nhipcau.issues.errors import IssueHasMoved, IssueInvalid, NothingToSplit, ThreadsHaveMoved
from nhipcau.issues.floor import without_words
from nhipcau.issues.holding import hold_grouping
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import IssueEvent, ThreadPlace
from nhipcau.issues.quotable import SPLIT, quoted_keys
from nhipcau.network.models.people import Person


def merge_issue(*, by: Person, issue: Issue, into: Issue) -> None:
    """Put an issue into another one: it is gone, and its voices count there from the next picture on."""
    if issue.pk == into.pk:
        raise IssueInvalid(field="into", problem="itself")
    now = timezone.now()
    with transaction.atomic():
        hold_grouping()
        if not Issue.objects.filter(pk=into.pk, gone_at=None).exists():
            raise IssueHasMoved
        if not Issue.objects.filter(pk=issue.pk, gone_at=None).update(merged_into=into, gone_at=now):
            raise IssueHasMoved
        IssueEvent.objects.create(issue=into, at=now, code="merged", other=issue, by=by)
        tell(by, issue, "absorbed", {"into": into.pk}, other=into)


def part_issue(*, by: Person, issue: Issue) -> None:
    """Take a merge back: the issue stands by itself again."""
    into = issue.merged_into
    with transaction.atomic():
        hold_grouping()
        merged = Issue.objects.filter(pk=issue.pk, merged_into=into, gone_at__isnull=False)
        if into is None or not merged.update(merged_into=None, gone_at=None, **_without_words(issue)):
            raise IssueHasMoved
        Issue.objects.filter(pk=into.pk).update(**_without_words(into))
        IssueEvent.objects.create(issue=into, at=timezone.now(), code="gave-back", other=issue, by=by)
        tell(by, issue, "parted", {"into": into.pk}, other=into)


def split_issue(*, by: Person, issue: Issue, threads: Collection[int], shown: Collection[int] = ()) -> Issue:
    """Put some of an issue's threads into a new one, which has no figures until the picture is made anew.

    However the issue grows meanwhile, only a thread that is named and in another issue by now is a reason to refuse.
    `shown` are threads that the person had before them and that may no longer be among the largest.
    """
    named = {int(one) for one in threads} & (_listed(issue) | set(shown))
    if not named:
        raise NothingToSplit
    now = timezone.now()
    with transaction.atomic():
        hold_grouping()
        today = Issue.objects.filter(pk=issue.pk, gone_at=None).first()
        if today is None:
            raise IssueHasMoved
        if moved := _elsewhere(named - _listed(today), issue):
            raise ThreadsHaveMoved(count=len(moved))
        if named >= _listed(today):
            raise NothingToSplit
        bare = _without_words(today)
        left = [one for one in bare["threads"] if int(one["thread"]) not in named]
        Issue.objects.filter(pk=issue.pk).update(**{**bare, "threads": left})
        part = Issue.objects.create(
            label=today.label,
            keywords=today.keywords,
            first_seen_at=today.first_seen_at,
            last_seen_at=today.last_seen_at,
            changed_at=now,
            is_sample=today.is_sample,
            **{**bare, "threads": []},
        )
        ThreadPlace.objects.bulk_create(
            [ThreadPlace(thread=thread, issue=part, by=by, at=now) for thread in sorted(named)],
            update_conflicts=True,
            unique_fields=["thread"],
            update_fields=["issue", "by", "at"],
        )
        values = {"quoted": quoted_keys(today)}
        note_events([IssueEvent(issue=part, at=now, code=SPLIT, other=issue, by=by, values=values)])
        tell(by, issue, "split-off", {"part": part.pk, "threads": len(named)}, other=part)
    return part


def _listed(issue: Issue) -> set[int]:
    return {int(one["thread"]) for one in issue.threads}


def _elsewhere(threads: set[int], issue: Issue) -> set[int]:
    """Which threads, none of them among the largest of the issue, another issue has: by hand or by its own list."""
    if not threads:
        return set()
    moved = set()
    for place in ThreadPlace.objects.filter(thread__in=threads).select_related("issue"):
        owner = place.issue
        while owner.merged_into is not None:
            owner = owner.merged_into
        if owner.pk != issue.pk:
            moved.add(place.thread)
    names = Q()
    for thread in threads:
        names |= Q(listed__contains=f'"thread": {thread},') | Q(listed__contains=f'"thread": {thread}}}')
    others = Issue.objects.filter(gone_at=None).exclude(pk=issue.pk).annotate(listed=Cast("threads", TextField()))
    for other in others.filter(names):
        moved |= _listed(other) & threads
    return moved


def _without_words(issue: Issue) -> dict[str, Any]:
    """Nothing that people said, and how many spoke is not known until figures are made anew."""
    return {**without_words(issue), "evidence": [], "distinct_authors": None}
