"""All tables of this room, a file for each subject."""

from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.office_imports import OfficeImport
from nhipcau.network.models.offices import (
    ContactRoute,
    Office,
    OfficeGroup,
    OfficeLink,
    OfficeSuccession,
    SpecialDay,
)
from nhipcau.network.models.people import Deputy, DutyShift, HandOver, Membership, Person
from nhipcau.network.models.task_clocks import ClockPause, Reminder, TaskClock
from nhipcau.network.models.task_files import Evidence, StoredFile, TaskAttachment
from nhipcau.network.models.task_mail import OneTimeLink, TaskMail
from nhipcau.network.models.tasks import Acknowledgement, RecipientEvent, Task, TaskRecipient, TaskVersion
from nhipcau.network.models.tokens import ApiToken
from nhipcau.network.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "Acknowledgement",
    "ApiToken",
    "AuditRecord",
    "ClockPause",
    "ContactRoute",
    "Deputy",
    "DutyShift",
    "Evidence",
    "HandOver",
    "Membership",
    "Office",
    "OfficeGroup",
    "OfficeImport",
    "OfficeLink",
    "OfficeSuccession",
    "OneTimeLink",
    "Person",
    "RecipientEvent",
    "Reminder",
    "SpecialDay",
    "StoredFile",
    "Task",
    "TaskAttachment",
    "TaskClock",
    "TaskMail",
    "TaskRecipient",
    "TaskVersion",
    "Webhook",
    "WebhookDelivery",
]
