"""The words of this room's audit records; which they are shown with is in `network/auditwords.py`."""

from __future__ import annotations

from typing import Any, Final

from nhipcau.issues.forms import alert_words, brief_records, issue_words

ACTIONS: Final[dict[str, Any]] = {**issue_words.ACTIONS, **alert_words.ACTIONS, **brief_records.ACTIONS}
"""A short name for each code."""
SENTENCES: Final[dict[str, Any]] = {**issue_words.SENTENCES, **alert_words.SENTENCES, **brief_records.SENTENCES}
"""What a record says with its values."""
WORDED: Final[dict[str, dict[str, Any]]] = {**issue_words.WORDED, **brief_records.WORDED}
"""Values that are codes."""
