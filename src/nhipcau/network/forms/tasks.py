"""Forms of directives: they read what was typed and say what is wrong; what it means is in `actions/tasks`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.network.actions.tasks.correcting import Correction
from nhipcau.network.actions.tasks.issuing import ACKNOWLEDGE_MINUTES, Directive
from nhipcau.network.models.offices import Office, OfficeGroup
from nhipcau.network.models.tasks import Task
from nhipcau.network.queries.audience import Audience
from nhipcau.network.taskfiles import CheckedFile, FileRefused, check_document, check_photo

HOURS_TO_ACKNOWLEDGE = (
    (60, _("1 working hour")),
    (120, _("2 working hours")),
    (240, _("4 working hours")),
    (480, _("8 working hours")),
    (960, _("16 working hours")),
)
ROLES = (
    ("leader", pgettext_lazy("role addressed", "Leaders")),
    ("analyst", pgettext_lazy("role addressed", "Analysts")),
    ("officer", pgettext_lazy("role addressed", "Officers")),
)
FILE_PROBLEMS = {
    "empty": _("The file is empty. Choose it again."),
    "too_large": _("The file is larger than %(limit_megabytes)s MB. Choose a smaller one."),
    "unknown_kind": _("This kind of file is not taken. These are: %(allowed)s."),
    "not_readable": _("The file is damaged and cannot be read. Save it again and choose it anew."),
    "has_macros": _("The document contains macros. Save it without macros, or as PDF."),
}


class DateTimeInput(forms.DateTimeInput):
    """A field that phones and browsers show as a picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class DirectiveForm(forms.Form):
    """What is asked, by when, and of whom."""

    key = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=64)
    origin_kind = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[(kind, kind) for kind in ("free", "issue", "brief")], initial="free"
    )
    origin_ref = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(label=_("What is to be done"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))
    why = forms.CharField(label=_("Why"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    due_at = forms.DateTimeField(label=_("Due"), widget=DateTimeInput())
    acknowledge_minutes = forms.TypedChoiceField(
        label=_("To be acknowledged within"), coerce=int, choices=HOURS_TO_ACKNOWLEDGE, initial=ACKNOWLEDGE_MINUTES
    )
    is_urgent = forms.BooleanField(label=_("Urgent: the clocks run through nights and days off"), required=False)
    areas = forms.ModelMultipleChoiceField(
        label=_("All points of these areas"),
        queryset=Office.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Saved groups"),
        queryset=OfficeGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    roles = forms.MultipleChoiceField(
        label=_("People in these roles, everywhere you direct"),
        choices=ROLES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    offices = forms.ModelMultipleChoiceField(
        label=_("Single offices and points"),
        queryset=Office.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, *, offices: Any, areas: Any, groups: Any) -> DirectiveForm:
        """Say which offices, areas and groups may be chosen."""
        for name, choices in (("offices", offices), ("areas", areas), ("groups", groups)):
            field = self.fields[name]
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.queryset = choices
        return self

    def clean_due_at(self) -> datetime:
        """The due time lies ahead."""
        due_at: datetime = self.cleaned_data["due_at"]
        if due_at <= timezone.now():
            raise forms.ValidationError(_("This time has passed. Choose a later one."))
        return due_at

    def clean(self) -> dict[str, Any]:
        """Somebody is addressed."""
        values = super().clean() or {}
        if not any(values.get(name) for name in ("areas", "groups", "roles", "offices")):
            raise forms.ValidationError(_("Choose at least one area, group, role or office."), code="no_audience")
        return values

    def audience(self) -> Audience:
        """Who was chosen."""
        values = self.cleaned_data
        return Audience(
            offices=frozenset(office.pk for office in values["offices"]),
            areas=frozenset(area.pk for area in values["areas"]),
            roles=frozenset(values["roles"]),
            groups=frozenset(group.pk for group in values["groups"]),
        )

    def directive(self, attachments: list[tuple[str, CheckedFile]]) -> Directive:
        """What was asked."""
        asked = ("title", "text", "why", "due_at", "is_urgent", "acknowledge_minutes", "origin_kind", "origin_ref")
        return Directive(**{name: self.cleaned_data[name] for name in asked}, attachments=attachments)


class CorrectionForm(forms.Form):
    """What a directive says from now on, and what changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    what_changed = forms.CharField(
        label=_("What changed"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In a sentence or two; the units read this first."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(label=_("What is to be done"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))
    why = forms.CharField(label=_("Why"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    due_at = forms.DateTimeField(label=_("Due"), widget=DateTimeInput())

    def correction(self, *, before: Task) -> Correction:
        """What was written; a due time that shows the same minute as before is the same."""
        values = {name: self.cleaned_data[name] for name in ("title", "text", "why", "due_at", "what_changed")}
        if values["due_at"] == before.due_at.replace(second=0, microsecond=0):
            values["due_at"] = before.due_at
        # browsers send line ends of their own
        texts = {name: values[name].replace("\r\n", "\n") for name in ("text", "why", "what_changed")}
        same = {name: getattr(before, name) for name in ("text", "why") if _is_same(texts[name], getattr(before, name))}
        return Correction(**values | texts | same)


def _is_same(text: str, before: str) -> bool:
    return text.strip() == before.replace("\r\n", "\n").strip()


def tomorrow_evening() -> datetime:
    """The due time that a new form proposes: five o'clock of the next day."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time(17)))


def checked_attachments(files: list[Any]) -> tuple[list[tuple[str, CheckedFile]], list[str]]:
    """Attachments that may go out, and a sentence for each that may not."""
    taken, refused = [], []
    for file in files[:5]:
        check = check_photo if (file.content_type or "").startswith("image/") else check_document
        try:
            taken.append((file.name, check(file)))
        except FileRefused as refusal:
            refused.append(f"{file.name}: {FILE_PROBLEMS[refusal.code] % refusal.values}")
    if len(files) > 5:
        refused.append(str(_("At most five files can go out with a directive.")))
    return taken, refused
