"""Correcting a signed brief: a new version of the same number says what changed; the old one stays as it was."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from nhipcau.issues.access.briefs import may_work_on_briefs
from nhipcau.issues.actions.briefs.editing import LIMITS
from nhipcau.issues.actions.briefs.errors import BriefHasMoved, BriefInvalid, BriefNotYours
from nhipcau.issues.models import Brief, BriefState
from nhipcau.issues.models.briefs import FROZEN
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person


def correct_brief(*, by: Person, brief: Brief, reason: str) -> Brief:
    """Somebody who works on briefs begins a correction; it is edited, signed and sent like any other."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    reason = reason.replace("\0", "").strip()
    if not reason or len(reason) > LIMITS["reason"]:
        raise BriefInvalid(field="reason", problem="too_long" if reason else "missing", limit=LIMITS["reason"])
    if brief.state not in FROZEN:
        raise BriefHasMoved(state=brief.state)
    now = timezone.now()
    try:
        with transaction.atomic():
            made = Brief.objects.create(
                corrects=brief,
                reason=reason,
                state=BriefState.EDITING,
                as_of=brief.as_of,
                since=brief.since,
                drafted_at=brief.drafted_at,
                drafted_by=brief.drafted_by,
                made=brief.made,
                made_digest=brief.made_digest,
                follow_up=brief.follow_up,
                edits=brief.edits,
                edited_by=by,
                edited_at=now,
                search_text=brief.search_text,
                is_sample=brief.is_sample,
            )
            values = {"number": brief.number, "reason": reason}
            record(by=by, action="brief.correction-begun", of=made, values=values)
    except IntegrityError as error:  # somebody else began one
        raise BriefHasMoved(state=brief.state) from error
    return made
