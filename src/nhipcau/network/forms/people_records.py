"""What audit records of people and log-ins say: the code of an action → its words, for the page of the audit log."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: Final[dict[str, str | Promise]] = {
    "audit.exported": _("Audit log exported"),
    "person.added": _("%(name)s added as %(role)s at %(office)s"),
    "person.edited": _("Person changed"),
    "person.invited": _("%(name)s invited again"),
    "person.joined": _("%(name)s accepted the invitation"),
    "person.deactivated": _("Log-in of %(name)s closed"),
    "person.activated": _("Log-in of %(name)s opened again"),
    "person.second-factor-reset": _("Second factor of %(name)s reset"),
    "seat.given": _("%(name)s is %(role)s at %(office)s"),
    "seat.ended": _("%(name)s is no longer %(role)s at %(office)s"),
    "deputy.named": _("Deputy named: %(deputy)s, from %(from)s, before %(until)s"),
    "deputy.ended": _("Deputy ended: %(deputy)s"),
    "shift.entered": _("Duty of %(name)s entered from %(from)s until %(until)s"),
    "shift.removed": _("Duty of %(name)s taken out, from %(from)s until %(until)s"),
    "hand-over.given": _("Duty handed over"),
    "hand-over.taken": _("Duty taken over from %(from)s"),
    "session.log-in": _("Logged in"),
    "session.log-out": _("Logged out"),
    "session.locked-out": _("Locked out after failed tries: %(email)s"),
    "session.password-changed": _("Password changed"),
    "session.second-factor-added": _("Second factor added"),
    "session.second-factor-removed": _("Second factor removed"),
}
