"""The words of issues: what their audit records say, and what can be refused, each with what to do."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from nhipcau.issues.models.issues import TriageState
from nhipcau.site.errors import DomainError, words_for

ACTIONS: Final[dict[str, Any]] = {
    "issue.absorbed": _("Issues merged"),
    "issue.an-issue-again": _("Issue shown again"),
    "issue.not-an-issue": _("Said to be no issue"),
    "issue.noted": _("Note on an issue"),
    "issue.owned": _("Issue given to somebody"),
    "issue.parted": _("Merge of issues taken back"),
    "issue.renamed": _("Issue renamed"),
    "issue.split-off": _("Issue split"),
    "issue.triaged": _("Issue: what we do about it"),
}
"""A short name for each code."""
SENTENCES: Final[dict[str, Any]] = {
    "issue.absorbed": _("Issue %(issue)s merged into issue %(into)s"),
    "issue.an-issue-again": _("Issue %(issue)s is shown again"),
    "issue.not-an-issue": _("Issue %(issue)s is said to be none: %(reason)s"),
    "issue.noted": _("A note was written on issue %(issue)s"),
    "issue.owned": _("Issue %(issue)s is now with: %(owner)s"),
    "issue.parted": _("Issue %(issue)s taken out of issue %(into)s again"),
    "issue.renamed": _("Issue %(issue)s renamed: “%(label)s”, before: “%(before)s”"),
    "issue.split-off": _("Issue %(part)s split off from issue %(issue)s (groups of voices: %(threads)s)"),
    "issue.triaged": _("Issue %(issue)s: from %(triage_from)s to %(triage_to)s"),
}
"""What a record says with its values."""
WORDED: Final[dict[str, dict[str, Any]]] = {
    "triage_to": dict(TriageState.choices),
    "triage_from": dict(TriageState.choices),
}
"""Values that are codes."""


def issue_words(error: DomainError) -> str:
    """Say what is wrong and what to do, in the reader's language."""
    if error.code == "issue-has-moved":
        return gettext("Somebody else has just changed this issue. Look at the page again, then decide.")
    if error.code == "issue-threads-have-moved":
        return ngettext(
            "%(count)s of the groups that you chose is in another issue by now. Look at the page again, then choose.",
            "%(count)s of the groups that you chose are in another issue by now. Look at the page again, then choose.",
            error.values["count"],
        ) % {"count": error.values["count"]}
    if error.code == "issue-nothing-to-split":
        return gettext("Choose at least one group of voices, and leave at least one where it is.")
    return {
        "missing": gettext("Write something first."),
        "too_long": gettext("This is too long: at most %(limit)s characters.") % {"limit": error.values.get("limit")},
        "itself": gettext("An issue cannot be merged into itself. Choose another one."),
        "unknown": gettext("This is not there any more. Choose from the list."),
    }.get(error.values.get("problem", ""), gettext("This does not hold. Look at what was chosen."))


words_for("issue-", issue_words)
