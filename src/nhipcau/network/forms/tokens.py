"""The form of a new token, the words of what can go wrong with tokens, and of their audit records."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.network.tokenwords import SCOPES
from nhipcau.site.errors import DomainError, words_for

ACTIONS: Final[dict[str, str | Promise]] = {
    "token.made": _("API token “%(name)s” (%(number)s) made for %(days)s days: %(scopes)s"),
    "token.revoked": _("API token “%(name)s” (%(number)s) of %(person)s revoked"),
}
SPANS: Final = [(30, _("30 days")), (90, _("90 days")), (180, _("half a year")), (365, _("a year"))]


class TokenForm(forms.Form):
    """What a token is for, what it may do, and how long it holds."""

    name = forms.CharField(label=_("What it is for"), max_length=80, help_text=_("Such as: report of the district"))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you yourself may do. Choose as little as is needed."),
    )
    days = forms.TypedChoiceField(label=_("How long it holds"), coerce=int, choices=SPANS, initial=90)


def token_words(error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    values = error.values
    if error.code == "token-invalid":
        return {
            "name": gettext("What it is for: write between 1 and %(limit)s characters."),
            "scopes": gettext("What it may do: choose at least one from the list."),
        }.get(values["field"], gettext("How long it holds: between 1 and %(limit)s days.")) % values
    return {
        "token-too-many": gettext("You have %(limit)s valid tokens. Revoke one that is no longer used."),
        "token-not-yours": gettext("This token speaks for somebody else. Ask an administrator of their offices."),
        "token-revoked": gettext("This token was revoked already."),
    }.get(error.code, error.code) % values


words_for("token-", token_words)
