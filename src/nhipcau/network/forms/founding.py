"""The form of the first page: five questions become the answers of `actions/founding`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nhipcau.network.actions.founding import Answers
from nhipcau.network.forms.offices import WeekField
from nhipcau.network.places import provinces
from nhipcau.network.worktime import OFFICE_HOURS
from nhipcau.site.errors import DomainError


def province_choices() -> list[tuple[str, str]]:
    """Today's provinces, in the language of the reader."""
    english = get_language() == "en"
    return [("", "—"), *((one.code, one.name_en if english else one.full_name) for one in provinces())]


class FoundingForm(forms.Form):
    """Five questions: where, which centre, who administers, which areas, which hours."""

    key = forms.CharField(widget=forms.HiddenInput)
    province = forms.ChoiceField(label=_("Province"), choices=province_choices)
    name = forms.CharField(label=_("Name of the centre"), max_length=200)
    name_en = forms.CharField(label=_("Its name in English"), max_length=200, required=False)
    administrator_name = forms.CharField(label=_("Name"), max_length=150)
    administrator_email = forms.EmailField(label=_("E-mail"))
    administrator_password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 signs. A sentence that only you would write is good."),
    )
    areas = forms.CharField(
        label=_("Areas"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "A name on each line. Communes go to the areas by nearness, about as many to each; change that later as "
            "you like. Empty: no areas yet."
        ),
    )
    working_hours = WeekField(label=_("Working hours"), initial=OFFICE_HOURS)

    QUESTIONS = (
        (_("1. Which province?"), ("province",)),
        (_("2. What is the centre called?"), ("name", "name_en")),
        (_("3. Who administers it?"), ("administrator_name", "administrator_email", "administrator_password")),
        (_("4. Which areas coordinate its points?"), ("areas",)),
        (_("5. When does it work?"), ("working_hours",)),
    )

    @property
    def questions(self) -> list[tuple[str, list[Any]]]:
        """The questions with their fields."""
        return [(str(title), [self[name] for name in names]) for title, names in self.QUESTIONS]

    @property
    def answers(self) -> Answers:
        """What was answered."""
        data = self.cleaned_data
        return Answers(
            province_code=data["province"],
            name=data["name"],
            name_en=data["name_en"],
            administrator_name=data["administrator_name"],
            administrator_email=data["administrator_email"],
            administrator_password=data["administrator_password"],
            areas=tuple(" ".join(line.split()) for line in data["areas"].splitlines() if line.strip()),
            working_hours=data["working_hours"],
        )

    def add_domain_error(self, error: DomainError, words: str) -> None:
        """Show an error beside the question that it names, else above all."""
        field = error.values.get("field")
        self.add_error(field if field in self.fields else None, words)
