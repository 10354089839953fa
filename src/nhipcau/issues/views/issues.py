"""The list of issues with its search, and the page of one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from nhipcau.issues.briefwords import forecast_told, withheld_told
from nhipcau.issues.models.issues import Issue, Status, TriageState
from nhipcau.issues.queries.page import SPANS, USUAL_SPAN, IssuePage, denial_of, issue_page, with_others
from nhipcau.issues.queries.people import who_may_own
from nhipcau.issues.queries.search import DAYS, MOST_PAGES, find
from nhipcau.issues.views.picture import choices, filters_of
from nhipcau.network.access.rights import ANALYSING
from nhipcau.network.access.tasks import standing_of, visible_recipients
from nhipcau.network.queries.origins import directives_from
from nhipcau.network.views.person import person_of

LONGEST_TITLE = 150


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    """Issues by what was asked for; words are found with and without diacritics."""
    filters, asked = filters_of(request), request.GET.get("page", "1")
    number = min(max(int(asked), 1), MOST_PAGES) if asked.isdecimal() and len(asked) < 9 else 1
    without_page = request.GET.copy()
    without_page.pop("page", None)
    values = {
        "found": find(filters, now=timezone.now(), number=number),
        "filters": filters,
        "statuses": Status.choices,
        "periods": [(code, count) for code, count in DAYS.items()],
        "mine": "mine" in request.GET,
        "query": without_page.urlencode(),
    }
    return render(request, "issues/list.html", values | choices())


@require_safe
def issue(request: HttpRequest, issue_id: int) -> HttpResponse:
    """One issue; who asks for one that was merged is led to where it went."""
    found = get_object_or_404(with_others(Issue.objects.select_related("owner", "merged_into")), pk=issue_id)
    if found.merged_into_id is not None and "stay" not in request.GET:
        return redirect("issue", found.merged_into_id)
    standing = standing_of(person_of(request))
    merged = list(found.merged.order_by("-gone_at")[:20]) if found.has_merged else []
    origins = {("issue", str(one.pk)) for one in (found, *merged)}
    tasks = directives_from(origins, now=timezone.now(), recipients=visible_recipients(person_of(request)))
    asked = request.GET.get("days", USUAL_SPAN)
    days = asked if asked in SPANS else USUAL_SPAN
    page = issue_page(found, tasks=tasks, now=timezone.now(), days=SPANS[days])
    may_work = ANALYSING.allows(standing)
    values = {
        "page": page,
        "issue": found,
        "merged": merged,
        "days": days,
        "spans": list(SPANS),
        "forecast": forecast_told(found),
        "withheld": withheld_told(found),
        "denial": denial_of(found) if found.is_denied else None,
        "may_work": may_work and found.gone_at is None,
        "may_part": may_work and found.merged_into_id is not None,
        "owners": who_may_own() if may_work else [],
        "triages": TriageState.choices,
        "directive": _directive(page) if standing.directs_at and found.gone_at is None else "",
    }
    return render(request, "issues/issue.html", values)


def _directive(page: IssuePage) -> str:
    """Give the address of a new directive that comes from the issue."""
    issue = page.shown.issue
    said = {"origin_kind": "issue", "origin_ref": str(issue.pk), "title": page.shown.label[:LONGEST_TITLE]}
    return f"{reverse('task_new')}?{urlencode(said)}"
