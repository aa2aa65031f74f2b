"""genre.execution.threads: results in order, a few items ahead, and whatever a thread raises."""

import threading
from collections.abc import Iterator

import pytest

from genre.execution.threads import map_in_threads


@pytest.mark.parametrize("n_threads", [1, 3])
def test_results_come_in_order_and_items_are_read_a_few_ahead(n_threads: int) -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for number in range(50):
            read.append(number)
            yield number

    given = []
    for result in map_in_threads(lambda item: item**2, items(), n_threads=n_threads):
        given.append(result)
        assert len(read) - len(given) <= n_threads + 1
    assert given == [item**2 for item in range(50)]


def test_each_of_many_runs_in_a_thread_that_was_prepared() -> None:
    prepared: list[int] = []

    def prepare() -> None:
        prepared.append(threading.get_ident())

    def place(_: int) -> int:
        return threading.get_ident()

    seen = set(map_in_threads(place, range(20), n_threads=3, initializer=prepare))
    assert seen <= set(prepared)
    assert threading.get_ident() not in seen
    assert [*map_in_threads(place, range(1), n_threads=3)] == [threading.get_ident()]
    assert [*map_in_threads(place, range(9), n_threads=1)] == [threading.get_ident()] * 9
    assert [*map_in_threads(place, (), n_threads=3)] == []


@pytest.mark.parametrize("n_threads", [1, 3])
def test_an_error_is_raised(n_threads: int) -> None:
    def fail(item: int) -> int:
        if item == 3:
            raise ValueError("third")
        return item

    with pytest.raises(ValueError, match="third"):
        list(map_in_threads(fail, range(10), n_threads=n_threads))
