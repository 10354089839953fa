"""A brief of the sample province, drafted, edited, signed and sent as real ones are; a sample is sent to nobody."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from nhipcau.issues.actions.briefs.drafting import draft_of_sample
from nhipcau.issues.actions.briefs.editing import edit_brief
from nhipcau.issues.actions.briefs.schedules import add_schedule
from nhipcau.issues.actions.briefs.sending import send_brief
from nhipcau.issues.actions.briefs.signing import sign_brief
from nhipcau.issues.briefing.document import digest_of, edits_of
from nhipcau.issues.models import Brief, BriefSchedule
from nhipcau.issues.queries.briefs import document_of
from nhipcau.network.models.people import Person
from nhipcau.network.queries.command import hub_alone
from nhipcau.network.queries.seats import seats_held

HOUR: Final = time(6)
LEAD: Final = (
    "Trong ngày, người dân quan tâm nhiều nhất đến “{label}”. Các cơ quan liên quan cần trả lời các câu hỏi còn bỏ ngỏ."
)
ADVICE: Final = "Kiểm tra thực tế và trả lời người dân về “{label}”"


def make_sample_brief(*, now: datetime) -> Brief | None:
    """Sign yesterday's brief of a sample and set the hour of the next; once, and only where something is heard."""
    hub = hub_alone().hub
    if hub is None or not hub.is_sample or Brief.objects.filter(signed_at__isnull=False).exists():
        return None
    analyst, leader = (_somebody(hub.pk, role, now=now) for role in ("analyst", "leader"))
    if analyst is None or leader is None:
        return None
    if not BriefSchedule.objects.exists():
        add_schedule(by=analyst, at=HOUR, days=range(7), hours=24)
    at = timezone.make_aware(datetime.combine(timezone.localdate(now) - timedelta(days=1), HOUR))
    brief = Brief.objects.get(pk=draft_of_sample(as_of=at).pk)
    if not brief.is_open or not brief.made["issues"]:
        return None
    hottest = brief.made["issues"][0]
    edits = edits_of(brief.edits)
    edits["lead"] = LEAD.format(label=hottest["label"])
    edits["recommendations"] = [
        {
            "what": ADVICE.format(label=hottest["label"]),
            "who": "Các điểm cầu có liên quan",
            "until": f"17:00 ngày {at:%d/%m}",
            "issue": hottest["id"],
        }
    ]
    edit_brief(by=analyst, brief=brief, version=brief.version, edits=edits, at=at + timedelta(minutes=25))
    brief = Brief.objects.select_related("edited_by").get(pk=brief.pk)
    signed_at = at + timedelta(minutes=40)
    sign_brief(by=leader, brief=brief, fingerprint=digest_of(document_of(brief)), at=signed_at)
    return send_brief(by=leader, brief=brief, at=signed_at + timedelta(minutes=2))


def _somebody(office_id: int, role: str, *, now: datetime) -> Person | None:
    seats = seats_held(on=timezone.localdate(now)).filter(office=office_id, role=role, person__is_active=True)
    seat = seats.select_related("person").order_by("pk").first()
    return seat.person if seat else None
