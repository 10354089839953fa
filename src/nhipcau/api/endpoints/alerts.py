"""Alerts that rules found: the list, and acknowledging them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from nhipcau.api import cursors
from nhipcau.api.bearer import person_of
from nhipcau.api.shapes.alerts import AcknowledgedIn, AcknowledgedOut, AlertsPage, alert_out
from nhipcau.issues.actions.alerts.acknowledging import acknowledge_alerts
from nhipcau.issues.models.alerts import Alert
from nhipcau.issues.queries.alerts import OPEN

router = Router(tags=["alerts"])
LIST = "alerts"
RuleNumber = Annotated[int, Field(ge=1, le=2**63 - 1, description="Of one rule only")]


@router.get("/alerts", response=AlertsPage, url_name="alerts", operation_id="alerts", summary="Alerts")
def alerts(
    request: HttpRequest,
    show: Literal["open", "all"] = "open",
    rule: RuleNumber | None = None,
    limit: cursors.Limit = 50,
    cursor: cursors.Cursor = "",
) -> AlertsPage:
    """Alerts that nobody has acknowledged, or all, the newest first; to poll, send the ETag as If-None-Match."""
    del request
    found = Alert.objects.select_related("rule", "source", "acknowledged_by")
    if show == "open":
        found = found.filter(OPEN)
    if rule is not None:
        found = found.filter(rule=rule)
    after = cursors.read(cursor, of=LIST)
    if after is not None:
        at, number = datetime.fromisoformat(after[0]), after[1]
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=number))
    page, has_more = cursors.cut(list(found.order_by("-at", "-pk")[: limit + 1]), limit=limit)
    following = cursors.written([page[-1].at.isoformat(), page[-1].pk], of=LIST) if has_more else None
    return AlertsPage(items=[alert_out(one) for one in page], next=following)


@router.post(
    "/alerts/acknowledgements",
    response=AcknowledgedOut,
    url_name="alert-acknowledgements",
    operation_id="acknowledge-alerts",
    summary="Acknowledge alerts",
)
def acknowledgements(request: HttpRequest, body: AcknowledgedIn) -> AcknowledgedOut:
    """Say that they were seen: they no longer escalate. Those that somebody was faster with stay as they are."""
    return AcknowledgedOut(acknowledged=acknowledge_alerts(by=person_of(request), alerts=body.alerts))
