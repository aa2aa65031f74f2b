"""Batches side by side: in order, a few ahead, each on one thread."""

from collections.abc import Iterator

import pytest
import torch

from genre.models.threads import map_batches


@pytest.fixture(params=[1, 3])
def n_threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def test_results_come_in_order_and_items_are_read_a_few_ahead(n_threads: int) -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for number in range(50):
            read.append(number)
            yield number

    given = []
    for result in map_batches(lambda item: item**2, items()):
        given.append(result)
        assert len(read) - len(given) <= n_threads + 1
    assert given == [item**2 for item in range(50)]


def test_each_of_many_runs_on_one_thread_and_the_setting_is_given_back(n_threads: int) -> None:
    seen = set(map_batches(lambda _: torch.get_num_threads(), range(20)))
    assert seen == {1}
    assert torch.get_num_threads() == n_threads
    assert list(map_batches(lambda _: torch.get_num_threads(), range(1))) == [n_threads]
    assert list(map_batches(lambda item: item, ())) == []


def test_an_error_is_raised_and_the_setting_given_back(n_threads: int) -> None:
    def fail(item: int) -> int:
        if item == 3:
            raise ValueError("third")
        return item

    with pytest.raises(ValueError, match="third"):
        list(map_batches(fail, range(10)))
    assert torch.get_num_threads() == n_threads
