"""The words of the voice log: what is wrong with its files, and what the audit log says of deletions."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.site.errors import DomainError, words_for

ACTIONS: Final[dict[str, Any]] = {
    "source.forgotten": _("Source to be forgotten"),
    "source.forgotten-wholly": _("Source forgotten"),
    "voices.deleted": _("Voices deleted"),
}
SENTENCES: Final[dict[str, Any]] = {
    "source.forgotten": _(
        "Everything of “%(source)s” is to be deleted from the voice log; "
        "%(waiting)s voices that waited are deleted. Reason: %(reason)s"
    ),
    "source.forgotten-wholly": _("Nothing of “%(source)s” is left in the voice log: %(voices)s voices are deleted"),
    "voices.deleted": _(
        "%(voices)s voices of “%(source)s” deleted, arrived from %(since)s to %(until)s; "
        "SHA-256 of the file before: %(before)s, after: %(after)s"
    ),
}


def voicelog_words(error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    return {
        "voicelog-file-missing": gettext(
            "The file %(file)s of the voice log is missing. Put it back from a backup, then run nhipcau check."
        ),
        "voicelog-file-damaged": gettext(
            "The file %(file)s of the voice log is damaged (%(reason)s). "
            "Put it back from a backup, then run nhipcau check."
        ),
    }.get(error.code, error.code) % error.values


words_for("voicelog-", voicelog_words)
