"""Authors become keyed one-way hashes here, and their names go no further."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa

from nhipcau.engine.reading.arrays import number_array, string_buffers, validity_of


def author_keys(values: pa.StringArray, key: bytes) -> pa.UInt64Array:
    """Hash author values with a secret key, so that distinct people can be counted and nobody can be named.

    Parameters
    ----------
    values
        Names or account ids, shape (n,). Null and the empty string mean that the author is unknown.
    key
        The secret, 16 or 32 bytes. 32 bytes are first drawn together to the 16 that the hash takes.

    Returns
    -------
    pa.UInt64Array
        SipHash-2-4 of the UTF-8 bytes, shape (n,); null where the author is unknown.

    Raises
    ------
    ValueError
        If the key has another length.

    Notes
    -----
    About 20 ns a value. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).

    Examples
    --------
    >>> author_keys(pa.array(["", None, "a"]), bytes(range(16))).to_pylist()
    [None, None, 3144613055062689994]
    """
    from nhipcau.engine.reading._author_kernels import hash_strings

    if len(key) == 32:
        key = hashlib.blake2b(key, digest_size=16, person=b"nhipcau author").digest()
    elif len(key) != 16:
        raise ValueError(f"an author key has 16 or 32 bytes, this has {len(key)}")
    first_half, second_half = np.frombuffer(key, "<u8").astype(np.uint64)
    offsets, data = string_buffers(values)
    hashes = np.empty(len(values), np.uint64)
    hash_strings(data, offsets, first_half, second_half, hashes)
    unknown = offsets[1:] == offsets[:-1]
    if values.null_count:
        unknown |= ~validity_of(values)
    return number_array(hashes, pa.uint64(), ~unknown)
