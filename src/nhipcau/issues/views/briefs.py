"""Pages of briefs: the archive, one brief, editing it, signing it. Single steps are in `brief_steps.py`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.issues.access.briefs import may_sign_briefs, may_work_on_briefs, visible_briefs
from nhipcau.issues.actions.briefs.editing import edit_brief
from nhipcau.issues.actions.briefs.errors import BriefHasMoved
from nhipcau.issues.actions.briefs.sending import readers_of
from nhipcau.issues.actions.briefs.signing import sign_brief
from nhipcau.issues.briefing.document import digest_of, edits_of
from nhipcau.issues.briefing.view import happened_of, view_of, view_of_signed
from nhipcau.issues.forms.briefs import BriefEditForm, BriefNewForm
from nhipcau.issues.models import Brief
from nhipcau.issues.queries.briefs import (
    SHOWN,
    brief_page,
    document_of,
    newest_correction,
    signature_of,
)
from nhipcau.issues.queries.followup import follow_up_of, origin_of
from nhipcau.issues.views.brief_steps import fresh_key
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.people import Person
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


@require_safe
def brief_list(request: HttpRequest) -> HttpResponse:
    """Show the archive, and offer to draft one."""
    person = person_of(request)
    show, number = request.GET.get("show", "all"), request.GET.get("page", "1")
    page = brief_page(
        visible_briefs(person),
        show=show if show in SHOWN else "all",
        words=request.GET.get("q", "").strip()[:100],
        number=min(max(int(number), 1), 10_000) if number.isdecimal() else 1,
    )
    may_work = may_work_on_briefs(person)
    form = BriefNewForm(initial={"key": fresh_key()}, label_suffix="") if may_work else None
    values = {"page": page, "show": show, "q": request.GET.get("q", ""), "may_work": may_work, "form": form}
    return render(request, "issues/briefs/list.html", values)


def found_brief(person: Person, brief_id: int) -> Brief:
    """Give a brief that the person may read, with the people on it."""
    briefs = visible_briefs(person).select_related(
        "drafted_by", "edited_by", "signed_by", "sent_by", "corrects__signed_by"
    )
    briefs = briefs.defer("search_text", *(f"corrects__{name}" for name in ("made", "document", "follow_up")))
    return get_object_or_404(briefs, pk=brief_id)


@require_safe
def brief(request: HttpRequest, brief_id: int) -> HttpResponse:
    """Show a brief as its readers see it, what happened since, and the next step."""
    person = person_of(request)
    found = found_brief(person, brief_id)
    document = document_of(found)
    digest, lang = digest_of(document if found.is_frozen else found.made), get_language() or "vi"
    if found.is_frozen:
        worded = view_of_signed(document, digest=digest, lang=lang, signature=signature_of(found))
    else:
        worded = view_of(document, lang=lang)
    since = follow_up_of(found, now=timezone.now()) if found.is_frozen else []
    sent = list(found.deliveries.select_related("reader__person").order_by("pk")) if found.is_frozen else []
    values = {
        "brief": found,
        "it": worded,
        "since_then": happened_of(since, lang=worded.lang, zone=document["brief"]["zone"]),
        "is_intact": digest == (found.fingerprint if found.is_frozen else found.made_digest),
        "correction": newest_correction(found) if found.is_frozen else None,
        "deliveries": sent,
        "may_work": may_work_on_briefs(person),
        "may_sign": may_sign_briefs(person),
        "may_direct": bool(standing_of(person).directs_at),
        "origins": [(advice, origin_of(found.pk, place)) for place, advice in enumerate(worded.advice)],
    }
    return render(request, "issues/briefs/brief.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def brief_edit(request: HttpRequest, brief_id: int) -> HttpResponse:
    """Change a draft: everything on one page, by fields, without JavaScript."""
    person = person_of(request)
    found = found_brief(person, brief_id)
    if not found.is_open:
        raise BriefHasMoved(state=found.state)
    given = request.POST if request.method == "POST" else None
    form = BriefEditForm(
        given,
        issues=found.made["issues"],
        edits=edits_of(found.edits),
        initial={"version": found.version},
        label_suffix="",
    )
    if given is not None and form.is_valid():
        try:
            edit_brief(by=person, brief=found, version=form.cleaned_data["version"], edits=form.edits())
            return redirect("brief_sign" if "sign" in given and may_sign_briefs(person) else "brief", found.pk)
        except DomainError as error:
            form.add_error(None, words_of(error))
    values = {"brief": found, "form": form, "may_sign": may_sign_briefs(person)}
    return render(request, "issues/briefs/edit.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def brief_sign(request: HttpRequest, brief_id: int) -> HttpResponse:
    """Show exactly what goes out, and take the signature of it."""
    person = person_of(request)
    found = found_brief(person, brief_id)
    if not found.is_open:
        raise BriefHasMoved(state=found.state)
    error = ""
    if request.method == "POST":
        try:
            sign_brief(by=person, brief=found, fingerprint=request.POST.get("fingerprint", ""))
            return redirect("brief", found.pk)
        except DomainError as refused:
            error = words_of(refused)
            found = found_brief(person, brief_id)
    document = document_of(found)
    values = {
        "brief": found,
        "it": view_of(document, lang=get_language() or "vi"),
        "fingerprint": digest_of(document),
        "readers": len(readers_of(found)),
        "error": error,
        "title": _("Sign brief %(number)s?") % {"number": document["number"]},
    }
    return render(request, "issues/briefs/sign.html", values, status=409 if error else 200)
