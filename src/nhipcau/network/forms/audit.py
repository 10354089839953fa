"""The filters of the audit page: what does not hold is left out and said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.network.auditwords import ACTIONS
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person
from nhipcau.network.queries.audit import Asked


class DayInput(forms.DateInput):
    """A field that phones and browsers show as a calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AuditFilter(forms.Form):
    """Who, where, what, when."""

    person = forms.CharField(label=_("Person (e-mail)"), required=False, max_length=254)
    office = forms.CharField(label=_("Office (code)"), required=False, max_length=32)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    from_on = forms.DateField(label=pgettext_lazy("time", "From"), required=False, widget=DayInput())
    until_on = forms.DateField(label=_("Until"), required=False, widget=DayInput())
    kind = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    number = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted(ACTIONS.items(), key=lambda entry: str(entry[1]))
        self.fields["action"].choices = [("", _("Everything")), *choices]  # type: ignore[attr-defined]

    def clean_person(self) -> int | None:
        """Find the person by their address."""
        given = self.cleaned_data["person"].strip()
        if not given:
            return None
        found = Person.objects.filter(email=given.lower()).values_list("pk", flat=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this address. Write the whole e-mail address."))
        return found

    def clean_office(self) -> int | None:
        """Find the office by its code."""
        given = self.cleaned_data["office"].strip()
        if not given:
            return None
        found = Office.objects.filter(code=given).values_list("pk", flat=True).first()
        if found is None:
            raise forms.ValidationError(_("No office has this code. Look it up in the list of offices."))
        return found

    @property
    def asked(self) -> Asked:
        """What is asked for; fields that do not hold ask for nothing."""
        values = self.cleaned_data
        return Asked(
            person_id=values.get("person"),
            office_id=values.get("office"),
            action=values.get("action") or "",
            kind=values.get("kind") or "",
            number=values.get("number") or "",
            from_on=values.get("from_on"),
            until_on=values.get("until_on"),
            before=values.get("before"),
            after=values.get("after"),
        )
