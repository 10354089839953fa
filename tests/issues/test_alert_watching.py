"""Rules at work on the database: what they find once, to whom it goes, and that a trial on the past says the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from nhipcau.issues.actions.alerts import watching
from nhipcau.issues.actions.alerts.acknowledging import acknowledge_alerts
from nhipcau.issues.actions.alerts.rules import AskedRule, make_rule, switch_rule, try_out_rule
from nhipcau.issues.actions.alerts.watching import forget_old, watch
from nhipcau.issues.models import (
    Alert,
    AlertNotice,
    AlertRule,
    AlertSighting,
    Issue,
    IssueHour,
    IssueMoment,
    NotAnIssue,
)
from nhipcau.issues.models.alerts import NoticeState, What
from nhipcau.issues.queries.alert_trial import tried
from nhipcau.network.models.people import DutyShift
from nhipcau.running.models import OutgoingMail
from nhipcau.voices.models import Source
from tests.network.tasks.cast import Cast, fresh

START = datetime(2026, 11, 2, 2, tzinfo=UTC)  # 09:00 in Viet Nam


def new_issue(*, at: datetime = START, level: int = 0, **values: Any) -> Issue:
    given = {"label": "ngập nước", "first_seen_at": at, "last_seen_at": at, "changed_at": at, "level": level}
    return Issue.objects.create(**(given | values))


def set_issue(issue: Issue, *, at: datetime, **values: Any) -> None:
    Issue.objects.filter(pk=issue.pk).update(changed_at=at, last_seen_at=at, **values)


def rule(cast: Cast, *, on: datetime | None = START, **values: Any) -> AlertRule:
    asked = {"name": "Khẩn cấp", "what": What.LEVEL, "level": 2, "tells_command": True, "group_minutes": 0}
    made = make_rule(by=fresh(cast.analyst), asked=AskedRule(**(asked | values)))
    AlertRule.objects.filter(pk=made.pk).update(enabled_at=on)
    return AlertRule.objects.get(pk=made.pk)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_level_is_told_once_by_a_mail_without_any_words_of_people(cast: Cast):
    made = rule(cast)
    issue = new_issue(distinct_authors=12, voices=20, open_questions=4, places=[{"code": "11", "name": "Xã Mẫu"}])
    Issue.objects.update(excerpts=[{"text": "nước vào tận nhà tôi"}])
    assert watch(at(1)) == 0
    set_issue(issue, at=at(2), level=3, level_since=at(2))
    assert watch(at(2)) == 2
    assert [watch(at(minute)) for minute in (3, 4)] == [0, 0]
    alert = Alert.objects.get()
    assert (alert.rule, alert.issue, alert.level, alert.at) == (made, issue, 3, at(2))
    mail = OutgoingMail.objects.get(key=alert.notices.get(kind="letter").key)
    assert mail.to == cast.leader.email
    assert "nước vào tận" not in mail.text
    for said in ("ngập nước", "Xã Mẫu", "12", f"/issues/{issue.pk}/", "/alerts/?letter=", "09:02 02/11/2026"):
        assert said in mail.text, said


def test_fires_once_under_two_workers_and_after_a_worker_that_was_cut_off(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    rule(cast)
    new_issue(level=2)

    def cut_off(_at: datetime) -> int:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(watching, "hand_out_due", cut_off)
        with pytest.raises(SystemExit):
            watch(at(1))
    assert not Alert.objects.exists()
    assert not AlertSighting.objects.exists()
    assert watch(at(2)) == 2
    assert watch(at(2)) == 0
    assert Alert.objects.count() == AlertNotice.objects.count() == OutgoingMail.objects.count() == 1


def test_worker_that_another_has_overtaken_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    from nhipcau.issues.models import AlertCursor

    rule(cast)
    new_issue(level=2)
    hand_out = watching.hand_out_due

    def overtaken(moment: datetime) -> int:
        AlertCursor.objects.update(version=99)
        return hand_out(moment)

    monkeypatch.setattr(watching, "hand_out_due", overtaken)
    assert watch(at(1)) == 0
    assert not Alert.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_clock_that_goes_back_loses_and_doubles_nothing(cast: Cast):
    rule(cast)
    issue = new_issue(level=2)
    watch(at(10))
    set_issue(issue, at=at(5), level=3)
    watch(at(5))
    assert list(Alert.objects.order_by("at").values_list("level", flat=True)) == [2, 3]


def test_issue_that_is_none_or_gone_is_told_no_more_until_it_is_one_again(cast: Cast):
    rule(cast, repeat_hours=1, repeats=True)
    issue = new_issue(level=2)
    watch(at(1))
    denial = NotAnIssue.objects.create(issue=issue, by=cast.analyst, at=at(2))
    for minute in (3, 100, 200):
        watch(at(minute))
    assert Alert.objects.count() == 1
    denial.taken_back_at = at(201)
    denial.save()
    watch(at(202))
    assert Alert.objects.count() == 2
    Issue.objects.update(gone_at=at(203))
    watch(at(203))
    watch(at(900))
    assert Alert.objects.count() == 2


def test_source_and_void_and_place_find_what_they_should(cast: Cast):
    rule(cast, name="Nguồn", what=What.SOURCE, roles_told=["analyst"], tells_command=False)
    rule(cast, name="Hỏi", what=What.VOID, level=0, questions=10)
    rule(cast, name="Nơi", what=What.PLACE, level=2)
    source = Source.objects.create(
        code="bao", name="Báo Mẫu", kind="feed", address="https://a.vn", owner=cast.hub, created_at=START
    )
    asked = new_issue(open_questions=12)
    answered = new_issue(open_questions=40)
    IssueHour.objects.create(issue=answered, hour=START, press=1)
    placed = new_issue(level=2, place_codes="|11|", places=[{"code": "11", "name": "Xã Mẫu"}])
    watch(at(1))
    Source.objects.update(silent_since=at(2))
    watch(at(3))
    found = {(alert.rule.name, alert.subject) for alert in Alert.objects.select_related("rule")}
    assert found == {("Nguồn", "source-bao"), ("Hỏi", f"issue-{asked.pk}"), ("Nơi", "place-11")}
    place = Alert.objects.get(place_code="11")
    assert (place.issue, place.values["place"]) == (placed, "Xã Mẫu")
    assert Alert.objects.get(source=source).values["source"] == "Báo Mẫu"
    mail = OutgoingMail.objects.get(to=cast.analyst.email)
    assert "Báo Mẫu" in mail.subject


def test_several_go_in_one_letter_and_quiet_hours_are_kept_over_midnight(cast: Cast):
    rule(cast, level=1, group_minutes=10, quiet_from=time(22), quiet_until=time(6), urgent_breaks_through=True)
    evening = START + timedelta(hours=12, minutes=55)  # 21:55
    first, second = new_issue(at=evening, level=1), new_issue(at=evening)
    watch(evening)
    set_issue(second, at=evening, level=2)
    watch(evening + timedelta(minutes=2))
    assert not OutgoingMail.objects.exists()
    watch(evening + timedelta(minutes=5))
    assert OutgoingMail.objects.count() == 1
    assert AlertNotice.objects.get().alerts.count() == 2
    midnight = START + timedelta(hours=15)
    set_issue(first, at=midnight, level=2)
    watch(midnight)
    watch(midnight + timedelta(hours=5, minutes=59))
    assert OutgoingMail.objects.count() == 1
    set_issue(second, at=midnight + timedelta(hours=1), level=3)
    urgent = midnight + timedelta(hours=5, minutes=59, seconds=30)
    watch(urgent)
    assert OutgoingMail.objects.count() == 2
    watch(midnight + timedelta(hours=6, minutes=1))
    assert OutgoingMail.objects.count() == 2


def test_urgent_that_nobody_acknowledges_goes_to_whoever_is_in_command_once(cast: Cast):
    rule(cast, people_told=[cast.analyst], tells_command=False, escalate_minutes=15)
    new_issue(level=3)
    watch(at(1))
    DutyShift.objects.create(office=cast.hub, person=cast.administrator, starts_at=at(5), ends_at=at(500))
    assert watch(at(14)) == 0
    assert watch(at(17)) == 2
    assert watch(at(40)) == 0
    notice = AlertNotice.objects.get(kind="escalation")
    assert notice.person == cast.administrator
    assert OutgoingMail.objects.filter(to=cast.administrator.email).count() == 1


def test_acknowledged_alert_does_not_escalate(cast: Cast):
    rule(cast, escalate_minutes=15)
    new_issue(level=3)
    watch(at(1))
    assert acknowledge_alerts(by=fresh(cast.analyst), alerts=[Alert.objects.get().pk]) == 1
    assert watch(at(60)) == 0
    assert not AlertNotice.objects.filter(kind="escalation").exists()


def test_rule_that_is_switched_off_drops_what_waits_and_finds_nothing(cast: Cast):
    made = rule(cast, group_minutes=60)
    issue = new_issue(level=2)
    watch(at(1))
    switch_rule(by=fresh(cast.analyst), rule=made, on=False)
    set_issue(issue, at=at(2), level=3)
    watch(at(100))
    assert AlertNotice.objects.get().state == NoticeState.DROPPED
    assert Alert.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_person_who_left_is_not_written_to(cast: Cast):
    rule(cast, people_told=[cast.analyst], tells_command=False, group_minutes=30)
    new_issue(level=2)
    watch(at(1))
    type(cast.analyst).objects.filter(pk=cast.analyst.pk).update(is_active=False)
    watch(at(60))
    assert AlertNotice.objects.get().state == NoticeState.DROPPED


def test_of_a_sample_nothing_leaves_the_house(cast: Cast):
    type(cast.hub).objects.filter(pk=cast.hub.pk).update(is_sample=True)
    made = rule(cast)
    new_issue(level=2)
    watch(at(1))
    try_out_rule(by=fresh(cast.analyst), rule=made)
    assert set(AlertNotice.objects.values_list("state", flat=True)) == {NoticeState.SAMPLE}
    assert not OutgoingMail.objects.exists()


def test_old_sightings_are_forgotten_and_a_trial_says_from_where_it_is_exact(cast: Cast):
    issue = new_issue(level=1)
    watch(at(0))
    set_issue(issue, at=at(1), level=2)
    watch(at(1))
    later = START + timedelta(days=36)
    assert forget_old(later) == 1
    assert AlertSighting.objects.get().is_last
    trial = tried(rule(cast, on=None), since=later - timedelta(days=30), until=later)
    assert trial.exact_since == later - timedelta(days=35)


def test_before_anything_was_seen_a_trial_goes_by_the_hours_that_were_kept(cast: Cast):
    issue = new_issue(level=0)
    for hour, level in ((1, 1), (2, 2), (5, 3)):
        moment = START + timedelta(hours=hour)
        IssueMoment.objects.create(issue=issue, at=moment, heat=1, level=level, status="steady", voices=1)
    trial = tried(rule(cast, on=None), since=START, until=START + timedelta(days=3))
    assert trial.exact_since is None
    assert [(firing.at, firing.level) for firing in trial.fired] == [
        (START + timedelta(hours=2), 2),
        (START + timedelta(hours=5), 3),
    ]
    assert [letter.due_at for letter in trial.letters] == [firing.at for firing in trial.fired]
    assert sum(count for _day, count in trial.by_day) == 2


@pytest.mark.parametrize("seed", range(3))
def test_trial_on_the_past_says_what_went_out(cast: Cast, seed: int):
    """Some days are lived through step by step; then the same rule is tried on them."""
    chance = random.Random(seed)
    night = {"quiet_from": time(22), "quiet_until": time(6)} if seed % 2 else {}
    DutyShift.objects.create(office=cast.hub, person=cast.administrator, starts_at=at(600), ends_at=at(1800))
    made = [
        rule(
            cast,
            name=f"{what} {level}",
            what=what,
            level=level,
            questions=10,
            people=10,
            repeat_hours=chance.choice([1, 6, 24]),
            repeats=chance.random() < 0.4,
            group_minutes=chance.choice([0, 10, 60]),
            roles_told=chance.choice([[], ["analyst"]]),
            urgent_breaks_through=chance.random() < 0.7,
            **night,
        )
        for what, level in (
            (What.LEVEL, 1),
            (What.LEVEL, 2),
            (What.PLACE, 2),
            (What.VOID, 0),
            (What.CROWD, 0),
            (What.SOURCE, 0),
        )
    ]
    issues = [new_issue() for _ in range(4)]
    source = Source.objects.create(code="bao", name="Báo", kind="file", owner=cast.hub, created_at=START)
    now = START
    for _step in range(24):
        now += timedelta(minutes=chance.choice([1, 3, 20, 90, 200]))
        for issue in issues:
            if chance.random() < 0.5:
                set_issue(
                    issue,
                    at=now,
                    level=chance.randrange(4),
                    status=chance.choice(["new", "growing"]),
                    distinct_authors=chance.choice([None, 5, 40]),
                    open_questions=chance.choice([0, 9, 30]),
                    place_codes=chance.choice(["", "|11|", "|11|12|"]),
                )
        if chance.random() < 0.2:
            Source.objects.filter(pk=source.pk).update(silent_since=chance.choice([None, now]))
        watch(now)
    for one in made:
        trial = tried(one, since=START, until=now)
        alerts = Alert.objects.filter(rule=one).order_by("at", "subject")
        assert [(firing.at, firing.subject, firing.level) for firing in trial.fired] == [
            (alert.at, alert.subject, alert.level) for alert in alerts
        ]
        notices = AlertNotice.objects.filter(rule=one, kind="letter").prefetch_related("alerts")
        sent = sorted(
            (notice.due_at, f"person-{notice.person_id}", sorted((a.at, a.subject) for a in notice.alerts.all()))
            for notice in notices
        )
        assert sent == sorted(
            (letter.due_at, letter.recipient, sorted((f.at, f.subject) for f in letter.firings))
            for letter in trial.letters
        )
    assert Alert.objects.count() > 10
