"""Letters about alerts: put together, handed to the outbox or to a notifier when they are due, escalated once.

Always inside the transaction of what they tell of. Notifiers are written to by `sending.py`, the words are in
`letters.py`.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from nhipcau.issues.actions.alerts.letters import worded
from nhipcau.issues.alertletters import Letter, put_into
from nhipcau.issues.alertrules import Firing
from nhipcau.issues.models.alerts import Alert, AlertNotice, AlertRule, NoticeKind, NoticeState
from nhipcau.issues.queries.alert_recipients import command_at
from nhipcau.issues.queries.alert_rows import manners_of
from nhipcau.network.models.people import Person
from nhipcau.network.queries.command import hub_alone
from nhipcau.running.mail import queue_mail


def put_into_notice(alert: Alert, firing: Firing, *, rule: AlertRule, recipient: str) -> None:
    """Put an alert into the letter that waits for a recipient, or begin another."""
    kind, _dash, pk = recipient.partition("-")
    whom = {f"{kind}_id": int(pk)}
    open_ones = AlertNotice.objects.filter(
        rule=rule, state=NoticeState.WAITING, kind=NoticeKind.LETTER, due_at__gte=firing.at, **whom
    )
    notice = open_ones.order_by("pk").first()
    waiting = Letter(recipient, notice.due_at) if notice else None
    letter, is_another = put_into(waiting, firing, manners_of(rule), recipient=recipient)
    if notice is None or is_another:
        key = f"alert-{alert.pk}-{recipient}"
        notice = AlertNotice.objects.create(key=key, rule=rule, due_at=letter.due_at, **whom)
    elif letter.due_at != notice.due_at:
        AlertNotice.objects.filter(pk=notice.pk).update(due_at=letter.due_at)
    notice.alerts.add(alert)


def escalate_due(now: datetime) -> int:
    """Tell who is in command of urgent alerts that nobody has acknowledged in time, each once."""
    late = Alert.objects.filter(acknowledged_at__isnull=True, escalated_at__isnull=True, escalates_at__lte=now)
    done = 0
    for alert in list(late.select_related("rule").order_by("escalates_at", "pk")):
        mine = Alert.objects.filter(pk=alert.pk, escalated_at__isnull=True, acknowledged_at__isnull=True)
        if mine.update(escalated_at=now) != 1:
            continue
        done += 1
        if person := command_at(now):
            key = f"alert-{alert.pk}-escalation"
            notice = AlertNotice.objects.create(
                key=key, rule=alert.rule, kind=NoticeKind.ESCALATION, due_at=now, person=person
            )
            notice.alerts.add(alert)
    return done


def hand_out_due(now: datetime) -> int:
    """Hand letters that are due to the outbox or to their notifier."""
    due = AlertNotice.objects.filter(state=NoticeState.WAITING, due_at__lte=now).order_by("due_at", "pk")
    notices = list(due.select_related("rule", "person", "notifier").prefetch_related("alerts"))
    hub = hub_alone().hub if notices else None
    for notice in notices:
        hand_out(notice, is_sample=hub is not None and hub.is_sample)
    return len(notices)


def hand_out(notice: AlertNotice, *, is_sample: bool) -> None:
    """Hand out one letter; of a sample nothing leaves the house, since nobody of it exists."""
    state = NoticeState.QUEUED
    if is_sample:
        state = NoticeState.SAMPLE
    elif (notice.person and not notice.person.is_active) or (notice.notifier and notice.notifier.stopped_at):
        state = NoticeState.DROPPED
    elif notice.person:
        _post(notice, notice.person)
    AlertNotice.objects.filter(pk=notice.pk, state=NoticeState.WAITING).update(state=state)


def _post(notice: AlertNotice, person: Person) -> None:
    subject, text = worded(notice, language=person.language)
    queue_mail(to=person.email, subject=subject, text=text, key=notice.key)


def drop_waiting(rule: AlertRule) -> int:
    """Drop what waits to go out for a rule that is switched off."""
    waiting = AlertNotice.objects.filter(rule=rule, state=NoticeState.WAITING)
    return waiting.update(state=NoticeState.DROPPED)


def write_tests(rule: AlertRule, recipients: list[str]) -> int:
    """Write a test letter to everybody whom a rule tells now."""
    now = timezone.now()
    hub = hub_alone().hub
    for recipient in recipients:
        kind, _dash, pk = recipient.partition("-")
        key = f"alert-test-{rule.pk}-{recipient}-{now.isoformat()}"
        made = AlertNotice.objects.create(
            key=key, rule=rule, kind=NoticeKind.TEST, due_at=now, **{f"{kind}_id": int(pk)}
        )
        hand_out(made, is_sample=hub is not None and hub.is_sample)
    return len(recipients)
