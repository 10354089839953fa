"""`python -m benchmarks.crashes.pending DATA`: how much is due and not done yet, so that one knows when to look."""

from __future__ import annotations

import sys
from pathlib import Path

from nhipcau.running.loading import load


def pending() -> int:
    """Mails on their way, clocks that are due, mails whose outcome is not carried over."""
    from django.utils import timezone

    from nhipcau.network.models.task_clocks import TaskClock
    from nhipcau.network.models.task_mail import TaskMail
    from nhipcau.running.models import MailState, OutgoingMail

    on_way = [MailState.QUEUED, MailState.TAKEN, MailState.HANDING_OVER]
    return int(
        OutgoingMail.objects.filter(state__in=on_way).count()
        + TaskClock.objects.filter(state="waiting", rings_at__lte=timezone.now()).count()
        + TaskMail.objects.filter(outcome="").count()
    )


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    sys.stdout.write(str(pending()))
