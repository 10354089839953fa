"""What people do with an issue: done once, told in the log, taken back; refused where somebody was faster."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nhipcau.issues.actions import parting, triage
from nhipcau.issues.errors import IssueHasMoved, IssueInvalid, NothingToSplit
from nhipcau.issues.models.issues import Issue, TriageState
from nhipcau.issues.models.triage import IssueEvent, NotAnIssue, ThreadPlace
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Person
from tests.issues.pages.cast import NOW, make_issue
from tests.network.tasks.cast import Cast
from tests.network.tasks.cast import issue as send

Browser = Callable[[Person], Client]


def records() -> list[str]:
    return list(
        AuditRecord.objects.filter(action__startswith="issue.").order_by("seq").values_list("action", flat=True)
    )


def test_state_moves_and_who_saw_another_state_is_refused(cast: Cast):
    issue = make_issue(1, "Ngập nước")
    triage.move_issue(by=cast.analyst, issue=issue, to="assessing", was="new")
    with pytest.raises(IssueHasMoved):
        triage.move_issue(by=cast.leader, issue=issue, to="acting", was="new")
    with pytest.raises(IssueInvalid):
        triage.move_issue(by=cast.leader, issue=issue, to="elsewhere", was="assessing")
    issue.refresh_from_db()
    assert issue.triage == TriageState.ASSESSING
    assert records() == ["issue.triaged"]
    assert IssueEvent.objects.filter(issue=issue, code="triaged", by=cast.analyst).count() == 1


def test_an_issue_gets_an_owner_a_name_and_a_note(cast: Cast, browser_of: Browser):
    issue = make_issue(1, "Ngập nước")
    client = browser_of(cast.analyst)
    client.post(f"/issues/{issue.pk}/do/owner", {"owner": str(cast.analyst.pk), "was": ""})
    client.post(f"/issues/{issue.pk}/do/rename", {"label": "  Ngập   cầu Trắng "})
    client.post(f"/issues/{issue.pk}/do/note", {"text": "Đã gọi điểm cầu."})
    shown = client.get(f"/issues/{issue.pk}/").content.decode()
    assert "Ngập cầu Trắng" in shown
    assert "tên theo các ý kiến: “Ngập nước”" in shown
    assert "Đã gọi điểm cầu." in shown
    assert cast.analyst.name in shown
    assert records() == ["issue.owned", "issue.renamed", "issue.noted"]
    assert "Ngập cầu Trắng" in client.get("/issues/?q=cau trang").content.decode()


def test_merging_and_taking_it_back(cast: Cast):
    kept, gone = make_issue(1, "Ngập nước"), make_issue(2, "Nước ngập")
    parting.merge_issue(by=cast.analyst, issue=gone, into=kept)
    with pytest.raises(IssueHasMoved):
        parting.merge_issue(by=cast.leader, issue=gone, into=kept)
    with pytest.raises(IssueInvalid):
        parting.merge_issue(by=cast.leader, issue=kept, into=kept)
    gone.refresh_from_db()
    assert gone.merged_into == kept
    with pytest.raises(IssueHasMoved):
        parting.merge_issue(by=cast.leader, issue=kept, into=gone)  # what is gone takes nothing in
    parting.part_issue(by=cast.analyst, issue=gone)
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.merged_into, gone.gone_at) == (None, None)
    assert gone.excerpts == kept.excerpts == []
    with pytest.raises(IssueHasMoved):
        parting.part_issue(by=cast.analyst, issue=gone)
    assert records() == ["issue.absorbed", "issue.parted"]


def test_splitting_takes_the_quotes_of_both_away_at_once(cast: Cast, browser_of: Browser):
    issue = make_issue(1, "Ngập nước")
    client = browser_of(cast.analyst)
    answer = client.post(f"/issues/{issue.pk}/split", {"thread": ["11", "999"]})
    part = Issue.objects.exclude(pk=issue.pk).get()
    assert answer.url == f"/issues/{part.pk}/"
    assert list(ThreadPlace.objects.values_list("thread", "issue")) == [(11, part.pk)]
    issue.refresh_from_db()
    assert issue.excerpts == part.excerpts == issue.questions == part.questions == []
    assert records() == ["issue.split-off"]


@pytest.mark.parametrize("threads", [[], [10, 11, 12], [999]])
def test_splitting_off_none_or_all_is_refused(cast: Cast, threads: list[int]):
    issue = make_issue(1, "Ngập nước")
    with pytest.raises(NothingToSplit):
        parting.split_issue(by=cast.analyst, issue=issue, threads=threads)
    assert ThreadPlace.objects.count() == 0
    assert records() == []


def without_thread(issue: Issue, thread: int) -> None:
    left = [one for one in issue.threads if one["thread"] != thread]
    Issue.objects.filter(pk=issue.pk).update(threads=left, changed_at=issue.changed_at + timedelta(minutes=1))


def test_an_issue_that_grows_while_somebody_looks_is_split_all_the_same(cast: Cast):
    seen = make_issue(1, "Ngập nước")
    grown = [{**seen.threads[0], "thread": 77}, *seen.threads]
    Issue.objects.filter(pk=seen.pk).update(threads=grown, changed_at=seen.changed_at + timedelta(minutes=1), voices=99)
    part = parting.split_issue(by=cast.analyst, issue=seen, threads=[10, 12])
    seen.refresh_from_db()
    assert [one["thread"] for one in seen.threads] == [77, 11]
    assert set(ThreadPlace.objects.values_list("thread", "issue")) == {(10, part.pk), (12, part.pk)}


def test_a_thread_that_left_the_list_of_the_largest_can_be_split_off_from_the_page_that_showed_it(
    cast: Cast, browser_of: Browser
):
    issue, client = make_issue(1, "Ngập nước"), browser_of(cast.analyst)
    page = client.get(f"/issues/{issue.pk}/split").content.decode()
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    without_thread(issue, 11)
    assert client.post(f"/issues/{issue.pk}/split", {"thread": "11", "shown": "x" + shown}).status_code == 422
    other = make_issue(2, "Mất điện")
    assert client.post(f"/issues/{other.pk}/split", {"thread": "11", "shown": shown}).status_code == 422
    assert client.post(f"/issues/{issue.pk}/split", {"thread": "11", "shown": shown}).status_code == 302
    assert list(ThreadPlace.objects.values_list("thread", flat=True)) == [11]
    assert records() == ["issue.split-off"]


def test_threads_that_are_in_another_issue_by_now_are_not_split_off(cast: Cast, browser_of: Browser):
    issue, client = make_issue(1, "Ngập nước"), browser_of(cast.analyst)
    page = client.get(f"/issues/{issue.pk}/split").content.decode()
    form = {"thread": ["10", "11"], "shown": re.search(r'name="shown" value="([^"]+)"', page)[1]}
    without_thread(issue, 11)
    other = make_issue(2, "Mất điện", threads=[issue.threads[1]])
    answer = client.post(f"/issues/{issue.pk}/split", form)
    assert answer.status_code == 422
    assert "1 nhóm ý kiến đã chọn nay thuộc vấn đề khác" in answer.content.decode()
    Issue.objects.filter(pk=other.pk).update(threads=[])
    ThreadPlace.objects.create(thread=11, issue=other, by=cast.leader, at=NOW)
    assert client.post(f"/issues/{issue.pk}/split", form).status_code == 422
    assert ThreadPlace.objects.count() == 1
    assert records() == []
    # what is in an issue that was merged into this one is in this one
    Issue.objects.filter(pk=other.pk).update(merged_into=issue, gone_at=NOW)
    assert client.post(f"/issues/{issue.pk}/split", form).status_code == 302


def test_an_issue_that_was_merged_away_is_not_split(cast: Cast):
    issue, other = make_issue(1, "Ngập nước"), make_issue(2, "Mất điện")
    parting.merge_issue(by=cast.leader, issue=Issue.objects.get(pk=issue.pk), into=other)
    with pytest.raises(IssueHasMoved):
        parting.split_issue(by=cast.analyst, issue=issue, threads=[11])


def test_denying_and_taking_it_back(cast: Cast, browser_of: Browser):
    issue = make_issue(1, "Trúng thưởng lớn")
    denial = triage.deny_issue(by=cast.analyst, issue=issue, reason="Quảng cáo")
    assert denial.signature == ["lon", "thuong", "trung"]
    with pytest.raises(IssueHasMoved):
        triage.deny_issue(by=cast.leader, issue=issue, reason="cũng vậy")
    browser_of(cast.leader).post(f"/issues/not-issues/{denial.pk}/take-back")
    with pytest.raises(IssueHasMoved):
        triage.take_back_denial(by=cast.leader, denial=denial)
    assert NotAnIssue.objects.filter(taken_back_at=None).count() == 0
    assert records() == ["issue.not-an-issue", "issue.an-issue-again"]


@pytest.mark.parametrize("what", ["triage", "owner", "rename", "part", "note"])
def test_auditors_look_and_touch_nothing(cast: Cast, browser_of: Browser, what: str):
    issue = make_issue(1, "Ngập nước")
    client = browser_of(cast.auditor)
    assert client.get(f"/issues/{issue.pk}/").status_code == 200
    assert client.post(f"/issues/{issue.pk}/do/{what}", {"to": "closed", "was": "new"}).status_code == 403
    assert records() == []


def test_what_cannot_be_is_told_in_words(cast: Cast, browser_of: Browser):
    issue = make_issue(1, "Ngập nước")
    client = browser_of(cast.analyst)
    assert "Hãy chọn trong danh sách" in client.post(f"/issues/{issue.pk}/merge", {"into": "77"}).content.decode()
    assert client.post(f"/issues/{issue.pk}/do/note", {"text": "  "}).status_code == 422
    assert client.post(f"/issues/{issue.pk}/do/nothing").status_code == 404
    assert client.post("/issues/999/do/owner").status_code == 404


def test_a_directive_is_sent_from_an_issue_and_leads_back_to_it_for_who_may_open_it(cast: Cast, browser_of: Browser):
    made = make_issue(1, "Ngập nước")
    client = browser_of(cast.leader)
    address = f"/tasks/new?origin_kind=issue&amp;origin_ref={made.pk}&amp;title=Ng%E1%BA%ADp"
    assert address in client.get(f"/issues/{made.pk}/").content.decode()
    task = send(cast, origin_kind="issue", origin_ref=str(made.pk))
    link = f'<a href="/issues/{made.pk}/">'
    assert link in client.get(f"/tasks/{task.pk}/").content.decode()
    assert link not in browser_of(cast.area_officer).get(f"/tasks/{task.pk}/").content.decode()


def test_a_record_of_an_issue_names_no_office(cast: Cast):
    issue = make_issue(1, "Ngập nước")
    triage.own_issue(by=cast.analyst, issue=issue, owner=cast.analyst, was=None)
    issue.refresh_from_db()
    triage.note_issue(by=cast.analyst, issue=issue, text="Người phụ trách là một người, không phải một đơn vị.")
    assert list(AuditRecord.objects.filter(action="issue.noted").values_list("office", flat=True)) == [None]
