"""The words of this room's audit records; which they are shown with is in `network/auditwords.py`."""

from __future__ import annotations

from typing import Any, Final

ACTIONS: Final[dict[str, Any]] = {}
"""A short name for each code."""
SENTENCES: Final[dict[str, Any]] = {}
"""What a record says with its values."""
