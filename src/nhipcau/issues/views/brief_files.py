"""A brief as a file: PDF, HTML, JSON. A draft says that it is one."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from nhipcau.issues.actions.briefs.letters import html_of
from nhipcau.issues.actions.briefs.sending import file_name
from nhipcau.issues.briefing.pdf import pdf_of
from nhipcau.issues.briefing.view import DocumentView, view_of
from nhipcau.issues.models import Brief
from nhipcau.issues.queries.briefs import document_of, signature_of
from nhipcau.issues.views.briefs import found_brief
from nhipcau.network.views.person import person_of

HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The downloaded page brings its own styles and nothing else."""


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in ("vi", "en") else get_language() or "vi"


def _worded(request: HttpRequest, brief_id: int) -> tuple[Brief, DocumentView]:
    found = found_brief(person_of(request), brief_id)
    view = view_of(document_of(found), lang=_language(request), signature=signature_of(found))
    return found, view


def _named(answer: HttpResponse, found: Brief, lang: str, ending: str) -> HttpResponse:
    kind = "inline" if ending == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{kind}; filename="{file_name(found, lang, ending)}"'
    return answer


@require_safe
def brief_pdf(request: HttpRequest, brief_id: int) -> HttpResponse:
    """The PDF: of a signed brief the same bytes as were sent."""
    found, view = _worded(request, brief_id)
    content = pdf_of(view, made_at=found.signed_at or found.drafted_at)
    return _named(HttpResponse(content, content_type="application/pdf"), found, view.lang, "pdf")


@require_safe
def brief_html(request: HttpRequest, brief_id: int) -> HttpResponse:
    """The page that goes out by mail."""
    found, view = _worded(request, brief_id)
    answer = HttpResponse(html_of(view), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = HTML_POLICY
    return _named(answer, found, view.lang, "html")


@require_safe
def brief_json(request: HttpRequest, brief_id: int) -> HttpResponse:
    """What was signed as data, with its fingerprint; of a draft, what would be signed."""
    found = found_brief(person_of(request), brief_id)
    signature = signature_of(found)
    said = {
        "document": document_of(found),
        "fingerprint": found.fingerprint or None,
        "signed_by": signature.name if signature else None,
        "signed_at": signature.at.isoformat() if signature else None,
    }
    content = json.dumps(said, ensure_ascii=False, indent=1)
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    return _named(answer, found, _language(request), "json")
