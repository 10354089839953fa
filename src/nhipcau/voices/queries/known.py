"""Which voices of a batch are new: neither twice in it, nor accepted in the last days."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nhipcau.voices.models.known import KnownVoice, RecentVoices

AT_ONCE = 900
"""Numbers in one question to the database."""


def new_rows(digests: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The rows to keep, in order. Called where the row of the source is held, so that none is accepted meanwhile."""
    _, first = np.unique(digests, return_index=True)
    rows = np.sort(first)
    # those that are not filed yet are looked at first: filing moves them to the table, never back
    recent = b"".join(bytes(one) for one in RecentVoices.objects.values_list("digests", flat=True))
    known = [np.frombuffer(recent, np.int64)]
    wanted = digests[rows].tolist()
    for start in range(0, len(wanted), AT_ONCE):
        found = KnownVoice.objects.filter(digest__in=wanted[start : start + AT_ONCE])
        known.append(np.fromiter(found.values_list("digest", flat=True), np.int64))
    return rows[~np.isin(digests[rows], np.concatenate(known))]
