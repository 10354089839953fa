"""How states of directives look: a mark, a word and a colour, never a colour alone."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from nhipcau.network.taskstates import Route, State

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
    return {
        "acknowledge_reminder": gettext("Reminder to acknowledge"),
        "acknowledge_escalation": gettext("Escalated: not acknowledged in time"),
        "due_reminder": gettext("Reminder of the due time"),
        "due_escalation": gettext("Escalated: overdue"),
    }[kind]


@register.filter
def mail_words(kind: str) -> str:
    """What an e-mail told."""
    return {
        "notice": gettext("Directive"),
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
