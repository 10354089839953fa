"""Drafting a brief: on demand by a person, at its hour by the worker; whoever is on duty is told that it waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from nhipcau.issues.access.briefs import may_work_on_briefs
from nhipcau.issues.actions.briefs import letters
from nhipcau.issues.actions.briefs.errors import BriefInvalid, BriefNotYours
from nhipcau.issues.briefing.document import digest_of, no_edits
from nhipcau.issues.drafting import draft_brief
from nhipcau.issues.models import Brief, BriefSchedule
from nhipcau.issues.queries.briefs import brief_before
from nhipcau.issues.queries.followup import follow_up_of
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.network.queries.command import hub_alone
from nhipcau.network.spelling import folded

TOP = 10
HOURS = (24, 48, 72, 168)


def draft_on_demand(*, by: Person, hours: int = 24, as_of: datetime | None = None, key: str | None = None) -> Brief:
    """Somebody who works on briefs has one drafted, of now or of a past moment; the same form makes one draft."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    now = timezone.now()
    if hours not in HOURS:
        raise BriefInvalid(field="hours", problem="unknown", limit=0)
    if as_of is not None and as_of > now:
        raise BriefInvalid(field="as_of", problem="future", limit=0)
    made, _is_new = _draft(
        by=by, as_of=as_of or now, hours=hours, key=f"person-{by.pk}-{key}" if key else None, now=now
    )
    return made


def draft_on_schedule(*, schedule: BriefSchedule, slot: datetime, now: datetime) -> Brief | None:
    """The worker drafts the brief of a set hour, once; None where it is there already."""
    key = f"schedule-{schedule.pk}-{timezone.localtime(slot):%Y-%m-%d-%H%M}"
    if Brief.objects.filter(drafting_key=key).exists():
        return None
    made, is_new = _draft(by=None, as_of=now, hours=schedule.hours, key=key, now=now)
    return made if is_new else None


def draft_of_sample(*, as_of: datetime) -> Brief:
    """The brief of a sample province, as if the worker had drafted it at its hour; once."""
    return _draft(by=None, as_of=as_of, hours=24, key=f"sample-{as_of:%Y-%m-%d-%H%M}", now=as_of)[0]


def _draft(*, by: Person | None, as_of: datetime, hours: int, key: str | None, now: datetime) -> tuple[Brief, bool]:
    known = Brief.objects.filter(drafting_key=key).first() if key else None
    if known:
        return known, False
    as_of = as_of.replace(second=0, microsecond=0)
    since = as_of - timedelta(hours=hours)
    made = draft_brief(since=since, as_of=as_of, top=TOP)
    hub = hub_alone().hub
    brief = Brief(
        as_of=as_of,
        since=since,
        drafting_key=key,
        drafted_at=now,
        drafted_by=by,
        made=made,
        made_digest=digest_of(made),
        edits=dict(no_edits()),
        search_text=folded(f"{timezone.localtime(as_of):%d/%m/%Y}", *(issue["label"] for issue in made["issues"])),
        is_sample=made["sample"] or bool(hub and hub.is_sample),
    )
    brief.follow_up = follow_up_of(brief_before(brief), now=now)
    try:
        with transaction.atomic():
            brief.save(force_insert=True)
            told = letters.tell_of_draft(brief, hub=hub, now=now)
            values = {"as_of": as_of.isoformat(), "issues": len(made["issues"]), "mails": told}
            record(by=by, action="brief.drafted", of=brief, values=values)
    except IntegrityError:  # another worker, or the same form sent twice, was first
        known = Brief.objects.filter(drafting_key=key).first() if key else None
        if known is None:
            raise
        return known, False
    return brief, True
