"""A document put into words in one language: what the page, the mail and the PDF lay out. Pure.

The engine words the issues (`nhipcau.engine.brief.page_view`), so numbers and words are those of its brief. Each
process remembers a few documents that do not change any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhipcau.engine.brief.charts import PRINT
from nhipcau.engine.brief.page_view import build_view
from nhipcau.engine.brief.text import clean, isolate
from nhipcau.engine.brief.view import BriefView, IssueView
from nhipcau.engine.brief.words import LANGUAGES, Words, words_for
from nhipcau.issues.briefing.comparison import COURSES, Change
from nhipcau.issues.briefing.document import Document
from nhipcau.issues.briefing.words import courses, headings
from nhipcau.issues.models.issues import TriageState

SHOWN_GROUPS: Final = ("new", "rose", "fell", "gone")
MOST_REMEMBERED: Final = 32


@dataclass(frozen=True)
class Signature:
    """Who signed, when, and the fingerprint of what."""

    name: str
    at: datetime
    fingerprint: str


@dataclass(frozen=True)
class IssuePart:
    """One issue, what the officer remarks, and how it stood in the brief before."""

    id: int
    view: IssueView
    remark: str
    course: str
    course_code: str


@dataclass(frozen=True)
class Group:
    """Issues that took the same course since the brief before."""

    code: str
    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """A recommendation."""

    what: str
    who: str
    until: str
    about: str


@dataclass(frozen=True)
class Happened:
    """What was done about an issue of the brief before."""

    label: str
    state: str
    owner: str
    directives: tuple[str, ...]


@dataclass(frozen=True)
class DocumentView:
    """The whole document, worded."""

    lang: str
    said: dict[str, str]
    office: str
    number: str
    date: str
    correction: str
    question: str
    lead: tuple[str, ...]
    sources: tuple[str, ...]
    parts: tuple[IssuePart, ...]
    rest: str
    groups: tuple[Group, ...]
    compared: str
    advice: tuple[Advice, ...]
    happened_heading: str
    happened: tuple[Happened, ...]
    happened_none: str
    report: tuple[str, ...]
    signature: Signature | None
    signed_line: str
    is_sample: bool
    view: BriefView


def view_of(document: Document, *, lang: str, signature: Signature | None = None) -> DocumentView:
    """Word a document; in a language that there is not, in Vietnamese."""
    lang = lang if lang in LANGUAGES else "vi"
    with translation.override(lang):
        return _worded(document, lang=lang, signature=signature)


_SIGNED: dict[tuple[str, str, Signature | None], DocumentView] = {}


def view_of_signed(document: Document, *, digest: str, lang: str, signature: Signature | None) -> DocumentView:
    """Word a document that does not change any more: what has the same digest now was worded already."""
    key = (digest, lang, signature)
    known = _SIGNED.get(key)
    if known is None:
        if len(_SIGNED) >= MOST_REMEMBERED:
            _SIGNED.clear()
        known = _SIGNED[key] = view_of(document, lang=lang, signature=signature)
    return known


def _worded(document: Document, *, lang: str, signature: Signature | None) -> DocumentView:
    view, words = build_view(document["brief"], lang=lang, palette=PRINT)
    said, previous = headings(), document["previous"]
    names = {issue["id"]: part.label for issue, part in zip(document["brief"]["issues"], view.issues, strict=True)}
    before = _number(previous["number"], previous["revision"]) if previous else ""
    happened = tuple(_happened(each, said, words) for each in document["follow_up"])
    as_of = document["brief"]["as_of"] or document["drafted_at"]
    return DocumentView(
        lang=lang,
        said={name: sentence for name, sentence in said.items() if "%(" not in sentence},
        office=isolate((lang == "en" and document["office_en"]) or document["office"]),
        number=_named(document, is_signed=signature is not None),
        date=words.moment(as_of),
        correction=_correction(document),
        question=_question(document, words),
        lead=_paragraphs(document["lead"]),
        sources=_sources(document, view, words),
        parts=tuple(_parts(document, view)),
        rest=_rest(document, view),
        groups=tuple(_groups(document["changes"], words)),
        compared=said["since_before"] % {"number": before} if previous else said["first_brief"],
        advice=tuple(
            Advice(clean(each["what"]), clean(each["who"]), clean(each["until"]), names.get(each["issue"] or 0, ""))
            for each in document["recommendations"]
        ),
        happened_heading=said["happened"] % {"number": before} if previous else _("What was done since"),
        happened=happened,
        happened_none=said["happened_none"] if previous else said["happened_first"],
        report=tuple(_report(document, words)),
        signature=signature,
        signed_line=_("Signed by %(name)s at %(time)s")
        % {"name": isolate(signature.name), "time": words.moment(signature.at.isoformat())}
        if signature
        else "",
        is_sample=document["is_sample"],
        view=view,
    )


def happened_of(follow_up: Sequence[Mapping[str, Any]], *, lang: str, zone: str) -> tuple[Happened, ...]:
    """Word what was done about issues, for a page that shows it beside a signed brief."""
    lang = lang if lang in LANGUAGES else "vi"
    with translation.override(lang):
        return tuple(_happened(each, headings(), words_for(lang, zone=zone)) for each in follow_up)


def _named(document: Document, *, is_signed: bool) -> str:
    number = _("No. %(number)s") % {"number": _number(document["number"], document["revision"])}
    return number if is_signed else f"{number} ({_('draft, not signed')})"


def _number(number: str, revision: int) -> str:
    if not revision:
        return number
    return _("%(number)s, revision %(revision)s") % {"number": number, "revision": revision}


def number_in_words(number: str, revision: int, *, lang: str) -> str:
    """Say a number with its revision: "12/2026", "12/2026 sửa đổi 1"."""
    with translation.override(lang):
        return _number(number, revision)


def _correction(document: Document) -> str:
    correction = document["corrects"]
    if correction is None:
        return ""
    before = _number(document["number"], correction["revision"])
    return _("This takes the place of brief %(number)s. What changed: %(reason)s") % {
        "number": before,
        "reason": isolate(correction["reason"]),
    }


def _question(document: Document, words: Words) -> str:
    brief = document["brief"]
    if not brief["since"] or not brief["as_of"]:
        return _("What do people say, ask and request, and what has to be done about it now?")
    return _(
        "What did people say, ask and request from %(since)s to %(as_of)s, and what has to be done about it now?"
    ) % {
        "since": words.moment(brief["since"]),
        "as_of": words.moment(brief["as_of"]),
    }


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(isolate(line) for line in text.splitlines() if line.strip())


def _sources(document: Document, view: BriefView, words: Words) -> tuple[str, ...]:
    """Say what was looked at and how; silent sources are among what is not known."""
    brief = document["brief"]
    told = [f"{view.intake}."]
    if brief["sources"]:
        silent = sum(source["silent"] for source in brief["sources"])
        count = len(brief["sources"])
        told.append(
            ngettext("It comes from %(count)s source.", "It comes from %(count)s sources.", count)
            % {"count": words.number(count)}
        )
        if silent:
            told.append(
                ngettext("%(count)s source is silent.", "%(count)s sources are silent.", silent)
                % {"count": words.number(silent)}
            )
    told += [
        *list(view.method[:2]),
        words("method.floor", floor=words.number(brief["floor"])),
        words("method.redaction"),
    ]
    return tuple(told)


def _parts(document: Document, view: BriefView) -> list[IssuePart]:
    named, changes = courses(), {change["id"]: change["course"] for change in document["changes"]}
    return [
        IssuePart(
            id=issue["id"],
            view=part,
            remark=isolate(document["remarks"].get(str(issue["id"]), "")),
            course=named[changes[issue["id"]]] if issue["id"] in changes else part.status,
            course_code=changes.get(issue["id"], ""),
        )
        for issue, part in zip(document["brief"]["issues"], view.issues, strict=True)
    ]


def _rest(document: Document, view: BriefView) -> str:
    left_out = document["left_out"]
    told = ngettext(
        "The officer left out %(count)s issue of the draft.",
        "The officer left out %(count)s issues of the draft.",
        left_out,
    ) % {"count": left_out}
    return " ".join(one for one in (view.rest, told if left_out else "", view.copies_note) if one)


def _groups(changes: list[Change], words: Words) -> list[Group]:
    named = courses()
    groups = []
    for code in COURSES:
        items = [_change(change, words) for change in changes if change["course"] == code]
        if items and code in SHOWN_GROUPS:
            groups.append(Group(code, named[code], tuple(items)))
    return groups


def _change(change: Change, words: Words) -> str:
    label = _label(change["label"], change["id"], words)
    heats = [None if heat is None else words.number(round(heat)) for heat in (change["heat_before"], change["heat"])]
    if heats[0] is None:
        return _("%(label)s (heat %(heat)s)") % {"label": label, "heat": heats[1]}
    if heats[1] is None:
        return _("%(label)s (heat was %(heat)s)") % {"label": label, "heat": heats[0]}
    return _("%(label)s (heat %(before)s → %(now)s)") % {"label": label, "before": heats[0], "now": heats[1]}


def _happened(each: Mapping[str, Any], said: dict[str, str], words: Words) -> Happened:
    owner = str(each.get("owner") or "")
    triage = dict(TriageState.choices).get(str(each.get("triage", "")), "")
    return Happened(
        label=_label(str(each["label"]), each["id"], words),
        state=str(triage),
        owner=(said["owner"] % {"name": isolate(owner)} if owner else said["owner_none"]) if triage else "",
        directives=tuple(_directive(one, said, words) for one in cast("list[dict[str, Any]]", each["directives"])),
    )


def _label(label: str, number: int | None, words: Words) -> str:
    """Name an issue; of one of which too little may be shown to name it, say so."""
    if number is None:
        return _("Recommendations that are about no single issue")
    return words("issue.unnamed", id=str(number)) if label == f"#{number}" else isolate(label)


def _directive(one: dict[str, Any], said: dict[str, str], words: Words) -> str:
    named = said["directive"] % {"title": isolate(one["title"]), "day": words.short_moment(one["sent_at"])}
    state = said["directive_state"] % {name: words.number(one[name]) for name in ("acknowledged", "asked", "done")}
    late = f", {said['directive_late'] % {'late': words.number(one['late'])}}" if one["late"] else ""
    return f"{named}: {state}{late}."


def _report(document: Document, words: Words) -> list[str]:
    drafted = words.moment(document["drafted_at"])
    if document["drafted_by"]:
        told = [
            _("Drafted by the software at %(time)s, asked for by %(name)s.")
            % {"time": drafted, "name": isolate(document["drafted_by"])}
        ]
    else:
        told = [_("Drafted by the software at %(time)s, at its set hour.") % {"time": drafted}]
    if document["edited_by"]:
        told.append(_("Edited by %(name)s.") % {"name": isolate(document["edited_by"])})
    return told
