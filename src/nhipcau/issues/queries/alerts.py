"""What the pages of alerts show; a constant number of queries each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from nhipcau.issues.models.alerts import Alert, AlertNotice, AlertRule, NoticeState
from nhipcau.network.models.offices import Office
from nhipcau.voices.models.sources import Source

PAGE = 30
OPEN = Q(acknowledged_at__isnull=True, asks_acknowledgement=True)


def alerts_page(*, show: str, letter: int | None, number: int) -> Page[Any]:
    """Give a page of alerts: those that nobody has acknowledged first, the highest level first among them."""
    found = Alert.objects.select_related("rule", "acknowledged_by")
    if letter is not None:
        found = found.filter(notices=letter)
    if show != "all":
        found = found.filter(OPEN) if letter is None else found
        ordered = found.order_by("-level", "-at", "-pk")
    else:
        ordered = found.order_by("-at", "-pk")
    notices = Prefetch("notices", AlertNotice.objects.select_related("person", "notifier").order_by("pk"))
    page = Paginator(ordered.prefetch_related(notices), PAGE).get_page(number)
    for alert in page.object_list:
        _show(alert)
    return page


def _show(alert: Any) -> None:
    """What a page says of an alert, from what was known when it was found."""
    said = alert.values
    alert.since = datetime.fromisoformat(said["since"]) if said.get("since") else None
    alert.name = said.get("place") or said.get("source") or said.get("label") or alert.subject
    alert.above_all = said.get("label", "") if said.get("place") else ""
    alert.where = "" if said.get("place") else ", ".join(said.get("places", []))
    alert.people, alert.voices, alert.questions = (said.get(name) for name in ("people", "voices", "questions"))
    alert.told = list(alert.notices.all())
    alert.doubtful = any(notice.state in (NoticeState.UNCERTAIN, NoticeState.REFUSED) for notice in alert.told)


def open_count() -> int:
    """How many alerts nobody has acknowledged."""
    return Alert.objects.filter(OPEN).count()


def is_any_rule_on() -> bool:
    """Whether anybody is told of anything."""
    return AlertRule.objects.filter(enabled_at__isnull=False).exists()


def rules_with_figures() -> QuerySet[AlertRule]:
    """All rules, those that are on first, each with how often it has found something and when last."""
    return (
        AlertRule.objects.annotate(count=Count("alerts"), latest=Max("alerts__at"))
        .prefetch_related("people_told", "notifiers_told")
        .order_by("enabled_at", "name", "pk")
    )


def newest_notices(rule: AlertRule, *, most: int = 20) -> list[AlertNotice]:
    """The newest letters of a rule."""
    notices = rule.notices.select_related("person", "notifier").annotate(count=Count("alerts")).order_by("-pk")
    return list(notices[:most])


def names_of_places(codes: list[str]) -> dict[str, str]:
    """Names of places by their codes."""
    offices = Office.objects.filter(place_code__in=codes) if codes else []
    return {office.place_code: office.shown_name for office in offices}


def names_of_sources(codes: list[str]) -> dict[str, str]:
    """Names of sources by their codes."""
    return dict(Source.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
