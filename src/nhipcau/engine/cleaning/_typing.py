"""Names for what the kernels pass to each other; numba infers the real types."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Number: TypeAlias = Any
"""A Python or a NumPy integer: to numba they are the same."""


class Columns(NamedTuple):
    """Where the kernel writes: the columns of `Tokens`, as long as the driver made them."""

    offsets: npt.NDArray[np.int64]
    plain: npt.NDArray[np.uint64]
    marked: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]


class Letters(NamedTuple):
    """The kernel's tables, made in `_tables.py`.

    `properties`: int64[66560], one packed number a code point of the first plane, then the mathematical letters.
    `composed_from`: int64[k] sorted (letter << 16 | mark); `composed_to`: int64[k], the composed letter.
    `toned`: int64[13, 6], Vietnamese vowel and tone to letter. `entity_names`: uint64[8192], hash table (0 = free) of
    HTML entity names; `entity_values`: int64[8192]. `bare_endings`, `path_endings`, `block_tags`, `redacted`: uint64,
    hashes of words. `scratch`: int64[16], not a table but the caller's own room for names.
    """

    properties: npt.NDArray[np.int64]
    composed_from: npt.NDArray[np.int64]
    composed_to: npt.NDArray[np.int64]
    toned: npt.NDArray[np.int64]
    entity_names: npt.NDArray[np.uint64]
    entity_values: npt.NDArray[np.int64]
    bare_endings: npt.NDArray[np.uint64]
    path_endings: npt.NDArray[np.uint64]
    block_tags: npt.NDArray[np.uint64]
    redacted: npt.NDArray[np.uint64]
    scratch: npt.NDArray[np.int64]


class Words(NamedTuple):
    """What the kernel reads of a lexicon: a hash table of words without diacritics, and what each is written out as.

    `keys`: uint64[power of two], 0 = free; `entries`: int64, same length; `offsets`: int64[entries + 1] into `plain`
    and `marked` (uint64, hashes of the words of the meaning); `strength`: int64[entries], 0 = no sign of Vietnamese,
    1 = weak, 2 = strong; `letters`: int64[entries], length of the word. `sieve`: bool[4096], false where no word that
    is written out has these first twelve bits of its hash.
    """

    keys: npt.NDArray[np.uint64]
    entries: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    plain: npt.NDArray[np.uint64]
    marked: npt.NDArray[np.uint64]
    strength: npt.NDArray[np.int64]
    letters: npt.NDArray[np.int64]
    sieve: npt.NDArray[np.bool_]
