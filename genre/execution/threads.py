"""A loop over many items in threads of this process, for work that lets other threads run."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_threads(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    n_threads: int,
    initializer: Callable[[], object] | None = None,
) -> Iterator[Result]:
    """Apply a function to every item, several at a time.

    Parameters
    ----------
    function : callable of one item
        What is done.
    items : iterable
        Read a few ahead of what is done. A single one is worked on by the calling thread.
    n_threads : int
        How many items are worked on together.
    initializer : callable of nothing, optional
        Called first in every thread but the calling one.

    Yields
    ------
    Result
        In the order of the items.
    """
    source = iter(items)
    first = list(islice(source, 2))
    if n_threads == 1 or len(first) < 2:
        yield from map(function, chain(first, source))
        return
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(n_threads, initializer=initializer) as pool:
        for item in chain(first, source):
            waiting.append(pool.submit(function, item))
            if len(waiting) > n_threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
