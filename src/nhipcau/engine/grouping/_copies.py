"""The compiled loop that finds near copies. Private: `grouper.py` is the door."""

from __future__ import annotations

import numpy as np
from numba import njit

_OPTIONS = {"cache": True, "nogil": True, "fastmath": False, "boundscheck": False}


@njit(**_OPTIONS)
def fold(offsets, features, seqs, sketches, sketch_length, heads, node_next, node_previous, node_key, ring, threshold):
    """Find for each post the earlier post that it is a near copy of.

    Gives for each post the place in the ring of its head: a new place where it is a head itself (then `is_head`).
    """
    posts = offsets.shape[0] - 1
    places = np.empty(posts, np.int64)
    is_head = np.empty(posts, np.bool_)
    capacity, width = sketches.shape
    per_post = node_key.shape[0] // capacity
    mask = heads.shape[0] - 1
    keys = np.empty(per_post, np.int64)
    found = np.empty(1024, np.int64)
    hits = np.empty(1024, np.int64)
    for post in range(posts):
        start = offsets[post]
        stop = offsets[post + 1]
        words = 0
        key_count = 0
        whole = np.uint64(1469598103934665603)
        for k in range(start, stop):
            feature = features[k]
            if feature & 1:
                if key_count < per_post:
                    keys[key_count] = (feature >> 1) & mask
                    key_count += 1
            else:
                words += 1
                whole = (whole ^ np.uint64(feature)) * np.uint64(1099511628211)
        if key_count < 3:  # too short for pairs: only the same words in all
            keys[0] = np.int64((whole >> np.uint64(20)) & np.uint64(mask))
            key_count = 1
        total = 0
        for k in range(key_count):
            node = heads[keys[k]]
            seen = 0
            while node >= 0 and seen < 48:
                place = node // per_post
                known = False
                for h in range(total):
                    if found[h] == place:
                        hits[h] += 1
                        known = True
                        break
                if not known and total < 1024:
                    found[total] = place
                    hits[total] = 1
                    total += 1
                node = node_next[node]
                seen += 1
        best = -1
        best_value = threshold
        for h in range(total):
            place = found[h]
            if key_count >= 4 and hits[h] < 2:
                continue
            # Jaccard of the two sets of words; of the `width` smallest of their union where they are longer
            other = sketch_length[place]
            i = start
            j = 0
            both = 0
            union = 0
            limit = width if (words > width or other > width) else 2 * width
            own = 0
            stored = min(other, width)
            while union < limit:
                while i < stop and features[i] & 1:
                    i += 1
                if i >= stop and j >= stored:
                    break
                if j >= stored:
                    if other > width:
                        break
                    i += 1
                    own += 1
                elif i >= stop or sketches[place, j] < features[i]:
                    j += 1
                elif features[i] < sketches[place, j]:
                    i += 1
                else:
                    i += 1
                    j += 1
                    both += 1
                union += 1
            value = 1.0 if union == 0 else both / union
            if key_count < 3:
                value = 1.0 if (both == union and other == words) else 0.0
            if value > best_value or (value == best_value and best >= 0 and place < best):
                best_value = value
                best = place
        if best >= 0:
            places[post] = best
            is_head[post] = False
            continue
        place = ring[0]
        ring[0] = (place + 1) % capacity
        for k in range(per_post):
            node = place * per_post + k
            if node_key[node] >= 0:
                before = node_previous[node]
                after = node_next[node]
                if before >= 0:
                    node_next[before] = after
                else:
                    heads[node_key[node]] = after
                if after >= 0:
                    node_previous[after] = before
                node_key[node] = -1
        for k in range(key_count):
            node = place * per_post + k
            first = heads[keys[k]]
            node_next[node] = first
            node_previous[node] = -1
            node_key[node] = keys[k]
            if first >= 0:
                node_previous[first] = node
            heads[keys[k]] = node
        sketch_length[place] = words
        kept = 0
        for k in range(start, stop):
            if features[k] & 1 == 0 and kept < width:
                sketches[place, kept] = features[k]
                kept += 1
        places[post] = place
        is_head[post] = True
    return places, is_head
