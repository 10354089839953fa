"""Issues as they were after some earlier post: the merges and splits since then are taken back.

Today's issues are in `grouper.issues_of`. What is needed is in the state: where each thread was put, when each issue was merged, and the splits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.grouping._typing import SPLIT
from nhipcau.engine.grouping.state import GroupState


def issues_after(state: GroupState, threads: NDArray[np.int64], *, posts: int) -> NDArray[np.int64]:
    """Give the issue that each thread belonged to when so many posts of the stream had been taken.

    Parameters
    ----------
    state
        Today's state.
    threads
        int64[n], numbers of threads that were there then.
    posts
        How many posts had been taken: events of posts from this stream position on are taken back.

    Returns
    -------
    int64[n]
        As `issues_of` gave it then, but for one case: a thread whose issue was taken into another and which left that
        one afterwards, both since then, is given to the issue that it left.

    Notes
    -----
    Cost: one pass over the history, and one look-up a thread.

    Examples
    --------
    >>> state = GroupState.empty()
    >>> state.thread_issue = np.array([0, 1, 2])
    >>> state.issue_parent, state.merged_at = np.array([0, 0, 2]), np.array([0, 5, 0])
    >>> state.history = [(SPLIT, 0, 2, 9)]
    >>> issues_after(state, np.array([0, 1, 2]), posts=6).tolist()
    [0, 0, 0]
    >>> issues_after(state, np.array([0, 1]), posts=5).tolist()
    [0, 1]
    """
    split_from = {other: issue for kind, issue, other, seq in state.history if kind == SPLIT and seq >= posts}
    put, place = np.unique(state.thread_issue[threads], return_inverse=True)
    return np.array([_root(int(issue), split_from, state, posts) for issue in put], np.int64)[place]


def _root(issue: int, split_from: dict[int, int], state: GroupState, posts: int) -> int:
    """Follow first the splits that had not happened, then the merges that had; both lead to older events only."""
    while issue in split_from:
        issue = split_from[issue]
    while state.issue_parent[issue] != issue and state.merged_at[issue] < posts:
        issue = int(state.issue_parent[issue])
    return issue
