"""What the worker does for directives: ring clocks, note which e-mails arrived, sweep away files without a row."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import transaction

from nhipcau.network.actions.audit import record
from nhipcau.network.actions.tasks import clocks, files
from nhipcau.network.actions.tasks.errors import TaskHasMoved
from nhipcau.network.actions.tasks.moves import Actor, step
from nhipcau.network.models.task_clocks import TaskClock
from nhipcau.network.models.task_files import StoredFile
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.network.taskstates import MOVES, Route
from nhipcau.running.jobs import job
from nhipcau.running.models import MailState, OutgoingMail

AT_ONCE = 200
ORPHANS_OLDER_THAN = timedelta(days=1)
_OUTCOMES = {MailState.SENT: "sent", MailState.REFUSED: "refused", MailState.UNCERTAIN: "uncertain"}


@job("tasks.clocks", every_seconds=5)
def ring_due_clocks(now: datetime) -> int:
    """Ring what is due, the oldest first; what became due while no worker ran rings now."""
    due = TaskClock.objects.filter(state="waiting", rings_at__lte=now).order_by("rings_at", "id")
    return sum(clocks.ring(clock_id, now=now) for clock_id in list(due.values_list("pk", flat=True)[:AT_ONCE]))


@job("tasks.deliveries", every_seconds=5)
def note_deliveries(now: datetime) -> int:
    """Carry what became of e-mails from the outbox to their recipients; a notice that went out delivers it."""
    on_way = TaskMail.objects.filter(outcome="").values("key")
    finished = OutgoingMail.objects.filter(state__in=list(_OUTCOMES), key__in=on_way).order_by("pk")[:AT_ONCE]
    outcomes = {mail.key: _OUTCOMES[MailState(mail.state)] for mail in finished}
    ids = TaskMail.objects.filter(key__in=outcomes).order_by("pk").values_list("pk", "key")
    return sum(_note(mail_id, outcome=outcomes[key], now=now) for mail_id, key in list(ids))


def _note(mail_id: int, *, outcome: str, now: datetime) -> bool:
    with transaction.atomic():
        if TaskMail.objects.filter(pk=mail_id, outcome="").update(outcome=outcome, outcome_at=now) != 1:
            return False
        mail = TaskMail.objects.select_related("recipient__office").get(pk=mail_id)
        recipient, move = mail.recipient, MOVES["deliver"]
        if outcome == "sent" and mail.kind in ("notice", "reminder") and recipient.state in move.sources:
            try:
                step(recipient, move, actor=Actor(None, Route.SYSTEM), at=now)
            except TaskHasMoved:  # it was opened meanwhile, which says more
                return True
            values = {"task": recipient.task_id, "office": recipient.office.code}
            record(by=None, action="task.deliver", of=recipient, values=values)
    return True


@job("tasks.files", every_seconds=3600)
def sweep_files(now: datetime) -> int:
    """Take away files that have no row because a process died before it was written."""
    del now
    oldest_kept = time.time() - ORPHANS_OLDER_THAN.total_seconds()
    old = {
        path.name: path for path in files.folder().glob("??/*") if path.is_file() and path.stat().st_mtime < oldest_kept
    }
    names = list(old)
    for start in range(0, len(names), AT_ONCE):
        held = set(StoredFile.objects.filter(name__in=names[start : start + AT_ONCE]).values_list("name", flat=True))
        for name in held:
            del old[name]
    for path in old.values():
        path.unlink(missing_ok=True)
    return len(old)
