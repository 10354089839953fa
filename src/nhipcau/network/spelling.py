"""Texts as a search compares them: small letters without Vietnamese signs. Searches in posts are the engine's."""

from __future__ import annotations

import unicodedata


def folded(*texts: str) -> str:
    """Join texts in small letters without signs: 'Xã Đức Hòa' becomes 'xa duc hoa'."""
    apart = unicodedata.normalize("NFD", " ".join(text for text in texts if text).casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.replace("đ", "d").split())
