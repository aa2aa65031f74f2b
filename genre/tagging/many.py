"""Many files: killable workers decode, this process runs the network."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Generic, TypeVar

from genre.addresses import Place, place
from genre.audio.rows import FrontEnd
from genre.errors import AudioError, ConfigError, as_audio_error
from genre.execution import ExecutionConfig, Outcome, WorkerPool, run_units
from genre.execution.bars import Bar
from genre.execution.clusters import NO_CLUSTER
from genre.execution.crew import run_groups
from genre.execution.units import group_in_pool
from genre.tagging.reading import ReadJob, ReadTrack, read_track
from genre.wording import counted

Result = TypeVar("Result")

# What is over sooner needs no bar.
_QUIET_SECONDS = 2.0


def each_file(
    paths: Iterable[Place | str],
    front_end: FrontEnd,
    use: Callable[[Place, ReadTrack], Result],
    *,
    there: Callable[[], Callable[[Place, ReadTrack], Result]] | None = None,
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
    there : callable, optional
        Makes `use` anew where a worker of a cluster is, which then uses what it has read: features
        are a thousand times larger than what becomes of them. It can be pickled.
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

    Raises
    ------
    ConfigError
        Where a cluster is to do what only this process can.
    """
    jobs = [ReadJob(path=place(path), front_end=front_end, heard=heard) for path in paths]
    if execution is None or execution.cluster == NO_CLUSTER:
        outcomes = run_units(read_track, jobs, config=execution)
        used = (_used(outcome, use) for outcome in outcomes)
    elif there is None:
        raise ConfigError(f"cluster={execution.cluster} must come with --device cpu")
    else:
        outcomes = used = run_groups(_ReadAndUse(there), jobs, config=execution)
    with closing(outcomes):
        yield from _in_order(jobs, used, progress=progress, what=what)


@dataclass
class _ReadAndUse(Generic[Result]):
    """What a worker of a cluster does with files; it makes ready once."""

    there: Callable[[], Callable[[Place, ReadTrack], Result]]
    use: Callable[[Place, ReadTrack], Result] | None = None

    def __call__(
        self, units: Sequence[ReadJob], pool: WorkerPool
    ) -> list[Outcome[ReadJob, Result]]:
        use = self.use = self.use or self.there()
        return [_used(outcome, use) for outcome in group_in_pool(read_track, units, pool)]


def _used(
    outcome: Outcome[ReadJob, ReadTrack], use: Callable[[Place, ReadTrack], Result]
) -> Outcome[ReadJob, Result]:
    job, read = outcome.unit, outcome.result
    result, error = None, outcome.error and as_audio_error(outcome.error)
    if read is not None:
        try:
            result = use(job.path, read)
        except AudioError as lack:
            error = lack
    return Outcome(job, result, error)


def _in_order(
    jobs: Sequence[ReadJob],
    outcomes: Iterable[Outcome[ReadJob, Result]],
    *,
    progress: bool,
    what: str,
) -> Generator[Outcome[Place, Result]]:
    """Put outcomes into the order of their files, while a bar shows how many there are."""
    # Not by value: one file may be asked for twice.
    numbers = {id(job): number for number, job in enumerate(jobs)}
    ready: dict[int, Outcome[Place, Result]] = {}
    n_given = n_bad = 0
    nodes: set[str] = set()
    hidden = not (progress and jobs)
    with Bar(total=len(jobs), desc=what, unit="track", disable=hidden, delay=_QUIET_SECONDS) as bar:
        for outcome in outcomes:
            job = outcome.unit
            ready[numbers[id(job)]] = Outcome(job.path, outcome.result, outcome.error, outcome.node)
            n_bad += outcome.error is not None
            nodes.add(outcome.node)
            words = [counted(len(nodes), "node")] if outcome.node else []
            words += [f"{n_bad} bad"] if n_bad else []
            bar.set_postfix_str(", ".join(words), refresh=False)
            bar.update()
            while n_given in ready:
                yield ready.pop(n_given)
                n_given += 1
