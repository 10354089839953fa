"""Forms of people and of the duty roster: they read what was typed; what it means is in `actions/people`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person, Role, languages, roles


class Moment(forms.DateTimeInput):
    """A field that phones and browsers show as a picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class Day(forms.DateInput):
    """A field that phones and browsers show as a calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Offices(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of some offices, by their names in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and code."""
        return f"{obj.shown_name} ({obj.code})"


class ProfileForm(forms.Form):
    """What people change of themselves."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    language = forms.ChoiceField(label=_("Language of pages and letters"), choices=languages)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PersonForm(forms.Form):
    """Somebody new, with their first role."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("An invitation goes there; with it they log in."))
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    office = Offices(label=_("Office"), queryset=Office.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=roles, initial=Role.OFFICER)
    language = forms.ChoiceField(label=_("Language of pages and letters"), choices=languages)

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices.order_by("kind", "name")  # type: ignore[attr-defined]


class SeatForm(forms.Form):
    """One more role."""

    office = Offices(label=_("Office"), queryset=Office.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=roles, initial=Role.OFFICER)

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices.order_by("kind", "name")  # type: ignore[attr-defined]


class DeputyForm(forms.Form):
    """Who stands in, from which day to which."""

    email = forms.EmailField(label=_("E-mail address of the deputy"))
    from_on = forms.DateField(label=pgettext_lazy("time", "From"), widget=Day())
    last_on = forms.DateField(label=_("Last day"), widget=Day())

    def clean_email(self) -> Person:
        """Find the person."""
        found = Person.objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this address. Write the whole e-mail address."))
        return found


class ShiftForm(forms.Form):
    """Who is on duty, from when to when."""

    person = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none())
    starts_at = forms.DateTimeField(label=pgettext_lazy("time", "From"), widget=Moment())
    ends_at = forms.DateTimeField(label=_("Until"), widget=Moment())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class InvitationForm(forms.Form):
    """The first password."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least twelve signs: three or four words that only you would put together are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
