"""`python -m benchmarks.crashes.verdict DATA < told.json`: what is lost, doubled or half-written after the kills.

`told.json` is what the clients were told to be done. Nothing here trusts a count that the product keeps itself.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.crashes.letterbox import letters_of
from nhipcau.running.loading import load


def faults(told: dict[str, Any]) -> Iterator[str]:
    """Name every fault."""
    yield from _directives(told["directives"])
    yield from _acknowledgements(told["acknowledged"])
    yield from _clocks()
    yield from _mail()
    yield from _audit()


def _directives(keys: list[str]) -> Iterator[str]:
    from nhipcau.network.models.task_clocks import TaskClock
    from nhipcau.network.models.task_mail import TaskMail
    from nhipcau.network.models.tasks import RecipientEvent, Task, TaskRecipient

    counts = Counter(Task.objects.values_list("idempotency_key", flat=True))
    yield from (f"lost: directive {key}" for key in keys if not counts[key])
    yield from (f"doubled: directive {key}" for key, count in counts.items() if count > 1)
    asked = {record.number: record.values for record in audit_of("task.issue")}
    for task in Task.objects.order_by("pk"):
        values = asked.get(str(task.pk))
        if values is None:
            yield f"half-written: directive {task.pk} has no audit record"
            continue
        wanted = len(values["offices"])
        recipients = TaskRecipient.objects.filter(task=task)
        written = {
            "recipients": recipients.count(),
            "events of sending": RecipientEvent.objects.filter(task=task, from_state="").count(),
            "quarters of clocks": TaskClock.objects.filter(recipient__task=task).count() / 4,
        }
        yield from (f"half-written: directive {task.pk}: {name}" for name, count in written.items() if count != wanted)
        notices = TaskMail.objects.filter(recipient__task=task, kind="notice").count()
        if notices != values["mails"]:
            yield f"half-written: directive {task.pk}: {notices} notices of {values['mails']}"


def _acknowledgements(told: list[int]) -> Iterator[str]:
    from nhipcau.network.models.tasks import Acknowledgement, RecipientEvent, TaskRecipient

    known = Counter(Acknowledgement.objects.values_list("recipient_id", flat=True))
    moved = Counter(RecipientEvent.objects.filter(to_state="acknowledged").values_list("recipient_id", flat=True))
    audited = Counter(int(record.number) for record in audit_of("task.acknowledge"))
    states = dict(TaskRecipient.objects.values_list("pk", "state"))
    yield from (f"lost: acknowledgement of {recipient}" for recipient in told if not known[recipient])
    for recipient, count in (known | moved | audited).items():
        if count != 1 or not known[recipient] == moved[recipient] == audited[recipient]:
            yield f"doubled or half-written: acknowledgement of {recipient}"
    yield from (f"half-written: state of {one}" for one in known if states[one] != "acknowledged")


def _clocks() -> Iterator[str]:
    from django.utils import timezone

    from nhipcau.network.models.task_clocks import Reminder, TaskClock
    from nhipcau.network.models.task_mail import TaskMail

    waiting = TaskClock.objects.filter(state="waiting", rings_at__lte=timezone.now()).count()
    if waiting:
        yield f"lost: {waiting} clocks are due and did not ring"
    rung = Counter(TaskClock.objects.filter(state="rung").values_list("recipient_id", "kind"))
    reminded = Counter(Reminder.objects.values_list("recipient_id", "kind"))
    audited = Counter((int(record.number), record.values["clock"]) for record in audit_of("task.remind"))
    if not rung == reminded == audited:
        yield f"doubled or half-written: {len(rung)} clocks, {len(reminded)} reminders, {len(audited)} records"
    silent = Reminder.objects.exclude(recipient__in=TaskMail.objects.exclude(kind="notice").values("recipient"))
    if silent.exists():
        yield f"lost: {silent.count()} reminders without mail"


def _mail() -> Iterator[str]:
    from hashlib import sha256

    from django.conf import settings

    from nhipcau.network.models.task_mail import TaskMail
    from nhipcau.running.models import MailState, OutgoingMail

    files = Counter(path.name.partition(".")[0] for path in letters_of(settings.DATA_FOLDER).glob("*.eml"))
    states = dict(OutgoingMail.objects.values_list("key", "state"))
    wanted = set(TaskMail.objects.values_list("key", flat=True))
    yield from (f"lost: mail {key} was never queued" for key in wanted - states.keys())
    for key, state in states.items():
        arrived = files.pop(sha256(key.encode()).hexdigest()[:32], 0)
        if arrived > 1:
            yield f"doubled: mail {key} arrived {arrived} times"
        if state == MailState.SENT and not arrived:
            yield f"lost: mail {key} is called sent and did not arrive"
        if state not in (MailState.SENT, MailState.UNCERTAIN):
            yield f"lost: mail {key} is {state}"
    if files:
        yield f"doubled: {len(files)} mails of no row"


def _audit() -> Iterator[str]:
    """The chain, by the product's own check: its algorithm has tests of its own."""
    from nhipcau.network.queries.audit_proof import prove

    proof = prove()
    if not proof.holds:
        yield f"half-written: audit log: {proof}"


def audit_of(action: str) -> list[Any]:
    """Give the audit records of an action."""
    from nhipcau.network.models.audit import AuditRecord

    return list(AuditRecord.objects.filter(action=action))


def figures() -> dict[str, int]:
    """What there was to lose."""
    from nhipcau.network.models.task_clocks import Reminder
    from nhipcau.network.models.tasks import Acknowledgement, Task, TaskRecipient
    from nhipcau.running.models import OutgoingMail

    states = Counter(OutgoingMail.objects.values_list("state", flat=True))
    return {
        "directives": Task.objects.count(),
        "recipients": TaskRecipient.objects.count(),
        "acknowledgements": Acknowledgement.objects.count(),
        "reminders": Reminder.objects.count(),
        "mails": sum(states.values()),
        "mails uncertain": states["uncertain"],
    }


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    json.dump({"faults": list(faults(json.load(sys.stdin))), "figures": figures()}, sys.stdout)
