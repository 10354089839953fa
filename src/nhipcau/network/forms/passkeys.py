"""The forms of passkeys, those of the library with a label that is translated."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

NAME = _("Name of the device")


class NewPasskey(AddWebAuthnForm):  # type: ignore[misc]  # the library states no types
    """A passkey that is set up."""

    name = forms.CharField(label=NAME, required=False)


class NamedPasskey(EditWebAuthnForm):  # type: ignore[misc]  # the library states no types
    """A passkey that is called otherwise."""

    name = forms.CharField(label=NAME, required=True)
