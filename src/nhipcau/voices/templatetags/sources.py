"""How a source is doing, and what went wrong, in templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from nhipcau.voices.forms.source_words import failure_words, reject_words
from nhipcau.voices.forms.sources import LANGUAGES, RHYTHMS
from nhipcau.voices.models.sources import Source
from nhipcau.voices.queries.sources import doing_of

register = template.Library()

DOINGS: Final[dict[str, tuple[Any, str]]] = {
    "failing": (_("failing"), "tag tag-bad"),
    "silent": (_("silent"), "tag tag-warn"),
    "well": (_("well"), "tag tag-good"),
    "new": (_("nothing yet"), "tag"),
    "stopped": (_("stopped"), "tag"),
}
STATES: Final[dict[str, tuple[Any, str]]] = {
    "looked-at": (_("to be looked at"), "tag tag-warn"),
    "waiting": (_("waiting"), "tag"),
    "running": (_("being taken in"), "tag"),
    "done": (_("taken in"), "tag tag-good"),
    "failed": (_("failed"), "tag tag-bad"),
    "dropped": (_("dropped"), "tag"),
}


@register.filter
def doing(source: Source) -> SafeString:
    """A badge that says how a source is doing."""
    return _badge(DOINGS[doing_of(source)])


@register.filter
def upload_state(state: str) -> SafeString:
    """A badge that says where a file stands."""
    return _badge(STATES[state])


@register.filter
def went_wrong(source: Source) -> str:
    """What went wrong last with a source."""
    return failure_words(source.failure_code, source.failure_values)[0]


@register.filter
def remedy(source: Source) -> str:
    """What to do about it."""
    return failure_words(source.failure_code, source.failure_values)[1]


@register.simple_tag
def failure(code: str, values: Mapping[str, Any]) -> str:
    """What went wrong, of a failure of the past."""
    return failure_words(code, values)[0]


@register.filter
def rejected_for(code: str) -> str:
    """Why a row of a file was left out."""
    return reject_words(code)


@register.filter
def rhythm(minutes: int | None) -> str:
    """How often something comes at least."""
    known = {value: label for value, label in RHYTHMS if value}
    if minutes is None:
        return str(RHYTHMS[0][1])
    return str(known.get(str(minutes), _("every %(minutes)s minutes") % {"minutes": minutes}))


@register.filter
def language_name(code: str) -> str:
    """What the reader calls a language."""
    return str(dict(LANGUAGES).get(code, code))


@register.filter
def share_of(part: int, whole: int) -> int:
    """A part in hundredths of the whole."""
    return min(100, 100 * part // whole) if whole else 0


def _badge(said: tuple[Any, str]) -> SafeString:
    words, classes = said
    return format_html('<span class="{}">{}</span>', classes, words)
