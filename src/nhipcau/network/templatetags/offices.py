"""How offices look: kinds of contact, hours, marks of the map and of outcomes – by shape and word, not colour alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nhipcau.network.forms.office_words import FIELDS, problem_words
from nhipcau.network.models.offices import ContactRoute, LinkKind, OfficeKind, OfficeLink, RouteKind
from nhipcau.network.officefields import Problem, RouteFields
from nhipcau.network.queries.office_map import MapPoint, Standing
from nhipcau.network.queries.office_plan import PlannedRow
from nhipcau.network.week import WeekError, week_of, write_week
from nhipcau.network.worktime import Week

register = template.Library()

STANDINGS = {
    Standing.LATE: ("▲", _("late")),
    Standing.UNREAD: ("◆", _("unread")),
    Standing.WORKING: ("■", _("working")),
    Standing.QUIET: ("●", _("nothing open")),
}
SHAPES = {
    Standing.LATE: "M0 -11 10 8 -10 8Z",
    Standing.UNREAD: "M0 -10 10 0 0 10 -10 0Z",
    Standing.WORKING: "M-7 -7H7V7H-7Z",
    Standing.QUIET: "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0Z",
}
OUTCOMES = {
    "refused": ("✕", _("does not hold")),
    "new": ("+", _("new")),
    "changed": ("→", _("changed")),
    "same": ("=", _("as it is")),
}
LANGUAGES = {
    "vi": _("Vietnamese"),
    "en": _("English"),
    "km": _("Khmer"),
    "sti": _("S'tiêng"),
    "fr": _("French"),
    "zh": _("Chinese"),
}


@register.filter
def route_word(kind: str) -> str:
    """The kind of a contact."""
    return str(RouteKind(kind).label) if kind in RouteKind.values else kind


@register.filter
def tel(value: str) -> str:
    """A telephone number as a link dials it."""
    return "".join(sign for sign in value if sign.isdigit() or sign == "+")


@register.simple_tag
def contact_routes(routes: Iterable[ContactRoute | RouteFields]) -> SafeString:
    """Ways to reach an office, those that a device can follow as links."""
    return format_html_join(
        "",
        '<span class="route"><span class="aside">{}</span> {}</span>',
        ((route_word(one.kind), _linked(one)) for one in routes),
    )


def _linked(route: ContactRoute | RouteFields) -> str:
    if route.kind == RouteKind.PHONE:
        return format_html('<a href="tel:{}">{}</a>', tel(route.value), route.value)
    if route.kind == RouteKind.EMAIL:
        return format_html('<a href="mailto:{}">{}</a>', route.value, route.value)
    return route.value


@register.filter
def week_words(week: Week) -> str:
    """The hours of a week in the language of the reader."""
    return write_week(week, language=get_language() or "vi")


@register.filter
def language_word(code: str) -> str:
    """The name of a language, or its code."""
    return str(LANGUAGES.get(code, code))


@register.filter
def link_words(link: OfficeLink) -> str:
    """What a link says."""
    label = str(LinkKind(link.kind).label)
    return label[:1].upper() + label[1:]


@register.filter
def unlocalized(value: float) -> str:
    """A number with a point, whatever the language."""
    return f"{value:g}"


@register.filter
def field_word(field: str) -> str:
    """The name of a field."""
    return str(FIELDS.get(field, field))


@register.filter
def problem_sentence(problem: Problem) -> str:
    """What is wrong with a cell, and the remedy."""
    return problem_words(problem.code, problem.value)


@register.filter
def changes_of(row: PlannedRow) -> list[tuple[str, str, str]]:
    """Field, before and after of a row that changes something; a new office's code and name stand beside it."""
    return [
        (field_word(field), _cell(field, before), _cell(field, after))
        for field, (before, after) in row.changes.items()
        if not (row.known is None and field in ("code", "name"))
    ]


@register.simple_tag
def standing_badge(standing: str) -> SafeString:
    """How an office stands, with its mark, word and colour."""
    return _standing_badge(standing, get_language())


@lru_cache(maxsize=32)
def _standing_badge(standing: str, language: str | None) -> SafeString:
    del language  # the word speaks the language that is active
    mark, word = STANDINGS[Standing(standing)]
    return format_html(
        '<span class="standing standing-{}"><span aria-hidden="true">{}</span> {}</span>', str(standing), mark, word
    )


@register.simple_tag
def outcome_badge(outcome: str) -> SafeString:
    """What comes of a row, with its mark, word and colour."""
    mark, word = OUTCOMES[outcome]
    return format_html(
        '<span class="outcome outcome-{}"><span aria-hidden="true">{}</span> {}</span>', outcome, mark, word
    )


@register.simple_tag
def map_mark(point: MapPoint) -> SafeString:
    """An office on the map: its shape says how it stands, a ring that it is the hub or an area."""
    x, y = point.position or (0.0, 0.0)
    ring = SafeString("")
    if point.is_named:
        ring = format_html('<circle class="ring" r="{}"/>', 18 if point.office.kind == OfficeKind.HUB else 14)
    standing, word = str(point.standing), STANDINGS[point.standing][1]
    return format_html(
        '<g class="mark mark-{} mark-{}" transform="translate({} {})"><title>{}: {}</title>{}<path d="{}"/></g>',
        *(standing, point.office.kind, f"{x:g}", f"{y:g}", point.office.shown_name, word, ring, SHAPES[point.standing]),
    )


@register.simple_tag
def map_name(point: MapPoint) -> SafeString:
    """The name of the hub or an area on the map; it lies under the marks."""
    x, y = point.position or (0.0, 0.0)
    raised = 24 if point.office.kind == OfficeKind.HUB else 20
    kind, name = point.office.kind, point.office.shown_name
    return format_html('<text class="name-{}" x="{}" y="{}">{}</text>', kind, f"{x:g}", f"{y - raised:g}", name)


def _cell(field: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if field == "working_hours":
        try:
            return write_week(week_of(value), language=get_language() or "vi")
        except WeekError:
            return json.dumps(value)
    if field == "kind":
        return str(OfficeKind(value).label) if value in OfficeKind.values else str(value)
    if field == "routes":
        return "; ".join(f"{route_word(kind)}: {address}" for kind, address in value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
