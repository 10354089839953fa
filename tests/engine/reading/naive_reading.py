"""Slow and obvious twins of the compiled parts of reading."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MASK = 2**64 - 1


def siphash_2_4(message: bytes, key: bytes) -> int:
    """The pseudocode of the paper, word by word."""
    first, second = (int.from_bytes(key[at : at + 8], "little") for at in (0, 8))
    v0, v1 = first ^ 0x736F6D6570736575, second ^ 0x646F72616E646F6D
    v2, v3 = first ^ 0x6C7967656E657261, second ^ 0x7465646279746573

    def turned(value: int, bits: int) -> int:
        return ((value << bits) | (value >> (64 - bits))) & MASK

    def rounds(count: int) -> None:
        nonlocal v0, v1, v2, v3
        for _ in range(count):
            v0, v2 = (v0 + v1) & MASK, (v2 + v3) & MASK
            v1, v3 = turned(v1, 13) ^ v0, turned(v3, 16) ^ v2
            v0 = turned(v0, 32)
            v2, v0 = (v2 + v1) & MASK, (v0 + v3) & MASK
            v1, v3 = turned(v1, 17) ^ v2, turned(v3, 21) ^ v0
            v2 = turned(v2, 32)

    whole = len(message) // 8 * 8
    words = [int.from_bytes(message[at : at + 8], "little") for at in range(0, whole, 8)]
    words.append(int.from_bytes(message[whole:], "little") | (len(message) % 256) << 56)
    for word in words:
        v3 ^= word
        rounds(2)
        v0 ^= word
    v2 ^= 0xFF
    rounds(4)
    return v0 ^ v1 ^ v2 ^ v3


def is_hidden(character: str) -> bool:
    code = ord(character)
    return (
        (code < 32 and character not in "\t\n")
        or 0x7F <= code <= 0x9F
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
    )


def clean(text: str) -> str:
    """Lone surrogates replaced, line ends made one, hidden characters gone."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if not is_hidden(character))


def json_texts(raw: bytes) -> list[tuple[int, str] | tuple[int, None]]:
    """For every line: its number and the text of its `text` member (numbers as they are written), None if it is bad."""
    found: list[tuple[int, str] | tuple[int, None]] = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip(b" \t\r"):
            continue
        try:
            row = json.loads(
                line.decode("utf-8"), strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None
            )
        except (UnicodeDecodeError, ValueError, RecursionError):
            found.append((number, None))
            continue
        value = row.get("text") if isinstance(row, dict) else None
        if isinstance(value, bool):
            value = "true" if value else "false"
        text = clean(value) if isinstance(value, str) else ""
        found.append((number, text if text.strip(" \t\n") else None))
    return found


def separated_records(raw: str, separator: str) -> list[list[str]]:
    return [
        [clean(field) for field in record]
        for record in csv.reader(io.StringIO(raw, newline=""), delimiter=separator)
        if record
    ]


def iso_instant(text: str, zone: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
