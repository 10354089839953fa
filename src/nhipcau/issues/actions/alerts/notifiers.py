"""Notifiers: addresses of messengers and other systems, which administrators of the hub let alerts be handed to."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from nhipcau.issues.actions.alerts.errors import NotifierInvalid, NotifierStopped
from nhipcau.issues.models.notifiers import Notifier
from nhipcau.issues.notifying import look_at
from nhipcau.issues.sealing import sealed
from nhipcau.network.access.offices import keeps_network
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.network.queries.command import hub_alone
from nhipcau.site.errors import NotAllowed

MOST: Final = 50
LONGEST: Final = 2000


def make_notifier(*, by: Person, name: str, address: str, language: str) -> Notifier:
    """An administrator of the hub adds a notifier; its address is sealed and never shown or recorded again."""
    hub = hub_alone().hub
    if not keeps_network(by) or hub is None:
        raise NotAllowed
    name, address = " ".join(name.split()), address.strip()
    if not 1 <= len(name) <= 80:
        raise NotifierInvalid(field="name", problem="length")
    if len(address) > LONGEST or any(not sign.isprintable() for sign in address):
        raise NotifierInvalid(field="address", problem="unreadable")
    found = look_at(address)
    if found["problem"]:
        raise NotifierInvalid(field="address", problem=found["problem"])
    with transaction.atomic():
        if Notifier.objects.filter(stopped_at__isnull=True).count() >= MOST:
            raise NotifierInvalid(field="", problem="many")
        made = Notifier.objects.create(
            name=name,
            owner=hub,
            service=found["service"][:80],
            scheme=found["scheme"][:40],
            sealed_address=sealed(address),
            language=language,
            made_at=timezone.now(),
            made_by=by,
        )
        record(by=by, action="notifier.made", of=made, values={"name": name, "service": made.service})
    return made


def stop_notifier(*, by: Person, notifier: Notifier) -> None:
    """An administrator of the hub ends it: its address is destroyed, what waits for it is dropped when it is due."""
    if not keeps_network(by):
        raise NotAllowed
    with transaction.atomic():
        mine = Notifier.objects.filter(pk=notifier.pk, stopped_at__isnull=True)
        if mine.update(stopped_at=timezone.now(), sealed_address="") != 1:
            raise NotifierStopped
        record(by=by, action="notifier.stopped", of=notifier, values={"name": notifier.name})
