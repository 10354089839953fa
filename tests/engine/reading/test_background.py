import threading

import pytest

from nhipcau.engine.reading.background import in_background, in_parallel


def counted(most, fails_at=None):
    for number in range(most):
        if number == fails_at:
            raise ValueError(number)
        yield number


def test_items_come_in_their_order():
    assert list(in_background(counted(50), ahead=3)) == list(range(50))
    assert list(in_parallel(str, counted(50), threads=4, ahead=7)) == [(number, str(number)) for number in range(50)]


@pytest.mark.parametrize(
    "drawn",
    [
        lambda items: in_background(items, ahead=3),
        lambda items: (item for item, _ in in_parallel(abs, items, threads=2, ahead=4)),
    ],
)
def test_an_error_comes_after_the_items_before_it(drawn):
    items = drawn(counted(9, fails_at=5))
    assert [next(items) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="5"):
        next(items)


def test_an_error_of_the_work_comes_in_its_turn():
    results = in_parallel(lambda number: 1 // (3 - number), counted(9), threads=2, ahead=4)
    assert [next(results)[0] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_no_more_is_drawn_than_asked_for_and_giving_up_closes_the_source():
    drawn = []

    def source():
        try:
            for number in range(100):
                drawn.append(number)
                yield number
        finally:
            drawn.append("closed")

    results = in_parallel(str, in_background(source(), ahead=2), threads=2, ahead=3)
    next(results)
    results.close()
    assert drawn[-1] == "closed"
    assert len(drawn) < 10
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("reading", "shaping"))]
