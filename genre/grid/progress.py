"""How far a grid is: on a terminal a bar over all runs and a line for each; elsewhere plain lines.

The bar has the epochs of all runs together, the time to come and the best validation figure so far;
below it stands a line for every run that is being trained. Where that cannot be drawn, every run
has a line at its end, and one each half minute until then.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any, TextIO

from tqdm.contrib.logging import logging_redirect_tqdm

from genre.evaluation.metrics import title_of
from genre.evaluation.metrics.choice import CHOSEN_BY
from genre.execution.bars import SECONDS_BETWEEN_LINES, Bar, is_live
from genre.execution.log_lines import say
from genre.grid.forecast import Forecast
from genre.grid.tracking import Tracking
from genre.tasks import Task
from genre.training.history import Epoch
from genre.wording import counted

FORMAT = "{n_fmt}/{total_fmt} epochs |{bar}| {desc}"


class GridProgress:
    """Shows how far the runs of a grid are, and passes their epochs on to a tracker.

    Parameters
    ----------
    planned : mapping of str to int
        The runs by their names, and the most epochs of each.
    n_at_a_time : int
        Runs that are trained side by side.
    is_shown : bool
        Whether anything is shown at all.
    tracking : Tracking, optional
        Where the epochs go, too.
    file : TextIO, optional
        Where to draw; by default the standard error.
    width : int, optional
        In columns; by default that of the terminal.
    """

    def __init__(
        self,
        planned: Mapping[str, int],
        *,
        n_at_a_time: int,
        is_shown: bool,
        tracking: Tracking | None = None,
        file: TextIO | None = None,
        width: int | None = None,
    ) -> None:
        self._planned, self._tracking = dict(planned), tracking or Tracking(None)
        self._numbers = {name: number for number, name in enumerate(planned, start=1)}
        self.forecast = Forecast(planned, n_at_a_time=n_at_a_time)
        self._histories: dict[str, Sequence[Epoch]] = {}
        self._began: dict[str, float] = {}
        self._spoke: dict[str, float] = {}
        self._best: tuple[Epoch, str] | None = None
        self._is_shown = is_shown
        self._drawn: _Drawn | None = None
        self._restore = ExitStack()
        if is_shown and is_live(file):
            self._restore.enter_context(logging_redirect_tqdm())
            self._drawn = _Drawn(planned, n_lines=n_at_a_time, file=file, width=width)

    def begin(self, name: str) -> None:
        """Take note of a run's start; a second time nothing happens.

        Parameters
        ----------
        name : str
            Of the run.
        """
        if name in self._began:
            return
        self._began[name] = self._spoke[name] = time.monotonic()
        self.forecast.begin(name)
        if self._drawn:
            self._drawn.write(name, f"0/{self._planned[name]} starting")

    def show(self, name: str, history: Sequence[Epoch]) -> None:
        """Show how far a run has come.

        Parameters
        ----------
        name : str
            Of the run.
        history : sequence of Epoch
            Its epochs so far, those before an interruption among them.
        """
        if len(history) == len(self._histories.get(name, ())):
            return
        if name not in self._began:  # on another machine, before its first epoch was seen
            self.begin(name)
            self._began[name] -= sum(epoch.seconds for epoch in history)
        self._histories[name] = history
        self.forecast.see(name, history)
        known = [epoch for epoch in history if epoch.choice[0] == epoch.choice[0]]  # no NaN
        if known and (self._best is None or _best_of(known).choice > self._best[0].choice):
            self._best = _best_of(known), name
        self._tracking.show(name, history)
        if self._drawn:
            counts = f"{len(history)}/{self._planned[name]}"
            self._drawn.write(name, counts, *history[-1].in_short)
            self._draw_all(self._drawn)
        elif self._is_shown and time.monotonic() - self._spoke[name] >= SECONDS_BETWEEN_LINES:
            self._say_how_far(name)

    def end(self, name: str) -> None:
        """Take note of a run's end, and say what it came to.

        Parameters
        ----------
        name : str
            Of the run.
        """
        self.begin(name)
        self.forecast.end(name)
        self._tracking.end(name, is_done=True)
        if self._drawn:
            self._drawn.clear(name)
            self._draw_all(self._drawn)
        if not self._is_shown:
            return
        history = self._histories.get(name, ())
        seconds = time.monotonic() - self._began[name]
        said = f"{name}: {counted(len(history), 'epoch')}, {Bar.format_interval(seconds)}"
        facts: dict[str, object] = {"n_epochs": len(history), "seconds": round(seconds, 1)}
        if history:
            best = _best_of(history)
            said += f", {_figure(best)} at {best.epoch}"
            facts = {**best.row, **facts, "best_epoch": best.epoch}
        said += f" ({self._numbers[name]} of {len(self._planned)})"
        say(said, run=name, event="run_end", **facts)

    def _say_how_far(self, name: str) -> None:
        self._spoke[name] = time.monotonic()
        history, of = self._histories[name], self._planned[name]
        all_runs = f"all {self.forecast.n_epochs}/{self.forecast.n_planned} {self._tail(name=True)}"
        parts = " ".join(history[-1].in_short)
        say(
            f"{name} {len(history)}/{of} {parts}; {all_runs}",
            run=name,
            event="run_epoch",
            epochs=of,
            n_done=self.forecast.n_epochs,
            n_total=self.forecast.n_planned,
            seconds_left=self.forecast.seconds_left(),
            **history[-1].row,
        )

    def _draw_all(self, drawn: "_Drawn") -> None:
        wide = self._tail(name=True)
        tail = wide if len(wide) <= drawn.width // 2 else self._tail(name=False)
        drawn.draw(self.forecast.n_epochs, self.forecast.n_planned, tail)

    def _tail(self, *, name: bool) -> str:
        """Write the time to come, and the best so far."""
        seconds = self.forecast.seconds_left()
        bound = "<" if self.forecast.is_bound else ""
        words = "ETA ?" if seconds is None else f"ETA {bound}{Bar.format_interval(seconds)}"
        if self._best is None:
            return words
        epoch, of_run = self._best
        return f"{words}, best {_figure(epoch)}" + (f" {of_run}" if name else "")

    def __enter__(self) -> "GridProgress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._drawn.close()
        self._restore.close()
        self._tracking.close()


class _Drawn:
    """A bar, and below it a line for each of the runs that are being trained."""

    def __init__(
        self, planned: Mapping[str, int], *, n_lines: int, file: TextIO | None, width: int | None
    ) -> None:
        options: dict[str, Any] = {"ncols": width, "dynamic_ncols": width is None, "leave": False}
        total = sum(planned.values())
        self._bar = Bar(total=total, bar_format=FORMAT, position=0, file=file, **options)
        self._lines = [
            Bar(total=1, bar_format="{desc}", position=number, file=file, **options)
            for number in range(1, n_lines + 1)
        ]
        self._free = list(range(n_lines))
        self._line_of: dict[str, int] = {}
        self._name_width = max(map(len, planned), default=0)

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return int(self._bar.format_dict["ncols"] or 80)

    def draw(self, n_done: int, n_planned: int, tail: str) -> None:
        """Draw the bar."""
        self._bar.n, self._bar.total = n_done, n_planned
        self._bar.set_description_str(tail)

    def write(self, name: str, *parts: str) -> None:
        """Write as many parts of a run's line as there is room for."""
        if name not in self._line_of:
            if not self._free:
                return
            self._line_of[name] = self._free.pop(0)
        text = f"{name:<{self._name_width}}"
        for part in parts:
            if len(text) + 1 + len(part) >= self.width:
                break
            text += f" {part}"
        self._lines[self._line_of[name]].set_description_str(text[: self.width - 1])

    def clear(self, name: str) -> None:
        """Free a run's line for the next one."""
        if name in self._line_of:
            number = self._line_of.pop(name)
            self._lines[number].set_description_str("")
            self._free = sorted([*self._free, number])

    def close(self) -> None:
        """Leave nothing on the terminal."""
        for bar in (*reversed(self._lines), self._bar):
            bar.close()


def _best_of(history: Sequence[Epoch]) -> Epoch:
    """Find the epoch that a run keeps: the latest of the best."""
    best = history[0]
    for epoch in history:
        if not best.choice > epoch.choice:
            best = epoch
    return best


def _figure(epoch: Epoch) -> str:
    """Write what epochs are chosen by."""
    task: Task = "multilabel" if epoch.val_track_accuracy is None else "exclusive"
    return f"{title_of(CHOSEN_BY[task])} {epoch.choice[0]:.3f}"
