"""What a person can mend: an error with a stable code and values, put into words in one place for each subject.

Rooms register the words of their codes with `words_for`; pages and the API call `words_of`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext


class DomainError(Exception):
    """Something that was asked for cannot be done. Subclasses state a `code` and what their values are."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 422
    """What a request is answered with: 403 where the person may look but not touch, 409 where somebody was faster."""

    def __init__(self, **values: Any) -> None:
        super().__init__(self.code)
        self.values = values

    def __str__(self) -> str:
        return f"{self.code} {self.values}" if self.values else self.code


class NotAllowed(DomainError):
    """The person may not do this here. Values: none."""

    code = "not-allowed"
    status = 403


Words = Callable[[DomainError], str]
_WORDS: dict[str, Words] = {}


def words_for(prefix: str, words: Words) -> None:
    """Register what puts the codes that begin with a prefix into words."""
    _WORDS[prefix] = words


def words_of(error: DomainError) -> str:
    """Say what is wrong and what to do about it, in the language of whoever asks."""
    for prefix in sorted(_WORDS, key=len, reverse=True):
        if error.code.startswith(prefix):
            return _WORDS[prefix](error)
    if error.status == 403:
        return gettext("You may look at this, but it belongs to another office or role. Ask whoever is in command now.")
    return gettext("This could not be done (%(code)s). Go back and try again.") % {"code": error.code}
