"""What may not be concluded."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from genre.dataset.doctor import artists
from genre.evaluation import compare
from genre.evaluation.comparison import Comparison
from genre.evaluation.inputs import NO_ARTISTS
from genre.evaluation.inputs.records import Description
from genre.evaluation.report.cautions import UNKNOWN_SHARE, Caution, Kind, Weight, cautions
from genre.evaluation.report.plain import plain_answer
from genre.evaluation.scores import load_scores, save_scores
from tests.report_examples import ALIKE, QUICK, compared, texts
from tests.synthetic_experiment import write_experiment


def test_unfinished_runs_and_absent_genres_are_named(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, n_artists=5, tracks_per_artist=1)
    (folder / "attnTrue_lossfocal" / "seed1" / "record.json").unlink()
    report, summary = texts(folder)
    for text in (report, summary):
        assert "attnTrue_lossfocal/seed1" in text
        assert re.search(r"\d of 7 genres have no test track", text)


def test_a_split_by_track_is_warned_of(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE, seeds=(0,))
    path = folder / "experiment.json"
    path.write_text(path.read_text().replace('"split_by": "artist"', '"split_by": "track"'))
    report, _ = texts(folder)
    assert "songs of one artist may be in training and in test" in report


def test_tracks_by_nobody_known_are_warned_of_above_a_fifth(tmp_path: Path) -> None:
    """A division by artist is none where the artists are unknown, and the answer says so."""
    found = compared(write_experiment(tmp_path, skills=ALIKE))
    for n_unknown, is_warned in ((None, False), (0, False), (20, False), (21, True), (100, True)):
        known = Description(split_by="artist", n_tracks=100, n_unknown_artists=n_unknown)
        described = replace(found, experiment=replace(found.experiment, description=known))
        texts_of = [one.text for one in cautions(described) if one.kind is Kind.UNKNOWN_ARTISTS]
        assert [f"Of {n_unknown} of 100 tracks" in text for text in texts_of] == [True] * is_warned


def test_the_report_and_the_doctor_warn_from_the_same_share_on() -> None:
    assert UNKNOWN_SHARE == artists.UNKNOWN_SHARE  # the room of evaluation knows no other


def without_artists(folder: Path, *, every: int) -> Path:
    for path in folder.rglob("scores.npz"):
        scores = load_scores(path)
        artist, track_id = scores.test.artist.astype(object), scores.test.track_id
        artist[::every] = track_id[::every]
        save_scores(path, replace(scores, test=replace(scores.test, artist=artist.astype(np.str_))))
    return folder


def test_a_track_without_artist_is_no_artist(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE)
    some = compared(without_artists(folder, every=3))
    assert some.unit == "artist"
    assert any("21 of 63 test tracks have no known artist" in one.text for one in cautions(some))
    none = compared(without_artists(folder, every=1))
    assert none.unit == "track"
    assert NO_ARTISTS in [one.text for one in cautions(none)]
    assert "With 63 tracks, a single test finds" in plain_answer(none)
    assert set(none.contrasts["unit"]) == {"track"}


def kinds(comparison: Comparison) -> list[Kind]:
    return [one.kind for one in cautions(comparison)]


def test_a_caution_says_what_it_is_about(small_comparison: Comparison) -> None:
    experiment = small_comparison.experiment
    assert kinds(small_comparison) == [
        Kind.FEW_SEEDS,
        Kind.LOW_SUPPORT,
        Kind.SEEN_AFTERWARDS,
        Kind.CUSTOMARY_TEST,
    ]
    first = {name: {0: by_seed[0]} for name, by_seed in experiment.runs.items()}
    one_seed = replace(experiment, runs=first, unfinished=("a/seed1",), notes=("mind this",))
    found = replace(small_comparison, experiment=one_seed, n_clusters=3)
    assert kinds(found) == [
        Kind.ONE_SEED,
        Kind.FEW_CLUSTERS,
        Kind.LOW_SUPPORT,
        Kind.UNFINISHED,
        Kind.NOTE,
        Kind.SEEN_AFTERWARDS,
        Kind.CUSTOMARY_TEST,
    ]
    five = {name: dict.fromkeys(range(5), by[0]) for name, by in experiment.runs.items()}
    enough = replace(small_comparison, experiment=replace(experiment, runs=five))
    assert Kind.FEW_SEEDS not in kinds(enough)


def test_a_caution_is_for_people(small_comparison: Comparison) -> None:
    few = replace(small_comparison, n_clusters=1)
    (text,) = (one.text for one in cautions(few) if one.kind is Kind.FEW_CLUSTERS)
    assert text == (
        "Too few artists: the test set has 1 artist, fewer than 10. Intervals are plain "
        "percentiles (a single artist gives none), and no p-value is a finding."
    )


def test_how_much_each_takes_away() -> None:
    grave = {Kind.ONE_SEED, Kind.FEW_CLUSTERS, Kind.UNFINISHED}
    grave |= {Kind.SPLIT_BY_TRACK, Kind.UNKNOWN_ARTISTS}
    for kind in Kind:
        weight = Caution(kind=kind, text="").weight
        assert (weight is Weight.GRAVE) == (kind in grave)
    assert Caution(kind=Kind.ABSENT_GENRES, text="").weight is Weight.INCOMPLETE
    assert Caution(kind=Kind.NOTE, text="").weight is Weight.OF_THE_DATA
    assert Caution(kind=Kind.LOW_SUPPORT, text="").weight is Weight.LIGHT


def test_genres_that_metrics_leave_out_are_named() -> None:
    y_true = np.zeros((30, 4), dtype=np.bool_)
    y_true[:, 0] = y_true[::2, 1] = y_true[1::3, 2] = True
    lonely = y_true.copy()
    lonely[:3, 0] = lonely[:3, 1] = lonely[:3, 2] = False
    names = ["all", "half", "third", "*none*"]
    found, other = (
        {
            one.kind: one.text
            for one in cautions(
                compare(truth, {"m": np.full(truth.shape, 0.5)}, genres=names, config=QUICK)
            )
        }
        for truth in (y_true, lonely)
    )
    assert found[Kind.ABSENT_GENRES] == (
        r"1 of 4 genres have no test track and are left out of macro AP, F1 and AUC: \*none\*."
    )
    assert "1 of 4 genres are on every test track" in found[Kind.GENRES_EVERYWHERE]
    assert Kind.TRACKS_WITHOUT_GENRE not in found
    assert Kind.GENRES_EVERYWHERE not in other
    assert "3 of 30 test tracks have none of the genres" in other[Kind.TRACKS_WITHOUT_GENRE]
