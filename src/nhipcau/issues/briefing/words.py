"""The headings and sentences of a brief, in the language that is active. The engine words its own part by itself."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

ROMAN = ("I", "II", "III", "IV", "V", "VI")


def headings() -> dict[str, str]:
    """Say what stands above each part; the six parts are the six steps of an infodemic insights report, in order."""
    return {
        "title": _("Brief on public opinion"),
        "draft": _("Draft, not signed"),
        "sample": _("SAMPLE – made-up province"),
        "sample_detail": _("Places, sources and what people say in this brief are made up; nobody said any of it."),
        "summary": _("In short"),
        "by_machine": _("Counted by the software:"),
        "question": _("The question"),
        "sources": _("Sources, and how they were looked at"),
        "unknowns": _("What we do not know"),
        "unknowns_none": _("The software found no gap in the data. That does not mean that there is none."),
        "analysis": _("Analysis"),
        "since_before": _("What changed since brief %(number)s"),
        "first_brief": _("This is the first brief: there is none to compare it with."),
        "recommendations": _("Recommendations"),
        "recommendations_none": _("Nothing is recommended in this brief."),
        "report": _("This brief"),
        "happened": _("What was done about the issues of brief %(number)s"),
        "happened_none": _("The brief before named no issue."),
        "happened_first": _("There is no brief before this one."),
        "issue": _("Issue"),
        "level": _("Level"),
        "course": _("Course"),
        "voices": _("Voices"),
        "people": pgettext("who speak in an issue", "People"),
        "heat": pgettext("of an issue", "Heat"),
        "remark": _("Remark:"),
        "places": _("Where:"),
        "kinds": _("What people do:"),
        "questions": _("Open questions:"),
        "forecast": _("Ahead:"),
        "what": _("What is to be done"),
        "who": pgettext("of a recommendation", "Who"),
        "until": _("By when"),
        "about": _("About"),
        "owner": _("in charge: %(name)s"),
        "owner_none": _("nobody is in charge"),
        "directive": _("Directive “%(title)s” of %(day)s"),
        "directive_state": _("%(acknowledged)s of %(asked)s units acknowledged, %(done)s done"),
        "directive_late": _("%(late)s late"),
        "directives_none": _("No directive was sent."),
        "fingerprint": _("Fingerprint (SHA-256)"),
        "signed": _("Signed"),
        "page_of": _("Page {page} of {pages}"),
        "link": _("original"),
    }


def courses() -> dict[str, str]:
    """Say how an issue stands against the brief before."""
    return {
        "new": pgettext("since the brief before", "New"),
        "rose": pgettext("since the brief before", "Rose"),
        "fell": pgettext("since the brief before", "Fell"),
        "same": pgettext("since the brief before", "Much the same"),
        "gone": pgettext("since the brief before", "No longer heard, or cooler than what is shown"),
    }
