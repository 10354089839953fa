"""Alert rules: made, changed, switched on and off, tested. Analysts of the hub do; each step is on record.

A rule that is switched on tells at once what holds at that moment. What it found and when it writes is in
`watching.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from nhipcau.issues.access.alerts import keeps_rules
from nhipcau.issues.actions.alerts.errors import AlertRuleChanged, AlertRuleInvalid, AlertTestTooSoon
from nhipcau.issues.actions.alerts.notices import drop_waiting, write_tests
from nhipcau.issues.alertrules import STEPS
from nhipcau.issues.models.alerts import AlertRule, What
from nhipcau.issues.models.notifiers import Notifier
from nhipcau.issues.queries.alert_recipients import Recipients
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.network.queries.command import hub_alone
from nhipcau.site.errors import NotAllowed

TEST_EVERY_MINUTES: Final = 2
LOOKED_FOR: Final = ("what", "level", "people", "questions", "places", "sources", "words", "repeat_hours", "repeats")
"""A change of these makes another rule of it: what it had told of counts no more."""


@dataclass(frozen=True, kw_only=True)
class AskedRule:
    """What somebody wants to be told of, and how."""

    name: str
    what: str
    level: int = 0
    people: int = 0
    questions: int = 0
    places: Collection[str] = ()
    sources: Collection[str] = ()
    words: str = ""
    repeat_hours: int = 24
    repeats: bool = False
    people_told: Collection[Person] = ()
    roles_told: Collection[str] = ()
    notifiers_told: Collection[Notifier] = ()
    tells_command: bool = False
    quiet_from: time | None = None
    quiet_until: time | None = None
    urgent_breaks_through: bool = True
    group_minutes: int = 10
    asks_acknowledgement: bool = True
    escalate_minutes: int | None = 15

    def columns(self) -> dict[str, Any]:
        """What is written into the row."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        values["name"] = " ".join(self.name.split())
        values["words"] = ", ".join(word for word in (part.strip() for part in self.words.split(",")) if word)
        for name in ("places", "sources", "roles_told"):
            values[name] = sorted(values[name])
        return {name: value for name, value in values.items() if name not in ("people_told", "notifiers_told")}

    def said(self) -> dict[str, Any]:
        """What the audit log says of it: no address, only names."""
        told = [*(person.name for person in self.people_told), *(one.name for one in self.notifiers_told)]
        told = ["command", *told] if self.tells_command else told
        return {"name": " ".join(self.name.split()), "what": self.what, "told": [*sorted(self.roles_told), *told]}


def make_rule(*, by: Person, asked: AskedRule) -> AlertRule:
    """An analyst of the hub makes a rule; it is off until somebody switches it on."""
    if not keeps_rules(by):
        raise NotAllowed
    _check(asked)
    hub = hub_alone().hub
    if hub is None:
        raise NotAllowed
    with transaction.atomic():
        made = AlertRule.objects.create(owner=hub, made_at=timezone.now(), made_by=by, **asked.columns())
        _tell(made, asked)
        record(by=by, action="alert-rule.made", of=made, values=asked.said())
    return made


def change_rule(*, by: Person, rule: AlertRule, asked: AskedRule, version: int) -> None:
    """An analyst of the hub changes a rule; where it looks for something else, it begins anew."""
    if not keeps_rules(by):
        raise NotAllowed
    _check(asked)
    columns = asked.columns()
    now = timezone.now()
    begins_anew = any(columns[name] != getattr(rule, name) for name in LOOKED_FOR)
    if begins_anew:
        columns |= {"memory": {}} | ({"enabled_at": now} if rule.enabled_at else {})
    with transaction.atomic():
        mine = AlertRule.objects.filter(pk=rule.pk, version=version)
        if mine.update(version=F("version") + 1, **columns) != 1:
            raise AlertRuleChanged
        _tell(rule, asked)
        record(by=by, action="alert-rule.changed", of=rule, values=asked.said())


def switch_rule(*, by: Person, rule: AlertRule, on: bool) -> None:
    """An analyst of the hub switches a rule on or off; what waits to go out is dropped with it."""
    if not keeps_rules(by):
        raise NotAllowed
    with transaction.atomic():
        mine = AlertRule.objects.filter(pk=rule.pk, enabled_at__isnull=on)
        if mine.update(enabled_at=timezone.now() if on else None, memory={}, version=F("version") + 1) != 1:
            raise AlertRuleChanged
        dropped = 0 if on else drop_waiting(rule)
        action = "alert-rule.switched-on" if on else "alert-rule.switched-off"
        record(by=by, action=action, of=rule, values={"name": rule.name, "dropped": dropped})


def try_out_rule(*, by: Person, rule: AlertRule) -> int:
    """An analyst of the hub lets a rule write a test to everybody whom it would tell now; gives their number."""
    if not keeps_rules(by):
        raise NotAllowed
    now = timezone.now()
    recipients = Recipients(rule).at(now)
    if not recipients:
        raise AlertRuleInvalid(field="told", problem="nobody-now")
    with transaction.atomic():
        too_soon = now - timedelta(minutes=TEST_EVERY_MINUTES)
        mine = AlertRule.objects.filter(pk=rule.pk).exclude(tested_at__gt=too_soon)
        if mine.update(tested_at=now) != 1:
            raise AlertTestTooSoon(minutes=TEST_EVERY_MINUTES)
        count = write_tests(rule, recipients)
        record(by=by, action="alert-rule.tested", of=rule, values={"name": rule.name, "count": count})
    return count


def _tell(rule: AlertRule, asked: AskedRule) -> None:
    rule.people_told.set(asked.people_told)
    rule.notifiers_told.set(asked.notifiers_told)


def _check(asked: AskedRule) -> None:
    """Whether a rule can be as it is asked for."""
    wrong = _wrong(asked)
    if wrong:
        raise AlertRuleInvalid(field=wrong[0], problem=wrong[1])


def _wrong(asked: AskedRule) -> tuple[str, str] | None:
    least = {What.LEVEL: ("level", 1), What.PLACE: ("level", 1), What.VOID: ("questions", 1), What.CROWD: ("people", 1)}
    number, at_least = least.get(What(asked.what), ("", 0))
    told = (asked.people_told, asked.roles_told, asked.notifiers_told, asked.tells_command)
    checks = (
        (1 <= len(" ".join(asked.name.split())) <= 120, "name", "length"),
        (not number or getattr(asked, number) >= at_least, number, "needed"),
        (asked.people in STEPS and asked.questions in STEPS, "people", "step"),
        (any(told), "told", "nobody"),
        ((asked.quiet_from is None) == (asked.quiet_until is None), "quiet_until", "both"),
        (asked.repeat_hours >= 1, "repeat_hours", "needed"),
    )
    return next(((field, problem) for holds, field, problem in checks if not holds), None)
