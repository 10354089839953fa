"""What is stated of a source, as it travels from forms to actions, and the limits of each field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nhipcau.network.models.offices import Office

NAME_LETTERS: Final = 150
TERMS_LETTERS: Final = 5_000
PURPOSE_LETTERS: Final = 200
ADDRESS_LETTERS: Final = 1_000
LONGEST_RETENTION_DAYS: Final = 3_650
SHORTEST_RHYTHM_MINUTES: Final = 5
LONGEST_RHYTHM_MINUTES: Final = 60 * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFields:
    """A source as somebody wants it to be; its kind is stated once, when it is made."""

    name: str
    kind: str
    owner: Office
    matter: str = "post"
    area: Office | None = None
    language: str = "vi"
    terms: str = ""
    purpose: str = ""
    retention_days: int = 1095
    rhythm_minutes: int | None = None
    address: str = ""
