"""The tree of offices as of a day: who stands below whom, under which areas, and by which name then.

Lists, searches and single offices are in `queries/offices.py`; rows are reached through `access`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import get_language

from nhipcau.network.models.offices import (
    LinkKind,
    Office,
    OfficeKind,
    OfficeLink,
    OfficeSuccession,
    SuccessionKind,
)

KIND_ORDER = (OfficeKind.HUB, OfficeKind.AREA, OfficeKind.DEPARTMENT, OfficeKind.POINT)

RANK = Case(*(When(kind=kind, then=rank) for rank, kind in enumerate(KIND_ORDER)), default=len(KIND_ORDER))
"""In which order lists show the kinds."""


@dataclass(slots=True)
class Branch:
    """An office in the tree of a day, by the name that it had then."""

    office: Office
    name: str
    areas: list[str] = field(default_factory=list)
    below: list[Branch] = field(default_factory=list)

    def walk(self) -> Iterator[Branch]:
        """Give itself and all below, from above."""
        yield self
        for branch in self.below:
            yield from branch.walk()

    @property
    def kind(self) -> str:
        """The kind of the office in words."""
        return kind_words().get(self.office.kind, self.office.kind)

    @property
    def count(self) -> int:
        """How many offices stand below."""
        return sum(1 for _ in self.walk()) - 1


def kind_words() -> dict[str, str]:
    """Kind → its word, in the language of the reader."""
    return _kind_words(get_language())


@lru_cache(maxsize=8)
def _kind_words(language: str | None) -> dict[str, str]:
    del language  # labels speak the language that is active
    return {kind.value: str(kind.label) for kind in OfficeKind}


def holding(links: QuerySet[OfficeLink], *, on: datetime.date) -> QuerySet[OfficeLink]:
    """The links that hold on that day."""
    return links.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), from_on__lte=on)


def standing(offices: QuerySet[Office], *, on: datetime.date) -> QuerySet[Office]:
    """The offices that are there on that day."""
    return offices.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=on), Q(closed_on__isnull=True) | Q(closed_on__gt=on)
    )


def ids_below(office_ids: Collection[int], *, on: datetime.date) -> frozenset[int]:
    """The offices themselves and those below by parent or area link; one query."""
    return frozenset(office_ids) | _reached(office_ids, "parent_id", "office_id", on=on)


def ids_above(office_ids: Collection[int], *, on: datetime.date) -> frozenset[int]:
    """Those that stand above offices by parent or area link; one query."""
    return _reached(office_ids, "office_id", "parent_id", on=on)


def _reached(office_ids: Collection[int], near: str, far: str, *, on: datetime.date) -> frozenset[int]:
    """Follow the links of a day from their near to their far end; `UNION` ends a circle, if there were one."""
    if not office_ids:
        return frozenset()
    holds = "from_on <= %s AND (until_on IS NULL OR until_on > %s)"
    starts = ", ".join(["%s"] * len(office_ids))
    # the names of columns are this module's own, values go by parameters
    query = (
        f"WITH RECURSIVE reached(id) AS (SELECT {far} FROM network_officelink WHERE {near} IN ({starts}) AND {holds} "  # noqa: S608
        f"UNION SELECT {far} FROM network_officelink JOIN reached ON {near} = reached.id WHERE {holds}) "
        "SELECT id FROM reached"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*office_ids, on, on, on, on])
        return frozenset(number for (number,) in cursor.fetchall())


@dataclass(slots=True)
class Above:
    """By code, what stands above an office on a day."""

    parent: str | None = None
    areas: list[str] = field(default_factory=list)


def codes_above(offices: Collection[Office], *, on: datetime.date) -> dict[int, Above]:
    """The parent and the areas of offices on a day, by id; one query."""
    found = {office.pk: Above() for office in offices}
    links = holding(OfficeLink.objects.filter(office__in=list(found)), on=on).order_by("parent__code")
    for number, code, kind in links.values_list("office_id", "parent__code", "kind"):
        if kind == LinkKind.PARENT:
            found[number].parent = code
        else:
            found[number].areas.append(code)
    return found


def names_on(offices: Collection[Office], *, on: datetime.date) -> dict[int, str]:
    """Names of offices on a day, in the language of the reader, by id; one query where the day has passed."""
    names = {office.pk: office.shown_name for office in offices}
    if on >= timezone.localdate():  # nothing is renamed ahead
        return names
    renamed = OfficeSuccession.objects.filter(kind=SuccessionKind.RENAMED, on_date__gt=on).order_by("-on_date", "-pk")
    english = get_language() == "en"
    for number, former, former_en in renamed.values_list("before_id", "former_name", "former_name_en"):
        if number in names:
            names[number] = former_en if english and former_en else former
    return names


def tree_on(on: datetime.date) -> list[Branch]:
    """Give the branches that have nothing above them on that day; two queries, three for a day that has passed.

    Under the hub, a point stands below the first of the areas that coordinate it; elsewhere below its parent.
    """
    offices = list(standing(Office.objects.all(), on=on))
    names = names_on(offices, on=on)
    branches = {office.pk: Branch(office, names[office.pk]) for office in offices}
    parents: dict[int, int] = {}
    areas: dict[int, list[int]] = defaultdict(list)
    links = holding(OfficeLink.objects.all(), on=on).order_by("from_on", "pk")
    for office, parent, kind in links.values_list("office_id", "parent_id", "kind"):
        if office in branches and parent in branches:
            if kind == LinkKind.PARENT:
                parents[office] = parent
            else:
                areas[office].append(parent)
    roots: list[Branch] = []
    for number, branch in sorted(branches.items(), key=lambda item: _order(item[1])):
        branch.areas = [names[area] for area in areas[number]]
        above = areas[number][0] if areas[number] else parents.get(number)
        (branches[above].below if above is not None else roots).append(branch)
    return roots


def pruned(branches: list[Branch], visible: Collection[int]) -> list[Branch]:
    """The same tree with only the offices that may be seen, and those that lead to them."""
    kept = []
    for branch in branches:
        branch.below = pruned(branch.below, visible)
        if branch.below or branch.office.pk in visible:
            kept.append(branch)
    return kept


def _order(branch: Branch) -> tuple[int, str, str]:
    kind = branch.office.kind
    rank = KIND_ORDER.index(OfficeKind(kind)) if kind in OfficeKind.values else len(KIND_ORDER)
    return rank, branch.office.code, branch.name
