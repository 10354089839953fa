"""What audit records of directives say: the code of an action, or of a clock, → its words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: Final[dict[str, str | Promise]] = {
    "mail.again": _("E-mail “%(subject)s” sent again to %(address)s"),
    "task.issue": _("Directive “%(title)s” sent, due %(due_at)s"),
    "task.deliver": _("Directive %(task)s delivered to %(office)s"),
    "task.open": _("Directive %(task)s opened by %(office)s"),
    "task.acknowledge": _("Directive %(task)s acknowledged for %(office)s by %(name)s (%(route)s)"),
    "task.accept": _("Directive %(task)s taken on by %(office)s"),
    "task.return": _("Directive %(task)s returned by %(office)s: %(reason)s"),
    "task.start": _("Directive %(task)s begun by %(office)s"),
    "task.submit": _("Evidence on directive %(task)s handed in by %(office)s"),
    "task.send_again": _("Directive %(task)s sent again to %(office)s: %(reason)s"),
    "task.send_back": _("Evidence on directive %(task)s sent back to %(office)s: %(reason)s"),
    "task.verify": _("Evidence of %(office)s on directive %(task)s verified"),
    "task.close": _("Directive %(task)s closed at %(office)s"),
    "task.withdraw": _("Directive %(task)s withdrawn from %(office)s: %(reason)s"),
    "task.correct": _("Directive %(task)s corrected, now version %(version)s: %(what_changed)s"),
    "task.mail_again": _("E-mail on directive %(task)s to %(office)s sent again to %(address)s"),
    "task.pause": _("Clocks of directive %(task)s paused at %(office)s: %(reason)s"),
    "task.resume": _("Clocks of directive %(task)s go on at %(office)s, due %(due_at)s"),
    "task.remind": _("Clock of directive %(task)s rang for %(office)s (%(clock)s)"),
}

CLOCKS: Final[dict[str, str | Promise]] = {
    "acknowledge_reminder": _("Reminder to acknowledge"),
    "acknowledge_escalation": _("Escalated: not acknowledged in time"),
    "due_reminder": _("Reminder of the due time"),
    "due_escalation": _("Escalated: overdue"),
}
