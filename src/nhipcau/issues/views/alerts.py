"""The page of internal alerts, and acknowledging them. Rules: `alert_rules.py`; notifiers: `notifiers.py`."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from nhipcau.issues.access.alerts import acknowledges, keeps_rules
from nhipcau.issues.actions.alerts.acknowledging import acknowledge_alerts
from nhipcau.issues.queries.alerts import alerts_page, is_any_rule_on, open_count
from nhipcau.network.views.person import person_of


@require_safe
def alert_list(request: HttpRequest) -> HttpResponse:
    """Show what nobody has acknowledged; on request all, or those of one letter."""
    letter, number = _number(request, "letter"), _number(request, "page")
    show = "all" if request.GET.get("show") == "all" else "open"
    page = alerts_page(show=show, letter=letter, number=number or 1)
    values = {
        "page": page,
        "show": show,
        "letter": letter or "",
        "open_count": open_count(),
        "waiting": sum(one.asks_acknowledgement and one.acknowledged_at is None for one in page),
        "acknowledges": acknowledges(person_of(request)),
        "keeps_rules": keeps_rules(person_of(request)),
        "any_rule_on": is_any_rule_on(),
    }
    return render(request, "issues/alerts/list.html", values)


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 16 else None


@require_POST
def alert_acknowledge(request: HttpRequest) -> HttpResponse:
    """Acknowledge one alert, or all of a letter."""
    asked = [int(pk) for pk in request.POST.getlist("alert")[:500] if pk.isdecimal() and len(pk) < 16]
    count = acknowledge_alerts(by=person_of(request), alerts=asked)
    if count:
        said = ngettext("%(count)s alert is acknowledged.", "%(count)s alerts are acknowledged.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, gettext("Somebody else was faster: there is nothing left to acknowledge here."))
    address = request.POST.get("next", "")
    return redirect(address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "alert_list")
