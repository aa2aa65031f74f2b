"""What may not be concluded from a comparison, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np

from genre.evaluation.bootstrap import MIN_CLUSTERS
from genre.evaluation.comparison.choice import chosen
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import Experiment
from genre.evaluation.inputs.records import FROZEN, Description
from genre.evaluation.report.markdown import plain
from genre.evaluation.report.plain import count_units

GOOD_SEEDS = 5
"""From so many on, the luck of training is measured well enough."""

UNKNOWN_SHARE = 0.2
"""With more tracks than this by nobody known, a division by artist is not one."""


class Weight(IntEnum):
    """How much a caution takes away from the answer."""

    LIGHT = 0
    OF_THE_DATA = 1
    INCOMPLETE = 2
    GRAVE = 3


class Kind(Enum):
    """What a caution is about."""

    ONE_SEED = "one seed"
    FEW_SEEDS = "few seeds"
    FEW_CLUSTERS = "few artists or tracks"
    ABSENT_GENRES = "genres without a test track"
    GENRES_EVERYWHERE = "genres on every test track"
    TRACKS_WITHOUT_GENRE = "test tracks without a genre"
    LOW_SUPPORT = "genres with few artists"
    SPLIT_BY_TRACK = "split by track"
    UNKNOWN_ARTISTS = "tracks by nobody known"
    UNFINISHED = "unfinished runs"
    NOTE = "a note of whoever read the scores"
    PRETRAINED = "networks that others have trained"
    OTHER_WINDOWS = "windows of other lengths"
    SEEN_AFTERWARDS = "the best was seen afterwards"
    CUSTOMARY_TEST = "the customary test"


WEIGHTS = {
    Kind.ONE_SEED: Weight.GRAVE,
    Kind.FEW_CLUSTERS: Weight.GRAVE,
    Kind.SPLIT_BY_TRACK: Weight.GRAVE,
    Kind.UNKNOWN_ARTISTS: Weight.GRAVE,
    Kind.UNFINISHED: Weight.GRAVE,
    Kind.ABSENT_GENRES: Weight.INCOMPLETE,
    Kind.NOTE: Weight.OF_THE_DATA,
    Kind.PRETRAINED: Weight.OF_THE_DATA,
}
"""All others are light."""


@dataclass(frozen=True, kw_only=True)
class Caution:
    """One thing that may not be concluded.

    Parameters
    ----------
    kind : Kind
        What it is about.
    text : str
        For people.
    """

    kind: Kind
    text: str

    @property
    def weight(self) -> Weight:
        """How much it takes away from the answer; a summary has all but the light ones."""
        return WEIGHTS.get(self.kind, Weight.LIGHT)


def cautions(comparison: Comparison) -> Iterator[Caution]:
    """List what may not be concluded, and why.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Yields
    ------
    Caution
        In the order of the report.
    """
    experiment = comparison.experiment
    n_seeds = min(len(by_seed) for by_seed in experiment.runs.values())
    yield from _about_seeds(n_seeds, is_alone=len(experiment.runs) == 1)
    if comparison.few_clusters:
        yield Caution(
            kind=Kind.FEW_CLUSTERS,
            text=f"Too few {comparison.unit}s: the test set has {count_units(comparison)}, fewer "
            f"than {MIN_CLUSTERS}. Intervals are plain percentiles (a single {comparison.unit} "
            "gives none), and no p-value is a finding.",
        )
    yield from _about_genres(comparison)
    yield from _about_artists(experiment.description)
    if experiment.unfinished:
        names = ", ".join(experiment.unfinished)
        yield Caution(
            kind=Kind.UNFINISHED, text=f"Not finished, and not part of this comparison: {names}."
        )
    yield from _about_frozen_networks(experiment)
    for note in experiment.notes:
        yield Caution(kind=Kind.NOTE, text=note)
    if len(experiment.runs) > 1 or experiment.baselines:
        yield Caution(
            kind=Kind.SEEN_AFTERWARDS,
            text="The best on this test set was seen after the fact: its own score is slightly too "
            f"high.{' The one to use is chosen on validation.' if chosen(experiment) else ''}",
        )
    if len(comparison.legacy_curve):
        yield Caution(
            kind=Kind.CUSTOMARY_TEST,
            text="The p-values of the customary test (legacy_p) depend on the number of "
            "bootstrap replicates and are no evidence; they are printed for comparison only.",
        )


def _about_artists(known: Description) -> Iterator[Caution]:
    if known.split_by == "track":
        yield Caution(
            kind=Kind.SPLIT_BY_TRACK,
            text="Split by track: songs of one artist may be in training and in test. Scores are "
            "too high for music by new artists, by an unknown amount.",
        )
    elif (known.n_unknown_artists or 0) > UNKNOWN_SHARE * (known.n_tracks or 0):
        yield Caution(
            kind=Kind.UNKNOWN_ARTISTS,
            text=f"Of {known.n_unknown_artists} of {known.n_tracks} tracks the artist is unknown, "
            "and each was taken for an artist of its own: songs of one artist may be in training "
            "and in test. Scores may be too high for music by new artists, by an unknown amount.",
        )


def _about_frozen_networks(experiment: Experiment) -> Iterator[Caution]:
    # Several that hear as one are named as "a+b".
    names = sorted(
        name
        for settings in experiment.settings.values()
        if settings.get("architecture") == FROZEN and "backbone" in settings.get("model", {})
        for name in str(settings["model"]["backbone"]).split("+")
    )
    if names:
        heard = ", ".join(plain(name) for name in dict.fromkeys(names))
        yield Caution(
            kind=Kind.PRETRAINED,
            text=f"Pre-trained by others ({heard}): such a network may have heard test artists, or "
            "the test tracks themselves, before, and nobody can check. Scores on frozen networks "
            "may be too high for music by new artists, by an unknown amount.",
        )
    others = set(experiment.runs) - set(experiment.alike_in_windows)
    if others:
        listed = ", ".join(plain(name) for name in sorted(others))
        yield Caution(
            kind=Kind.OTHER_WINDOWS,
            text=f"Windows of other lengths than those of the rest: {listed}. Figures per window "
            "are each configuration's own; only the same windows are compared.",
        )


def _about_seeds(n_seeds: int, *, is_alone: bool) -> Iterator[Caution]:
    if n_seeds < 2 and is_alone:
        yield Caution(
            kind=Kind.ONE_SEED,
            text="Trained once: another training may score higher or lower, by an unknown amount. "
            "Train with two seeds or more.",
        )
    elif n_seeds < 2:
        yield Caution(
            kind=Kind.ONE_SEED,
            text="Checkpoint comparison, not configuration comparison: a configuration with a "
            "single seed may owe its place to luck in training. Train with two seeds or more.",
        )
    elif n_seeds < GOOD_SEEDS:
        yield Caution(
            kind=Kind.FEW_SEEDS,
            text=f"{n_seeds} seeds per configuration measure the luck of training, and of its cut "
            "from validation, roughly: for that reason some intervals are very wide, and others "
            "are narrow by chance. Five seeds are better.",
        )


def _about_genres(comparison: Comparison) -> Iterator[Caution]:
    common = comparison.experiment.any_run
    written = [plain(comparison.experiment.called(genre)) for genre in common.genres]
    absent = [written[int(k)] for k in np.flatnonzero(~common.y_true.any(axis=0))]
    if absent:
        yield Caution(
            kind=Kind.ABSENT_GENRES,
            text=f"{len(absent)} of {len(common.genres)} genres have no test track and are left "
            f"out of macro AP, F1 and AUC: {', '.join(absent)}.",
        )
    everywhere = [written[int(k)] for k in np.flatnonzero(common.y_true.all(axis=0))]
    if everywhere:
        yield Caution(
            kind=Kind.GENRES_EVERYWHERE,
            text=f"{len(everywhere)} of {len(common.genres)} genres are on every test track and "
            f"are left out of macro AUC: {', '.join(everywhere)}.",
        )
    n_without = int(np.sum(~common.y_true.any(axis=1)))
    if n_without:
        yield Caution(
            kind=Kind.TRACKS_WITHOUT_GENRE,
            text=f"{n_without} of {len(common.y_true)} test tracks have none of the genres and are "
            "left out of LRAP and top-1 accuracy.",
        )
    table = comparison.per_class.drop_duplicates("genre")
    named = table.loc[table["low_support"], "genre"]
    low = [plain(comparison.experiment.called(genre)) for genre in named]
    if low:
        shown = ", ".join(low[:10]) + (f" and {len(low) - 10} more" if len(low) > 10 else "")
        yield Caution(
            kind=Kind.LOW_SUPPORT,
            text=f"{len(low)} of {len(table)} genres have fewer than 10 {comparison.unit}s in the "
            f"test set; figures for a single one of these are hints: {shown}.",
        )
