"""The obvious way to find typed names: try every name at every word, the longest first. For tests only."""

from __future__ import annotations

import re

from nhipcau.engine.places.gazetteer import Gazetteer, shadowed


def typed_names(gazetteer: Gazetteer) -> dict[tuple[str, ...], set[str]]:
    """Words of each full name → codes of the units that bear it."""
    names: dict[tuple[str, ...], set[str]] = {}
    hidden = shadowed(gazetteer.units)
    for row in range(len(gazetteer.units)):
        place = gazetteer.describe(row)
        if not hidden[row]:
            names.setdefault(words_of(place.full_name), set()).add(place.code)
    return names


def words_of(text: str) -> tuple[str, ...]:
    """Words in lower case, without punctuation."""
    return tuple(re.findall(r"\w+", text.lower()))


def find_typed(sentence: str, names: dict[tuple[str, ...], set[str]]) -> list[set[str]]:
    """Codes that each name in a sentence may mean, from the left."""
    words, found, place = words_of(sentence), [], 0
    while place < len(words):
        for length in range(8, 0, -1):
            codes = names.get(words[place : place + length])
            if codes:
                found.append(codes)
                place += length
                break
        else:
            place += 1
    return found
