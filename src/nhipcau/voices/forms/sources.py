"""Forms of the register: a source, a reason, the first feeds. What they hold is judged by the actions."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.site.errors import DomainError
from nhipcau.voices.models.sources import Source, SourceKind, matter_choices
from nhipcau.voices.sourcefields import SourceFields

RHYTHMS: Final = (
    ("", _("no fixed rhythm")),
    ("60", _("every hour")),
    ("180", _("every 3 hours")),
    ("360", _("every 6 hours")),
    ("720", _("twice a day")),
    ("1440", _("every day")),
    ("4320", _("every 3 days")),
    ("10080", _("every week")),
    ("43200", _("every month")),
)
LANGUAGES: Final = (
    ("vi", _("Vietnamese")),
    ("en", _("English")),
    ("km", _("Khmer")),
    ("sti", _("S'tiêng")),
    ("fr", _("French")),
    ("zh", _("Chinese")),
)


class SourceForm(forms.Form):
    """A source as it is stated; the kind only when it is made."""

    name = forms.CharField(label=_("Name"), max_length=150)
    kind = forms.ChoiceField(label=_("Kind"))
    address = forms.CharField(
        label=_("Address of the feed"),
        required=False,
        max_length=1_000,
        help_text=_("Only for a press feed: https://… of its RSS, Atom or JSON feed"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    matter = forms.ChoiceField(
        label=_("What it gives"), help_text=_("Publications may be quoted with their source; what people say may not")
    )
    owner = forms.ModelChoiceField(label=_("Office in charge"), queryset=Office.objects.none())
    area = forms.ModelChoiceField(
        label=_("Area"), queryset=Office.objects.none(), required=False, empty_label=_("the whole province")
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    rhythm_minutes = forms.ChoiceField(
        label=_("Rhythm"),
        choices=RHYTHMS,
        required=False,
        help_text=_("Something comes at least so often; when nothing does, the source is shown as silent"),
    )
    terms = forms.CharField(
        label=_("Terms of use"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("On what basis its voices may be used: licence, consent, decision"),
    )
    purpose = forms.CharField(label=_("Purpose"), required=False, max_length=200)
    retention_days = forms.IntegerField(
        label=_("Days kept"), initial=1095, min_value=1, max_value=3650, help_text=_("Then its voices are deleted")
    )

    def __init__(self, *args: Any, source: Source | None = None, **kwargs: Any) -> None:
        if source is not None:
            kwargs["initial"] = {name: getattr(source, name) for name in self.base_fields if hasattr(source, name)}
            kwargs["initial"]["rhythm_minutes"] = source.rhythm_minutes or ""
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        offices = [office for office in Office.objects.order_by("name", "pk") if office.is_open(today)]
        offices.sort(key=lambda office: (office.kind != OfficeKind.HUB, office.kind == OfficeKind.POINT))
        hub = next((office for office in offices if office.kind == OfficeKind.HUB), None)
        areas = [office for office in offices if office.kind == OfficeKind.AREA]
        self._choose("owner", offices)
        self._choose("area", areas)
        if source is None:
            self.fields["owner"].initial = hub
            self.fields["kind"].choices = [one for one in SourceKind.choices if one[0] != SourceKind.FIELD]  # type: ignore[attr-defined]
        else:
            del self.fields["kind"]
            if source.kind != SourceKind.FEED:
                del self.fields["address"]
            known = {value for value, _label in RHYTHMS}
            own = str(source.rhythm_minutes or "")
            if own not in known:
                self.fields["rhythm_minutes"].choices = [*RHYTHMS, (own, own)]  # type: ignore[attr-defined]
        self.fields["matter"].choices = matter_choices()  # type: ignore[attr-defined]
        self._source = source

    def _choose(self, name: str, offices: list[Office]) -> None:
        """Offer these offices without asking the database once more for their labels."""
        field = self.fields[name]
        field.queryset = Office.objects.filter(pk__in=[office.pk for office in offices])  # type: ignore[attr-defined]
        empty = [("", field.empty_label)] if not field.required else []  # type: ignore[attr-defined]
        field.widget.choices = [*empty, *((office.pk, office.shown_name) for office in offices)]

    def source_fields(self) -> SourceFields:
        """What was stated."""
        values = dict(self.cleaned_data)
        values["rhythm_minutes"] = int(values["rhythm_minutes"]) if values.get("rhythm_minutes") else None
        if self._source is not None:
            values["kind"] = self._source.kind
            values.setdefault("address", self._source.address)
        return SourceFields(**values)

    def add_domain_error(self, error: DomainError, sentence: str) -> None:
        """Say what is wrong at the field that it is about."""
        field = error.values.get("field", "")
        self.add_error(field if field in self.fields else None, sentence)


class ForgettingForm(forms.Form):
    """Why a source is forgotten, and its name once more."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    named = forms.CharField(
        label=_("Name of the source"),
        help_text=_("Write it once more, so that it is surely this one"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """Why a source is stopped or started."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
