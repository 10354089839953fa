"""Who reaches which directive: strangers find nothing, those who may look but not touch are told so by the actions.

The rules over seats are in `standing.py`; here they become querysets.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from nhipcau.network.models.offices import OfficeKind, OfficeLink
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.models.task_files import StoredFile
from nhipcau.network.models.tasks import Task, TaskRecipient
from nhipcau.network.queries.office_tree import holding
from nhipcau.network.queries.seats import places_held, seats_of
from nhipcau.network.standing import Seat, Standing, standing_from
from nhipcau.running.prepared import Prepared, blank


def standing_of(person: Person) -> Standing:
    """Where a person stands now; two or three queries, kept on the person object until it is read anew."""
    known = person.__dict__.get("_task_standing")
    if isinstance(known, Standing):
        return known
    today = timezone.localdate()
    seats = [Seat(*held) for held in places_held(person, on=today)]
    below: frozenset[int] = frozenset()
    areas = {seat.office_id for seat in seats if seat.office_kind != "point"}
    if areas and not any(seat.office_kind == "hub" for seat in seats):
        below = _below(areas, on=today)
    standing = standing_from(seats, below=below)
    person.__dict__["_task_standing"] = standing
    return standing


def _below(office_ids: Collection[int], *, on: date) -> frozenset[int]:
    """The offices under these, a query a level; a point has nothing below, so mostly one query."""
    found: set[int] = set()
    level = set(office_ids)
    while level:
        links = holding(OfficeLink.objects.filter(parent__in=level), on=on)
        kinds = dict(links.values_list("office_id", "office__kind"))
        level = {office_id for office_id, kind in kinds.items() if kind != OfficeKind.POINT} - found
        found |= kinds.keys()
    return frozenset(found)


def current_seats(person: Person) -> QuerySet[Membership]:
    """The seats that a person holds today, own and lent, with their offices."""
    return seats_of(person, on=timezone.localdate()).select_related("office")


def visible_tasks(person: Person) -> QuerySet[Task]:
    """The directives that a person may see: all, or those that their offices sent or that units of theirs got."""
    standing = standing_of(person)
    if standing.sees_all:
        return Task.objects.all()
    got = TaskRecipient.objects.filter(task=OuterRef("pk"), office__in=standing.visible)
    return Task.objects.filter(Q(issuing_office__in=standing.own) | Exists(got))


def visible_recipients(person: Person) -> QuerySet[TaskRecipient]:
    """The recipients whose state a person may see."""
    standing = standing_of(person)
    if standing.sees_all:
        return TaskRecipient.objects.all()
    return TaskRecipient.objects.filter(Q(office__in=standing.visible) | Q(task__issuing_office__in=standing.own))


def recipient_for(person: Person, recipient_id: int) -> TaskRecipient | None:
    """One recipient with its directive and offices, where the person may see it."""
    found = _RECIPIENT.first(pk=recipient_id)
    standing = standing_of(person)
    if found is None or standing.sees_all or found.office_id in standing.visible:
        return found
    return found if found.task.issuing_office_id in standing.own else None


_RECIPIENT = Prepared(
    lambda: TaskRecipient.objects.filter(pk=blank("pk")).select_related(
        "task__issuing_office", "task__issued_by", "office", "area"
    )
)


def directed_offices(standing: Standing) -> Q:
    """The offices to which a person may send, as a condition on offices; never the person's sending office itself."""
    if standing.directs_all:
        return ~Q(pk__in=standing.directs_at[:1])
    return Q(pk__in=standing.below)


def visible_files(person: Person) -> QuerySet[StoredFile]:
    """Files of directives and evidence of recipients that the person sees."""
    return StoredFile.objects.filter(
        Q(attachment__task__in=visible_tasks(person)) | Q(evidence__recipient__in=visible_recipients(person))
    )
