"""How a record of the audit log is written down and hashed: pure rules, the same on every database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

FIRST_HASH: Final = "0" * 64
"""What the first record follows."""


def written(values: Mapping[str, Any]) -> str:
    """Write values down in one way only: keys in order, no spaces."""
    return orjson.dumps(dict(values), option=orjson.OPT_SORT_KEYS).decode()


def hash_of(
    *,
    seq: int,
    at: datetime,
    by: int | None,
    office: int | None,
    action: str,
    kind: str,
    number: str,
    values_json: str,
    previous_hash: str,
) -> str:
    """Give the hash of a record: SHA-256 over all that it says, and over the hash of the one before."""
    said = [seq, at.astimezone(UTC).isoformat(timespec="microseconds"), by, office, action, kind, number]
    return hashlib.sha256(orjson.dumps([*said, values_json, previous_hash])).hexdigest()
