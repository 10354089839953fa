"""Alert rules of the sample province: one that has found something in the last days, one that is on, one only tried.

What it has found is what a trial on the past says; of a sample nothing is sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from nhipcau.issues.actions.alerts.acknowledging import acknowledge_alerts
from nhipcau.issues.actions.alerts.found import alert_of
from nhipcau.issues.actions.alerts.offers import take_offers
from nhipcau.issues.actions.alerts.rules import switch_rule, try_out_rule
from nhipcau.issues.alertrules import Firing, Memory
from nhipcau.issues.models.alerts import Alert, AlertNotice, AlertRule, NoticeState
from nhipcau.issues.models.issues import IssueMoment
from nhipcau.issues.queries.alert_rows import memory_kept
from nhipcau.issues.queries.alert_trial import Trial, tried
from nhipcau.network.models.people import Person

ON_FOR: Final = timedelta(days=3)
TAKEN_AFTER: Final = timedelta(minutes=6)


def make_sample_alerts(*, by: Person, now: datetime) -> int:
    """An analyst takes the offered rules and has switched one on days ago; gives how many alerts there are, once."""
    if AlertRule.objects.exists():
        return 0
    urgent, silent, asked = take_offers(by=by)
    for rule in (urgent, silent):
        switch_rule(by=by, rule=rule, on=True)
    try_out_rule(by=by, rule=asked)
    trial = tried(urgent, since=now - ON_FOR, until=now)
    with transaction.atomic():
        alerts = [_written(urgent, firing) for firing in trial.fired]
        _tell(urgent, trial)
        told = {one.subject: Memory(told_at=one.at, told_level=one.level, held_since=one.at) for one in trial.fired}
        mine = AlertRule.objects.filter(pk=urgent.pk)
        mine.update(made_at=now - ON_FOR, enabled_at=now - ON_FOR, memory=memory_kept(told))
    taken = alerts[:-1]
    if taken:
        acknowledge_alerts(by=by, alerts=[alert.pk for alert in taken])
    for alert in taken:
        Alert.objects.filter(pk=alert.pk).update(acknowledged_at=alert.at + TAKEN_AFTER)
    return len(alerts)


def _written(rule: AlertRule, firing: Firing) -> Alert:
    """What the rule found, with the figures of that hour."""
    key = f"{rule.pk}-{firing.subject}-{firing.at.isoformat()}"
    fields = alert_of(rule, firing)
    then = IssueMoment.objects.filter(issue=fields["issue"], at__lte=firing.at).order_by("-at").first()
    if then is not None:
        fields["values"] |= {"people": then.distinct_authors, "voices": then.voices, "questions": then.open_questions}
    fields["values"]["since"] = firing.at.isoformat()
    return Alert.objects.create(key=key, **fields)


def _tell(rule: AlertRule, trial: Trial) -> None:
    """The letters, of which none leaves the house."""
    for letter in trial.letters:
        kind, _dash, number = letter.recipient.partition("-")
        found = Alert.objects.filter(rule=rule, subject__in=[one.subject for one in letter.firings])
        found = found.filter(at__in=[one.at for one in letter.firings])
        notice = AlertNotice.objects.create(
            key=f"alert-{letter.due_at.isoformat()}-{letter.recipient}",
            rule=rule,
            state=NoticeState.SAMPLE,
            due_at=letter.due_at,
            **{f"{kind}_id": int(number)},
        )
        notice.alerts.set(found)
