"""How states of directives look: a mark, a word and a colour, never a colour alone."""

from __future__ import annotations

from datetime import tzinfo

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from nhipcau.network.forms.task_records import CLOCKS
from nhipcau.network.models.tasks import RecipientEvent
from nhipcau.network.queries.board import Tile
from nhipcau.network.taskstates import Route, State
from nhipcau.site.addresses import address_pattern

register = template.Library()

MARKS = {
    State.SENT: "○",
    State.DELIVERED: "◔",
    State.OPENED: "◑",
    State.ACKNOWLEDGED: "◕",
    State.ACCEPTED: "●",
    State.RETURNED: "↩",
    State.IN_PROGRESS: "▶",
    State.SUBMITTED: "▲",
    State.VERIFIED: "✔",
    State.CLOSED: "■",
    State.WITHDRAWN: "✕",
}


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """The state with its mark, word and colour."""
    known = State(state)
    return format_html(
        '<span class="state state-{}"><span class="state-mark" aria-hidden="true">{}</span> {}</span>',
        known.value,
        MARKS[known],
        known.label,
    )


@register.simple_tag
def event_badge(event: RecipientEvent) -> SafeString:
    """What an event of a unit's history was: the state that it led to, or what left the unit where it stood."""
    if event.is_correction:
        return _sign("state", "↻", gettext("Correction"))
    if event.is_acknowledged_anew:
        return _sign("state", "↻", gettext("Correction acknowledged"))
    return state_badge(event.to_state)


@register.simple_tag
def tile_items(tiles: list[Tile]) -> SafeString:
    """The tiles of a board. Made here, for a board has hundreds of them: as a template they took most of its time."""
    at, badges, signs = address_pattern("received"), _Badges(), _signs()
    items = []
    for tile in tiles:
        shown = [badges[tile.state], *_signs_of(tile, signs)]
        if tile.mail_trouble:
            shown.append(_sign("aside", "✉", outcome_words(tile.mail_trouble)))
        number, late = tile.recipient.pk, " tile-is-late" if tile.is_late else ""
        items.append(
            f'<li id="tile-{number}" class="tile tile-{tile.state.value}{late}">'
            f'<a href="{at(number)}">{escape(tile.office.shown_name)}</a> {" ".join(shown)}</li>'
        )
    return mark_safe("\n".join(items))  # noqa: S308  # the only text that people write is escaped above


@register.simple_tag
def table_rows(tiles: list[Tile]) -> SafeString:
    """The same as rows of a table."""
    at, badges, signs = address_pattern("received"), _Badges(), _signs()
    zone = timezone.get_current_timezone()
    unit, area, state = escape(gettext("Unit")), escape(gettext("Area")), escape(gettext("State"))
    since, taken, due = escape(gettext("Since")), escape(gettext("Acknowledged by")), escape(gettext("Due"))
    rows = []
    for tile in tiles:
        recipient, number = tile.recipient, tile.recipient.pk
        late = ' class="row-is-late"' if tile.is_late else ""
        trouble = f" {_sign('aside', '✉', outcome_words(tile.mail_trouble))}" if tile.mail_trouble else ""
        rows.append(
            f'<tr id="row-{number}"{late}>\n'
            f'<th scope="row" data-label="{unit}"><a href="{at(number)}">{escape(tile.office.shown_name)}</a></th>\n'
            f'<td data-label="{area}">{escape(tile.area.shown_name) if tile.area else "–"}</td>\n'
            f'<td data-label="{state}">{" ".join([badges[tile.state], *_signs_of(tile, signs)])}</td>\n'
            f'<td data-label="{since}">{recipient.state_at.astimezone(zone):%H:%M %d/%m}</td>\n'
            f'<td data-label="{taken}">{_taken(tile, zone)}{trouble}</td>\n'
            f'<td data-label="{due}">{recipient.due_at.astimezone(zone):%H:%M %d/%m}</td>\n</tr>'
        )
    return mark_safe("\n".join(rows))  # noqa: S308  # the only texts that people write are escaped above


class _Badges(dict[str, SafeString]):
    """Badges of states, each made once a page."""

    def __missing__(self, state: str) -> SafeString:
        made = self[state] = state_badge(state)
        return made


def _signs() -> dict[str, SafeString]:
    return {
        "overdue": _sign("late", "⚠", gettext("Overdue")),
        "unanswered": _sign("late", "⚠", gettext("No answer in time")),
        "paused": _sign("aside", "⏸", gettext("Clocks paused")),
        "outdated": _sign("aside", "↻", gettext("Earlier version acknowledged")),
    }


def _signs_of(tile: Tile, signs: dict[str, SafeString]) -> list[SafeString]:
    shown = []
    if tile.is_overdue:
        shown.append(signs["overdue"])
    elif tile.is_unanswered:
        shown.append(signs["unanswered"])
    if tile.is_paused:
        shown.append(signs["paused"])
    if tile.is_outdated:
        shown.append(signs["outdated"])
    return shown


def _taken(tile: Tile, zone: tzinfo) -> str:
    if (note := tile.acknowledgement) is None:
        return "–"
    how = f"{note.at.astimezone(zone):%H:%M %d/%m}, {escape(route_word(note.route))}"
    return f'{escape(note.name)} <span class="aside">{how}</span>'


def _sign(kind: str, mark: str, words: str) -> SafeString:
    return format_html('<span class="{}"><span aria-hidden="true">{}</span> {}</span>', kind, mark, words)


@register.filter
def state_word(state: str) -> str:
    """The word for a state."""
    return str(State(state).label)


@register.filter
def route_word(route: str) -> str:
    """The words for a route."""
    return str(Route(route).label)


@register.filter
def clock_words(kind: str) -> str:
    """What a clock is for."""
    return str(CLOCKS[kind])


@register.filter
def mail_words(kind: str) -> str:
    """What an e-mail told."""
    return {
        "notice": gettext("Directive"),
        "corrected": gettext("Correction"),
        "reminder": gettext("Reminder"),
        "escalation": gettext("Escalation"),
        "returned": gettext("Return"),
        "submitted": gettext("Evidence handed in"),
        "sent_back": gettext("Evidence sent back"),
        "withdrawn": gettext("Withdrawal"),
    }[kind]


@register.filter
def outcome_words(outcome: str) -> str:
    """What became of an e-mail."""
    return {
        "": gettext("on its way"),
        "sent": gettext("handed to the mail server"),
        "refused": gettext("refused by the mail server"),
        "uncertain": gettext("uncertain: it may or may not have arrived"),
    }[outcome]
