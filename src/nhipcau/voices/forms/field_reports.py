"""The form of a field report: short, for a telephone."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.network.models.offices import Office
from nhipcau.site.errors import DomainError
from nhipcau.voices.actions.field_reports import OCCASIONS, FieldReport


class FieldReportForm(forms.Form):
    """What was heard, where, when."""

    office = forms.ModelChoiceField(label=_("Where it was heard"), queryset=Office.objects.none(), empty_label=None)
    occasion = forms.ChoiceField(label=_("Occasion"))
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    lines = forms.CharField(
        label=_("What people asked or were concerned about"),
        help_text=_("One question or concern a line, in their words. No names, no telephone numbers."),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=25_000,
    )
    people = forms.IntegerField(
        label=_("About how many people were there"), required=False, min_value=1, max_value=100_000
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        field.queryset = Office.objects.filter(pk__in=[office.pk for office in offices])  # type: ignore[attr-defined]
        field.widget.choices = [(office.pk, office.shown_name) for office in offices]
        self.fields["occasion"].choices = [(code, gettext(words)) for code, words in OCCASIONS.items()]  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate()
        self.fields["key"].initial = secrets.token_urlsafe(24)
        if len(offices) == 1:
            field.initial = offices[0].pk

    def report(self) -> FieldReport:
        """What was told."""
        said = self.cleaned_data
        return FieldReport(
            office=said["office"],
            occasion=said["occasion"],
            on=said["on"],
            lines=tuple(said["lines"].splitlines()),
            people=said["people"],
        )

    def add_domain_error(self, error: DomainError, sentence: str) -> None:
        """Say what is wrong at the field that it is about."""
        field = error.values.get("field", "")
        self.add_error(field if field in self.fields else None, sentence)
