"""The words of what can go wrong with directives: each code of `actions/tasks/errors.py` with its remedy.

Importing this module registers them with `site/errors.py`.
"""

from __future__ import annotations

from django.utils.translation import gettext

from nhipcau.network.forms.tasks import FILE_PROBLEMS
from nhipcau.network.taskstates import State
from nhipcau.site.errors import DomainError, words_for


def task_words(error: DomainError) -> str:
    """One sentence, with what to do, in the reader's language."""
    values = error.values
    if error.code == "task-has-moved":
        return gettext(
            "This step is no longer possible: the directive is now “%(state)s” at this unit. Look at the page again."
        ) % {"state": State(values["state"]).label}
    if error.code == "task-invalid":
        return _invalid(**values)
    if error.code == "task-evidence-refused":
        return _evidence(**values)
    if error.code == "task-link-refused":
        return {
            "late": gettext("The time of this link has passed. Log in instead."),
            "passed": gettext("This directive no longer waits for an acknowledgement."),
        }.get(values["problem"], gettext("This link does not open. Copy the whole address from the e-mail."))
    if error.code == "task-pause-refused":
        if values["problem"] == "not_paused":
            return gettext("The clocks are not paused.")
        return gettext("The clocks cannot be paused: they are paused already, or the directive is settled.")
    return {
        "task-not-yours": gettext("This step belongs to another office or role. Ask whoever is in command now."),
        "task-corrected": gettext("This directive was corrected meanwhile. Read it again, then go on."),
        "task-no-recipients": gettext("Nobody would get it. Choose at least one area, group, role or office."),
        "task-out-of-reach": gettext("Some of the chosen offices are closed or not directed by you. Choose others."),
        "task-key-used-otherwise": gettext(
            "This form was sent before with other words. Open a new form to send another directive."
        ),
        "task-reason-missing": gettext("Say why: this step needs a reason."),
        "task-verified-by-submitter": gettext("You handed this evidence in; somebody else has to look at it."),
        "task-evidence-missing": gettext("Nothing was handed in. Add a photo, a document, a link or a number."),
    }.get(error.code, error.code)


def _invalid(*, field: str, problem: str, limit: int = 0) -> str:
    name = {
        "title": gettext("Title"),
        "text": gettext("What is to be done"),
        "why": gettext("Why"),
        "due_at": gettext("Due"),
        "acknowledge_minutes": gettext("To be acknowledged within"),
        "name": gettext("Name"),
        "note": gettext("How you know"),
        "what_changed": gettext("What changed"),
    }.get(field, field)
    sentence = {
        "missing": gettext("%(field)s: this is empty. Fill it in."),
        "too_long": gettext("%(field)s: longer than %(limit)s characters. Shorten it."),
        "unchanged": gettext("Nothing is different from before. Change something, or leave it as it is."),
        "past": gettext("%(field)s: this time has passed. Choose a later one."),
        "too_far": gettext("%(field)s: more than two years ahead. Choose an earlier time."),
        "range": gettext("%(field)s: choose between 1 and %(limit)s minutes."),
    }.get(problem, gettext("%(field)s: this value is not taken. Choose another."))
    return sentence % {"field": name, "limit": limit}


def _evidence(*, item: int, problem: str, name: str = "", limit: int = 0, **needs: object) -> str:
    if problem in FILE_PROBLEMS:
        return f"{name or item}: {FILE_PROBLEMS[problem] % needs}"
    return {
        "too_many": gettext("At most %(limit)s pieces can be handed in at once."),
        "bad_link": gettext("Piece %(item)s: a link starts with http:// or https://."),
        "bad_count": gettext("Piece %(item)s: give a whole number from 0 to %(limit)s."),
    }.get(problem, gettext("Piece %(item)s: this kind of evidence is not taken.")) % {"item": item, "limit": limit}


words_for("task-", task_words)
