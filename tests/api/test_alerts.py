"""Alert rules and alerts for programs: made, changed, switched, tried, acknowledged; refused as on pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nhipcau.issues.actions.alerts.watching import watch
from nhipcau.issues.models.alerts import Alert, AlertRule
from nhipcau.issues.models.triage import IssueEvent
from nhipcau.issues.queries.alert_trial import tried
from nhipcau.issues.views.shown_trials import shown
from nhipcau.network.models.audit import AuditRecord
from tests.api.programs import Program, program
from tests.issues.pages.cast import NOW, make_issue
from tests.network.tasks.cast import Cast


def asked(**values: Any) -> dict[str, Any]:
    """A rule that is in order."""
    return {"name": "Khẩn cấp", "what": "level", "level": "alert", "tells_command": True, "group_minutes": 0} | values


@pytest.fixture
def analyst(cast: Cast) -> Program:
    """A program of the hub's analyst."""
    return program(cast.analyst)


def found(analyst: Program) -> Alert:
    """What a rule finds that was made and switched on."""
    rule = analyst.post("/alert-rules", asked()).json()["id"]
    assert analyst.post(f"/alert-rules/{rule}/switch", {"on": True}).json()["enabled_at"]
    now = timezone.now()
    make_issue(1, "Ngập nước", at=now, level=2)
    watch(timezone.now())
    return Alert.objects.get()


def test_rule_is_made_off_and_reads_as_it_was_asked_for(cast: Cast, analyst: Program):
    told = {"people_told": [cast.leader.pk], "roles_told": ["analyst"], "quiet_from": "22:00", "quiet_until": "06:30"}
    answer = analyst.post("/alert-rules", asked(**told))
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["Location"] == f"/api/v1/alert-rules/{made['id']}"
    assert made["enabled_at"] is None
    assert (made["level"], made["quiet_until"]) == ("alert", "06:30")
    assert [one["id"] for one in made["people_told"]] == [cast.leader.pk]
    assert analyst.get(f"/alert-rules/{made['id']}").json() == made
    assert analyst.get("/alert-rules").json()["items"] == [made]
    assert AuditRecord.objects.filter(action="alert-rule.made").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": "none"}, "body.level"),
        ({"people": 4}, "body.people"),
        ({"group_minutes": 7}, "body.group_minutes"),
        ({"tells_command": False}, "body.told"),
        ({"quiet_from": "22:00"}, "body.quiet_until"),
        ({"quiet_from": "22:00:00"}, "body.quiet_from"),
        ({"places": ["nowhere"]}, "body.places"),
        ({"people_told": [987654321]}, "body.people_told"),
        ({"rules": 1}, "body.rules"),
    ],
)
def test_rule_that_does_not_hold_is_refused_with_its_field(analyst: Program, change: dict[str, Any], field: str):
    answer = analyst.post("/alert-rules", asked(**change))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert not AlertRule.objects.exists()


def test_change_needs_the_version_that_was_looked_at(analyst: Program):
    made = analyst.post("/alert-rules", asked()).json()
    path = f"/alert-rules/{made['id']}"
    changed = analyst.put(path, asked(level="urgent", version=made["version"])).json()
    assert (changed["level"], changed["version"]) == ("urgent", made["version"] + 1)
    again = analyst.put(path, asked(level="watch", version=made["version"]))
    assert (again.status_code, again.json()["code"]) == (409, "alert-rule-changed")
    assert analyst.put(path, asked()).status_code == 422
    assert AlertRule.objects.get().level == 3


def test_switching_twice_is_a_conflict(analyst: Program):
    path = f"/alert-rules/{analyst.post('/alert-rules', asked()).json()['id']}/switch"
    assert [analyst.post(path, {"on": on}).status_code for on in (False, True, True, False)] == [409, 200, 409, 200]


def test_trial_says_what_the_page_shows(cast: Cast, analyst: Program):
    rule = AlertRule.objects.get(pk=analyst.post("/alert-rules", asked()).json()["id"])
    make_issue(1, "Ngập nước")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        said = analyst.get(f"/alert-rules/{rule.pk}/trial", {"days": "30"}).json()
        now = timezone.now()
        page = shown(tried(rule, since=now - timedelta(days=30), until=now))
    assert said["count"] == page["count"]
    assert [(one["day"], one["count"]) for one in said["by_day"]] == [
        (one["day"].isoformat(), one["count"]) for one in page["bars"]
    ]
    assert [one["found"][0]["issue"] for one in said["letters"]] == [
        one["found"][0]["issue"] for one in page["letters"]
    ]


def test_alerts_are_listed_and_acknowledged_once(cast: Cast, analyst: Program):
    alert = found(analyst)
    (listed,) = analyst.get("/alerts").json()["items"]
    assert (listed["id"], listed["issue"], listed["level"]) == (alert.pk, alert.issue_id, "alert")
    path, body = "/alerts/acknowledgements", {"alerts": [alert.pk]}
    assert program(cast.auditor).post(path, body).status_code == 403
    assert [analyst.post(path, body).json()["acknowledged"] for _ in range(2)] == [1, 0]
    assert analyst.get("/alerts").json()["items"] == []
    (listed,) = analyst.get("/alerts", {"show": "all", "rule": listed["rule"]}).json()["items"]
    assert listed["acknowledged_by"]["id"] == cast.analyst.pk
    assert AuditRecord.objects.filter(action="alert.acknowledged").count() == 1


def test_rules_and_alerts_are_the_hubs_and_changing_them_is_its_own_scope(cast: Cast, analyst: Program):
    rule = analyst.post("/alert-rules", asked()).json()["id"]
    auditor, officer = program(cast.auditor), program(cast.officer)
    assert auditor.get(f"/alert-rules/{rule}").status_code == 200
    assert officer.get(f"/alert-rules/{rule}").status_code == 403
    assert auditor.post("/alert-rules", asked()).status_code == 403
    cast.leader.api_tokens.all().delete()
    reading = program(cast.leader, scopes=["alerts:read"])
    refused = reading.post("/alert-rules", asked())
    assert (refused.status_code, refused.json()["code"]) == (403, "api-scope-missing")


def test_lists_ask_as_much_of_the_database_for_many_as_for_one(cast: Cast, analyst: Program):
    def asked_for(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert analyst.get(path, {"limit": 100}).status_code == 200
        return len(queries)

    now, issue = timezone.now(), make_issue(1, "Ngập nước")
    paths = ("/alert-rules", "/alerts", f"/issues/{issue.pk}/history")
    counts = []
    for number in range(6):
        rule = analyst.post("/alert-rules", asked(people_told=[cast.leader.pk])).json()["id"]
        values = {"rule_id": rule, "at": now, "subject": f"issue-{issue.pk}", "issue": issue}
        Alert.objects.create(key=f"alert-{number}", **values)
        IssueEvent.objects.create(issue=issue, at=now, code="renamed", by=cast.analyst)
        if number in (1, 5):
            counts.append([asked_for(path) for path in paths])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12
