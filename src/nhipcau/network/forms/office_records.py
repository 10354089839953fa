"""What audit records of offices say: the code of an action → its words, for the page of the audit log."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: Final[dict[str, str | Promise]] = {
    "office.created": _("Office %(name)s (%(code)s) made"),
    "office.edited": _("Office %(code)s edited"),
    "office.moved": _("Office %(code)s answers to %(to)s from %(on)s, before to %(from)s"),
    "office.areas-set": _("Areas of office %(code)s set from %(on)s"),
    "office.renamed": _("Office %(code)s renamed from %(from)s to %(to)s as of %(on)s"),
    "office.merged": _("Offices merged into %(into)s on %(on)s"),
    "office.closed": _("Office %(code)s closed on %(on)s"),
    "office.exported": _("Offices exported, %(rows)s rows"),
    "office-group.saved": _("Group %(name)s of %(owner)s saved"),
    "office-group.deleted": _("Group %(name)s of %(owner)s deleted"),
    "special-day.added": _("Day %(on)s stated: %(name)s"),
    "special-day.removed": _("Day %(on)s taken out: %(name)s"),
    "office-import.looked-at": _("File %(file)s looked at"),
    "office-import.done": _("File %(file)s brought in: %(new)s new, %(changed)s changed"),
    "centre.founded": _("Centre %(name)s founded with %(points)s points"),
    "sample.made": _("Sample province made: %(offices)s offices, %(people)s people"),
}
