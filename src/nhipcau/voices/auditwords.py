"""The words of this room's audit records; which they are shown with is in `network/auditwords.py`."""

from __future__ import annotations

from typing import Any, Final

from nhipcau.voices.forms import source_records, voicelog_words

ACTIONS: Final[dict[str, Any]] = {**source_records.SHORT, **voicelog_words.ACTIONS}
"""A short name for each code."""
SENTENCES: Final[dict[str, Any]] = {**source_records.SENTENCES, **voicelog_words.SENTENCES}
"""What a record says with its values."""
WORDED: Final[dict[str, dict[str, Any]]] = {**source_records.WORDED}
"""Values that are codes, by their name in a record."""
