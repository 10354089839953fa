"""Taking the audit log out: that somebody did so is itself recorded before the first row leaves."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from nhipcau.network.access.rights import AUDIT
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.network.queries.audit import Asked
from nhipcau.site.errors import NotAllowed


def export_audit(*, by: Person, asked: Asked) -> None:
    """Record that somebody takes out what is asked for; the rows come from `queries/audit.py`."""
    if not AUDIT.allows(standing_of(by)):
        raise NotAllowed
    values = {name: value for name, value in asdict(asked).items() if value not in (None, "")}
    with transaction.atomic():
        record(by=by, action="audit.exported", of=None, values=values)
