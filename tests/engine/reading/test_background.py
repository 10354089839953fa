import threading

import pytest

from nhipcau.engine.reading.background import in_background


def counted(most, fails_at=None):
    for number in range(most):
        if number == fails_at:
            raise ValueError(number)
        yield number


def test_items_come_in_their_order():
    assert list(in_background(counted(50), ahead=3)) == list(range(50))


def test_an_error_comes_after_the_items_before_it():
    items = in_background(counted(9, fails_at=5), ahead=3)
    assert [next(items) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="5"):
        next(items)


def test_no_more_is_drawn_than_asked_for_and_giving_up_closes_the_source():
    drawn = []

    def source():
        try:
            for number in range(100):
                drawn.append(number)
                yield number
        finally:
            drawn.append("closed")

    items = in_background(source(), ahead=2)
    next(items)
    items.close()
    assert drawn[-1] == "closed"
    assert len(drawn) < 10
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("reading")]
