"""Draws from an iterator in a thread of its own, so that reading goes on while the reader's caller works."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Final, TypeVar

from nhipcau.engine.threads import helper

Item = TypeVar("Item")
_END: Final = object()


def in_background(items: Iterator[Item], *, ahead: int) -> Iterator[Item]:
    """Give the items in their order, drawing up to `ahead` of them in advance; an error comes where it happened."""
    waiting: deque[Future[object]] = deque()
    with helper("reading") as thread:
        try:
            waiting.extend(thread.submit(next, items, _END) for _ in range(ahead))
            while True:
                item = waiting.popleft().result()
                if item is _END:
                    return
                waiting.append(thread.submit(next, items, _END))
                yield item  # type: ignore[misc]
        finally:
            thread.shutdown(cancel_futures=True)
            if close := getattr(items, "close", None):
                close()
