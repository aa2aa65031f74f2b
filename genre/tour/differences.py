"""A tour's fourth room: which configuration is better, and whether that is a fact."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from genre.evaluation import plots
from genre.evaluation.metrics import title_of
from genre.evaluation.report import answer, cautions
from genre.tour.shown import Shown, as_list
from genre.tour.subject import Subject
from genre.wording import counted

_ALONE = "With one configuration there is nothing to compare."


@dataclass(frozen=True)
class Differences:
    """Pictures of differences, and the answer in words.

    Parameters
    ----------
    subject : Subject
        What the tour is about.
    """

    subject: Subject

    @property
    def _asked(self) -> pd.DataFrame:
        """The planned questions, or else all pairs."""
        table = self.subject.comparison.contrasts
        planned = table[table["family"] == "planned"]
        return planned if len(planned) else table[table["family"] == "pairs"]

    def forest(self) -> Shown:
        """Draw each difference that was asked for, with its interval."""
        asked = self._asked
        if asked.empty:
            return Shown(_ALONE)
        is_clear = (asked["ci_low"] > 0) | (asked["ci_high"] < 0)
        n_clear = int(is_clear.sum()) or "none"
        words = f"Of {counted(len(asked), 'interval')}, {n_clear} leave out zero."
        rope = self.subject.comparison.config.rope
        return Shown(words, (plots.plot_forest(asked, rope=rope),))

    def answer(self) -> Shown:
        """Write the answer, and how to read it."""
        return Shown(as_list(answer(self.subject.comparison)))

    def cautions(self) -> Shown:
        """Write what may not be concluded."""
        return Shown(as_list(one.text for one in cautions(self.subject.comparison)))

    def densities(self) -> Shown:
        """Draw how each configuration's mean varies as the test artists are drawn anew."""
        comparison, names = self.subject.comparison, self.subject.configurations
        metric = comparison.primary_metrics[0]
        replicates = {name: comparison.replicates[name, metric] for name in names}
        deviation = float(np.mean([np.std(values) for values in replicates.values()]))
        picture = plots.plot_bootstrap_densities(
            replicates,
            {name: comparison.seed_values[name, metric] for name in names},
            metric=metric,
        )
        words = (
            f"Another choice of {comparison.n_clusters} {comparison.unit}s moves the "
            f"{title_of(metric)} of a configuration by {deviation:.3f} (one deviation)."
        )
        return Shown(words, (picture,))

    def by_genre(self) -> Shown:
        """Draw the average precision of each genre under every configuration."""
        subject, names = self.subject, self.subject.configurations
        means = subject.comparison.per_class.groupby(["config", "genre"])["ap"].mean()
        genres = subject.run.genres
        columns = {name: np.array([means[name, genre] for genre in genres]) for name in names}
        called = [subject.experiment.called(genre) for genre in genres]
        span = np.ptp(np.stack(list(columns.values())), axis=0)
        words = "No genre has a test track."
        if np.isfinite(span).any():
            widest = int(np.nanargmax(span))
            words = (
                f"The configurations differ most on {called[widest]}, by {span[widest]:.3f}, and "
                f"least on {called[int(np.nanargmin(span))]}, by {np.nanmin(span):.3f}."
            )
        return Shown(words, (plots.plot_dumbbell(called, columns, metric="Average precision"),))

    def customary(self) -> Shown:
        """Draw how the p-value of a customary test falls with the number of replicates."""
        curve = self.subject.comparison.legacy_curve
        curve = curve[curve["contrast"].isin(self._asked["contrast"])]
        if curve.empty:
            return Shown("The customary test is of windows, and these cannot be compared here.")
        few, many = int(curve["n_replicates"].min()), int(curve["n_replicates"].max())
        at = {n: curve[curve["n_replicates"] == n]["p"] for n in (few, many)}
        words = (
            f"With {few} replicates {int((at[few] < 0.001).sum())} of {len(at[few])} p-values are "
            f"below 0.001, with {many:,} it is {int((at[many] < 0.001).sum())}."
        )
        return Shown(words, (plots.plot_legacy_p(curve),))
