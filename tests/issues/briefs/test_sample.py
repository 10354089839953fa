"""The sample's brief of yesterday: signed as real ones are, sent to nobody, made once."""

from __future__ import annotations

from datetime import timedelta

from nhipcau.issues.actions.briefs.sample import make_sample_brief
from nhipcau.issues.models import Brief, BriefSchedule, Issue
from nhipcau.issues.queries.briefs import is_intact
from nhipcau.running.models import OutgoingMail
from tests.issues.briefs.conftest import MORNING
from tests.network.tasks.cast import Cast


def test_yesterday_of_a_sample_is_signed_and_sent_to_nobody(cast: Cast, issues: list[Issue]) -> None:
    assert make_sample_brief(now=MORNING) is None, "this is no sample"
    cast.hub.is_sample = True
    cast.hub.save()
    Issue.objects.update(first_seen_at=MORNING - timedelta(days=3))
    made = make_sample_brief(now=MORNING)
    assert made is not None
    brief = Brief.objects.get()
    assert (brief.number, brief.state, brief.is_sample) == ("1/2026", "sent", True)
    assert (brief.as_of, brief.signed_at) == (MORNING - timedelta(days=1), MORNING - timedelta(hours=23, minutes=20))
    assert is_intact(brief)
    assert not OutgoingMail.objects.exists()
    assert make_sample_brief(now=MORNING) is None
    assert (Brief.objects.count(), BriefSchedule.objects.count()) == (1, 1)
