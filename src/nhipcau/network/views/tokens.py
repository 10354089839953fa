"""Pages of tokens: one's own with making and revoking, and those of the people whom an administrator looks after."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.network.access.rights import NETWORK, PEOPLE
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.access.tokens import administered_tokens, own_tokens, revocable_tokens
from nhipcau.network.actions.tokens import make_token, revoke_token
from nhipcau.network.forms.tokens import TokenForm
from nhipcau.network.models.tokens import ApiToken
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of

SHOWN = 200


@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    """Show one's own tokens."""
    return _list(request, own_tokens(person_of(request)), is_own=True)


@require_safe
def token_list_of_others(request: HttpRequest) -> HttpResponse:
    """Show an administrator the tokens of the people there and below."""
    return _list(request, administered_tokens(person_of(request)), is_own=False)


def _list(request: HttpRequest, tokens: QuerySet[ApiToken], *, is_own: bool) -> HttpResponse:
    standing = standing_of(person_of(request))
    values = {
        "tokens": tokens[:SHOWN],
        "is_own": is_own,
        "administers": PEOPLE.allows(standing),
        "keeps_webhooks": NETWORK.allows(standing),
    }
    return render(request, "network/tokens/list.html", values)


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once; whoever only found an open browser is asked for the password first."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = make_token(by=person_of(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            return render(request, "network/tokens/made.html", {"token": token, "text": str(text)}, status=201)
    return render(request, "network/tokens/new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def token_revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Revoke a token."""
    person = person_of(request)
    token = get_object_or_404(revocable_tokens(person).select_related("person"), number=number)
    revoke_token(by=person, token=token)
    messages.success(request, _("The token was revoked; it opens nothing any more."))
    return redirect("token_list" if token.person_id == person.pk else "token_list_of_others")
