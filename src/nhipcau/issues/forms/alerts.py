"""Forms of alert rules and notifiers: they read what was typed; what it means is in `actions/alerts/`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from nhipcau.issues.access.alerts import people_who_may_be_told
from nhipcau.issues.actions.alerts.rules import AskedRule
from nhipcau.issues.alertrules import STEPS
from nhipcau.issues.models.alerts import AlertRule, what_choices
from nhipcau.issues.models.issues import level_choices
from nhipcau.issues.models.notifiers import Notifier
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person, languages, roles
from nhipcau.voices.models.sources import Source

MINUTES = (0, 5, 10, 15, 30, 60, 120)
HOURS = (1, 3, 6, 12, 24, 48, 72, 168)
ESCALATE = (5, 10, 15, 30, 60, 120)


def _minutes() -> list[tuple[int, Any]]:
    return [(0, _("none: each goes at once"))] + [
        (number, ngettext_lazy("%(number)s minute", "%(number)s minutes", number) % {"number": number})
        for number in MINUTES[1:]
    ]


def _hours() -> list[tuple[int, Any]]:
    return [(n, ngettext_lazy("%(number)s hour", "%(number)s hours", n) % {"number": n}) for n in HOURS]


def _escalate() -> list[tuple[Any, Any]]:
    return [("", _("never"))] + [
        (n, ngettext_lazy("%(number)s minute", "%(number)s minutes", n) % {"number": n}) for n in ESCALATE
    ]


def _steps() -> list[tuple[int, str]]:
    return [(0, "–"), *((step, str(step)) for step in STEPS[1:])]


def _levels() -> list[tuple[int, str]]:
    return [(0, "–"), *level_choices()[1:]]


def _places() -> list[tuple[str, str]]:
    offices = Office.objects.exclude(place_code="").filter(closed_on__isnull=True).order_by("name", "pk")
    return list({office.place_code: (office.place_code, office.shown_name) for office in offices}.values())


def _sources() -> list[tuple[str, str]]:
    return list(Source.objects.order_by("name", "pk").values_list("code", "name"))


class ClockInput(forms.TimeInput):
    """A field that phones and browsers show as a clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _number(label: Any, choices: Any, initial: int, help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, initial=initial, help_text=help_text)


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class AlertRuleForm(forms.Form):
    """What somebody wants to be told of, how, and when not."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=pgettext_lazy("alert rule", "Name of the rule"), max_length=120)
    what = forms.ChoiceField(label=_("What it looks for"), choices=what_choices)
    level = _number(
        _("Level at least"), _levels, 0, _("For issues and places this level has to be reached; else it only filters.")
    )
    questions = _number(_("Open questions at least"), _steps, 0, _("For “Many ask and nothing is published”."))
    people = _number(_("People at least"), _steps, 0, _("For “A new issue of many people”."))
    places = _several(_("Only in these places"), _places)
    sources = _several(_("Only from these sources"), _sources)
    words = forms.CharField(
        label=_("Only with one of these words"),
        max_length=300,
        required=False,
        help_text=_(
            "With commas between them; signs make no difference. They are looked for in the name and keywords."
        ),
    )
    tells_command = forms.BooleanField(label=_("Whoever is in command"), required=False)
    roles_told = _several(_("Roles at the hub"), roles)
    people_told = forms.ModelMultipleChoiceField(
        label=_("Persons"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    notifiers_told = forms.ModelMultipleChoiceField(
        label=_("Notifiers"), queryset=Notifier.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=ClockInput)
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=ClockInput)
    urgent_breaks_through = forms.BooleanField(label=_("Urgent breaks through quiet hours"), required=False)
    group_minutes = _number(_("One letter for what is found within"), _minutes, 10, _("Urgent goes at once."))
    repeat_hours = _number(_("Of the same again at the earliest after"), _hours, 24, _("Unless its level rises."))
    repeats = forms.BooleanField(label=_("Tell again after this time also where it simply goes on"), required=False)
    asks_acknowledgement = forms.BooleanField(label=_("Ask for acknowledgement"), required=False)
    escalate_minutes = forms.TypedChoiceField(
        label=_("Urgent and not acknowledged goes to whoever is in command after"),
        choices=_escalate,
        coerce=int,
        empty_value=None,
        required=False,
        initial=15,
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, choices in (
            ("people_told", people_who_may_be_told()),
            ("notifiers_told", Notifier.objects.filter(stopped_at__isnull=True).order_by("name", "pk")),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.queryset = choices

    def asked(self) -> AskedRule:
        """What was asked for."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return AskedRule(**values | {name: list(values[name]) for name in ("people_told", "notifiers_told")})


def initial_of(rule: AlertRule) -> dict[str, Any]:
    """What the form of a rule begins with."""
    columns = [name for name in AlertRuleForm.base_fields if name not in ("people_told", "notifiers_told")]
    values = {name: getattr(rule, name) for name in columns}
    return values | {name: list(getattr(rule, name).all()) for name in ("people_told", "notifiers_told")}


NEW = {"urgent_breaks_through": True, "asks_acknowledgement": True, "quiet_from": "22:00", "quiet_until": "06:00"}
"""What a new rule begins with."""


class NotifierForm(forms.Form):
    """A way to reach staff."""

    name = forms.CharField(label=_("Who is reached by it"), max_length=80)
    address = forms.CharField(
        label=pgettext_lazy("notifier", "Address"),
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "As Apprise writes it, such as tgram://…, slack://… or jsons://…. It is a secret: nobody sees it again."
        ),
    )
    language = forms.ChoiceField(label=_("Language of its letters"), choices=languages)
