"""The number that stands for a token everywhere in the engine, in plain Python; the kernel has its twin."""

from __future__ import annotations

from typing import Final

_MASK: Final = (1 << 64) - 1
_FNV_START: Final = 0xCBF29CE484222325
_FNV_PRIME: Final = 0x100000001B3


def token_hash(word: str) -> int:
    """64-bit hash of a token: FNV-1a over its UTF-8 bytes, then the finaliser of MurmurHash3.

    The word is taken as it is: in lower case, composed (NFC), tone mark where `normalize` puts it, as in a `Tokens`.

    Examples
    --------
    >>> hex(token_hash("ngập"))
    '0x83d5bd8e31bd7f9e'

    Notes
    -----
    Fowler, Noll and Vo, "The FNV non-cryptographic hash algorithm" (IETF draft); Appleby, MurmurHash3, `fmix64`.
    """
    value = _FNV_START
    for byte in word.encode("utf-8"):
        value = (value ^ byte) * _FNV_PRIME & _MASK
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & _MASK
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ value >> 33
