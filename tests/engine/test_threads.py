"""A helping thread gives way to the one it works for, and to nobody else's harm."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from nhipcau.engine.threads import GIVEN_WAY, helper


def priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_a_helper_gives_way_and_its_own_helpers_no_more_than_it() -> None:
    before = priority()

    def inside() -> tuple[int, int]:
        with helper("second") as second:
            return priority(), second.submit(priority).result()

    given_way = min(19, before + GIVEN_WAY) if sys.platform == "linux" else before  # elsewhere threads have none
    with helper("first") as first:
        assert first.submit(inside).result() == (given_way, given_way)
    assert priority() == before


def test_where_it_may_not_ask_a_helper_works_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "setpriority", forbidden)
    with helper("first") as first:
        assert first.submit(lambda: 7).result() == 7
