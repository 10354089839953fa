"""The form of a new webhook, the words of what can go wrong with it, and of its audit records."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.network.webhookevents import EVENTS
from nhipcau.site.errors import DomainError, words_for

ACTIONS: Final[dict[str, str | Promise]] = {
    "webhook.made": _("Webhook “%(name)s” to %(address)s: %(events)s"),
    "webhook.stopped": _("Webhook “%(name)s” stopped"),
}


class WebhookForm(forms.Form):
    """Which system is told what."""

    name = forms.CharField(label=_("Which system it is"), max_length=80)
    address = forms.CharField(
        label=_("Address that is called"),
        max_length=500,
        help_text=_("https://… – messages with numbers and codes go there"),
    )
    events = forms.MultipleChoiceField(
        label=_("Of what it is told"), choices=list(EVENTS.items()), widget=forms.CheckboxSelectMultiple
    )


def webhook_words(error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    values = error.values
    if error.code == "webhook-stopped":
        return gettext("This webhook was stopped already.")
    return {
        "length": gettext("Which system it is: write between 1 and %(limit)s characters."),
        "address": gettext("Address: write a whole https:// address outside this house's own network."),
        "unknown": gettext("Of what it is told: choose at least one from the list."),
        "many": gettext("There are %(limit)s webhooks already. Stop one that is no longer needed."),
    }[values["problem"]] % values


words_for("webhook-", webhook_words)
