"""Parts of the pages of issues: sections of the front page with their headings, and the way to each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from nhipcau.issues import drawnrows
from nhipcau.issues.briefwords import words_now
from nhipcau.issues.charts import PARTS
from nhipcau.issues.models.issues import Level, TriageState
from nhipcau.issues.models.triage import IssueEvent
from nhipcau.issues.queries.page import Happening
from nhipcau.issues.queries.picture import Section
from nhipcau.issues.queries.shown import Shown

register = template.Library()

HEADINGS: Final[dict[str, Any]] = {
    "urgent": gettext_lazy("Urgent and alert"),
    "new": gettext_lazy("New since yesterday"),
    "growing": pgettext_lazy("issues", "Growing"),
    "asked": gettext_lazy("Asked and not yet answered"),
    "silent": gettext_lazy("Silent sources"),
    "others": gettext_lazy("All others by heat"),
}


@register.simple_tag
def jump(code: str, count: int) -> SafeString:
    """The way to a part of the page with how much is in it; nothing to follow where it is empty."""
    said = (HEADINGS[code], count)
    if count:
        return format_html('<a class="jump jump-{}" href="#part-{}">{} <strong>{}</strong></a>', code, code, *said)
    return format_html('<span class="jump">{} <strong>{}</strong></span>', *said)


@register.simple_tag
def issue_section(section: Section) -> SafeString:
    """A part with its issues; nothing where there are none."""
    if not section.rows:
        return SafeString("")
    more = ""
    if section.more:
        more = format_html("<p>{}</p>", gettext("and %(count)s more: narrow the choice.") % {"count": section.more})
    return format_html(
        '<section aria-labelledby="part-{}"><h2 id="part-{}">{} <span class="count">{}</span></h2>'
        '<ol class="issue-rows">{}</ol>{}</section>',
        section.code,
        section.code,
        HEADINGS[section.code],
        section.count,
        issue_rows(section.rows),
        more,
    )


@register.simple_tag
def issue_rows(rows: list[Shown]) -> SafeString:
    """Issues as rows."""
    return drawnrows.issue_rows(rows)


@register.simple_tag
def story_items(happened: list[Happening]) -> SafeString:
    """What happened to an issue and what was done, the latest first."""
    return drawnrows.story(happened, event_words)


EVENTS: Final[dict[str, Any]] = {
    "appeared": gettext_lazy("Became an issue"),
    "merged": gettext_lazy("Took another one in:"),
    "absorbed": gettext_lazy("Was merged into:"),
    "gave-back": gettext_lazy("A merge was taken back:"),
    "parted": gettext_lazy("Stands by itself again; it was merged into:"),
    "split": gettext_lazy("Was split off from:"),
    "split-off": gettext_lazy("A part was split off:"),
    "not-an-issue": gettext_lazy("Was said to be no issue"),
    "an-issue-again": gettext_lazy("Is an issue after all"),
}
MILESTONES: Final[dict[str, Any]] = {
    "first-voice": gettext_lazy("First voice"),
    "tenth-person": gettext_lazy("Tenth person in 24 hours"),
    "level-1": gettext_lazy("First at the level watch"),
    "level-2": gettext_lazy("First at the level alert"),
    "level-3": gettext_lazy("First at the level urgent"),
    **drawnrows.ALERTED,
    "first-look": gettext_lazy("First step of a person"),
    "directive": gettext_lazy("Directive sent"),
    "acknowledged": gettext_lazy("First unit took note"),
    "done": gettext_lazy("First unit was done"),
}


@register.simple_tag
def event_words(event: IssueEvent) -> str:
    """What happened, in words."""
    values = event.values
    if event.code == "level":
        return gettext("Level: %(level)s, before: %(before)s") % {
            "level": Level(values.get("to", 0)).label,
            "before": Level(values.get("from", 0)).label,
        }
    if event.code == "triaged":
        return gettext("What we do about it: %(state)s, before: %(before)s") % {
            "state": TriageState(values["triage_to"]).label,
            "before": TriageState(values["triage_from"]).label,
        }
    if event.code == "owned":
        return gettext("Now with: %(name)s") % {"name": values.get("owner") or gettext("nobody")}
    if event.code == "renamed":
        return gettext("Renamed: “%(label)s”") % {"label": values.get("label") or "–"}
    said = str(EVENTS.get(event.code, event.code))
    return f"{said}: {values['reason']}" if values.get("reason") else said


@register.simple_tag
def milestone_words(code: str) -> str:
    """A step from the first voice on."""
    return str(MILESTONES[code])


@register.filter
def age_words(moment: datetime) -> str:
    """How long ago a moment was."""
    return span_words(timezone.now() - moment)


@register.simple_tag
def span_words(span: timedelta) -> str:
    """A length of time: days and hours, or hours and minutes."""
    minutes = int(span.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


@register.simple_tag
def part_legend() -> SafeString:
    """The parts of heat with their colours."""
    words = words_now()
    keys = ((name, words(f"heat.{name}")) for name in PARTS)
    return format_html_join(" ", '<span class="key key-{}"></span>{}', keys)


@register.simple_tag
def kind_list(one: Shown) -> SafeString:
    """How many voices ask, request, worry, report, thank."""
    words, kinds = one.words, one.issue.kinds
    rows = [(words(f"kind.{name}"), words.number(count)) for name, count in kinds.items() if count]
    if not rows:
        return format_html('<p class="aside">{}</p>', gettext("Nothing is known of it."))
    return format_html(
        '<ul class="plain">{}</ul>', format_html_join("", '<li>{} <span class="aside">{}</span></li>', rows)
    )
