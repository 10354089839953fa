"""What streams share: asked for once, anew after a while, and never a failure again."""

from __future__ import annotations

import asyncio

import pytest

from nhipcau.site.streams import Shared


def test_many_who_ask_at_once_are_answered_by_one_reading() -> None:
    asked = []

    async def read() -> int:
        asked.append(1)
        await asyncio.sleep(0)
        return len(asked)

    async def all_at_once() -> list[int]:
        shared: Shared[int] = Shared(seconds=60)
        return await asyncio.gather(*(shared.get("board", read) for _ in range(5)))

    assert asyncio.run(all_at_once()) == [1] * 5


def test_an_answer_holds_for_its_time_and_a_failure_not_at_all() -> None:
    asked = []

    async def read() -> int:
        asked.append(1)
        if len(asked) == 1:
            raise OSError("the database is away")
        return len(asked)

    async def one_after_another(seconds: float) -> list[int]:
        shared: Shared[int] = Shared(seconds=seconds)
        if not asked:
            with pytest.raises(OSError, match="away"):
                await shared.get("board", read)
        return [await shared.get("board", read) for _ in range(3)]

    assert asyncio.run(one_after_another(60)) == [2, 2, 2]
    assert asyncio.run(one_after_another(-1)) == [3, 4, 5]


def test_no_more_answers_are_remembered_than_said() -> None:
    asked = []

    async def read() -> int:
        asked.append(1)
        return len(asked)

    async def go_round() -> list[int]:
        shared: Shared[int] = Shared(seconds=60, most=2)
        return [await shared.get(key, read) for key in ("a", "b", "a", "c", "a")]

    assert asyncio.run(go_round()) == [1, 2, 1, 3, 4]
