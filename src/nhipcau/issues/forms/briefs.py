"""Forms of briefs: drafting, editing, correcting, readers, hours; what it all means is in `actions/briefs`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from nhipcau.issues.actions.briefs.drafting import HOURS
from nhipcau.issues.actions.briefs.editing import LIMITS, MOST_RECOMMENDATIONS
from nhipcau.issues.briefing.document import Edits, Recommendation, no_edits
from nhipcau.issues.models.briefs import brief_languages
from nhipcau.network.forms.tasks import DateTimeInput
from nhipcau.network.models.people import Person

EMPTY_ROWS = 3
DAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)


def hours_choices() -> list[tuple[int, Any]]:
    """Periods that a brief can be about."""
    return [(hours, ngettext_lazy("%d hour", "%d hours", hours) % hours) for hours in HOURS if hours < 72] + [
        (72, _("3 days")),
        (168, _("7 days")),
    ]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class BriefNewForm(forms.Form):
    """Which period a draft is about."""

    key = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=40)
    hours = forms.TypedChoiceField(label=_("Period"), coerce=int, choices=hours_choices, initial=24)
    as_of = forms.DateTimeField(
        label=pgettext_lazy("brief", "As of"),
        required=False,
        widget=DateTimeInput(),
        help_text=_("Empty: now. Of a past moment, quotes and forecasts are not kept."),
    )

    def clean_as_of(self) -> datetime | None:
        """Nothing is known of the future."""
        as_of: datetime | None = self.cleaned_data["as_of"]
        if as_of and as_of > timezone.now():
            raise forms.ValidationError(_("This time has not come yet. Choose an earlier one."))
        return as_of


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=LIMITS["reason"], widget=_area(2))


class BriefEditForm(forms.Form):
    """What people change in a draft: each issue has its place, name, remark, and whether it stays."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    lead = forms.CharField(
        label=_("Lead"),
        required=False,
        max_length=LIMITS["lead"],
        widget=_area(5),
        help_text=_("What a leader must know in a minute; it stands before what the software counted."),
    )

    def __init__(self, *args: Any, issues: list[dict[str, Any]], edits: Edits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issues = _in_order(issues, edits)
        self.advice_rows = min(len(edits["recommendations"]) + EMPTY_ROWS, MOST_RECOMMENDATIONS)
        self.fields["lead"].initial = edits["lead"]
        for place, issue in enumerate(self.issues, start=1):
            self._add_issue(issue, place, edits)
        choices = [("", _("no single issue")), *((issue["id"], issue["label"]) for issue in self.issues)]
        for row in range(self.advice_rows):
            self._add_advice(row, choices, edits["recommendations"][row : row + 1])

    def _add_issue(self, issue: dict[str, Any], place: int, edits: Edits) -> None:
        name = str(issue["id"])
        self.fields[f"place-{name}"] = forms.IntegerField(
            label=pgettext_lazy("in the order of a brief", "Place"),
            min_value=1,
            max_value=999,
            initial=place,
            required=False,
        )
        self.fields[f"keep-{name}"] = forms.BooleanField(
            label=_("stays in the brief"), required=False, initial=issue["id"] not in edits["left_out"]
        )
        self.fields[f"label-{name}"] = forms.CharField(
            label=_("Name of the issue"),
            required=False,
            max_length=LIMITS["label"],
            initial=edits["labels"].get(name, issue["label"]),
        )
        self.fields[f"remark-{name}"] = forms.CharField(
            label=_("Remark"),
            required=False,
            max_length=LIMITS["remark"],
            widget=_area(2),
            initial=edits["remarks"].get(name, ""),
        )

    def _add_advice(self, row: int, choices: list[tuple[Any, Any]], known: list[Recommendation]) -> None:
        said: dict[str, Any] = dict(known[0]) if known else {"what": "", "who": "", "until": "", "issue": None}
        for name, label in (
            ("what", _("What is to be done")),
            ("who", pgettext_lazy("of a recommendation", "Who")),
            ("until", _("By when")),
        ):
            widget = _area(2) if name == "what" else forms.TextInput()
            self.fields[f"{name}-{row}"] = forms.CharField(
                label=label, required=False, max_length=LIMITS[name], initial=said[name], widget=widget
            )
        self.fields[f"issue-{row}"] = forms.TypedChoiceField(
            label=_("About"), coerce=int, empty_value=None, choices=choices, required=False, initial=said["issue"] or ""
        )

    def issue_rows(self) -> list[dict[str, Any]]:
        """Give each issue with its four fields, for the page."""
        names = ("place", "keep", "label", "remark")
        return [{"issue": issue, **{name: self[f"{name}-{issue['id']}"] for name in names}} for issue in self.issues]

    def advice(self) -> list[list[forms.BoundField]]:
        """Give the fields of each recommendation, for the page."""
        names = ("what", "who", "until", "issue")
        return [[self[f"{name}-{row}"] for name in names] for row in range(self.advice_rows)]

    def edits(self) -> Edits:
        """What was asked for."""
        said, found = self.cleaned_data, no_edits()
        numbers = [issue["id"] for issue in self.issues]
        places = {number: place for place, number in enumerate(numbers, start=1)}
        found["lead"] = said["lead"]
        found["order"] = sorted(numbers, key=lambda one: (said[f"place-{one}"] or places[one], places[one]))
        found["left_out"] = [number for number in numbers if not said[f"keep-{number}"]]
        found["labels"] = {str(number): said[f"label-{number}"] for number in numbers}
        found["remarks"] = {str(number): said[f"remark-{number}"] for number in numbers}
        found["recommendations"] = [
            cast("Recommendation", {name: said[f"{name}-{row}"] for name in ("what", "who", "until", "issue")})
            for row in range(self.advice_rows)
        ]
        return found


def _in_order(issues: list[dict[str, Any]], edits: Edits) -> list[dict[str, Any]]:
    """Give all issues of the draft in the order of people; those left out stay where they were."""
    places = {number: place for place, number in enumerate(edits["order"])}
    return sorted(issues, key=lambda issue: places.get(issue["id"], len(places)))


class ReaderForm(forms.Form):
    """A new reader."""

    person = forms.ModelChoiceField(
        label=_("A person of the centre"), queryset=Person.objects.none(), required=False, empty_label="–"
    )
    email = forms.EmailField(label=_("or the e-mail address of somebody else"), required=False)
    name = forms.CharField(label=_("Name or office of the reader"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=brief_languages)
    wants_pdf = forms.BooleanField(label=_("with the PDF attached"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Person.objects.filter(is_active=True, brief_readings__isnull=True).order_by("name", "id")


class ScheduleForm(forms.Form):
    """A new hour."""

    at = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="06:00"
    )
    days = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("of the week", "Days"),
        coerce=int,
        choices=DAYS,
        widget=forms.CheckboxSelectMultiple,
        initial=list(range(7)),
    )
    hours = forms.TypedChoiceField(label=_("Period"), coerce=int, choices=hours_choices, initial=24)
