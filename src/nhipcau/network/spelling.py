"""Texts as a search compares them: small letters without Vietnamese signs. Searches in posts are the engine's."""

from __future__ import annotations

from nhipcau.engine.cleaning.letters import strip_diacritics


def folded(*texts: str) -> str:
    """Join texts in small letters without signs: 'Xã Đức Hòa' becomes 'xa duc hoa'."""
    return " ".join(strip_diacritics(" ".join(texts)).casefold().split())
