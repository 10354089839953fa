"""What people do with an issue: short forms that come back to its page, and pages that ask before they do it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.issues.actions import parting, triage
from nhipcau.issues.errors import IssueInvalid
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import NotAnIssue
from nhipcau.issues.queries.people import who_may_own
from nhipcau.issues.queries.search import Filters, find
from nhipcau.issues.queries.shown import Shown
from nhipcau.issues.queries.threads import sealed_threads, threads_of, unsealed_threads
from nhipcau.network.access.rights import ANALYSING
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.people import Person
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


def _triage(request: HttpRequest, by: Person, issue: Issue) -> str:
    triage.move_issue(by=by, issue=issue, to=request.POST.get("to", ""), was=request.POST.get("was", ""))
    return gettext("The state is changed.")


def _owner(request: HttpRequest, by: Person, issue: Issue) -> str:
    asked, was = request.POST.get("owner", ""), request.POST.get("was", "")
    owner = next((person for person in who_may_own() if str(person.pk) == asked), None)
    if asked and owner is None:
        raise IssueInvalid(field="owner", problem="unknown")
    triage.own_issue(by=by, issue=issue, owner=owner, was=int(was) if was.isdecimal() and len(was) < 16 else None)
    return gettext("It is written down whose it is.")


def _rename(request: HttpRequest, by: Person, issue: Issue) -> str:
    triage.rename_issue(by=by, issue=issue, label=request.POST.get("label", ""))
    return gettext("The name is changed.")


def _note(request: HttpRequest, by: Person, issue: Issue) -> str:
    triage.note_issue(by=by, issue=issue, text=request.POST.get("text", ""))
    return gettext("The note is kept.")


def _part(_request: HttpRequest, by: Person, issue: Issue) -> str:
    parting.part_issue(by=by, issue=issue)
    return gettext("The merge is taken back. The figures follow with the next picture.")


MOVES: dict[str, Callable[[HttpRequest, Person, Issue], str]] = {
    "triage": _triage,
    "owner": _owner,
    "rename": _rename,
    "note": _note,
    "part": _part,
}


@require_POST
def issue_do(request: HttpRequest, issue_id: int, what: str) -> HttpResponse:
    """Do one thing and show the issue again."""
    issue = get_object_or_404(Issue.objects.select_related("merged_into"), pk=issue_id)
    if what not in MOVES:
        raise Http404
    messages.success(request, MOVES[what](request, person_of(request), issue))
    return redirect("issue", issue.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def issue_merge(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Choose which issue this one belongs to; it goes there."""
    issue = get_object_or_404(Issue, pk=issue_id, gone_at=None)
    if request.method == "POST":
        into = request.POST.get("into", "")
        known = into.isdecimal() and len(into) < 16
        target = Issue.objects.filter(pk=int(into), gone_at=None).first() if known else None
        if target is None:
            raise IssueInvalid(field="into", problem="unknown")
        parting.merge_issue(by=person_of(request), issue=issue, into=target)
        messages.success(request, gettext("The issues are merged. The figures follow with the next picture."))
        return redirect("issue", target.pk)
    words = request.GET.get("q", "").strip()[:100]
    found = find(Filters(words=words, days="30"), now=timezone.now(), number=1)
    rows = [row for row in found.rows if row.issue.pk != issue.pk]
    return render(request, "issues/merge.html", {"one": Shown(issue), "rows": rows, "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
def issue_split(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Choose the groups of voices that are another matter; they become an issue of their own."""
    issue = get_object_or_404(Issue, pk=issue_id, gone_at=None)
    wrong = ""
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("thread") if value.isdecimal() and len(value) < 19]
        try:
            shown = unsealed_threads(request.POST.get("shown", ""), issue)
            made = parting.split_issue(by=person_of(request), issue=issue, threads=chosen, shown=shown)
        except DomainError as error:
            wrong = words_of(error)
        else:
            messages.success(request, gettext("The issue is split. Give the new one a name of its own."))
            return redirect("issue", made.pk)
        issue.refresh_from_db()
    values = {"one": Shown(issue), "threads": threads_of(issue), "shown": sealed_threads(issue), "wrong": wrong}
    return render(request, "issues/split.html", values, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def issue_deny(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Say, with a reason, that it is no issue."""
    issue = get_object_or_404(Issue, pk=issue_id, gone_at=None)
    wrong = ""
    if request.method == "POST":
        try:
            triage.deny_issue(by=person_of(request), issue=issue, reason=request.POST.get("reason", ""))
        except DomainError as error:
            wrong = words_of(error)
        else:
            messages.success(request, gettext("It is taken off the picture. Here it can be taken back."))
            return redirect("not_issue_list")
    values = {"one": Shown(issue), "wrong": wrong, "reason": request.POST.get("reason", "")}
    return render(request, "issues/deny.html", values, status=422 if wrong else 200)


@require_safe
def not_issue_list(request: HttpRequest) -> HttpResponse:
    """What was said to be no issue, by whom and why; it can be taken back."""
    denials = NotAnIssue.objects.filter(taken_back_at=None).select_related("issue", "by").order_by("-at")[:200]
    rows = [{"denial": one, "label": Shown(one.issue).label} for one in denials]
    may_work = ANALYSING.allows(standing_of(person_of(request)))
    return render(request, "issues/not_issues.html", {"rows": rows, "may_work": may_work})


@require_POST
def not_issue_take_back(request: HttpRequest, denial_id: int) -> HttpResponse:
    """It is an issue after all."""
    denial = get_object_or_404(NotAnIssue.objects.select_related("issue"), pk=denial_id)
    triage.take_back_denial(by=person_of(request), denial=denial)
    messages.success(request, gettext("It is on the picture again."))
    return redirect("issue", denial.issue_id)
