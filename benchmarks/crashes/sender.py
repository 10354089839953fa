"""`python -m benchmarks.crashes.sender DATA COUNT`: sends directives by the action itself, and is killed too.

Each is dated ten days back, so that its reminder and its escalation are due at once. Killed and started again, it goes
on with the same keys.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from nhipcau.running.loading import load

POINTS_EACH = 12
KEY = "by-action-{number:04}"


def send(count: int) -> None:
    """Send all, or what of them is not sent yet."""
    from django.utils import timezone

    from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
    from nhipcau.network.models.offices import Office
    from nhipcau.network.models.people import Membership
    from nhipcau.network.queries.audience import Audience

    leader = Membership.objects.select_related("person").filter(office__kind="hub", role="leader").order_by("id")[0]
    points = list(Office.objects.filter(kind="point").order_by("id").values_list("pk", flat=True))
    now = timezone.now()
    # the same to the minute for an hour, so that a directive asked for again is the same
    due_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    for number in range(count):
        first = number * POINTS_EACH % len(points)
        issue_directive(
            by=leader.person,
            directive=Directive(
                title=f"Chỉ đạo số {number}", text="Kiểm tra và báo cáo.", due_at=due_at, is_urgent=True
            ),
            audience=Audience(offices=frozenset((points * 2)[first : first + POINTS_EACH])),
            key=KEY.format(number=number),
            at=now - timedelta(days=10),
        )
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    send(int(sys.argv[2]))
