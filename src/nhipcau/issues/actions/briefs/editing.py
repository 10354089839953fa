"""Changing a draft: lead, remarks, labels, what stays, order, recommendations; renewing what was done; discarding."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from nhipcau.issues.access.briefs import may_work_on_briefs
from nhipcau.issues.actions.briefs.errors import BriefHasChanged, BriefHasMoved, BriefInvalid, BriefNotYours
from nhipcau.issues.briefing.document import Edits, edits_of
from nhipcau.issues.models import Brief, BriefState
from nhipcau.issues.models.briefs import OPEN
from nhipcau.issues.queries.briefs import brief_before, document_of, search_text_of
from nhipcau.issues.queries.followup import follow_up_of
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person

LIMITS = {"lead": 5_000, "remark": 2_000, "label": 300, "what": 1_000, "who": 200, "until": 60, "reason": 2_000}
MOST_RECOMMENDATIONS = 20


def edit_brief(*, by: Person, brief: Brief, version: int, edits: Edits, at: datetime | None = None) -> Brief:
    """Somebody who works on briefs changes a draft; who has an older version before them is told so."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    cleaned = _checked(brief, edits)
    changed = [name for name, value in cleaned.items() if value != edits_of(brief.edits)[name]]  # type: ignore[literal-required]
    with transaction.atomic():
        _move(brief, version=version, by=by, at=at, edits=dict(cleaned))
        brief.search_text = search_text_of(document_of(brief))
        Brief.objects.filter(pk=brief.pk).update(search_text=brief.search_text)
        record(by=by, action="brief.edited", of=brief, values={"brief": str(brief), "changed": changed})
    return brief


def renew_follow_up(*, by: Person, brief: Brief) -> Brief:
    """Somebody who works on briefs brings what was done about the brief before up to now."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    follow_up = follow_up_of(brief_before(brief), now=timezone.now())
    with transaction.atomic():
        _move(brief, version=brief.version, by=by, follow_up=follow_up)
        record(by=by, action="brief.renewed", of=brief, values={"brief": str(brief)})
    return brief


def discard_brief(*, by: Person, brief: Brief, reason: str) -> Brief:
    """Somebody who works on briefs discards a draft and says why; it stays in the archive, without a number."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    reason = _text("reason", reason)
    if not reason:
        raise BriefInvalid(field="reason", problem="missing", limit=0)
    with transaction.atomic():
        _move(brief, version=brief.version, by=by, state=BriefState.DISCARDED, reason=reason)
        record(by=by, action="brief.discarded", of=brief, values={"brief": str(brief), "reason": reason})
    return brief


def _move(
    brief: Brief,
    *,
    version: int,
    by: Person,
    at: datetime | None = None,
    state: BriefState = BriefState.EDITING,
    **values: Any,
) -> None:
    """Change an open brief, if it is still the version that was looked at."""
    fields = {"state": state, "edited_by": by, "edited_at": at or timezone.now(), **values}
    unchanged = Brief.objects.filter(pk=brief.pk, state__in=OPEN, version=version)
    if unchanged.update(version=F("version") + 1, **fields) != 1:
        found = Brief.objects.only("state").get(pk=brief.pk)
        raise BriefHasChanged if found.is_open else BriefHasMoved(state=found.state)
    brief.version = version + 1
    for name, value in fields.items():
        setattr(brief, name, value)


def _checked(brief: Brief, edits: Edits) -> Edits:
    numbers = [issue["id"] for issue in brief.made["issues"]]
    if len(edits["recommendations"]) > MOST_RECOMMENDATIONS:
        raise BriefInvalid(field="recommendations", problem="many", limit=MOST_RECOMMENDATIONS)
    labels = {issue["id"]: issue["label"] for issue in brief.made["issues"]}
    remarks = {str(number): _text("remark", edits["remarks"].get(str(number), "")) for number in numbers}
    own = {str(number): _text("label", edits["labels"].get(str(number), "")) for number in numbers}
    return {
        "lead": _text("lead", edits["lead"]),
        "remarks": {name: text for name, text in remarks.items() if text},
        "labels": {name: text for name, text in own.items() if text and text != labels[int(name)]},
        "left_out": [number for number in numbers if number in edits["left_out"]],
        "order": [number for number in dict.fromkeys(edits["order"]) if number in numbers],
        "recommendations": [
            {
                "what": _text("what", each["what"]),
                "who": _text("who", each["who"]),
                "until": _text("until", each["until"]),
                "issue": each["issue"] if each["issue"] in numbers else None,
            }
            for each in edits["recommendations"]
            if each["what"].strip()
        ],
    }


def _text(field: str, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > LIMITS[field]:
        raise BriefInvalid(field=field, problem="too_long", limit=LIMITS[field])
    return text
