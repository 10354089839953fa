"""The rules at work: look at what changed, note what they find, write what is due. One transaction, all or nothing.

Called by the worker (`jobs/alerts.py`). What fires and when letters go out is decided by `alertrules` and
`alertletters`, which a trial on the past calls as well (`queries/alert_trial.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from nhipcau.issues.actions.alerts.found import alert_of
from nhipcau.issues.actions.alerts.notices import escalate_due, hand_out_due, put_into_notice
from nhipcau.issues.alertletters import due_at
from nhipcau.issues.alertrules import URGENT, Firing, Seen, Watch
from nhipcau.issues.models.alerts import Alert, AlertCursor, AlertRule, AlertSighting
from nhipcau.issues.queries.alert_recipients import Recipients
from nhipcau.issues.queries.alert_rows import condition_of, manners_of, memory_from, memory_kept, seen_of
from nhipcau.issues.queries.alert_states import changed_since_last, has_something

MOMENT: Final = timedelta(microseconds=1)
KEPT: Final = timedelta(days=35)
"""So long sightings are kept: a rule is tried on up to thirty days."""
AT_ONCE: Final = 5000


class _OvertakenError(Exception):
    """Another worker has looked meanwhile; nothing of this look stays."""


def watch(now: datetime) -> int:
    """Look once; give how many alerts and letters came of it. Two workers who look at once do it once."""
    try:
        with transaction.atomic():
            return _watch(now)
    except _OvertakenError:
        return 0


def _watch(now: datetime) -> int:
    AlertCursor.objects.get_or_create(pk=1)
    cursor = AlertCursor.objects.select_for_update().get(pk=1)  # another worker waits here, then finds nothing to do
    at = max(now, cursor.watched_until + MOMENT) if cursor.watched_until else now
    changed, last = changed_since_last(at)
    rules = list(AlertRule.objects.filter(enabled_at__isnull=False).order_by("pk"))
    states = {row.subject: seen_of(row) for row in last.values()}
    if rules:
        states |= {row.subject: seen_of(row) for row in AlertSighting.objects.filter(has_something(), is_last=True)}
    done = sum(_advance(rule, states, [seen_of(row) for row in changed], until=at) for rule in rules)
    done += escalate_due(at) + hand_out_due(at)
    if done or changed or cursor.watched_until is None:
        _keep(changed, cursor, at=at)
    return done


def _advance(rule: AlertRule, states: dict[str, Seen], seen: list[Seen], *, until: datetime) -> int:
    """Advance one rule, and write down what it finds."""
    if rule.enabled_at is None or rule.enabled_at > until:
        return 0
    memory = memory_from(rule.memory)
    looking = Watch(condition_of(rule), since=rule.enabled_at, states=states, memory=memory)
    fired = looking.advance(seen, until=until)
    kept = memory_kept(looking.memory)
    if kept != rule.memory:
        AlertRule.objects.filter(pk=rule.pk).update(memory=kept)
    recipients = Recipients(rule) if fired else None
    for firing in fired:
        alert, is_new = _written(rule, firing)
        if is_new and recipients is not None:
            for recipient in recipients.at(firing.at):
                put_into_notice(alert, firing, rule=rule, recipient=recipient)
    return len(fired)


def _written(rule: AlertRule, firing: Firing) -> tuple[Alert, bool]:
    """The alert of a firing, and whether it is new: its key is there once."""
    key = f"{rule.pk}-{firing.subject}-{firing.at.isoformat()}"
    values = alert_of(rule, firing)
    if rule.asks_acknowledgement and firing.level >= URGENT and rule.escalate_minutes is not None:
        values["escalates_at"] = due_at(firing, manners_of(rule)) + timedelta(minutes=rule.escalate_minutes)
    return Alert.objects.get_or_create(key=key, defaults=values)


def _keep(changed: list[AlertSighting], cursor: AlertCursor, *, at: datetime) -> None:
    """Keep what was seen, and move on where nobody else has."""
    subjects = [row.subject for row in changed]
    AlertSighting.objects.filter(subject__in=subjects, is_last=True).update(is_last=False)
    AlertSighting.objects.bulk_create(changed)
    mine = AlertCursor.objects.filter(pk=cursor.pk, version=cursor.version)
    moved = {"version": F("version") + 1, "watched_until": at, "kept_since": cursor.kept_since or at}
    if mine.update(**moved) != 1:
        raise _OvertakenError


def forget_old(now: datetime) -> int:
    """Forget how things stood more than 35 days ago, but for how they stand still."""
    before = now - KEPT
    old = AlertSighting.objects.filter(at__lt=before, is_last=False).order_by("pk")
    done, _rows = AlertSighting.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
    if done:
        AlertCursor.objects.filter(Q(kept_since__lt=before)).update(kept_since=before)
    return done
