"""Who else is told that a source is forgotten: rooms above this one, which keep words that came of its voices.

They register here when they start and are called in the transaction of the order (`actions/forgetting.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_TOLD: Final[list[Callable[[str], None]]] = []


def when_forgotten(forget: Callable[[str], None]) -> None:
    """Have this called with the code of a source of which nothing may be shown any more."""
    if forget not in _TOLD:
        _TOLD.append(forget)


def tell_forgotten(code: str) -> None:
    """Call all of them."""
    for forget in _TOLD:
        forget(code)
