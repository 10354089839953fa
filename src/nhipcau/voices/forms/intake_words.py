"""The words of what intake refuses: whole batches, and rows of them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from nhipcau.site.errors import DomainError, words_for


def intake_words(error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    return {
        "intake-source-stopped": gettext("The source “%(source)s” is stopped. Whoever keeps it can start it again."),
        "intake-key-used": gettext("Something else was sent under this key before. Use a new key for a new batch."),
        "intake-queue-full": gettext("Too many voices wait to be taken in. Nothing was taken; send it again later."),
        "intake-disk-full": gettext("The disk of the centre is nearly full. Nothing was taken; send it again later."),
    }.get(error.code, error.code) % error.values


def row_words(code: str, values: Mapping[str, object]) -> str:
    """What is wrong with one row, and what to do about it."""
    return {
        "json": gettext("This line is not one JSON object."),
        "no-object": gettext("A voice is an object with fields."),
        "unknown-field": gettext("A field has a name that is not known. Look up the names in the description."),
        "missing": gettext("This is missing. Send it."),
        "empty": gettext("There is no text in it."),
        "type": gettext("This field takes no value of this kind."),
        "too-long": gettext("This is too long: at most %(limit)s characters."),
        "time-unreadable": gettext("This is no time. Write it such as 2026-07-01T17:00:00+07:00."),
        "time-too-late": gettext("This time is more than a day in the future. Look at the clock and the zone."),
        "time-too-early": gettext("This time is more than ten years ago."),
    }.get(code, code) % values


words_for("intake-", intake_words)
