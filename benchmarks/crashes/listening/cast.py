"""`python -m benchmarks.crashes.listening.cast DATA`: a centre that listens, and keys to it as JSON.

Who plays: a program that pushes into one source, and a leader of the hub who drafts, signs and sends briefs; three
readers get them. One draft is made by the clock.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

from benchmarks.crashes.cast import session_of
from benchmarks.intake.cast import make_tokens
from nhipcau.running.loading import load

READERS = ("doc-mot@example.org", "doc-hai@example.org", "doc-ba@example.org")


def make_cast() -> dict[str, str]:
    """Make the centre."""
    from django.conf import settings
    from django.utils import timezone

    from nhipcau.issues.models.briefs import BriefReader, BriefSchedule
    from nhipcau.network.models.offices import Office
    from nhipcau.network.models.people import Membership

    [token] = make_tokens(1)
    Office.objects.update(is_sample=False)  # briefs of a sample are sent to nobody
    now = timezone.now()
    for address in READERS:
        BriefReader.objects.create(email=address, name=address, wants_pdf=False, added_at=now)
    slot = now.replace(second=0, microsecond=0)
    BriefSchedule.objects.create(
        at=timezone.localtime(slot).time(), days=list(range(7)), enabled_at=slot - timedelta(seconds=1)
    )
    leader = Membership.objects.select_related("person").filter(office__kind="hub", role="leader").order_by("id")[0]
    return {"token": token, "session": session_of(leader.person), "cookie": settings.SESSION_COOKIE_NAME}


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    json.dump(make_cast(), sys.stdout)
