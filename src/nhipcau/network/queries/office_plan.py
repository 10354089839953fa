"""What a file of offices would change, row by row, and the file that the network of a day makes. Writes nothing.

Reading the file is `officefile.py`; bringing it in is `actions/office_import.py`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nhipcau.network.models.offices import LinkKind, Office, OfficeKind, OfficeLink
from nhipcau.network.officefields import KINDS, OfficeFields, Problem, kept_values
from nhipcau.network.officefile import FileRow, fields_with, row_problems, write_file
from nhipcau.network.queries.office_tree import holding
from nhipcau.network.queries.offices import fields_of


@dataclass(frozen=True, slots=True)
class Known:
    """An office as it is now, with the codes of its parent and areas."""

    office: Office
    fields: OfficeFields
    parent: str
    areas: tuple[str, ...]


@dataclass(slots=True)
class PlannedRow:
    """A row of the file and what would come of it."""

    line: int
    fields: OfficeFields
    parent: str
    areas: tuple[str, ...]
    known: Known | None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """`refused`, `new`, `changed` or `same`."""
        if self.problems:
            return "refused"
        if self.known is None:
            return "new"
        return "changed" if self.changes else "same"


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of a file."""

    rows: list[PlannedRow]

    def count(self, outcome: str) -> int:
        """How many rows come to this."""
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def is_sound(self) -> bool:
        """Whether the file may be brought in: no row is refused, and something changes."""
        outcomes = {row.outcome for row in self.rows}
        return "refused" not in outcomes and bool(outcomes & {"new", "changed"})

    @property
    def digest(self) -> str:
        """Of all that would change: the same file against the same offices gives the same."""
        said = [[row.fields.code, row.outcome, row.changes] for row in self.rows if row.outcome != "same"]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def network_now(on: datetime.date) -> dict[str, Known]:
    """All offices by their code, closed ones too, with parents and areas of that day; three queries."""
    offices = list(Office.objects.prefetch_related("routes").order_by("pk"))
    parents: dict[int, str] = {}
    areas: dict[int, list[str]] = defaultdict(list)
    links = holding(OfficeLink.objects.all(), on=on).order_by("parent__code")
    for number, code, kind in links.values_list("office_id", "parent__code", "kind"):
        if kind == LinkKind.PARENT:
            parents[number] = code
        else:
            areas[number].append(code)
    return {
        office.code: Known(office, fields_of(office), parents.get(office.pk, ""), tuple(areas[office.pk]))
        for office in offices
    }


def plan_of(rows: list[FileRow], *, on: datetime.date) -> Plan:
    """What the rows of a file would change on that day."""
    network = network_now(on)
    hub = next(
        (code for code, one in network.items() if one.office.kind == OfficeKind.HUB and one.office.is_open(on)), ""
    )
    planned = [_planned(row, network.get(row.code), hub=hub) for row in rows]
    kinds = {code: one.fields.kind for code, one in network.items() if one.office.is_open(on)}
    kinds |= {row.fields.code: row.fields.kind for row in planned}
    parents = {code: one.parent for code, one in network.items()} | {row.fields.code: row.parent for row in planned}
    for row in planned:
        row.problems.extend(_link_problems(row, kinds=kinds, parents=parents, on=on))
    return Plan(planned)


def export_file(on: datetime.date) -> str:
    """The offices that are there on that day as a file that can be brought in again."""
    known = [one for one in network_now(on).values() if one.office.is_open(on)]
    known.sort(key=lambda one: (one.fields.kind != "hub", one.fields.kind != "area", one.fields.code))
    return write_file((one.fields, one.parent, list(one.areas)) for one in known)


def _planned(row: FileRow, known: Known | None, *, hub: str) -> PlannedRow:
    fields = fields_with(known.fields if known else None, row)
    default = "" if fields.kind == OfficeKind.HUB else hub
    # every office answers to one: an empty cell leaves what is, and puts a new office below the hub
    parent = row.stated.get("parent") or (known.parent if known else default)
    areas = tuple(sorted(set(row.stated.get("areas", known.areas if known else ()))))
    planned = PlannedRow(row.line, fields, parent, areas, known, problems=row_problems(row, fields))
    before = _all_values(known.fields, known.parent, known.areas) if known else {}
    after = _all_values(fields, parent, areas)
    planned.changes = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    if known is None:
        planned.changes = {name: pair for name, pair in planned.changes.items() if pair[1]}
    return planned


def _all_values(fields: OfficeFields, parent: str, areas: tuple[str, ...]) -> dict[str, Any]:
    return kept_values(fields) | {"parent": parent, "areas": sorted(areas)}


def _link_problems(
    row: PlannedRow, *, kinds: dict[str, str], parents: dict[str, str], on: datetime.date
) -> Iterator[Problem]:
    fields, known = row.fields, row.known
    before = known.fields.kind if known else ""
    if known is not None and not known.office.is_open(on):
        yield Problem("code", "code-closed", fields.code)
        return
    if fields.kind not in KINDS:
        return
    if (fields.kind == "hub") != (before == "hub"):
        yield Problem("kind", "one-hub", fields.kind)
    elif known is not None and (fields.kind == "area") != (before == "area"):
        yield Problem("kind", "area-stays", fields.kind)
    if fields.kind == "hub":
        if row.parent:
            yield Problem("parent", "hub-has-none", row.parent)
    elif not row.parent:
        yield Problem("parent", "parent-missing")
    elif row.parent not in kinds:
        yield Problem("parent", "office-unknown", row.parent)
    elif kinds[row.parent] == "point" and fields.kind != "point":
        yield Problem("parent", "point-above", row.parent)
    elif _is_circle(fields.code, parents):
        yield Problem("parent", "circle", row.parent)
    for area in row.areas:
        if kinds.get(area) != "area":
            yield Problem("areas", "no-area" if area in kinds else "office-unknown", area)
        elif fields.kind in ("hub", "area"):
            yield Problem("areas", "not-coordinated", area)


def _is_circle(code: str, parents: dict[str, str]) -> bool:
    above, passed = parents.get(code, ""), set[str]()
    while above and above not in passed:
        if above == code:
            return True
        passed.add(above)
        above = parents.get(above, "")
    return False
