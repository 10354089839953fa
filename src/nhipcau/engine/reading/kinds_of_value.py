"""What a scanner may find in a cell, as the small numbers that the compiled parts share. No logic lives here."""

from __future__ import annotations

from typing import Final

ABSENT: Final = 0
"""The row has no such column."""
EMPTY: Final = 1
"""Null, or a string without characters."""
PLAIN: Final = 2
"""Bytes to copy as they are: a clean string, a number, true or false."""
ESCAPED: Final = 3
"""A JSON string with escapes or control characters."""
QUOTED: Final = 4
"""A quoted field with doubled quotes or control characters."""
CONTROL: Final = 5
"""Text without escapes that holds control characters."""
NESTED: Final = 6
"""A JSON object or array."""

GOOD: Final = 0
"""Not a fault."""
BAD_JSON: Final = 1
BAD_QUOTE: Final = 2
BAD_FIELDS: Final = 3
BAD_LONG: Final = 4
