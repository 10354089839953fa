"""The words of what only the API refuses."""

from __future__ import annotations

from django.utils.translation import gettext

from nhipcau.site.errors import DomainError, words_for


def api_words(error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    if error.code == "api-files-refused":
        return " ".join(error.values["sentences"])
    return {
        "api-scope-missing": gettext("This token was not made for this: it lacks %(scope)s. Make one that has it."),
        "api-second-factor-missing": gettext(
            "Your role needs a second factor: log in and set one up, then the token works."
        ),
        "api-choice-unknown": gettext("%(field)s: %(unknown)s cannot be chosen. Choose others."),
        "api-cursor-unknown": gettext("This cursor is not from this list. Begin again without a cursor."),
    }.get(error.code, error.code) % error.values


words_for("api-", api_words)
