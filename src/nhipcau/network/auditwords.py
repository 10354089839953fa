"""The words of the audit log: a short name for each code, to choose from, and what a record says with its values.

Stored are codes and values; other rooms add theirs with `add_audit_words`. A test demands both kinds of words for
every code that the house records.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nhipcau.network.forms import office_records, people_records, task_records
from nhipcau.network.forms import tokens as token_records
from nhipcau.network.forms import webhooks as webhook_records
from nhipcau.network.models.people import Role
from nhipcau.network.taskstates import Route

ACTIONS: Final[dict[str, Any]] = {
    "audit.exported": _("Audit log exported"),
    "centre.founded": _("Centre founded"),
    "sample.made": _("Sample made"),
    "deputy.ended": _("Deputy ended"),
    "deputy.named": _("Deputy named"),
    "hand-over.given": _("Duty handed over"),
    "hand-over.taken": _("Duty taken over"),
    "office-group.deleted": _("Group deleted"),
    "office-group.saved": _("Group saved"),
    "office-import.done": _("File of offices brought in"),
    "office-import.looked-at": _("File of offices looked at"),
    "office.areas-set": _("Areas of an office set"),
    "office.closed": _("Office closed"),
    "office.created": _("Office made"),
    "office.edited": _("Office changed"),
    "office.exported": _("Offices exported"),
    "office.merged": _("Offices merged"),
    "office.moved": _("Office answers to another"),
    "office.renamed": _("Office renamed"),
    "person.activated": _("Log-in opened again"),
    "person.added": _("Person added"),
    "person.deactivated": _("Log-in closed"),
    "person.edited": _("Person changed"),
    "person.invited": _("Person invited"),
    "person.joined": _("Invitation accepted"),
    "person.second-factor-reset": _("Second factor reset"),
    "seat.ended": _("Role ended"),
    "seat.given": _("Role given"),
    "session.log-in": _("Logged in"),
    "session.locked-out": _("Locked out after failed tries"),
    "session.log-out": _("Logged out"),
    "session.password-changed": _("Password changed"),
    "session.second-factor-added": _("Second factor added"),
    "session.second-factor-removed": _("Second factor removed"),
    "shift.entered": _("Duty shift entered"),
    "shift.removed": _("Duty shift taken out"),
    "special-day.added": _("Special day stated"),
    "special-day.removed": _("Special day taken out"),
    "task.accept": _("Directive taken on"),
    "task.acknowledge": _("Directive acknowledged"),
    "task.close": _("Directive closed"),
    "task.correct": _("Directive corrected"),
    "task.deliver": _("Directive delivered"),
    "task.issue": _("Directive sent"),
    "mail.again": _("E-mail sent again"),
    "task.mail_again": _("E-mail sent again"),
    "task.open": _("Directive opened"),
    "task.pause": _("Clocks paused"),
    "task.remind": _("Reminded"),
    "task.resume": _("Clocks go on"),
    "task.return": _("Directive returned"),
    "task.send_again": _("Directive sent again"),
    "task.send_back": _("Evidence sent back"),
    "task.start": _("Work begun"),
    "task.submit": _("Evidence handed in"),
    "task.verify": _("Evidence verified"),
    "task.withdraw": _("Directive withdrawn"),
    "token.made": _("API token made"),
    "token.revoked": _("API token revoked"),
    "webhook.made": _("Webhook made"),
    "webhook.stopped": _("Webhook stopped"),
}


SENTENCES: Final[dict[str, Any]] = {
    **office_records.ACTIONS,
    **people_records.ACTIONS,
    **task_records.ACTIONS,
    **token_records.ACTIONS,
    **webhook_records.ACTIONS,
}


_WORDED: Final[dict[str, dict[str, Any]]] = {
    "role": dict(Role.choices),
    "route": dict(Route.choices),
    "clock": task_records.CLOCKS,
}
"""Values that are codes, by their name in a record → the words of each."""


def add_audit_words(
    *, actions: Mapping[str, Any], sentences: Mapping[str, Any], worded: Mapping[str, dict[str, Any]] | None = None
) -> None:
    """Add the words of a room, when it starts: a short name and a sentence for each code, and values that are codes."""
    ACTIONS.update(actions)
    SENTENCES.update(sentences)
    _WORDED.update(worded or {})


class _Values(dict[str, str]):
    """The values of a record for its sentence; one that an earlier version did not write is a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def record_words(action: str, values: Mapping[str, Any]) -> str:
    """Say what a record says; a code of a later version is shown as it is."""
    said = _Values({name: shown(name, value) for name, value in values.items()})
    return str(SENTENCES.get(action, action)) % said


def shown(name: str, value: Any) -> str:
    """Show a value: codes by their words, moments in the clock of the house, lists with commas, nothing as a dash."""
    if isinstance(value, list):
        return ", ".join(shown(name, one) for one in value) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{inner}: {shown(inner, one)}" for inner, one in value.items()) or "–"
    if isinstance(value, str) and value in _WORDED.get(name, {}):
        return str(_WORDED[name][value])
    if isinstance(value, str) and len(value) > 18 and value[10:11] == "T":
        try:
            return f"{timezone.localtime(datetime.fromisoformat(value)):%H:%M %d/%m/%Y}"
        except ValueError:
            return value
    return "–" if value in (None, "") else str(value)
