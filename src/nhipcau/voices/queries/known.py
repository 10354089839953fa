"""Which voices of a batch are new: neither twice in it, nor accepted in the last days. SQL by hand: it is asked for
every voice, and building it from models takes longer than the look-up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db import connection

from nhipcau.voices.models.known import RecentVoices

AT_ONCE: Final = 900
"""Numbers in one statement of SQLite, which takes no arrays."""
_FILE_EACH: Final = "INSERT INTO voices_knownvoice (digest, accepted_on) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_FILE_ALL: Final = (
    "INSERT INTO voices_knownvoice (digest, accepted_on)"
    " SELECT * FROM unnest(%s::bigint[], %s::date[]) ON CONFLICT DO NOTHING"
)


def new_rows(digests: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The rows to keep, in order. Called where the row of the source is held, so that none is accepted meanwhile."""
    _, first = np.unique(digests, return_index=True)
    rows = np.sort(first)
    # those that are not filed yet are looked at first: filing moves them to the table, never back
    recent = b"".join(bytes(one) for one in RecentVoices.objects.values_list("digests", flat=True))
    known = np.concatenate([np.frombuffer(recent, np.int64), np.fromiter(_filed(digests[rows].tolist()), np.int64)])
    return rows[~np.isin(digests[rows], known)]


def _filed(digests: list[int]) -> Iterator[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT digest FROM voices_knownvoice WHERE digest = ANY(%s)", [digests])
            yield from (row[0] for row in cursor.fetchall())
            return
        for start in range(0, len(digests), AT_ONCE):
            some = digests[start : start + AT_ONCE]
            places = ", ".join(["%s"] * len(some))
            cursor.execute(f"SELECT digest FROM voices_knownvoice WHERE digest IN ({places})", some)  # noqa: S608
            yield from (row[0] for row in cursor.fetchall())


def file_voices(accepted: dict[int, date]) -> None:
    """Put voices where they are looked up, in order, which spares the pages of the table."""
    rows = sorted(accepted.items())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            digests, days = [digest for digest, _ in rows], [day for _, day in rows]
            cursor.execute(_FILE_ALL, [digests, days])
        else:
            cursor.executemany(_FILE_EACH, rows)
