"""Two people do something with the same issue or brief at the same moment: one wins, the other is told plainly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from nhipcau.issues.actions.briefs.editing import edit_brief
from nhipcau.issues.actions.briefs.signing import sign_brief
from nhipcau.issues.actions.parting import merge_issue, split_issue
from nhipcau.issues.actions.triage import move_issue, rename_issue
from nhipcau.issues.briefing.document import digest_of
from nhipcau.issues.models import Brief, Issue
from nhipcau.issues.queries.briefs import document_of
from nhipcau.network.models.audit import AuditRecord
from nhipcau.site.errors import DomainError
from tests.issues.briefs.cast import drafted, edits, make_issue, make_picture
from tests.network.tasks.cast import Cast, fresh

pytestmark = pytest.mark.django_db(transaction=True)
Step = Callable[[], Any]


def at_once(*steps: Step) -> list[str]:
    """Let all begin together, each on its own connection; give "" for each that was done, else the code it was told."""
    gate = threading.Barrier(len(steps))
    told: list[str] = ["never ran"] * len(steps)

    def run(number: int, step: Step) -> None:
        try:
            gate.wait(30)
            step()
            told[number] = ""
        except DomainError as error:
            told[number] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


THREADS = [{"thread": k, "voices": 9, "first": "", "last": "", "words": ""} for k in (1, 2)]


@pytest.mark.parametrize("against", ["split", "move", "rename"])
def test_merging_an_issue_wins_or_loses_as_a_whole(cast: Cast, against: str) -> None:
    now = timezone.now()
    make_picture(now)
    issue, into = make_issue(now, threads=THREADS), make_issue(now, "rác ở chợ")
    one, two = fresh(cast.analyst), fresh(cast.leader)
    steps: dict[str, Step] = {
        "split": lambda: split_issue(by=two, issue=Issue.objects.get(pk=issue.pk), threads=[1]),
        "move": lambda: move_issue(by=two, issue=issue, to="closed", was=issue.triage),
        "rename": lambda: rename_issue(by=two, issue=issue, label="Ngập"),
    }
    told = at_once(lambda: merge_issue(by=one, issue=issue, into=into), steps[against])
    assert told[0] == "", "who merges never stands in the way of the other"
    assert told[1] in ("", "issue-has-moved")
    row = Issue.objects.get(pk=issue.pk)
    assert row.merged_into_id == into.pk
    assert AuditRecord.objects.count() == 1 + (told[1] == "")


def test_two_who_close_the_same_issue(cast: Cast) -> None:
    now = timezone.now()
    make_picture(now)
    issue = make_issue(now)
    people = [fresh(cast.analyst), fresh(cast.leader)]
    told = at_once(
        *(
            lambda by=by, to=to: move_issue(by=by, issue=issue, to=to, was=issue.triage)
            for by, to in zip(people, ("closed", "acting"), strict=True)
        )
    )
    assert sorted(told) == ["", "issue-has-moved"]
    assert AuditRecord.objects.count() == 1


def test_two_who_sign_or_edit_the_same_brief(cast: Cast) -> None:
    now = timezone.now()
    make_picture(now)
    make_issue(now)
    brief = drafted(cast.analyst)
    version = brief.version
    told = at_once(
        *(
            lambda by=by: edit_brief(by=fresh(by), brief=brief, version=version, edits=edits(brief, lead=by.name))
            for by in (cast.analyst, cast.leader)
        )
    )
    assert told.count("") == 1
    assert all(code.startswith("brief-") for code in told if code)
    brief = Brief.objects.get(pk=brief.pk)
    seal = digest_of(document_of(brief))
    told = at_once(
        *(lambda by=by: sign_brief(by=fresh(by), brief=brief, fingerprint=seal) for by in (cast.analyst, cast.leader))
    )
    assert told.count("") == 1
    assert all(code.startswith("brief-") for code in told if code)
    assert AuditRecord.objects.filter(action="brief.signed").count() == 1
