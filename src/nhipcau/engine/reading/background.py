"""Work in other threads, so that reading goes on while the reader's caller works; the order is always kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_END: Final = object()


def in_background(items: Iterator[Item], *, ahead: int) -> Iterator[Item]:
    """Give the items in their order, drawing up to `ahead` of them in advance; an error comes where it happened."""
    waiting: deque[Future[object]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as thread:
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


def in_parallel(
    work: Callable[[Item], Result], items: Iterator[Item], *, threads: int, ahead: int
) -> Iterator[tuple[Item, Result]]:
    """Give each item and what `work` makes of it, up to `ahead` of them made in advance.

    An error of `items` comes after the items before it, as it would without threads.
    """
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    failure: Exception | None = None
    has_more = True
    with ThreadPoolExecutor(threads, thread_name_prefix="shaping") as pool:
        try:
            while True:
                while has_more and len(waiting) < ahead:
                    try:
                        item = next(items)
                    except StopIteration:
                        has_more = False
                    except Exception as error:  # noqa: BLE001 (it is raised below, in its turn)
                        failure, has_more = error, False
                    else:
                        waiting.append((item, pool.submit(work, item)))
                if not waiting:
                    break
                item, result = waiting.popleft()
                yield item, result.result()
            if failure:
                raise failure
        finally:
            pool.shutdown(cancel_futures=True)
            if close := getattr(items, "close", None):
                close()
