"""How long a grid takes yet, from the epochs that are finished.

What a run still needs is so many epochs at the pace of its configuration; what starting and scoring
take beside them is known from the other runs. The first epoch of a run pays for what is set up
once, so that until a second one is finished there is only a bound.
"""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from genre.training.history import Epoch


@dataclass
class _Run:
    """What is known of a run: its planned epochs, its own, and when it began here."""

    n_planned: int
    began: float | None = None
    seen: float | None = None
    n_epochs: int = 0
    has_ended: bool = False


@dataclass
class _Paces:
    """What epochs of a configuration took, in seconds: the first of each run, and the others."""

    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)


class Forecast:
    """Foretells the time that a grid takes yet.

    Parameters
    ----------
    planned : mapping of str to int
        The runs by their names, which begin with the configuration's, and the most epochs of each.
    n_at_a_time : int
        Runs that are trained side by side.
    """

    def __init__(self, planned: Mapping[str, int], *, n_at_a_time: int) -> None:
        self._n_at_a_time = n_at_a_time
        self._runs = {name: _Run(n_planned=n_epochs) for name, n_epochs in planned.items()}
        self._paces: defaultdict[str, _Paces] = defaultdict(_Paces)
        self._starts: list[float] = []
        self._ends: list[float] = []

    @property
    def n_epochs(self) -> int:
        """Epochs that are finished, of all runs."""
        return sum(run.n_epochs for run in self._runs.values())

    @property
    def n_planned(self) -> int:
        """Epochs of all runs together, without those that early stops have spared."""
        return sum(run.n_planned for run in self._runs.values())

    @property
    def is_bound(self) -> bool:
        """Whether only first epochs are known, which take longer than others."""
        return not any(paces.later for paces in self._paces.values())

    def begin(self, name: str) -> None:
        """Take note of a run's start.

        Parameters
        ----------
        name : str
            Of the run.
        """
        self._runs[name].began = time.monotonic()

    def see(self, name: str, history: Sequence[Epoch]) -> None:
        """Take note of a run's epochs.

        Parameters
        ----------
        name : str
            Of the run.
        history : sequence of Epoch
            Its epochs so far; of those that came before an interruption no time has passed here.
        """
        run, paces = self._runs[name], self._paces[_configuration(name)]
        new, now = [epoch.seconds for epoch in history[run.n_epochs :]], time.monotonic()
        if run.n_epochs:
            paces.later += new
        elif len(new) > 1:  # taken up where it was interrupted
            paces.first.append(fmean(new))
        else:
            paces.first += new
            if run.began is not None:
                self._starts.append(max(0.0, now - run.began - sum(new)))
        run.n_epochs, run.seen = len(history), now

    def end(self, name: str) -> None:
        """Take note of a run's end; what it has not trained by then is spared.

        Parameters
        ----------
        name : str
            Of the run.
        """
        run = self._runs[name]
        run.has_ended, run.n_planned = True, run.n_epochs
        if run.seen is not None:
            self._ends.append(time.monotonic() - run.seen)

    def seconds_left(self) -> float | None:
        """Foretell the seconds to come; None before the first epoch."""
        if not any(paces.first or paces.later for paces in self._paces.values()):
            return None
        open_runs = {name: run for name, run in self._runs.items() if not run.has_ended}
        if not open_runs:
            return 0.0
        start, end = (fmean(known) if known else 0.0 for known in (self._starts, self._ends))
        each = [
            (run.n_planned - run.n_epochs) * self._pace(name) + (0 if run.seen else start) + end
            for name, run in open_runs.items()
        ]
        # The longest may be left alone in the end.
        return max(sum(each) / min(self._n_at_a_time, len(each)), *each)

    def _pace(self, name: str) -> float:
        """Foretell an epoch, in seconds: as others of the configuration, or as any."""
        own = self._paces.get(_configuration(name), _Paces())
        known = [own.later, [s for paces in self._paces.values() for s in paces.later]]
        known += [own.first, [s for paces in self._paces.values() for s in paces.first]]
        return fmean(next(seconds for seconds in known if seconds))


def _configuration(name: str) -> str:
    return name.partition("/")[0]
