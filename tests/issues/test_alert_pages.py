"""Pages of internal alerts: what each shows and to whom, one tap, the rules, with a constant number of queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nhipcau.issues.actions.alerts.errors import AlertRuleChanged, AlertRuleInvalid, AlertTestTooSoon
from nhipcau.issues.actions.alerts.rules import AskedRule, change_rule, make_rule, switch_rule, try_out_rule
from nhipcau.issues.actions.alerts.watching import watch
from nhipcau.issues.models import Alert, AlertNotice, AlertRule, Issue
from nhipcau.issues.models.alerts import What
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.offices import Office
from nhipcau.running.models import OutgoingMail
from nhipcau.site.errors import NotAllowed
from tests.network.tasks.cast import Cast, fresh

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST_QUERIES = 12
FORM = {
    "name": "Ngập nước",
    "what": "level",
    "level": "2",
    "questions": "0",
    "people": "0",
    "words": "ngập, Nước máy",
    "roles_told": ["analyst"],
    "quiet_from": "22:00",
    "quiet_until": "06:00",
    "urgent_breaks_through": "on",
    "group_minutes": "10",
    "repeat_hours": "24",
    "asks_acknowledgement": "on",
    "escalate_minutes": "15",
}


def asked(**values: Any) -> AskedRule:
    return AskedRule(**({"name": "Khẩn cấp", "what": What.LEVEL, "level": 2, "tells_command": True} | values))


def enter(client: Client, person: Any) -> Client:
    client.force_login(person, backend=BACKEND)
    return client


def found(cast: Cast, count: int = 1, **values: Any) -> list[Alert]:
    """Alerts of a rule that is on, each of an issue of its own."""
    rule = make_rule(by=fresh(cast.analyst), asked=asked(group_minutes=0, **values))
    switch_rule(by=fresh(cast.analyst), rule=rule, on=True)
    now = timezone.now()
    for number in range(count):
        Issue.objects.create(
            label=f"việc {number}",
            first_seen_at=now,
            last_seen_at=now,
            changed_at=now,
            level=2,
            places=[{"code": "11", "name": "Xã Mẫu"}],
            distinct_authors=20,
        )
    watch(timezone.now())
    return list(Alert.objects.filter(rule=rule).order_by("pk"))


def test_list_shows_what_waits_and_one_tap_acknowledges(cast: Cast, client: Client):
    alert = found(cast)[0]
    page = enter(client, cast.analyst).get("/alerts/").content.decode()
    for said in ("việc 0", "Xã Mẫu", "Khẩn cấp", "20 người", f"/issues/{alert.issue_id}/"):
        assert said in page, said
    answer = client.post("/alerts/acknowledge", {"alert": alert.pk, "next": "/alerts/"}, follow=True)
    assert "Không có cảnh báo nào chờ xác nhận" in answer.content.decode()
    alert.refresh_from_db()
    assert alert.acknowledged_by == cast.analyst
    assert AuditRecord.objects.filter(action="alert.acknowledged").count() == 1
    again = enter(client, cast.leader).post("/alerts/acknowledge", {"alert": alert.pk}, follow=True)
    assert "đã xác nhận trước" in again.content.decode()
    assert AuditRecord.objects.filter(action="alert.acknowledged").count() == 1
    assert "Analyst" in client.get("/alerts/?show=all").content.decode()


def test_letter_leads_to_its_alerts_and_all_are_acknowledged_at_once(cast: Cast, client: Client):
    rule = make_rule(by=fresh(cast.analyst), asked=asked(group_minutes=60))
    switch_rule(by=fresh(cast.analyst), rule=rule, on=True)
    now = timezone.now()
    for number in range(3):
        Issue.objects.create(label=f"việc {number}", first_seen_at=now, last_seen_at=now, changed_at=now, level=2)
    watch(timezone.now())
    notice = AlertNotice.objects.get()
    page = enter(client, cast.leader).get(f"/alerts/?letter={notice.pk}").content.decode()
    assert "Xác nhận cả 3 cảnh báo" in page
    given = {"alert": [alert.pk for alert in notice.alerts.all()], "next": f"/alerts/?letter={notice.pk}"}
    client.post("/alerts/acknowledge", given)
    assert not Alert.objects.filter(acknowledged_at__isnull=True).exists()
    record = AuditRecord.objects.get(action="alert.acknowledged")
    assert record.by_id == cast.leader.pk


def test_auditor_looks_and_acknowledges_nothing(cast: Cast, client: Client):
    alert = found(cast)[0]
    page = enter(client, cast.auditor).get("/alerts/").content.decode()
    assert "việc 0" in page
    assert "/alerts/acknowledge" not in page
    assert client.post("/alerts/acknowledge", {"alert": alert.pk}).status_code == 403
    rules = client.get("/alerts/rules/").content.decode()
    assert "/alerts/rules/new" not in rules
    assert client.get("/alerts/rules/new").status_code == 403


@pytest.mark.parametrize("given", [{"alert": "x"}, {"alert": "9" * 30}, {"alert": "987654"}, {}])
def test_odd_acknowledgement_changes_nothing(cast: Cast, client: Client, given: dict[str, str]):
    found(cast)
    assert enter(client, cast.analyst).post("/alerts/acknowledge", given).status_code == 302
    assert Alert.objects.get().acknowledged_at is None


@pytest.mark.parametrize("path", ["/alerts/?letter=abc", "/alerts/?letter=99999999999999999999", "/alerts/?page=-3"])
def test_odd_addresses_are_answered(cast: Cast, client: Client, path: str):
    assert enter(client, cast.analyst).get(path).status_code == 200


def test_offered_rules_are_off_until_somebody_switches_them_on(cast: Cast, client: Client):
    enter(client, cast.analyst)
    assert "Khẩn cấp ở bất cứ đâu" in client.get("/alerts/rules/").content.decode()
    assert client.post("/alerts/rules/offer").status_code == 302
    assert AlertRule.objects.count() == 3
    assert not AlertRule.objects.filter(enabled_at__isnull=False).exists()
    assert client.post("/alerts/rules/offer").status_code == 409
    rule = AlertRule.objects.order_by("pk")[0]
    assert "Chưa bật quy tắc" in client.get("/alerts/").content.decode()
    client.post(f"/alerts/rules/{rule.pk}/switch", {"on": "yes"})
    assert AlertRule.objects.get(pk=rule.pk).enabled_at is not None
    assert client.post(f"/alerts/rules/{rule.pk}/switch", {"on": "yes"}).status_code == 409
    assert "Chưa bật quy tắc" not in client.get("/alerts/").content.decode()


def test_rule_is_made_shown_changed_and_overtaken_on_its_pages(cast: Cast, client: Client):
    enter(client, cast.analyst)
    made = client.post("/alerts/rules/new", FORM)
    rule = AlertRule.objects.get()
    assert (made.status_code, made.url) == (302, f"/alerts/rules/{rule.pk}/")
    assert (rule.words, rule.roles_told, rule.enabled_at, rule.owner) == ("ngập, Nước máy", ["analyst"], None, cast.hub)
    page = client.get(f"/alerts/rules/{rule.pk}/").content.decode()
    for said in ("đạt mức “Cảnh báo” trở lên", "ngập, Nước máy", "22:00", "15 phút"):
        assert said in page, said
    edit = client.get(f"/alerts/rules/{rule.pk}/edit").content.decode()
    assert 'value="ngập, Nước máy"' in edit
    change = FORM | {"version": "1", "name": "Ngập", "tells_command": "on"}
    assert client.post(f"/alerts/rules/{rule.pk}/edit", change).status_code == 302
    late = client.post(f"/alerts/rules/{rule.pk}/edit", change | {"name": "Khác"})
    assert late.status_code == 422
    assert "vừa được người khác sửa" in late.content.decode()
    assert AlertRule.objects.get().name == "Ngập"
    actions = (
        AuditRecord.objects.filter(action__startswith="alert-rule.").order_by("seq").values_list("action", flat=True)
    )
    assert list(actions) == ["alert-rule.made", "alert-rule.changed"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "  "}, ""),
        ({"level": "0"}, "chọn mức phải đạt tới"),
        ({"roles_told": []}, "chọn ít nhất một"),
        ({"quiet_until": ""}, "ghi cả hai giờ"),
        ({"what": "void", "questions": "0"}, "chọn số câu ít nhất"),
        ({"what": "crowd"}, "chọn số người ít nhất"),
        ({"what": "mood"}, ""),
        ({"places": ["99999"]}, ""),
        ({"people": "7"}, ""),
    ],
)
def test_rule_that_cannot_be_is_refused_with_words(cast: Cast, client: Client, wrong: dict[str, Any], said: str):
    answer = enter(client, cast.analyst).post("/alerts/rules/new", FORM | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AlertRule.objects.exists()


def test_change_of_what_is_looked_for_begins_anew_and_another_name_does_not(cast: Cast):
    rule = found(cast)[0].rule
    by = fresh(cast.analyst)
    rule.refresh_from_db()
    assert rule.memory
    change_rule(by=by, rule=rule, asked=asked(group_minutes=0, name="Khác"), version=rule.version)
    rule.refresh_from_db()
    assert rule.memory
    watch(timezone.now())
    assert Alert.objects.count() == 1
    change_rule(by=by, rule=rule, asked=asked(group_minutes=0, level=1), version=rule.version)
    rule.refresh_from_db()
    assert rule.memory == {}
    watch(timezone.now())
    assert Alert.objects.count() == 2


def test_only_those_who_work_on_issues_keep_rules(cast: Cast):
    rule = make_rule(by=fresh(cast.leader), asked=asked())
    for person in (cast.auditor, cast.area_officer, cast.officer, cast.stranger):
        with pytest.raises(NotAllowed):
            make_rule(by=fresh(person), asked=asked())
        with pytest.raises(NotAllowed):
            change_rule(by=fresh(person), rule=rule, asked=asked(), version=1)
        with pytest.raises(NotAllowed):
            switch_rule(by=fresh(person), rule=rule, on=True)
        with pytest.raises(NotAllowed):
            try_out_rule(by=fresh(person), rule=rule)
    with pytest.raises(AlertRuleChanged):
        change_rule(by=fresh(cast.leader), rule=rule, asked=asked(), version=7)
    with pytest.raises(AlertRuleInvalid):
        make_rule(by=fresh(cast.leader), asked=asked(people=7))


def test_test_letter_goes_to_all_whom_the_rule_tells_and_not_twice_in_a_moment(cast: Cast, client: Client):
    rule = make_rule(by=fresh(cast.analyst), asked=asked(people_told=[cast.analyst]))
    enter(client, cast.analyst).post(f"/alerts/rules/{rule.pk}/test")
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {cast.leader.email, cast.analyst.email}
    assert "Không có việc gì xảy ra" in OutgoingMail.objects.all()[0].text
    assert client.post(f"/alerts/rules/{rule.pk}/test").status_code == 409
    with pytest.raises(AlertTestTooSoon):
        try_out_rule(by=fresh(cast.analyst), rule=rule)
    assert not Alert.objects.exists()
    assert AuditRecord.objects.filter(action="alert-rule.tested").count() == 1


def test_trial_shows_what_would_have_been_sent_before_the_rule_is_on(cast: Cast, client: Client):
    found(cast, 2)
    rule = make_rule(by=fresh(cast.analyst), asked=asked(name="Thử", group_minutes=0))
    enter(client, cast.analyst)
    for days in (7, 30):
        page = client.get(f"/alerts/rules/{rule.pk}/trial?days={days}").content.decode()
        assert "Lẽ ra quy tắc này đã gửi 1 thư" in page  # what is found at one moment goes in one
        assert all(f"việc {number}" in page for number in (0, 1))
        assert "Leader" in page
    assert not AlertNotice.objects.filter(rule=rule).exists()


@pytest.mark.parametrize(
    "path",
    [
        "/alerts/",
        "/alerts/?show=all",
        "/alerts/rules/",
        "/alerts/rules/{rule}/",
        "/alerts/rules/{rule}/edit",
        "/alerts/rules/new",
    ],
)
def test_number_of_queries_is_small_and_does_not_grow(cast: Cast, client: Client, path: str):
    rule = found(cast, 2, roles_told=["analyst"], people_told=[cast.analyst])[0].rule
    enter(client, cast.analyst)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path.format(rule=rule.pk)).status_code == 200
        return len(queries)

    count()
    few = count()
    found(cast, 12, name="Khác", people_told=[cast.leader, cast.administrator])
    Office.objects.filter(pk=cast.points[0].pk).update(place_code="11")
    assert count() == few <= MOST_QUERIES


def test_trial_has_few_queries_however_much_it_finds(cast: Cast, client: Client):
    found(cast, 2)
    rule = make_rule(by=fresh(cast.analyst), asked=asked(name="Thử", tells_command=False, roles_told=["analyst"]))
    enter(client, cast.analyst)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/alerts/rules/{rule.pk}/trial")
        return len(queries)

    count()
    few = count()
    now = timezone.now() + timedelta(seconds=1)
    for number in range(10):
        Issue.objects.create(label=f"thêm {number}", first_seen_at=now, last_seen_at=now, changed_at=now, level=3)
    watch(timezone.now())
    assert count() == few <= 20
