"""What audit records of briefs say: a short name and a sentence for each code, and the words of codes in values."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTIONS: Final[dict[str, Any]] = {
    "brief.drafted": _("Brief drafted"),
    "brief.edited": _("Brief edited"),
    "brief.renewed": _("Brief: what was done brought up to date"),
    "brief.discarded": _("Draft of a brief discarded"),
    "brief.signed": _("Brief signed"),
    "brief.sent": _("Brief sent"),
    "brief.sent-again": _("Brief sent again to a reader"),
    "brief.correction-begun": _("Correction of a brief begun"),
    "brief-reader.added": _("Reader of briefs added"),
    "brief-reader.resumed": _("Reader gets briefs again"),
    "brief-reader.stopped": _("Reader gets no more briefs"),
    "brief-schedule.added": _("Hour of a brief set"),
    "brief-schedule.off": _("Hour of a brief switched off"),
    "brief-schedule.on": _("Hour of a brief switched on"),
    "brief-schedule.removed": _("Hour of a brief removed"),
}
"""A short name for each code."""
SENTENCES: Final[dict[str, Any]] = {
    "brief.drafted": _("Brief as of %(as_of)s drafted with %(issues)s issues; %(mails)s told that it waits"),
    "brief.edited": _("Brief %(brief)s edited: %(changed)s"),
    "brief.renewed": _("In brief %(brief)s, what was done was brought up to date"),
    "brief.discarded": _("Draft %(brief)s discarded: %(reason)s"),
    "brief.signed": _("Brief %(number)s (revision %(revision)s) signed, fingerprint %(fingerprint)s"),
    "brief.sent": _("Brief %(number)s (revision %(revision)s) sent to %(mails)s readers"),
    "brief.sent-again": _("Brief %(number)s sent again to %(address)s"),
    "brief.correction-begun": _("Correction of brief %(number)s begun: %(reason)s"),
    "brief-reader.added": _("%(reader)s (%(address)s) added to the readers of briefs"),
    "brief-reader.resumed": _("%(reader)s (%(address)s) gets briefs again"),
    "brief-reader.stopped": _("%(reader)s (%(address)s) gets no more briefs"),
    "brief-schedule.added": _("Brief is drafted at %(at)s"),
    "brief-schedule.off": _("Brief of %(at)s switched off"),
    "brief-schedule.on": _("Brief of %(at)s switched on"),
    "brief-schedule.removed": _("Brief of %(at)s removed"),
}
"""What a record says with its values."""

WORDED: Final[dict[str, dict[str, Any]]] = {
    "changed": {
        "lead": _("lead"),
        "remarks": _("remarks"),
        "labels": _("names of issues"),
        "left_out": _("issues left out"),
        "order": pgettext_lazy("of issues", "order"),
        "recommendations": _("recommendations"),
    }
}
"""Values that are codes."""
