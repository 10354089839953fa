"""Alert rules: reading, making, changing and switching them, and trying one on the past. Rules: `actions/alerts/`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time, timedelta
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Status

from nhipcau.api import cursors
from nhipcau.api.bearer import person_of
from nhipcau.api.shapes.alert_rules import (
    NUMBERS,
    RuleChangeIn,
    RuleIn,
    RuleOut,
    RulesPage,
    SwitchTo,
    TrialOut,
    rule_out,
    trial_out,
)
from nhipcau.issues.access.alerts import people_who_may_be_told
from nhipcau.issues.actions.alerts.rules import AskedRule, change_rule, make_rule, switch_rule
from nhipcau.issues.models.alerts import AlertRule
from nhipcau.issues.models.notifiers import Notifier
from nhipcau.issues.queries.alert_trial import tried
from nhipcau.issues.views.shown_trials import shown
from nhipcau.network.models.offices import Office
from nhipcau.site.errors import DomainError
from nhipcau.voices.models.sources import Source

router = Router(tags=["alerts"])
LIST = "alert-rules"


class ChoiceUnknown(DomainError):
    """Something is named that there is not, or that may not be chosen. Values: field, problem, unknown."""

    code = "api-choice-unknown"


@router.get("/alert-rules", response=RulesPage, url_name="alert-rules", operation_id="alert-rules", summary="Rules")
def alert_rules(request: HttpRequest, limit: cursors.Limit = 100, cursor: cursors.Cursor = "") -> RulesPage:
    """All alert rules, by number; `enabled_at` says which are on."""
    del request
    found = _rules().order_by("pk")
    after = cursors.read(cursor, of=LIST)
    if after is not None:
        found = found.filter(pk__gt=after)
    page, has_more = cursors.cut(list(found[: limit + 1]), limit=limit)
    following = cursors.written(page[-1].pk, of=LIST) if has_more else None
    return RulesPage(items=[rule_out(one) for one in page], next=following)


@router.post(
    "/alert-rules",
    response={201: RuleOut},
    url_name="alert-rules",
    operation_id="make-alert-rule",
    summary="Make a rule",
)
def make_alert_rule(request: HttpRequest, response: HttpResponse, body: RuleIn) -> Status[RuleOut]:
    """Make a rule; it is off until somebody switches it on, so that it can be tried on the past first."""
    made = make_rule(by=person_of(request), asked=_asked(body))
    response.headers["Location"] = reverse("api:alert-rule", args=[made.pk])
    return Status(201, _one(made.pk))


@router.get(
    "/alert-rules/{int:rule_id}",
    response=RuleOut,
    url_name="alert-rule",
    operation_id="alert-rule",
    summary="One rule",
)
def alert_rule(request: HttpRequest, rule_id: int) -> RuleOut:
    """A rule, what it looks for and whom it tells."""
    del request
    return _one(rule_id)


@router.put(
    "/alert-rules/{int:rule_id}",
    response=RuleOut,
    url_name="alert-rule",
    operation_id="change-alert-rule",
    summary="Change a rule",
)
def change_alert_rule(request: HttpRequest, rule_id: int, body: RuleChangeIn) -> RuleOut:
    """Write a rule anew as it shall be, all of it; 409 where it is no longer the version that was looked at."""
    rule = get_object_or_404(AlertRule, pk=rule_id)
    change_rule(by=person_of(request), rule=rule, asked=_asked(body), version=body.version)
    return _one(rule_id)


@router.post(
    "/alert-rules/{int:rule_id}/switch",
    response=RuleOut,
    url_name="alert-rule-switch",
    operation_id="switch-alert-rule",
    summary="Switch a rule on or off",
)
def switch_alert_rule(request: HttpRequest, rule_id: int, body: SwitchTo) -> RuleOut:
    """Switch a rule: on, it tells at once what holds; off, what waits to go out is dropped. 409: it is so already."""
    switch_rule(by=person_of(request), rule=get_object_or_404(AlertRule, pk=rule_id), on=body.on)
    return _one(rule_id)


@router.get(
    "/alert-rules/{int:rule_id}/trial",
    response=TrialOut,
    url_name="alert-rule-trial",
    operation_id="try-alert-rule",
    summary="Try a rule on the past",
)
def alert_rule_trial(request: HttpRequest, rule_id: int, days: Literal["7", "30"] = "7") -> TrialOut:
    """What a rule would have sent in the last days, as its page shows it; nothing is sent."""
    del request
    now = timezone.now()
    trial = tried(get_object_or_404(AlertRule, pk=rule_id), since=now - timedelta(days=int(days)), until=now)
    return trial_out(trial, shown(trial))


def _rules() -> QuerySet[AlertRule]:
    return AlertRule.objects.prefetch_related("people_told", "notifiers_told")


def _one(rule_id: int) -> RuleOut:
    return rule_out(get_object_or_404(_rules(), pk=rule_id))


def _asked(body: RuleIn) -> AskedRule:
    """Numbers and codes become what they name, where it may be chosen."""
    places = Office.objects.exclude(place_code="").filter(place_code__in=body.places)
    _demand("places", body.places, places.values_list("place_code", flat=True))
    _demand("sources", body.sources, Source.objects.filter(code__in=body.sources).values_list("code", flat=True))
    people = list(people_who_may_be_told().filter(pk__in=body.people_told))
    _demand("people_told", body.people_told, [one.pk for one in people])
    notifiers = list(Notifier.objects.filter(pk__in=body.notifiers_told, stopped_at__isnull=True))
    _demand("notifiers_told", body.notifiers_told, [one.pk for one in notifiers])
    values = body.model_dump(exclude={"version"})
    chosen = {"level": NUMBERS[body.level], "people_told": people, "notifiers_told": notifiers}
    hours = {"quiet_from": _time(body.quiet_from), "quiet_until": _time(body.quiet_until)}
    unique = {name: sorted(set(values[name])) for name in ("places", "sources", "roles_told")}
    return AskedRule(**values | chosen | hours | unique)


def _time(clock: str | None) -> time | None:
    return time.fromisoformat(clock) if clock else None


def _demand(field: str, wanted: Collection[Any], known: Collection[Any]) -> None:
    if unknown := sorted(set(wanted) - set(known)):
        raise ChoiceUnknown(field=field, problem="unknown", unknown=", ".join(map(str, unknown[:10])))
