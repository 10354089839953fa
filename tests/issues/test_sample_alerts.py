"""Alerts of the sample: found as a trial finds them, sent to nobody, all acknowledged but the last; made once."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from nhipcau.issues.actions.alerts.sample import make_sample_alerts
from nhipcau.issues.actions.alerts.watching import watch
from nhipcau.issues.models import Alert, AlertNotice, AlertRule, Issue, IssueMoment
from nhipcau.running.models import OutgoingMail
from tests.network.tasks.cast import Cast


def test_rules_of_the_sample_have_found_something_and_told_nobody_outside(cast: Cast) -> None:
    now = timezone.now()
    cast.hub.is_sample = True
    cast.hub.save()
    for number, hours in enumerate((40, 20)):
        begun = now - timedelta(hours=hours)
        issue = Issue.objects.create(
            label=f"ngập {number}", first_seen_at=begun, last_seen_at=now, changed_at=now, level=3, level_since=begun
        )
        IssueMoment.objects.create(issue=issue, at=begun, heat=60, level=3, status="growing", voices=30)
        IssueMoment.objects.create(issue=issue, at=now, heat=60, level=3, status="growing", voices=30)

    assert make_sample_alerts(by=cast.analyst, now=now) == 2
    assert make_sample_alerts(by=cast.analyst, now=now) == 0
    rules = list(AlertRule.objects.order_by("pk"))
    assert [rule.enabled_at is not None for rule in rules] == [True, True, False]
    assert rules[2].tested_at is not None
    first, last = Alert.objects.order_by("at")
    assert first.acknowledged_by == cast.analyst
    assert first.acknowledged_at == first.at + timedelta(minutes=6)
    assert last.acknowledged_at is None
    assert last.notices.count() == 1
    watch(now + timedelta(seconds=10))
    assert Alert.objects.count() == 2, "what was told is not told again"
    assert set(AlertNotice.objects.values_list("state", flat=True)) == {"sample"}
    assert not OutgoingMail.objects.exists()
