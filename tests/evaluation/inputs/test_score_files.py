"""Which files are compared: matched, calibrated on validation, and never mixed up."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from genre.errors import GenreError
from genre.evaluation.calibration import fit_scaling, logit
from genre.evaluation.comparison import analyse
from genre.evaluation.exclusive_scaling import fit_temperature, heated
from genre.evaluation.inputs.arrays import NO_THRESHOLDS
from genre.evaluation.inputs.score_files import ScoreFiles, load_score_files
from genre.evaluation.inputs.tables import read_table
from genre.evaluation.metrics import macro_average_precision
from genre.evaluation.report.document import markdown_report
from genre.evaluation.thresholds import decide, fit_thresholds
from tests.comparison_examples import QUICK
from tests.score_tables import make_scores, make_truth, write_table, write_tables


def test_tables_are_matched_by_track_and_genre(tmp_path: Path) -> None:
    paths = write_tables(tmp_path)
    straight = load_score_files(
        ScoreFiles(truth=tmp_path / "truth.csv", scores=tuple(paths)), folder=tmp_path
    )
    table = pd.read_csv(paths[0])
    table = table.iloc[::-1][["jazz", "track", "blues", "drum & bass"]]
    table.to_csv(paths[0], index=False)
    crooked = load_score_files(
        ScoreFiles(truth=tmp_path / "truth.csv", scores=tuple(paths)), folder=tmp_path
    )
    for name in ("good", "poor"):
        np.testing.assert_array_equal(crooked.runs[name][0].y_score, straight.runs[name][0].y_score)
    assert any("good.csv has its genres in another order" in note for note in crooked.notes)
    assert straight.notes == (NO_THRESHOLDS,)


def test_calibration_and_thresholds_come_from_validation_alone(tmp_path: Path) -> None:
    paths = write_tables(tmp_path, n_seeds=2)
    _, y_val = make_truth(n_artists=30)
    write_table(tmp_path / "val.csv", y_val, prefix="val ")
    validation: list[Path] = []
    for path in paths:
        scores = make_scores(y_val, skill=0.3, rng_seed=len(validation))
        validation.append(write_table(tmp_path / "v" / path.name, scores, prefix="val "))
    files = ScoreFiles(
        truth=tmp_path / "truth.csv",
        scores=tuple(reversed(paths)),
        validation_truth=tmp_path / "val.csv",
        validation=tuple(reversed(validation)),
    )
    experiment = load_score_files(files, folder=tmp_path)
    assert {name: list(by) for name, by in experiment.runs.items()} == {
        "good": [0, 1],
        "poor": [0, 1],
    }
    run = experiment.runs["poor"][1]
    on_val, on_test = (logit(read_table(paths[3]).values) for paths in (validation, paths))
    scaling = fit_scaling(y_val, on_val)
    np.testing.assert_allclose(run.y_score, scaling.scores(on_test))
    np.testing.assert_array_equal(run.uncalibrated, read_table(paths[3]).values)
    assert run.temperatures == (scaling.temperature,)
    np.testing.assert_array_equal(run.biases, [scaling.bias])
    fitted = fit_thresholds(y_val, scaling.scores(on_val)).values
    np.testing.assert_array_equal(run.thresholds[0], fitted)
    np.testing.assert_array_equal(run.decisions, decide(run.y_score, fitted))
    np.testing.assert_allclose(run.train_prior[0], y_val.mean(axis=0))
    ap = macro_average_precision(y_val, read_table(validation[3]).values)
    assert run.val_choice == pytest.approx((ap,))
    report = markdown_report(analyse(experiment, QUICK), {})
    assert "| model | temperature | bias | ECE before | ECE after |" in report


def test_names_of_files_are_models_and_seeds(tmp_path: Path) -> None:
    paths = write_tables(tmp_path)
    with pytest.raises(GenreError, match=r"both model 'good', seed 0; names must differ"):
        load_score_files(
            ScoreFiles(truth=tmp_path / "truth.csv", scores=(paths[0], paths[0])), folder=tmp_path
        )
    with pytest.raises(GenreError, match="it does not exist"):
        read_table(tmp_path / "absent.csv")


def test_artists_may_stand_in_any_table_and_must_agree(tmp_path: Path) -> None:
    paths = write_tables(tmp_path, with_artists=False)
    files = ScoreFiles(truth=tmp_path / "truth.csv", scores=tuple(paths))
    assert load_score_files(files, folder=tmp_path).unit == "track"
    artist, y_true = make_truth()
    write_table(paths[1], y_true * 0.5, artist=artist)
    assert load_score_files(files, folder=tmp_path).unit == "artist"
    write_table(paths[0], y_true * 0.5, artist=["else", *artist[1:]])
    with pytest.raises(GenreError, match="column artist: track 'track 000' must have the artist"):
        load_score_files(files, folder=tmp_path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scores": ()}, "at least one file"),
        ({"validation": (Path("v"),)}, "must be given together"),
        ({"validation_truth": Path("v")}, "must be given together"),
        (
            {"validation_truth": Path("v"), "validation": (Path("v"),), "threshold": 0.5},
            "must not be given together",
        ),
        (
            {"validation_truth": Path("v"), "validation": (Path("v"), Path("w"))},
            "for each of the 1 files of scores, in their order; it names 2",
        ),
    ],
)
def test_words_that_do_not_go_together(options: dict[str, Any], message: str) -> None:
    right: dict[str, Any] = {"truth": Path("t"), "scores": (Path("a"),)}
    with pytest.raises(GenreError, match=message):
        ScoreFiles(**(right | options))


def test_validation_on_test_tracks_is_refused(tmp_path: Path) -> None:
    paths = write_tables(tmp_path)
    truth = tmp_path / "truth.csv"
    files = ScoreFiles(
        truth=truth, scores=(paths[0],), validation_truth=truth, validation=(paths[0],)
    )
    with pytest.raises(GenreError, match=r"must have no track of .*72 are in both"):
        load_score_files(files, folder=tmp_path)


def write_named(path: Path, names: list[str], prefix: str = "") -> Path:
    rows = {"track": [f"{prefix}{row}" for row in range(len(names))], "genre": names}
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def write_shares(path: Path, shares: list[list[float]], prefix: str = "") -> Path:
    table = pd.DataFrame(shares, columns=["jazz", "rock", "folk"])
    table.insert(0, "track", [f"{prefix}{row}" for row in range(len(shares))])
    path.parent.mkdir(exist_ok=True)
    table.to_csv(path, index=False)
    return path


SHARES = [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1]]


def test_one_column_of_names_asks_which_one(tmp_path: Path) -> None:
    truth = write_named(tmp_path / "truth.csv", ["jazz", "rock", "rock", "rock"])
    scores = write_shares(tmp_path / "a.csv", SHARES)
    experiment = load_score_files(ScoreFiles(truth=truth, scores=(scores,)), folder=tmp_path)
    run = experiment.runs["a"][0]
    assert (experiment.task, experiment.has_decisions) == ("exclusive", True)
    assert run.genres == ("jazz", "rock", "folk")  # folk may be answered, too
    assert run.y_true.argmax(axis=1).tolist() == [0, 1, 1, 1]
    assert run.decisions.argmax(axis=1).tolist() == [0, 1, 0, 1]
    found = analyse(experiment, QUICK)
    rows = found.scores.query("config == 'a' and metric == 'accuracy' and seed == '0'")
    assert rows["value"].tolist() == [0.75]


def test_of_named_genres_validation_fits_one_temperature(tmp_path: Path) -> None:
    truth = write_named(tmp_path / "truth.csv", ["jazz", "rock", "rock", "rock"])
    scores = write_shares(tmp_path / "a.csv", SHARES)
    val = write_named(tmp_path / "val.csv", ["jazz", "rock", "folk", "rock"], "v")
    validation = write_shares(tmp_path / "v" / "a.csv", SHARES, "v")
    files = ScoreFiles(
        truth=truth, scores=(scores,), validation_truth=val, validation=(validation,)
    )
    run = load_score_files(files, folder=tmp_path).runs["a"][0]
    y_val = np.eye(3, dtype=np.bool_)[[0, 1, 2, 1]]
    temperature = fit_temperature(y_val, np.array(SHARES))
    assert run.temperatures == (temperature,)
    np.testing.assert_allclose(run.y_score, heated(np.array(SHARES), temperature))
    assert run.val_choice[0] == 0.75
    write_table(tmp_path / "val.csv", y_val, prefix="v")
    with pytest.raises(GenreError, match=r"val.csv must name genres as .*truth.csv does"):
        load_score_files(files, folder=tmp_path)


def test_a_named_genre_must_have_scores(tmp_path: Path) -> None:
    truth = write_named(tmp_path / "truth.csv", ["jazz", "metal", "rock", "rock"])
    scores = write_shares(tmp_path / "a.csv", SHARES)
    with pytest.raises(GenreError, match=r"a.csv must have a column for every genre .* 'metal'"):
        load_score_files(ScoreFiles(truth=truth, scores=(scores,)), folder=tmp_path)
