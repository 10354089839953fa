"""Whom a rule tells at a moment: people it names, roles at the hub, who is in command, notifiers. Also in the past."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from nhipcau.issues.models.alerts import AlertRule
from nhipcau.issues.models.notifiers import Notifier
from nhipcau.network.models.offices import OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.network.queries.command import command_of, hub_alone
from nhipcau.network.queries.seats import seats_held


@dataclass
class Recipients:
    """Whom a rule tells; what does not change from one firing to the next is asked of the database once."""

    rule: AlertRule
    _by_day: dict[object, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read whom the rule names."""
        self.people: dict[int, Person] = {}
        self._named = [person.pk for person in self._known(self.rule.people_told.filter(is_active=True))]
        self.notifiers = {one.pk: one for one in self.rule.notifiers_told.filter(stopped_at__isnull=True)}
        self._hub = hub_alone().hub

    def at(self, moment: datetime) -> list[str]:
        """Give `person-1` and `notifier-2`, each once, in order."""
        people = {*self._named, *self._in_roles(moment), *self._in_command(moment)}
        return [f"person-{pk}" for pk in sorted(people)] + [f"notifier-{pk}" for pk in sorted(self.notifiers)]

    def named(self, recipient: str) -> str:
        """What a recipient is called."""
        kind, _dash, pk = recipient.partition("-")
        found: Person | Notifier = self.people[int(pk)] if kind == "person" else self.notifiers[int(pk)]
        return found.name

    def _known(self, people: object) -> list[Person]:
        found: list[Person] = list(people)  # type: ignore[call-overload]  # a queryset of people, or a list
        self.people |= {person.pk: person for person in found}
        return found

    def _in_roles(self, moment: datetime) -> list[int]:
        day = timezone.localdate(moment)
        if day not in self._by_day:
            seats = seats_held(on=day).filter(office__kind=OfficeKind.HUB, role__in=self.rule.roles_told)
            people = Person.objects.filter(pk__in=seats.values("person"), is_active=True)
            self._by_day[day] = [person.pk for person in self._known(people)] if self.rule.roles_told else []
        return self._by_day[day]

    def _in_command(self, moment: datetime) -> list[int]:
        if not self.rule.tells_command or self._hub is None:
            return []
        command = command_of(self._hub, at=moment)
        return [person.pk for person in self._known([command.person])] if command else []


def command_at(moment: datetime) -> Person | None:
    """Who is in command of the hub at a moment."""
    hub = hub_alone().hub
    command = command_of(hub, at=moment) if hub else None
    return command.person if command else None
