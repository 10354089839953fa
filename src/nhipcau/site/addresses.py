"""Addresses of many pages of one kind: the pattern is looked up once, not for each row of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.urls import reverse

_ANY: Final = 7_070_707
"""Stands for the number while the address is looked up."""


def address_pattern(name: str) -> Callable[[int], str]:
    """Give the addresses of a kind of page by number."""
    before, _, after = reverse(name, args=[_ANY]).partition(str(_ANY))
    return lambda number: f"{before}{number}{after}"
