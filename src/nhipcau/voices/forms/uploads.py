"""Forms of files: handing one in, and saying which column is what."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.voices.uploadfiles import NO_COLUMN

LABELS: Final[dict[str, Any]] = {
    "text": _("Text"),
    "title": _("Title, before the text"),
    "id": _("Number of the voice"),
    "time": _("Time"),
    "author": _("Author"),
    "called": _("What the author is called besides"),
    "place": _("Place"),
    "channel": _("Channel"),
    "kind": _("Kind: post or press"),
    "reach": _("Reach"),
    "link": _("Link"),
}
HINTS: Final[dict[str, Any]] = {
    "id": _("By it, a voice that comes twice is taken once"),
    "author": _("Only to count distinct people: it becomes a number that nobody can turn back, and is not kept"),
    "called": _("Another column with names, handles or numbers of authors: they are taken out of the texts"),
}


class FileForm(forms.Form):
    """A file of voices."""

    file = forms.FileField(label=_("File"), help_text=_("CSV, TSV, JSON lines, JSON or Parquet, also packed with .gz"))


class ColumnsForm(forms.Form):
    """Which column of the file is what."""

    def __init__(self, *args: Any, columns: list[str], mapping: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(column, column) for column in dict.fromkeys([*columns, *mapping.values()]) if column != NO_COLUMN]
        for target, label in LABELS.items():
            given = mapping.get(target, NO_COLUMN)
            self.fields[target] = forms.ChoiceField(
                label=label,
                choices=[(NO_COLUMN, _("– none –")), *choices],
                required=False,
                initial=given,
                help_text=HINTS.get(target, ""),
            )

    def mapping(self) -> dict[str, str]:
        """What was said, by what a column becomes."""
        return {target: str(self.cleaned_data[target]) for target in LABELS if self.cleaned_data.get(target)}
