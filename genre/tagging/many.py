"""Many files: killable workers decode, this process runs the network."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from typing import Never, TypeVar

from tqdm import tqdm

from genre.addresses import Place, place
from genre.audio.rows import FrontEnd
from genre.errors import AudioError, as_audio_error
from genre.execution import ExecutionConfig, Outcome, run_units
from genre.tagging.reading import ReadJob, ReadTrack, read_track

Result = TypeVar("Result")

# What is over sooner needs no bar.
_QUIET_SECONDS = 2.0


def each_file(
    paths: Iterable[Place | str],
    front_end: FrontEnd,
    use: Callable[[Place, ReadTrack], Result],
    *,
    heard: FrontEnd | None = None,
    execution: ExecutionConfig | None = None,
    progress: bool = False,
    what: str = "tagging",
) -> Generator[Outcome[Place, Result]]:
    """Read files in parallel and use the features of each.

    However many files there are, only the features of those in hand are held. The work is done
    while the outcomes are read; leaving the loop early stops the workers.

    Parameters
    ----------
    paths : iterable of Path, Address or str
        Any audio files.
    front_end : FrontEndConfig or RowFrontEnd
        How they are heard.
    use : callable of Place and ReadTrack
        Called in this process; may raise an `AudioError` of its own.
    heard : FrontEndConfig or RowFrontEnd, optional
        How another network hears them, too.
    execution : ExecutionConfig, optional
        The workers and their limits; the default ones if None.
    progress : bool
        Show a bar with the rate and the time left, once two seconds have passed.
    what : str
        What the bar calls the work.

    Yields
    ------
    Outcome of Place and what `use` returns
        One per path, in their order; a file that cannot be read has an `error` and stops nothing.
        Behind a file that hangs, the others wait until its time is up.
    """
    jobs = [ReadJob(path=place(path), front_end=front_end, heard=heard) for path in paths]
    hidden = not (progress and jobs)
    bar = tqdm(total=len(jobs), desc=what, unit="track", disable=hidden, delay=_QUIET_SECONDS)
    with closing(_used(jobs, use, execution, bar)) as used:
        yield from _in_order(used)


def _used(
    jobs: Sequence[ReadJob],
    use: Callable[[Place, ReadTrack], Result],
    execution: ExecutionConfig | None,
    bar: "tqdm[Never]",
) -> Generator[tuple[int, Outcome[Place, Result]]]:
    """Yield the outcomes as they are done, each with its number."""
    # Not by value: one file may be asked for twice.
    numbers = {id(job): number for number, job in enumerate(jobs)}
    n_bad = 0
    with closing(run_units(read_track, jobs, config=execution)) as outcomes, closing(bar):
        for outcome in outcomes:
            job, read = outcome.unit, outcome.result
            result, error = None, outcome.error and as_audio_error(outcome.error)
            if read is not None:
                try:
                    result = use(job.path, read)
                except AudioError as lack:
                    error = lack
            n_bad += result is None
            bar.set_postfix_str(f"{n_bad} bad" if n_bad else "", refresh=False)
            bar.update()
            yield numbers[id(job)], Outcome(job.path, result, error)


def _in_order(
    numbered: Iterable[tuple[int, Outcome[Place, Result]]],
) -> Generator[Outcome[Place, Result]]:
    ready: dict[int, Outcome[Place, Result]] = {}
    n_given = 0
    for number, outcome in numbered:
        ready[number] = outcome
        while n_given in ready:
            yield ready.pop(n_given)
            n_given += 1
