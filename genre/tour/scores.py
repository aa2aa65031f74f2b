"""A tour's third room: how good the configurations are on the test tracks."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genre.evaluation import plots
from genre.evaluation.inputs import PooledRun
from genre.evaluation.metrics import title_of
from genre.evaluation.metrics.calibration import expected_calibration_error
from genre.evaluation.report import calibration_of
from genre.tour.shown import Shown
from genre.tour.subject import Subject


@dataclass(frozen=True)
class Scores:
    """Pictures and tables of scores.

    Parameters
    ----------
    subject : Subject
        What the tour is about.
    """

    subject: Subject

    def overall(self) -> Shown:
        """List the primary metrics of configurations and baselines, with intervals."""
        comparison = self.subject.comparison
        scores = comparison.scores
        scores = scores[(scores["level"] == "track") & scores["seed"].isin(["mean", ""])]
        metric = comparison.primary_metrics[0]
        table = scores[scores["metric"].isin(comparison.primary_metrics)].pivot(
            index="config", columns="metric", values=["value", "ci_low", "ci_high"]
        )
        table = table.swaplevel(axis=1).sort_index(axis=1, level=0, sort_remaining=False)
        table = table.rename(columns={"ci_low": "from", "ci_high": "to"})
        table = table.sort_values((metric, "value"), ascending=False)
        first = table.index[0]
        words = (
            f"The highest {title_of(metric)} on test is {table.loc[first, (metric, 'value')]:.3f}, "
            f"of {first}."
        )
        return Shown(words, (table.map("{:.3f}".format).replace("nan", ""),))

    def genres(self) -> Shown:
        """Draw and list the scores of each genre under the best run."""
        rows = self._own()
        figures = [
            f"{name}{end}"
            for name in ("precision", "recall", "f1", "ap")
            for end in ("", "_low", "_high")
        ]
        counts = ["n_pos_tracks", "n_pos_artists", "TP", "FP", "FN"]
        table = rows.set_index("genre")[[*counts, *figures]]
        ap = table["ap"].dropna()
        words = "No genre has a test track."
        if len(ap):
            words = (
                f"Ranked best: {ap.idxmax()}, with an AP of {ap.max():.3f}; worst: {ap.idxmin()}, "
                f"with {ap.min():.3f}."
            )
        picture = plots.plot_per_genre_scores(rows, title=self.subject.best.place.name)
        return Shown(words, (picture, table))

    def _own(self) -> pd.DataFrame:
        per_class, place = self.subject.comparison.per_class, self.subject.best.place
        is_own = (per_class["config"] == place.configuration) & (per_class["seed"] == place.seed)
        rows = per_class[is_own]
        return rows.assign(genre=rows["genre"].map(self.subject.experiment.called))

    @property
    def _first(self) -> dict[str, PooledRun]:
        """The lowest seed of each configuration."""
        runs = self.subject.experiment.runs
        return {name: runs[name][min(runs[name])] for name in self.subject.configurations}

    @property
    def _names(self) -> list[str]:
        return [self.subject.experiment.called(genre) for genre in self.subject.run.genres]

    def precision_recall(self) -> Shown:
        """Draw precision against recall for every genre, a line per configuration."""
        y_true = self.subject.run.y_true
        scores = {name: one.y_score for name, one in self._first.items()}
        shares = dict(zip(self._names, y_true.mean(axis=0), strict=True))
        rarest = min(shares, key=shares.__getitem__)
        words = (
            f"Guessing reaches {shares[rarest]:.2f} for {rarest}, the rarest genre of the test, "
            f"and {max(shares.values()):.2f} for the most frequent."
        )
        return Shown(words, (plots.plot_precision_recall(y_true, scores, self._names),))

    def confusion(self) -> Shown:
        """Draw which genres the tracks of each genre are given."""
        run, names = self.subject.run, self._names
        picture = plots.plot_confusion(run.y_true, run.decisions, names)
        wrong = _given_wrongly(run.y_true, run.decisions)
        row, column = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        words = "No track was given a genre that it does not have."
        if wrong[row, column]:
            words = (
                f"The most frequent mistake: {wrong[row, column]} of "
                f"{int(run.y_true[:, row].sum())} tracks of {names[row]} were given "
                f"{names[column]}, which they do not have."
            )
        return Shown(words, (picture,))

    def calibration(self) -> Shown:
        """Draw the scores of the best run against the share that is right, mended and not."""
        run = self.subject.run
        if run.uncalibrated is None:
            return Shown("Of this experiment only calibrated scores are kept.")
        known = calibration_of(run)
        picture = plots.plot_calibration(
            run.y_true, run.uncalibrated, run.y_score, temperature=known.temperature
        )
        words = (
            "The expected calibration error, the mean distance from the dotted line, goes from "
            f"{known.ece_before:.3f} to {known.ece_after:.3f}."
        )
        return Shown(words, (picture,))

    def reliability(self) -> Shown:
        """Draw the same for every configuration, as it is used."""
        y_true = self.subject.run.y_true
        scores = {name: one.y_score for name, one in self._first.items()}
        errors = {name: expected_calibration_error(y_true, score) for name, score in scores.items()}
        best, worst = min(errors, key=errors.__getitem__), max(errors, key=errors.__getitem__)
        words = (
            f"Expected calibration errors: from {errors[best]:.3f}, of `{best}`, to "
            f"{errors[worst]:.3f}, of `{worst}`."
        )
        return Shown(words, (plots.plot_reliability(y_true, scores),))


def _given_wrongly(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count, for the tracks of each genre (row), what they were given and do not have (column)."""
    wrong: NDArray[np.int64] = y_true.T.astype(np.int64) @ (decisions & ~y_true).astype(np.int64)
    return wrong
