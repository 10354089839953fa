"""Saved groups of offices: whoever works at an office keeps its groups, for addressing directives."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction

from nhipcau.network.access.offices import keeps_groups
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.office_errors import GroupInvalid, NotOfficeKeeper
from nhipcau.network.models.offices import Office, OfficeGroup
from nhipcau.network.models.people import Person

LONGEST_NAME = 120


def save_group(
    *, by: Person, owner: Office, name: str, members: Collection[Office], group: OfficeGroup | None = None
) -> OfficeGroup:
    """Keep a choice of offices under a name, or change one that is kept."""
    if not keeps_groups(by, owner) or (group is not None and group.owner_id != owner.pk):
        raise NotOfficeKeeper(office=owner.code)
    name = " ".join(name.split())
    if not name:
        raise GroupInvalid(problem="name-missing")
    if len(name) > LONGEST_NAME:
        raise GroupInvalid(problem="name-too-long")
    if not members:
        raise GroupInvalid(problem="no-members")
    try:
        with transaction.atomic():
            kept = group or OfficeGroup(owner=owner)
            kept.name = name
            kept.save()
            kept.members.set(members)
            codes = sorted(member.code for member in members)
            values = {"name": name, "owner": owner.code, "members": codes}
            record(by=by, action="office-group.saved", of=kept, values=values)
    except IntegrityError:
        raise GroupInvalid(problem="name-taken") from None
    return kept


def delete_group(*, by: Person, group: OfficeGroup) -> None:
    """Forget a saved group; directives that were sent to it stay as they are."""
    if not keeps_groups(by, group.owner):
        raise NotOfficeKeeper(office=group.owner.code)
    with transaction.atomic():
        values = {"name": group.name, "owner": group.owner.code}
        record(by=by, action="office-group.deleted", of=group, values=values)
        group.delete()
