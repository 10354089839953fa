"""Rows of issues and the story of one as HTML, made without a template: a page has a hundred of them or more.

What they say comes from `queries/shown.py`; the rest of each page is in `templates/issues`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext

from nhipcau.issues.models.issues import Level, Status, TriageState
from nhipcau.issues.models.triage import IssueEvent
from nhipcau.issues.queries.page import Happening
from nhipcau.issues.queries.shown import LEVEL_MARKS, STATUS_MARKS, Shown
from nhipcau.site.addresses import address_pattern

ALERTED: Final[dict[str, Any]] = {
    "alert": gettext_lazy("First internal alert"),
    "alert-taken": gettext_lazy("First alert acknowledged"),
}


def issue_rows(rows: Iterable[Shown]) -> SafeString:
    """Issues as rows of a list."""
    at = address_pattern("issue")
    levels = {level: _marked("level", LEVEL_MARKS[level], level.label) for level in Level}
    courses = {status: _marked("course", STATUS_MARKS[status], status.label) for status in Status}
    triages = {one: f'<span class="triage triage-{one}">{escape(one.label)}</span>' for one in TriageState}
    again = f' <strong class="again">↻ {escape(gettext("closed, but rising again"))}</strong>'
    heat, nobody = escape(gettext("Heat")), escape(gettext("nobody's"))
    drawn = []
    for one in rows:
        issue, places = one.issue, one.places
        owner = escape(issue.owner.name) if issue.owner else nobody
        where = f'<p class="aside">{escape(places)}</p>' if places else ""
        asked = f" · <strong>{open_questions(issue.open_questions)}</strong>" if issue.open_questions else ""
        drawn.append(
            f'<li class="issue-row issue-level-{issue.level}">\n'
            f'<div class="issue-name"><h3><a href="{at(issue.pk)}">{escape(one.label)}</a></h3>\n'
            f'<p class="issue-state">{levels[one.level]} {courses[one.status]}{again if one.asks_again else ""}</p>\n'
            f"{where}</div>\n"
            f'<div class="issue-heat"><p><span class="visually-hidden">{heat}</span> '
            f'<strong class="number">{one.heat}</strong><span class="aside">/100</span></p>{one.heat_bar}'
            f'<p class="parts">{escape(one.parts)}</p></div>\n'
            f'<div class="issue-spark">{one.spark}</div>\n'
            f'<p class="issue-figures">{escape(one.figures)}{asked}</p>\n'
            f'<p class="issue-triage">{triages[one.triage]} <span class="aside">{owner}</span></p>\n'
            "</li>\n"
        )
    return mark_safe("".join(drawn))  # noqa: S308  # every text that people write is escaped above


def open_questions(count: int) -> str:
    """How many questions are open, escaped."""
    return escape(ngettext("%(count)s open question", "%(count)s open questions", count) % {"count": count})


def story(happened: Iterable[Happening], event_words: Callable[[IssueEvent], str]) -> SafeString:
    """What happened to an issue and what was done, the latest first, as items of a list."""
    board, issue = address_pattern("task_board"), address_pattern("issue")
    zone, drawn = timezone.get_current_timezone(), []
    for item in happened:
        at = item.at.astimezone(zone)
        mark = (
            f'<span class="mark-number">{item.number}</span>'
            if item.number
            else '<span class="mark-none" aria-hidden="true"></span>'
        )
        drawn.append(
            f'<li>{mark}<div><time datetime="{at.isoformat()}">{at:%H:%M %d/%m/%Y}</time> '
            f"{_told(item, board, issue, event_words)}</div></li>"
        )
    return mark_safe("".join(drawn))  # noqa: S308  # every text that people write is escaped in `_told`


def _told(item: Happening, board: Any, issue: Any, event_words: Callable[[IssueEvent], str]) -> str:
    if item.kind in ALERTED:
        return str(escape(ALERTED[item.kind]))
    if task := item.task:
        stands = gettext("%(taken)s of %(all)s units took note, %(done)s are done")
        counts = stands % {"taken": task.acknowledged, "all": task.asked, "done": task.done}
        return (
            f'{escape(gettext("Directive sent"))}: <a href="{board(task.id)}">{escape(task.title)}</a> '
            f'<span class="aside">{escape(counts)}</span>'
        )
    if note := item.note:
        noted = escape(gettext("%(name)s noted") % {"name": note.by.name})
        text = str(escape(note.text.replace("\r\n", "\n").replace("\r", "\n"))).replace("\n", "<br>")
        return f'{noted}: <span class="note">{text}</span>'
    event = item.event
    if event is None:
        return ""
    said = str(escape(event_words(event)))
    if event.other is not None and event.code != "an-issue-again":
        said += f' <a href="{issue(event.other.pk)}?stay=1">{escape(str(event.other))}</a>'
    return said + (f' <span class="aside">{escape(event.by.name)}</span>' if event.by else "")


def _marked(kind: str, mark: str, label: Any) -> str:
    classes = ' class="level-mark"' if kind == "level" else ""
    return f'<span class="{kind}"><span{classes} aria-hidden="true">{mark}</span> {escape(label)}</span>'
