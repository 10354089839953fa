"""Agreement of two groupings: NMI, V, ARI from scikit-learn, and B³, which it lacks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, v_measure_score


def b_cubed(truth: NDArray[np.int64], found: NDArray[np.int64]) -> tuple[float, float, float]:
    """Precision, recall and F1 averaged over items (Bagga and Baldwin 1998)."""
    _, truth = np.unique(truth, return_inverse=True)
    _, found = np.unique(found, return_inverse=True)
    _, pair, together = np.unique(truth * (found.max() + 1) + found, return_inverse=True, return_counts=True)
    both = together[pair]
    precision = float((both / np.bincount(found)[found]).mean())
    recall = float((both / np.bincount(truth)[truth]).mean())
    return precision, recall, 2 * precision * recall / (precision + recall)


def row(truth: NDArray[np.int64], found: NDArray[np.int64]) -> str:
    """NMI (arithmetic), V, ARI, B³-F1 and the number of groups, as a table shows them."""
    _, _, f1 = b_cubed(truth, found)
    return (
        f"{normalized_mutual_info_score(truth, found):.3f} | {v_measure_score(truth, found):.3f} | "
        f"{adjusted_rand_score(truth, found):.3f} | {f1:.3f} | {len(np.unique(found))}"
    )
