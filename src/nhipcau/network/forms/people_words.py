"""The words of what can go wrong with people: each code of `actions/people/errors.py` with its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhipcau.site.errors import DomainError, words_for

FIELDS: dict[str, Any] = {
    "email": gettext_lazy("E-mail address"),
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Telephone"),
    "role": gettext_lazy("Role"),
    "password": gettext_lazy("Password"),
}


def people_words(error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    values = error.values
    if error.code == "people-invalid":
        return f"{FIELDS.get(values['field'], values['field'])}: {_invalid(values)}"
    if error.code == "people-exists":
        return _("Somebody with the address %(email)s is here already. Look for them and give them a role.") % values
    problem = values.get("problem", "")
    if error.code == "people-deputy-refused":
        return {
            "self": _("Nobody stands in for themselves. Choose somebody else."),
            "inactive": _("This person's log-in is closed. Choose somebody else."),
        }.get(problem, _("The last day must come after the first, not lie in the past, and within a year."))
    if error.code == "people-shift-refused":
        return {
            "overlap": _(
                "Somebody is on duty in these hours already. Take that shift out first, or choose other hours."
            ),
            "order": _("The shift must end after it begins. Look at the two times."),
            "long": _("A shift lasts at most seven days. Enter several."),
            "not-there": _("This person has no working role at the office. Choose a colleague from there."),
        }.get(problem, _("This shift lies in the past or has its note; it stays as it is."))
    if error.code == "people-hand-over-refused":
        return {
            "not-yours": _("Only whoever has the shift hands it over, and a colleague takes it over."),
            "no-note": _("Write what whoever comes next must know, even if it is only that all is quiet."),
        }.get(problem, _("This was handed over or taken over already."))
    if error.code == "people-invitation-refused":
        if problem == "late":
            return _("This invitation is older than seven days. Ask your administrator for a new one.")
        return _(
            "This invitation does not open: it was used, or the address is not whole. Copy all of it from the e-mail."
        )
    return {
        "people-not-administrator": _("Only an administrator of all offices of this person may do that."),
        "people-changed": _("Somebody else has changed this meanwhile. Look at it again before you save."),
        "people-last-administrator": _(
            "Nobody would administer the centre any more. Name another administrator first."
        ),
        "people-seat-taken": _("The person has this role at this office already."),
        "people-seat-ended": _("This role has ended already."),
    }.get(error.code, error.code)


def _invalid(values: Mapping[str, Any]) -> str:
    if values["problem"] == "weak":
        return str(values["said"])
    return {
        "missing": _("this is empty. Fill it in."),
        "too-long": _("this is too long. Shorten it."),
        "email": _("this is no e-mail address. Write it as name@office.vn."),
        "phone": _("write digits, spaces, and a + in front where needed."),
        "unknown": _("choose one from the list."),
    }[values["problem"]]


words_for("people-", people_words)
