"""Drafting: the numbers of the rows, in the shape of the engine's brief; once for one form; who is told."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest
from django.utils import timezone

from nhipcau.engine.brief.model import to_json
from nhipcau.issues.actions.briefs.drafting import draft_on_demand
from nhipcau.issues.actions.briefs.errors import BriefInvalid, BriefNotYours
from nhipcau.issues.drafting import draft_brief
from nhipcau.issues.models import Brief, Issue, IssueEvent, NotAnIssue, Picture
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import DutyShift
from nhipcau.running.models import OutgoingMail
from tests.conftest import SCHEMA
from tests.issues.briefs.cast import BACKTEST, QUESTION, QUOTE, drafted, make_issue, make_picture
from tests.issues.briefs.conftest import MORNING
from tests.network.tasks.cast import Cast


def made(as_of: datetime = MORNING, **values: Any) -> dict[str, Any]:
    """A draft of the day before, which keeps to the schema of the engine's brief."""
    brief: dict[str, Any] = json.loads(to_json(draft_brief(since=as_of - timedelta(days=1), as_of=as_of, **values)))
    jsonschema.validate(brief, SCHEMA)
    return brief


def codes(brief: dict[str, Any]) -> list[str]:
    return [each["code"] for each in brief["unknowns"]]


def test_numbers_are_those_of_the_pages(issues: list[Issue]) -> None:
    brief = made()
    first, second = brief["issues"]
    assert [first["id"], second["id"]] == [issue.pk for issue in issues]
    assert (first["heat"], first["voices"], first["level"], first["status"]) == (62.5, 48, "alert", "growing")
    assert (first["distinct_authors"], first["copies"], first["voices_total"]) == (40, 4, 60)
    assert (brief["posts"], brief["folded"], brief["issues_total"]) == (300, 12, 2)
    assert [source["silent"] for source in brief["sources"]] == [False, True]
    assert brief["as_of"] == "2026-11-27T06:00:00+07:00"


def test_hours_without_a_voice_are_zero_and_the_series_ends_with_the_hour_of_the_brief(issues: list[Issue]) -> None:
    issues[0].hours.filter(hour=MORNING - timedelta(hours=5)).delete()
    series = made()["issues"][0]["series"]
    assert (len(series), series[-1], series[-6]) == (
        40,
        ["2026-11-27T06:00:00+07:00", 2],
        ["2026-11-27T01:00:00+07:00", 0],
    )


def test_people_are_quoted_only_from_the_floor_up_and_the_press_always(issues: list[Issue]) -> None:
    press = {
        "text": "Sở nói",
        "time": None,
        "source": "Báo",
        "kind": "press",
        "voices": 1,
        "link": "https://b.example/1",
    }
    Issue.objects.filter(pk=issues[1].pk).update(excerpts=[*issues[1].excerpts, press], press=1)
    first, second = made()["issues"]
    assert first["excerpts"][0]["text"] == QUOTE
    assert first["questions"][0]["text"] == QUESTION
    assert [each["kind"] for each in second["excerpts"]] == ["press"]
    assert (second["questions"], second["excerpts_withheld"]) == ([], "few-authors")
    Issue.objects.filter(pk=issues[1].pk).update(distinct_authors=None)
    assert made()["issues"][1]["excerpts_withheld"] == "unknown-authors"


def test_what_is_gone_old_or_no_issue_is_left_out(cast: Cast, issues: list[Issue]) -> None:
    gone = make_issue(MORNING, "gộp rồi", gone_at=MORNING, merged_into=issues[0])
    old = make_issue(MORNING, "cũ", last_seen_at=MORNING - timedelta(days=2))
    denied = make_issue(MORNING, "không phải vấn đề")
    denial = NotAnIssue.objects.create(issue=denied, by=cast.analyst, at=MORNING)
    assert {issue["id"] for issue in made()["issues"]} == {issue.pk for issue in issues}
    denial.taken_back_at = MORNING
    denial.save()
    assert denied.pk in {issue["id"] for issue in made()["issues"]}
    assert {gone.pk, old.pk}.isdisjoint({issue["id"] for issue in made()["issues"]})


def test_own_label_history_forecast_and_cut_are_told(issues: list[Issue]) -> None:
    hours = [{"time": MORNING.isoformat(), "mean": 1.0, "median": 1.0, "lo80": 0.0, "hi80": 3.0}] * 72
    totals = {"24": {"mean": 24.0, "lo80": 10.0, "hi80": 40.0}}
    backtest = {**BACKTEST, "totals": totals, "reason": None}
    Issue.objects.filter(pk=issues[0].pk).update(own_label="Ngập Lê Lợi", forecast=hours, backtest=backtest)
    IssueEvent.objects.create(issue=issues[0], at=MORNING, code="merged", other=issues[1])
    brief = made(top=1)
    issue = brief["issues"][0]
    assert (issue["label"], issue["history"][0]["other"]) == ("Ngập Lê Lợi", issues[1].pk)
    assert (len(issue["forecast"]), issue["forecast_totals"]["24"]["mean"], issue["backtest"]["mase"]) == (
        72,
        24.0,
        0.81,
    )
    assert brief["unknowns"][-2]["code"] == "issues-cut"


def test_picture_that_stands_still_is_told_as_not_known(issues: list[Issue]) -> None:
    assert "picture-late" not in codes(made())
    Picture.objects.update(as_of=MORNING - timedelta(minutes=40))
    brief = made()
    assert codes(brief)[0] == "picture-late"
    assert brief["unknowns"][0]["values"]["minutes"] == 40
    assert "40 phút" in brief["unknowns"][0]["text"]


def test_without_a_listener_the_brief_says_that_nothing_is_known(cast: Cast) -> None:
    brief = made()
    assert (brief["issues"], codes(brief)[0]) == ([], "no-picture")


def test_longer_period_counts_voices_over_all_of_it_and_says_what_is_of_the_last_day(issues: list[Issue]) -> None:
    brief = json.loads(to_json(draft_brief(since=MORNING - timedelta(days=2), as_of=MORNING)))
    jsonschema.validate(brief, SCHEMA)
    assert (brief["issues"][0]["voices"], brief["issues"][0]["heat"]) == (80, 62.5)
    assert brief["posts"] == 2 * (80 + 20)
    assert "period-long" in codes(brief)


def test_issue_like_one_that_is_none_is_left_out(cast: Cast, issues: list[Issue]) -> None:
    denial = NotAnIssue.objects.create(issue=issues[1], by=cast.analyst, at=MORNING)
    Issue.objects.filter(pk=issues[0].pk).update(like_denied=denial)
    assert (made()["issues"], made(MORNING - timedelta(hours=14))["issues"]) == ([], [])


def test_past_moment_is_told_from_what_was_noted_then(issues: list[Issue]) -> None:
    then = MORNING - timedelta(hours=14)
    brief = made(then)
    first = next(issue for issue in brief["issues"] if issue["id"] == issues[0].pk)
    assert (first["heat"], first["level"], first["voices"]) == (46.5, "watch", 20)
    assert (first["excerpts"], first["questions"], first["forecast"]) == ([], [], [])
    assert codes(brief)[0] == "past-moment"
    assert brief["posts"] > 0
    assert first["series"][-1][0] == "2026-11-26T16:00:00+07:00"


def test_number_of_queries_does_not_grow_with_the_issues(issues: list[Issue], django_assert_num_queries: Any) -> None:
    for number in range(12):
        make_issue(MORNING, f"vấn đề {number}")
    with django_assert_num_queries(6):
        draft_brief(since=MORNING - timedelta(days=1), as_of=MORNING, top=10)


def test_analyst_drafts_on_demand_and_the_duty_is_told(cast: Cast, issues: list[Issue]) -> None:
    DutyShift.objects.create(
        office=cast.hub, person=cast.leader, starts_at=MORNING, ends_at=MORNING + timedelta(hours=8)
    )
    brief = drafted(cast.analyst)
    assert (brief.state, brief.number, brief.drafted_by) == ("draft", "", cast.analyst)
    assert (brief.as_of, brief.since) == (MORNING, MORNING - timedelta(days=1))
    mail = OutgoingMail.objects.get()
    assert mail.to == cast.leader.email
    assert f"/briefs/{brief.pk}/" in mail.text
    record = AuditRecord.objects.get(action="brief.drafted")
    assert (record.by, record.values["issues"], record.values["mails"]) == (cast.analyst, 2, 1)


def test_without_anybody_on_duty_the_analysts_are_told_then_the_leaders(cast: Cast, issues: list[Issue]) -> None:
    drafted(cast.leader)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [cast.analyst.email]
    cast.analyst.is_active = False
    cast.analyst.save()
    drafted(cast.leader, as_of=MORNING - timedelta(hours=1))
    assert OutgoingMail.objects.last().to == cast.leader.email  # type: ignore[union-attr]


def test_sample_tells_nobody(cast: Cast, issues: list[Issue]) -> None:
    cast.hub.is_sample = True
    cast.hub.save()
    assert drafted(cast.analyst).is_sample
    assert not OutgoingMail.objects.exists()


def test_same_form_makes_one_draft(cast: Cast, issues: list[Issue]) -> None:
    first, second = (drafted(cast.analyst, key="the key of a form") for _ in range(2))
    assert first == second
    assert AuditRecord.objects.filter(action="brief.drafted").count() == 1
    assert drafted(cast.leader, key="the key of a form") != first


@pytest.mark.parametrize("part", ["auditor", "area_officer", "officer", "stranger"])
def test_others_do_not_draft(cast: Cast, part: str) -> None:
    with pytest.raises(BriefNotYours):
        draft_on_demand(by=getattr(cast, part))
    assert not Brief.objects.exists()


@pytest.mark.parametrize("values", [{"hours": 6}, {"as_of": MORNING + timedelta(minutes=1)}])
def test_odd_periods_and_the_future_are_refused(cast: Cast, values: dict[str, Any]) -> None:
    with pytest.raises(BriefInvalid):
        draft_on_demand(by=cast.analyst, **values)
    assert not Brief.objects.exists()


def test_draft_of_a_day_says_what_was_done_since_the_brief_before(cast: Cast, issues: list[Issue], clock: Any) -> None:
    from nhipcau.network.actions.tasks.acknowledging import acknowledge_task
    from tests.issues.briefs.cast import edited, sent, signed
    from tests.network.tasks.cast import fresh, issue, recipient_of

    advice = [{"what": "Thông cống", "who": "Phường", "until": "", "issue": None}]
    before = sent(cast.leader, signed(cast.leader, edited(cast.analyst, drafted(cast.analyst), recommendations=advice)))
    Issue.objects.filter(pk=issues[0].pk).update(triage="acting", owner=cast.analyst)
    task = issue(cast, offices=cast.points[:2], origin_kind="issue", origin_ref=str(issues[0].pk))
    issue(cast, origin_kind="brief", origin_ref=f"{before.pk}/1", title="Từ kiến nghị")
    issue(cast, origin_kind="issue", origin_ref="999")
    acknowledge_task(by=cast.officer, recipient=recipient_of(task))
    clock.move_to(MORNING + timedelta(days=1), tick=False)
    make_picture(timezone.now())
    first, second, third = drafted(fresh(cast.leader)).follow_up
    assert (first["triage"], first["owner"]) == ("acting", "Analyst")
    assert [(one["title"], one["asked"], one["acknowledged"], one["done"]) for one in first["directives"]] == [
        ("Kiểm tra nước", 2, 1, 0)
    ]
    assert (second["triage"], second["directives"]) == ("new", [])
    assert (third["id"], [one["title"] for one in third["directives"]]) == (None, ["Từ kiến nghị"])
