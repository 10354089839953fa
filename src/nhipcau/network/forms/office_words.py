"""What went wrong with offices, in words: the problem and how to mend it, for forms, files and messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from nhipcau.site.errors import DomainError, words_for

FIELDS = {
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name of the office"),
    "name_en": gettext_lazy("Name in English"),
    "kind": gettext_lazy("Kind"),
    "parent": gettext_lazy("Answers to"),
    "areas": gettext_lazy("Areas"),
    "place_code": gettext_lazy("Code of the unit"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "languages": gettext_lazy("Languages"),
    "working_hours": gettext_lazy("Working hours"),
    "routes": gettext_lazy("Contact"),
    "opened_on": gettext_lazy("Open since"),
}
"""Names of the fields, as forms and the look at a file show them."""

PROBLEMS: dict[str, str] = {
    "missing": gettext_noop("This is missing. Write it."),
    "too-long": gettext_noop("This is too long. At most %(value)s signs."),
    "control-signs": gettext_noop("There are invisible signs in %(value)s. Write it anew."),
    "code-signs": gettext_noop(
        "“%(value)s” cannot be a code. Use letters without marks, digits, dots and hyphens, 32 at most."
    ),
    "code-taken": gettext_noop("Another office has the code “%(value)s”. Choose another."),
    "code-twice": gettext_noop("Row %(value)s has the same code. Keep one of the two."),
    "code-closed": gettext_noop(
        "The office “%(value)s” is closed. Take the row out, or give the new office a code of its own."
    ),
    "cell-count": gettext_noop(
        "The row has another number of cells than the heading (%(value)s). Look for a separator too many or missing."
    ),
    "kind-unknown": gettext_noop("“%(value)s” is no kind of office. Write area, department or point."),
    "one-hub": gettext_noop("There is one hub, and it stays the hub. Choose area, department or point."),
    "area-stays": gettext_noop("An area cannot become something else, nor something else an area. Make a new office."),
    "place-code-signs": gettext_noop("“%(value)s” is no code of a unit. Use the official digits."),
    "coordinates-both": gettext_noop("Latitude and longitude belong together. Give both or none."),
    "coordinates-swapped": gettext_noop(
        "A latitude of %(value)s cannot be. Have latitude and longitude changed places?"
    ),
    "latitude-range": gettext_noop("A latitude of %(value)s cannot be. It lies between -90 and 90."),
    "longitude-range": gettext_noop("A longitude of %(value)s cannot be. It lies between -180 and 180."),
    "number": gettext_noop("“%(value)s” is no number. Write degrees such as 11.535."),
    "day": gettext_noop("“%(value)s” is no day. Write 2025-07-01 or 1/7/2025."),
    "language-unknown": gettext_noop("“%(value)s” is no code of a language. Write codes such as vi, en, km."),
    "twice": gettext_noop("“%(value)s” stands here twice. Keep one."),
    "too-many": gettext_noop("These are too many. At most %(value)s."),
    "route-kind-unknown": gettext_noop(
        "“%(value)s” is no way to reach an office. Write phone, email, sms, zalo, radio or address, a colon, and the "
        "value."
    ),
    "route-empty": gettext_noop("Nothing follows “%(value)s:”. Write the number or address after the colon."),
    "phone-signs": gettext_noop("“%(value)s” is no telephone number. Use digits, and + before a country code."),
    "email-signs": gettext_noop("“%(value)s” is no e-mail address. It looks like name@office.vn."),
    "week.part": gettext_noop("“%(value)s” is not understood. Write days and hours: T2-T6 07:00-11:30 13:30-17:00."),
    "week.day": gettext_noop("“%(value)s” is no day. Write T2 to T7 and CN, or Mon to Sun."),
    "week.days-backward": gettext_noop("The days of “%(value)s” run backwards. Write the earlier day first."),
    "week.day-twice": gettext_noop("“%(value)s” names a day a second time. Put all hours of a day together."),
    "week.span": gettext_noop("“%(value)s” are no hours. Write 07:00-11:30."),
    "week.span-order": gettext_noop("“%(value)s” ends before it begins. Hours past midnight belong to the next day."),
    "week.overlap": gettext_noop("Some of “%(value)s” overlap. Let each span end before the next begins."),
    "week.empty": gettext_noop("No hours are named. Leave this empty to keep the hours of the office above."),
    "office-unknown": gettext_noop("There is no office “%(value)s”. Use the code of an office that is open."),
    "no-area": gettext_noop("“%(value)s” is no area. Use the codes of areas."),
    "not-coordinated": gettext_noop("Areas and the hub are not coordinated by an area. Leave this empty."),
    "hub-has-none": gettext_noop("The hub answers to no office. Leave this empty."),
    "parent-missing": gettext_noop("Every office but the hub answers to one. Choose it."),
    "point-above": gettext_noop("An area or a department cannot answer to a point. Choose the hub or another office."),
    "circle": gettext_noop("“%(value)s” stands below this office. Choose one that does not."),
    "password-too-short": gettext_noop("The password is too short. Use at least 12 signs."),
    "password-too-common": gettext_noop("Many people use this password. Choose another."),
    "password-entirely-numeric": gettext_noop("The password is only digits. Put words into it."),
    "password-too-similar": gettext_noop("The password is like the name or the e-mail address. Choose another."),
}
"""Problem of a field → its sentence."""


def problem_words(problem: str, value: object = "") -> str:
    """Say what is wrong with a field."""
    return _(PROBLEMS[problem]) % {"value": value}


def _not_keeper(values: Mapping[str, Any]) -> str:
    if values["office"]:
        return _("Only administrators of the centre, and for its contact and hours the office itself, may change this.")
    return _("Only administrators of the centre may change the network.")


def _link(values: Mapping[str, Any]) -> str:
    return problem_words(values["problem"], values["parent"])


def _successor(values: Mapping[str, Any]) -> str:
    sentences = {
        "none-merged": _("No office is chosen that would be merged. Choose at least one."),
        "hub-stays": _("The hub cannot be closed. Give it another name where the centre is renamed."),
        "itself": _("An office cannot succeed itself. Choose another as successor."),
    }
    return sentences[values["problem"]]


def _group(values: Mapping[str, Any]) -> str:
    sentences = {
        "name-missing": _("The group has no name. Write one."),
        "name-too-long": _("The name is too long. At most 120 signs."),
        "name-taken": _("This office has a group of that name already. Choose another name."),
        "no-members": _("No office is chosen. Choose at least one."),
    }
    return sentences[values["problem"]]


def _day(values: Mapping[str, Any]) -> str:
    sentences = {
        "kind-unknown": _("Choose whether the day is off or worked."),
        "name-length": _("Write what the day is, in at most 120 signs."),
        "day-taken": _("This day is stated already. Take it out first."),
    }
    return sentences[values["problem"]]


def _import(values: Mapping[str, Any]) -> str:
    sentences = {
        "too-large": _("The file is larger than %(megabytes)s MB. Divide it."),
        "not-utf8": _("Row %(line)s is not UTF-8. Save the file as “CSV UTF-8”."),
        "no-heading": _("The heading has no column “%(heading)s”. The first row names the columns."),
        "heading-unknown": _("“%(heading)s” is no column. Columns are: %(headings)s."),
        "heading-twice": _("The column “%(heading)s” stands there twice. Keep one."),
        "too-many-rows": _("The file has more than %(rows)s rows. Divide it."),
        "empty": _("The file has no rows below its heading."),
        "broken": _("Row %(line)s cannot be read: a quotation mark is not closed."),
        "broken-sign": _("Row %(line)s holds a sign that no text has. Save the file anew as “CSV UTF-8”."),
        "done-already": _("This file was brought in already."),
        "changed-since": _("The network has changed since this was shown. Look at the file again."),
        "nothing-sound": _("Nothing was written: a row does not hold, or the file changes nothing."),
    }
    return sentences[values["problem"]] % values


ERRORS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "office-not-keeper": _not_keeper,
    "office-invalid": lambda values: problem_words(values["problem"], values["value"]),
    "office-changed": lambda values: _(
        "Somebody has changed this office since you opened the page. Nothing was saved: look at what it says now."
    ),
    "office-closed": lambda values: (
        _("The office %(office)s is not there on %(on)s. Choose another office or day.") % values
    ),
    "office-link-refused": _link,
    "office-day-refused": lambda values: (
        _("The day %(on)s does not fit for %(office)s: something is known as of %(since)s. Choose another day.")
        % values
    ),
    "office-has-offices-below": lambda values: (
        _("%(count)s offices stand below %(office)s. Choose a successor that takes them over, or move them first.")
        % values
    ),
    "office-successor-refused": _successor,
    "office-group-invalid": _group,
    "office-special-day-invalid": _day,
    "office-import-refused": _import,
    "office-centre-exists": lambda values: _("There is a centre here already. Log in."),
}
"""Code of an error → its sentence."""


def error_words(error: DomainError) -> str:
    """Say what went wrong with an office."""
    return ERRORS[error.code](error.values)


words_for("office-", error_words)
