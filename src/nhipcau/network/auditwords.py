"""The words of the audit log: each code of an action, and the names of the values that it carries.

Stored are codes; a test demands words for every code that the house records.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

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
    "task.deliver": _("Directive delivered"),
    "task.issue": _("Directive sent"),
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
}


def action_words(code: str) -> str:
    """Put an action into words; a code of a later version is shown as it is."""
    return str(ACTIONS.get(code, code))


def value_words(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Give the values for showing: lists with commas, nothing as a dash."""
    return [(name.replace("_", " "), _shown(value)) for name, value in sorted(values.items())]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_shown(inner)}" for name, inner in value.items()) or "–"
    return "–" if value in (None, "") else str(value)
