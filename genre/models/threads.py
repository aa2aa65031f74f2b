"""Torch work on batches side by side: small networks gain more from it than from shared batches."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_batches(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Apply a function to every item, as many at a time as torch may use threads.

    Parameters
    ----------
    function : callable of one item
        Torch work on the processor; runs on one thread.
    items : iterable
        Read a few ahead of what is done. A single one is worked on by all threads together.

    Yields
    ------
    Result
        In the order of the items.
    """
    n_threads = torch.get_num_threads()
    source = iter(items)
    first = list(islice(source, 2))
    if n_threads == 1 or len(first) < 2:
        yield from map(function, chain(first, source))
        return
    waiting: deque[Future[Result]] = deque()
    try:
        with ThreadPoolExecutor(
            n_threads, initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            for item in chain(first, source):
                waiting.append(pool.submit(function, item))
                if len(waiting) > n_threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    finally:
        torch.set_num_threads(n_threads)  # what the last thread said would be taken as said for all
