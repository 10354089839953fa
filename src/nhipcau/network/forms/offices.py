"""Forms of offices: texts become the fields, days and choices that the actions take. No rules of their own."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nhipcau.network.forms.office_words import FIELDS, problem_words
from nhipcau.network.models.offices import DayKind, Office, OfficeGroup, OfficeKind, office_kinds
from nhipcau.network.officefields import OfficeFields, RouteFields, read_routes, write_routes
from nhipcau.network.week import WeekError, read_week, write_week
from nhipcau.site.errors import DomainError


class DayField(forms.DateField):
    """A day, picked or written; the calendar of the browser is used."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WeekField(forms.CharField):
    """The hours of a week as people write them; empty means those of the office above."""

    def to_python(self, value: Any) -> Any:
        """Read the hours."""
        text = super().to_python(value)
        try:
            return read_week(text) if text else None
        except WeekError as error:
            raise forms.ValidationError(problem_words(error.code, error.text)) from None

    def prepare_value(self, value: Any) -> Any:
        """Write the hours in the language of the reader."""
        return write_week(value, language=get_language() or "vi") if isinstance(value, tuple) else value


class RoutesField(forms.CharField):
    """Ways to reach an office, a line each."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        """Read the lines."""
        return read_routes(super().to_python(value) or "")

    def prepare_value(self, value: Any) -> Any:
        """Write the lines."""
        if isinstance(value, tuple):
            routes = [route for route in value if isinstance(route, RouteFields)]
            return write_routes(routes, between="\n", language=get_language() or "vi")
        return value


class OwnOfficeForm(forms.Form):
    """What an office states of itself."""

    latitude = forms.FloatField(label=FIELDS["latitude"], required=False)
    longitude = forms.FloatField(label=FIELDS["longitude"], required=False)
    languages = forms.CharField(
        label=FIELDS["languages"],
        required=False,
        help_text=_("Codes with blanks between: vi en km. The first is its own."),
    )
    working_hours = WeekField(
        label=FIELDS["working_hours"],
        required=False,
        help_text=_("For example T2-T6 07:00-11:30 13:30-17:00; T7 07:00-11:30. Empty: the hours of the office above."),
    )
    routes = RoutesField(
        label=FIELDS["routes"],
        required=False,
        help_text=_(
            "A line each, the first is tried first: “phone: 0271 3 822 114”. "
            "Ways are phone, email, sms, zalo, radio and address."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_languages(self) -> tuple[str, ...]:
        """Divide the codes."""
        return tuple(str(self.cleaned_data["languages"]).replace(",", " ").split())

    def fields_for(self, known: OfficeFields | None) -> OfficeFields:
        """What the office would be with what the form says."""
        stated = {name: value for name, value in self.cleaned_data.items() if name in OfficeFields.__slots__}
        before = {name: getattr(known, name) for name in OfficeFields.__slots__} if known else {}
        return OfficeFields(**(before | stated))

    def add_domain_error(self, error: DomainError, words: str) -> None:
        """Show an error beside the field that it names, else above the form."""
        field = error.values.get("field")
        self.add_error(field if field in self.fields else None, words)


class OfficeForm(OwnOfficeForm):
    """All that is stated of an office."""

    code = forms.CharField(label=FIELDS["code"], max_length=32)
    name = forms.CharField(label=FIELDS["name"], max_length=200)
    name_en = forms.CharField(label=FIELDS["name_en"], max_length=200, required=False)
    kind = forms.ChoiceField(label=FIELDS["kind"], choices=office_kinds)
    place_code = forms.CharField(
        label=FIELDS["place_code"],
        max_length=8,
        required=False,
        help_text=_("The official code of the province or commune that it serves."),
    )
    opened_on = DayField(label=FIELDS["opened_on"], required=False)
    field_order: tuple[str, ...] = ("code", "name", "name_en", "kind", "place_code", "opened_on")


class NewOfficeForm(OfficeForm):
    """An office with its place in the tree."""

    parent = forms.ModelChoiceField(label=FIELDS["parent"], queryset=Office.objects.none())
    areas = forms.ModelMultipleChoiceField(
        label=FIELDS["areas"], queryset=Office.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("code", "name", "name_en", "kind", "parent", "areas", "place_code", "opened_on")

    def __init__(self, *args: Any, above: Any, areas: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "parent", above)
        _choose(self, "areas", areas)
        kind: Any = self.fields["kind"]
        kind.choices = [choice for choice in office_kinds() if choice[0] != OfficeKind.HUB]


class ChangeForm(forms.Form):
    """A change that holds from a day."""

    on = DayField(label=_("From the day"), initial=timezone.localdate)

    def add_domain_error(self, error: DomainError, words: str) -> None:
        """Show an error above the form."""
        self.add_error("on" if error.code == "office-day-refused" else None, words)

    @property
    def day(self) -> datetime.date:
        """The day."""
        day: datetime.date = self.cleaned_data["on"]
        return day


class MoveForm(ChangeForm):
    """Another parent."""

    parent = forms.ModelChoiceField(label=FIELDS["parent"], queryset=Office.objects.none())
    field_order = ("parent", "on")

    def __init__(self, *args: Any, above: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "parent", above)


class AreasForm(ChangeForm):
    """Other areas."""

    areas = forms.ModelMultipleChoiceField(
        label=FIELDS["areas"], queryset=Office.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("areas", "on")

    def __init__(self, *args: Any, areas: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "areas", areas)


class RenameForm(ChangeForm):
    """Another name."""

    name = forms.CharField(label=_("New name"), max_length=200)
    name_en = forms.CharField(label=_("New name in English"), max_length=200, required=False)
    field_order = ("name", "name_en", "on")


class CloseForm(ChangeForm):
    """An end, with successors or without."""

    successors = forms.ModelMultipleChoiceField(
        label=_("Successors"),
        queryset=Office.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None: the office is abolished. One: it is merged into that. Several: it is split among them, and the "
            "first takes over those below."
        ),
    )
    field_order = ("successors", "on")

    def __init__(self, *args: Any, offices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "successors", offices)


class MergeForm(ChangeForm):
    """Several offices into one."""

    into = forms.ModelChoiceField(label=_("Into"), queryset=Office.objects.none())
    offices = forms.ModelMultipleChoiceField(
        label=_("Offices that are merged and close"),
        queryset=Office.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("into", "on", "offices")

    def __init__(self, *args: Any, offices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "offices", offices.exclude(kind=OfficeKind.HUB))
        _choose(self, "into", offices)


class GroupForm(forms.Form):
    """A saved choice of offices."""

    name = forms.CharField(label=_("Name of the group"), max_length=120)
    owner = forms.ModelChoiceField(label=_("Kept by"), queryset=Office.objects.none())
    members = forms.ModelMultipleChoiceField(
        label=_("Offices"), queryset=Office.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, owners: Any, offices: Any, group: OfficeGroup | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "owner", owners)
        _choose(self, "members", offices)
        if group is not None:
            del self.fields["owner"]


class SpecialDayForm(forms.Form):
    """A day off, or a day worked."""

    on = DayField(label=_("Day"))
    kind = forms.ChoiceField(label=_("The day is"), choices=DayKind.choices)
    name = forms.CharField(label=_("What it is"), max_length=120)


class FileForm(forms.Form):
    """A file of offices."""

    file = forms.FileField(label=_("CSV file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}))


def _choose(form: forms.Form, name: str, offices: Any) -> None:
    field: Any = form.fields[name]
    field.queryset = offices
    field.label_from_instance = lambda office: f"{office.shown_name} ({office.code})"
