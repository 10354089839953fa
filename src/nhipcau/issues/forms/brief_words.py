"""The words of what can go wrong with briefs: each code of `actions/briefs/errors.py` with its remedy.

Importing this module registers them with `site/errors.py`.
"""

from __future__ import annotations

from django.utils.translation import gettext, pgettext

from nhipcau.issues.models import BriefState
from nhipcau.site.errors import DomainError, words_for


def brief_words(error: DomainError) -> str:
    """One sentence, with what to do, in the reader's language."""
    if error.code == "brief-has-moved":
        return gettext("This step is no longer possible: the brief is now “%(state)s”. Look at the page again.") % {
            "state": BriefState(error.values["state"]).label
        }
    if error.code == "brief-invalid":
        return _invalid(**error.values)
    return {
        "brief-not-yours": gettext("You may read briefs, but this step belongs to another role at the centre."),
        "brief-has-changed": gettext(
            "The brief was changed by somebody else meanwhile. Look at it again before you go on."
        ),
        "brief-altered": gettext(
            "What is kept of this brief is not what was made or signed. Nothing was done; tell the administrator."
        ),
        "brief-second-factor-missing": gettext("Whoever signs needs a second factor. Set it up, then sign."),
    }.get(error.code, error.code)


def _invalid(*, field: str, problem: str, limit: int = 0) -> str:
    name = {
        "lead": gettext("Lead"),
        "remark": gettext("Remark"),
        "label": gettext("Name of the issue"),
        "what": gettext("What is to be done"),
        "who": pgettext("of a recommendation", "Who"),
        "until": gettext("By when"),
        "reason": gettext("Reason"),
        "hours": gettext("Period"),
        "as_of": pgettext("brief", "As of"),
        "email": gettext("E-mail"),
        "name": gettext("Name"),
        "language": gettext("Language"),
        "days": gettext("Days"),
        "at": gettext("Time"),
    }.get(field, field)
    sentence = {
        "missing": gettext("%(field)s: this is empty. Fill it in."),
        "too_long": gettext("%(field)s: longer than %(limit)s characters. Shorten it."),
        "future": gettext("%(field)s: this time has not come yet. Choose an earlier one."),
        "many": gettext("At most %(limit)s recommendations fit into a brief."),
        "one_of": gettext("Choose a person of the centre, or write the address of somebody else, not both."),
        "address": gettext("%(field)s: this is no e-mail address. Look at it again."),
        "twice": gettext("%(field)s: this is there already."),
        "many_readers": gettext("There are %(limit)s readers already. Stop one who no longer needs the briefs."),
        "many_schedules": gettext("There are %(limit)s hours already. Remove one that is no longer needed."),
    }.get(problem, gettext("%(field)s: this value is not taken. Choose another."))
    return sentence % {"field": name, "limit": limit}


words_for("brief-", brief_words)
