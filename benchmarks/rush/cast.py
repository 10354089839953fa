"""`python -m benchmarks.rush.cast DATA`: the sample province, one directive to all its offices, and keys to log-ins."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.crashes.cast import session_of
from nhipcau.running.loading import load


@dataclass(frozen=True)
class Rush:
    """Session keys, and which page of the directive is whose."""

    session_cookie: str
    task_id: int
    watchers: list[str]
    """Sessions of the hub's leader and analysts."""
    received: dict[int, str]
    """The session of an officer of the unit, by the number of its recipient."""


def make_rush() -> Rush:
    """Make the province, send a directive to every point, area and department."""
    from django.conf import settings
    from django.utils import timezone

    from nhipcau.network.actions.sample_province import make_sample_province
    from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
    from nhipcau.network.models.offices import Office
    from nhipcau.network.models.people import Membership
    from nhipcau.network.queries.audience import Audience
    from nhipcau.running.preparing import prepare_installation

    prepare_installation()
    make_sample_province(password="of nobody's use")
    seats = Membership.objects.select_related("person").order_by("-id")
    leader = seats.filter(office__kind="hub", role="leader")[0].person
    officers = {seat.office_id: seat.person for seat in seats.exclude(office__kind="hub").filter(role="officer")}
    task = issue_directive(
        by=leader,
        directive=Directive(
            title="Ứng phó mưa lũ", text="Kiểm tra và báo cáo.", due_at=timezone.now() + timedelta(days=3)
        ),
        audience=Audience(offices=frozenset(Office.objects.exclude(kind="hub").values_list("pk", flat=True))),
        key="rush-of-all",
    )
    watchers = [leader, *(seat.person for seat in seats.filter(office__kind="hub", role="analyst"))]
    return Rush(
        session_cookie=settings.SESSION_COOKIE_NAME,
        task_id=task.pk,
        watchers=[session_of(person) for person in watchers],
        received={one.pk: session_of(officers[one.office_id]) for one in task.recipients.order_by("pk")},
    )


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    json.dump(asdict(make_rush()), sys.stdout)
