"""Pages of the register of sources: all, one, adding, changing, stopping, starting, and the first feeds."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of
from nhipcau.voices.access.sources import forgets_sources, keeps_sources, visible_sources
from nhipcau.voices.actions.sources import add_first_feeds, add_source, change_source, start_source, stop_source
from nhipcau.voices.actions.uploads import TAKES_FILES, takes_files
from nhipcau.voices.firstfeeds import first_feeds
from nhipcau.voices.forms.sources import ReasonForm, SourceForm
from nhipcau.voices.models.sources import Source, kind_choices
from nhipcau.voices.queries.feedtrial import try_feed
from nhipcau.voices.queries.forgetting import last_order
from nhipcau.voices.queries.sources import PAGE, counts_of, last_failures, voices_by_day, with_doing, worst_first
from nhipcau.voices.sourcefields import SourceFields

SHOWN_UPLOADS = 10


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """Show all sources and how each is doing, those to look at first."""
    person = person_of(request)
    sources = visible_sources(person)
    kind, doing = request.GET.get("kind", ""), request.GET.get("doing", "")
    found = worst_first(with_doing(sources, doing))
    if kind:
        found = found.filter(kind=kind)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "counts": counts_of(sources),
        "kinds": kind_choices(),
        "asked": {"kind": kind, "doing": doing},
        "keeps": keeps_sources(person),
    }
    return render(request, "voices/sources/list.html", values)


@require_safe
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Show one source: its terms, how it is doing, what came, what failed."""
    person = person_of(request)
    found = get_object_or_404(visible_sources(person), code=code)
    keeps = keeps_sources(person)
    return render(request, "voices/sources/source.html", _values(found, person, keeps=keeps, form=ReasonForm()))


def _values(source: Source, person: Person, *, keeps: bool, form: ReasonForm) -> dict[str, object]:
    return {
        "forgets": forgets_sources(person),
        "order": last_order(source),
        "source": source,
        "keeps": keeps,
        "days": voices_by_day(source, today=timezone.localdate()),
        "failures": last_failures(source),
        "uploads": source.uploads.order_by("-pk")[:SHOWN_UPLOADS] if keeps else [],
        "takes_files": takes_files(source),
        "has_files": source.kind in TAKES_FILES,
        "form": form,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def source_new(request: HttpRequest) -> HttpResponse:
    """Add a source; a feed can be tried before."""
    form = SourceForm(request.POST or None, initial={"kind": request.GET.get("kind", "feed"), "matter": "press"})
    return _kept(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def source_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is stated of a source."""
    found = get_object_or_404(visible_sources(person_of(request)), code=code)
    return _kept(request, SourceForm(request.POST or None, source=found), found)


def _kept(request: HttpRequest, form: SourceForm, source: Source | None) -> HttpResponse:
    """Try or save what was stated."""
    trial = None
    if request.method == "POST" and "try" in request.POST:
        trial = try_feed(request.POST.get("address", ""), now=timezone.now())
        form.errors.clear()
    elif request.method == "POST" and form.is_valid():
        try:
            if source is None:
                kept = add_source(by=person_of(request), fields=form.source_fields())
            else:
                kept = change_source(by=person_of(request), source=source, fields=form.source_fields())
        except DomainError as error:
            if error.status == 403:
                raise
            form.add_domain_error(error, words_of(error))
        else:
            messages.success(request, _("The source is saved."))
            return redirect("source", code=kept.code)
    values = {"form": form, "source": source, "trial": trial}
    return render(request, "voices/sources/form.html", values, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def source_stop(request: HttpRequest, code: str) -> HttpResponse:
    """Stop a source."""
    return _switched(request, code, to_stop=True)


@require_http_methods(["POST"])
def source_start(request: HttpRequest, code: str) -> HttpResponse:
    """Start a source again."""
    return _switched(request, code, to_stop=False)


def _switched(request: HttpRequest, code: str, *, to_stop: bool) -> HttpResponse:
    person = person_of(request)
    found = get_object_or_404(visible_sources(person), code=code)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            switch = stop_source if to_stop else start_source
            switch(by=person, source=found, reason=form.cleaned_data["reason"])
        except DomainError as error:
            if error.status == 403:
                raise
            form.add_error("reason" if error.values.get("field") else None, words_of(error))
        else:
            said = _("The source is stopped. Nothing of it is taken in.") if to_stop else _("The source runs again.")
            messages.success(request, said)
            return redirect("source", code=found.code)
    values = _values(found, person, keeps=True, form=form)
    return render(request, "voices/sources/source.html", values, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def source_first(request: HttpRequest) -> HttpResponse:
    """Offer the first press feeds; nothing is asked of those that are not confirmed."""
    refused = ""
    if request.method == "POST":
        chosen = set(request.POST.getlist("feed"))
        hub = get_object_or_404(Office, kind=OfficeKind.HUB, closed_on__isnull=True)
        try:
            made = add_first_feeds(by=person_of(request), feeds=_fields_of(chosen, hub, request))
        except DomainError as error:
            refused = words_of(error)
        else:
            said = ngettext("%(count)s feed is added.", "%(count)s feeds are added.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("source_list")
    known = set(visible_sources(person_of(request)).values_list("address", flat=True))
    values = {"feeds": [(one, one.address in known) for one in first_feeds()], "refused": refused}
    return render(request, "voices/sources/first.html", values, status=422 if refused else 200)


def _fields_of(chosen: set[str], hub: Office, request: HttpRequest) -> list[SourceFields]:
    """The feeds that were confirmed, each with the address as it was confirmed."""
    return [
        SourceFields(
            name=one.name,
            kind="feed",
            owner=hub,
            matter=one.matter,
            language=one.language,
            rhythm_minutes=one.rhythm_minutes,
            terms=one.terms,
            purpose=_("Follow what the press reports"),
            address=request.POST.get(f"address-{one.code}", one.address),
        )
        for one in first_feeds()
        if one.code in chosen
    ]
