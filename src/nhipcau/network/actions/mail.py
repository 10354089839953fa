"""Sending an e-mail again that was refused, or of which nobody knows whether it arrived. Never done by the software."""

from __future__ import annotations

from django.db import transaction

from nhipcau.network.access.offices import keeps_network
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.tasks.correcting import may_correct
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.network.models.tasks import TaskRecipient
from nhipcau.running import mail
from nhipcau.running.models import OutgoingMail
from nhipcau.site.errors import DomainError, NotAllowed


class MailHasMoved(DomainError):
    """It is on its way already, or was sent. Values: none."""

    code = "mail-has-moved"
    status = 409


def send_mail_again(*, by: Person, outgoing: OutgoingMail) -> None:
    """An administrator of the hub sends any e-mail of the outbox once more; it may then come twice."""
    if not keeps_network(by):
        raise NotAllowed
    with transaction.atomic():
        if not mail.send_again(key=outgoing.key):
            raise MailHasMoved
        record(by=by, action="mail.again", of=outgoing, values={"address": outgoing.to, "subject": outgoing.subject})


def may_send_again(by: Person, recipient: TaskRecipient) -> bool:
    """Whether somebody sends e-mails about a directive at a unit again: above the unit, its issuer, administrators."""
    standing = standing_of(by)
    is_above = standing.oversees(recipient.office_id) or may_correct(standing, recipient.task)
    return is_above or keeps_network(by)


def send_task_mail_again(*, by: Person, task_mail: TaskMail) -> None:
    """Whoever is above a unit sends an e-mail about a directive there once more."""
    recipient = task_mail.recipient
    if not may_send_again(by, recipient):
        raise NotAllowed
    with transaction.atomic():
        if not mail.send_again(key=task_mail.key):
            raise MailHasMoved
        values = {"task": recipient.task_id, "office": recipient.office.code, "address": task_mail.address}
        record(by=by, action="task.mail_again", of=recipient, values=values)


def forget_outcome(key: str) -> None:
    """What became of an e-mail about a directive is open again."""
    TaskMail.objects.filter(key=key).exclude(outcome="sent").update(outcome="", outcome_at=None)
