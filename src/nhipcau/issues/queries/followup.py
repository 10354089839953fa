"""What was done about the issues of a brief: triage, who is in charge, directives and their units. Only reads."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from nhipcau.issues.models import Brief, Issue
from nhipcau.network.queries.origins import DirectiveFrom, directives_from


def follow_up_of(brief: Brief | None, *, now: datetime) -> list[dict[str, Any]]:
    """Give plain data for each issue of a signed brief, in its order; what was recommended beside any issue comes last.

    An issue that was merged into another since has the state of that one. Five queries at the most.
    """
    if brief is None or brief.document is None:
        return []
    named = {issue["id"]: issue["label"] for issue in brief.document["brief"]["issues"]}
    rows = {row.pk: row for row in Issue.objects.filter(pk__in=named).select_related("owner", "merged_into__owner")}
    of_issue = _directives(brief, rows, now=now)
    found = [_about(number, label, rows.get(number), of_issue[number]) for number, label in named.items()]
    if of_issue[None]:
        found.append({"id": None, "label": "", "triage": "", "owner": "", "directives": of_issue[None]})
    return found


def _directives(brief: Brief, rows: dict[int, Issue], *, now: datetime) -> dict[int | None, list[dict[str, Any]]]:
    """Sort the directives of a brief's issues and recommendations by issue; those of no issue are under None."""
    owners: dict[tuple[str, str], int | None] = {}
    for number, row in rows.items():
        owners[("issue", str(number))] = number
        if row.merged_into_id:
            owners.setdefault(("issue", str(row.merged_into_id)), number)
    family = Brief.objects.filter(year=brief.year, sequence=brief.sequence, document__isnull=False)
    others = family.exclude(pk=brief.pk).order_by("revision").values_list("pk", "document")
    for pk, document in [*others, (brief.pk, brief.document)]:  # a document is large: its own is here already
        for place, advice in enumerate((document or {})["recommendations"]):
            owners[("brief", origin_of(pk, place))] = advice["issue"] if advice["issue"] in rows else None
    sent = directives_from(owners.keys(), now=now)
    sorted_out: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for one in sent:
        sorted_out[owners[(one.kind, one.ref)]].append(_plain(one))
    return sorted_out


def origin_of(brief_id: int, place: int) -> str:
    """Name a recommendation as the origin of a directive."""
    return f"{brief_id}/{place + 1}"


def _about(number: int, label: str, row: Issue | None, directives: list[dict[str, Any]]) -> dict[str, Any]:
    standing = (row.merged_into or row) if row else None
    return {
        "id": number,
        "label": label,
        "triage": str(standing.triage) if standing else "",
        "owner": standing.owner.name if standing and standing.owner else "",
        "directives": directives,
    }


def _plain(one: DirectiveFrom) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "sent_at": one.sent_at.isoformat(timespec="seconds"),
        "asked": one.asked,
        "acknowledged": one.acknowledged,
        "done": one.done,
        "late": one.late,
    }
