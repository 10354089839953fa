"""Counts of a tree: processes and threads count together, spans begin anew, who asks much is not forgotten."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from nhipcau.running import counting
from nhipcau.running.counting import BUCKETS, COUNTS, WAYS, Counts, open_counts

COUNTING = """
from nhipcau.running.counting import counts
for _ in range(500):
    counts().add("token", span=7)
print(counts().add("of-this-process", span=7))
"""


def test_processes_that_inherit_a_table_count_together_and_a_dead_one_takes_nothing_with_it():
    descriptor = open_counts()
    environment = {**os.environ, COUNTS: str(descriptor)}
    command = [sys.executable, "-c", COUNTING]
    processes = [
        subprocess.Popen(command, env=environment, pass_fds=[descriptor], stdout=subprocess.PIPE) for _ in range(3)
    ]
    said = [process.communicate(timeout=50)[0] for process in processes]
    assert sorted(said) == [b"1\n", b"2\n", b"3\n"]
    assert Counts(descriptor).add("token", span=7) == 1501
    os.close(descriptor)


def test_table_that_was_not_inherited_is_not_touched(monkeypatch):
    monkeypatch.setenv(COUNTS, "987654")
    counting.counts.cache_clear()
    assert [counting.counts().add("x", span=1) for _ in range(2)] == [1, 2]
    counting.counts.cache_clear()


def test_threads_count_together():
    table = Counts(open_counts())
    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(lambda _: table.add("x", span=1), range(400)))
    assert sorted(said) == list(range(1, 401))


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)), max_size=60))
def test_counts_are_those_of_a_plain_counter_while_spans_go_on(asked):
    table, plain = Counts(open_counts()), Counter()
    for what, span in sorted(asked, key=lambda one: one[1]):
        plain[what, span] += 1
        assert table.add(what, span=span) == plain[what, span]


def test_who_asks_much_is_not_forgotten_because_many_ask_a_little():
    table = Counts(open_counts())
    for _ in range(50):
        table.add("much", span=1)
    for number in range(2 * BUCKETS * WAYS):
        table.add(f"little-{number}", span=1)
    assert table.add("much", span=1) == 51
