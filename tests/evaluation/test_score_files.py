"""Anybody's scores: from arrays and from tables, checked with words that name the place."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import genre.evaluation
from genre.cli import main
from genre.errors import GenreError
from genre.evaluation import compare
from genre.evaluation.calibration import fit_scaling, logit
from genre.evaluation.comparison import ComparisonConfig, analyse
from genre.evaluation.inputs import NO_ARTISTS
from genre.evaluation.inputs.arrays import NO_THRESHOLDS
from genre.evaluation.inputs.score_files import ScoreFiles, load_score_files
from genre.evaluation.inputs.tables import read_table
from genre.evaluation.metrics import evaluate, macro_average_precision
from genre.evaluation.report.document import markdown_report
from genre.evaluation.thresholds import decide, fit_thresholds
from tests.score_tables import make_scores, make_truth, write_table, write_tables

QUICK = ComparisonConfig(n_replicates=200, n_reference_replicates=100)
WORDS = ["--n-replicates", "200", "--n-reference-replicates", "100"]


# Arrays


def test_arrays_are_compared_by_artist() -> None:
    artist, y_true = make_truth()
    scores = {
        name: make_scores(y_true, skill=s, rng_seed=1) for name, s in (("a", 0.5), ("b", 0.1))
    }
    found = compare(y_true, scores, artist=artist, thresholds=0.5, config=QUICK)
    assert found.n_clusters == 24
    table = found.contrasts.set_index("metric")
    for metric in ("macro_ap", "weighted_f1"):
        values = [evaluate(y_true, one, one >= 0.5)[metric] for one in scores.values()]
        assert table.loc[metric, "delta"] == pytest.approx(values[1] - values[0])
    assert set(table["unit"]) == {"artist"}


def test_the_same_arrays_give_the_same_figures() -> None:
    _, y_true = make_truth()
    scores = {"a": make_scores(y_true, skill=0.3, rng_seed=1), "b": y_true * 0.5}
    first, again = (compare(y_true, scores, config=QUICK) for _ in range(2))
    pd.testing.assert_frame_equal(first.contrasts, again.contrasts)


def test_without_thresholds_nothing_is_decided() -> None:
    artist, y_true = make_truth()
    scores = {"a": make_scores(y_true, skill=0.3, rng_seed=1), "b": y_true * 0.5}
    found = compare(y_true, scores, artist=artist, config=QUICK)
    assert set(found.contrasts["metric"]) == {"macro_ap"}
    assert not set(found.scores["metric"]) & {"weighted_f1", "macro_precision", "subset_accuracy"}
    assert {"brier", "macro_auc", "lrap"} <= set(found.scores["metric"])
    assert not {"f1", "threshold", "TP"} & set(found.per_class.columns)
    report = markdown_report(found, {})
    assert NO_THRESHOLDS in report
    assert "F1" not in report.replace(NO_THRESHOLDS, "").partition("## How it was computed")[0]


def test_without_artists_tracks_are_resampled_and_it_is_said_what_that_costs() -> None:
    _, y_true = make_truth()
    found = compare(y_true, {"a": y_true * 0.5, "b": 1 - y_true * 0.5}, config=QUICK)
    assert (found.n_clusters, found.unit) == (72, "track")
    assert set(found.contrasts["unit"]) == {"track"}
    report = markdown_report(found, {"densities_macro_ap": Path()})
    assert NO_ARTISTS in report
    assert "artist" not in report.replace(NO_ARTISTS, "")


def test_seeds_are_the_first_axis() -> None:
    artist, y_true = make_truth()
    seeds = np.stack([make_scores(y_true, skill=0.4, rng_seed=k) for k in range(3)])
    found = compare(y_true, {"a": seeds, "b": seeds[::-1]}, artist=artist, config=QUICK)
    row = found.contrasts.iloc[0]
    assert (row["n_seeds"], row["claim_scope"]) == (3, "configuration")
    assert row["delta"] == pytest.approx(0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y_true": [[2, 0]]}, "y_true must hold 0 and 1"),
        ({"y_true": []}, "at least one row"),
        ({"y_scores": {}}, "at least one model"),
        ({"y_scores": {"a": [[0.1]]}}, r"y_scores\['a'\] of shape \(1, 1\) must have the shape"),
        ({"y_scores": {"a": [[0.1, np.nan], [0, 0]]}}, r"seed 0, row 0, column 1 is nan"),
        ({"y_scores": {"a": [[0.1, 0], [1.5, 0]]}}, r"seed 0, row 1, column 0 is 1\.5"),
        ({"artist": ["x"]}, "artist of length 1 must have one for each of the 2 rows"),
        ({"genres": ["x"]}, "genres of length 1 must have one for each of the 2 columns"),
        ({"thresholds": 2.0}, r"threshold=2\.0 must lie in \[0, 1\]"),
        ({"thresholds": {}}, "thresholds must name every model; 'a' is missing"),
        ({"thresholds": {"a": [0.5]}}, r"thresholds\['a'\] of shape \(1,\) must be 2 numbers"),
    ],
)
def test_unfit_arrays_are_named(change: dict[str, object], message: str) -> None:
    right = {"y_true": [[1, 0], [0, 1]], "y_scores": {"a": [[0.5, 0.5], [0.5, 0.5]]}}
    with pytest.raises(GenreError, match=message):
        compare(**(right | change), config=QUICK)  # type: ignore[arg-type]


def test_the_example_in_the_docstring_holds() -> None:
    rng = np.random.default_rng(0)
    y_true = rng.random((60, 3)) < 0.4
    good = 0.6 * y_true + 0.4 * rng.random((60, 3))
    found = compare(y_true, {"good": good, "poor": rng.random((60, 3))}, artist=np.arange(60) // 3)
    row = found.contrasts.iloc[0]
    assert (row["contrast"], row["n_units"]) == ("poor - good", 20)
    assert row["p_raw"] < 0.05


def test_the_room_has_nothing_else_to_call() -> None:
    with pytest.raises(AttributeError, match="compared"):
        genre.evaluation.compared  # noqa: B018 - asked for on purpose


# Awkward test sets: each has an answer


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("thresholds", [None, 0.5])
@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("no positives", "Nothing can be compared. No genre"),
        ("one class all positive", "1 of 3 genres are on every test track .* AUC: genre 0"),
        ("a class without positives", "left out of macro AP, F1 and AUC: genre 1"),
        ("ties", "No difference was found"),
        ("rows without labels", "9 of 36 test tracks have none of the genres"),
        ("one artist", "cannot be said from this test. It has 1 artist;"),
        ("more genres than tracks", "left out of macro AP"),
    ],
)
def test_awkward_test_sets_have_an_answer(case: str, says: str, thresholds: float | None) -> None:
    rng = np.random.default_rng(0)
    y_true = np.eye(3, dtype=np.bool_)[np.arange(36) % 3]
    artist = np.arange(36) // 2
    if case == "no positives":
        y_true[:] = False
    elif case == "one class all positive":
        y_true[:, 0] = True
    elif case == "a class without positives":
        y_true[:, 1] = False
    elif case == "rows without labels":
        y_true[::4] = False
    elif case == "one artist":
        artist = np.zeros(36, dtype=np.int64)
    elif case == "more genres than tracks":
        y_true = np.eye(36, 60, dtype=np.bool_)
    scores = {name: rng.random(y_true.shape) for name in "ab"}
    if case == "ties":
        scores = {name: np.full(y_true.shape, 0.5) for name in "ab"}
    found = compare(y_true, scores, artist=artist, thresholds=thresholds, config=QUICK)
    text = markdown_report(found, {})
    assert pd.Series([text]).str.contains(says).all(), text[:1500]
    known = found.contrasts["p_raw"].dropna()
    assert known.between(0, 1).all()


# Tables


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
    validation = []
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
    assert run.val_macro_ap == pytest.approx(ap)
    report = markdown_report(analyse(experiment, QUICK), {})
    assert "| configuration | temperature | bias | ECE before | ECE after |" in report


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


FAULTS = [
    ("good.csv", "track 004,", "track 003,", "line 6, column track: 'track 003' must stand once"),
    ("good.csv", "track 004,", "track xxx,", "1 missing, such as 'track 004'; 1 unknown"),
    ("good.csv", "track 004,", ",", "line 6, column track: must not be empty"),
    ("good.csv", "jazz", "polka", "every genre column of .*1 missing, such as 'jazz'"),
    ("good.csv", "jazz", "blues", "line 1: column 'blues' must stand once"),
    ("good.csv", "jazz", "", "line 1: column 4 must have a name"),
    ("good.csv", "track,", "song,", "must have a column 'track'"),
    ("truth.csv", "artist 0,1.0,", "artist 0,0.5,", "line 2, column blues: '0.5' must be 0 or 1"),
    ("truth.csv", "artist 0,", ",", "line 2, column artist: must not be empty"),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), FAULTS)
def test_faults_are_one_line_that_names_the_place(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    old: str,
    new: str,
    message: str,
) -> None:
    paths = write_tables(tmp_path)
    edit(tmp_path / name, old, new)
    status = main(["compare", "--truth", str(tmp_path / "truth.csv"), *map(str, paths)])
    error = capsys.readouterr().err
    assert status == 1
    assert error.count("\n") == 1
    assert error.startswith(f"error: {tmp_path / name}")
    assert pd.Series([error]).str.contains(message).all(), error


@pytest.mark.parametrize("value", ["nan", "NaN", "", "1.01", "-0.1", "inf", "loud"])
def test_a_score_that_is_none_is_named(tmp_path: Path, value: str) -> None:
    path = write_table(tmp_path / "a.csv", np.full((3, 3), 0.25))
    edit(path, "track 001,0.25,0.25", f"track 001,0.25,{value}")
    with pytest.raises(
        GenreError, match=r"a\.csv, line 3, column drum & bass: .* must be a number"
    ):
        read_table(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must have a column 'track'"),
        (b"track;blues\na;1\n", "must have a column 'track'.*divided by commas"),
        (b"track,blues\n", "must have a row for each track"),
        (b"track,artist\na,b\n", "must have a column for each genre"),
        (b"track,blues\na,1,2\n", "line 2: must have as many fields as line 1"),
        (b"track,blues\na,1\nb,1,2\n", "must be a table .*line 3"),
        (b"track,blues\na\n", "line 2, column blues: '' must be a number"),
        (b"track,blues\n\xff\xfe,1\n", "must be a table"),
        (b"\xef\xbb\xbftrack,blues\na,1\n", None),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, message: str | None) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    if message is None:
        assert read_table(path).genres == ("blues",)
        return
    with pytest.raises(GenreError, match=message) as caught:
        read_table(path)
    assert "\n" not in str(caught.value)


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
def test_words_that_do_not_go_together(options: dict[str, object], message: str) -> None:
    right: dict[str, object] = {"truth": Path("t"), "scores": (Path("a"),)}
    with pytest.raises(GenreError, match=message):
        ScoreFiles(**(right | options))  # type: ignore[arg-type]


def test_validation_on_test_tracks_is_refused(tmp_path: Path) -> None:
    paths = write_tables(tmp_path)
    truth = tmp_path / "truth.csv"
    files = ScoreFiles(
        truth=truth, scores=(paths[0],), validation_truth=truth, validation=(paths[0],)
    )
    with pytest.raises(GenreError, match=r"must have no track of .*72 are in both"):
        load_score_files(files, folder=tmp_path)


# The command


def test_the_command_writes_what_an_experiment_gets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(path) for path in write_tables(tmp_path, n_seeds=2)]
    out = tmp_path / "out"
    words = ["compare", "--truth", str(tmp_path / "truth.csv"), *paths, "--threshold", "0.4"]
    status = main([*words, "--out", str(out), "--json", str(tmp_path / "c.json"), *WORDS])
    said = capsys.readouterr()
    assert status == 0, said.err
    names = {path.name for path in out.iterdir()}
    assert {"REPORT.md", "comparison.csv", "comparison.json", "scores.csv", "pictures"} <= names
    assert (tmp_path / "c.json").read_bytes() == (out / "comparison.json").read_bytes()
    assert "2 seeds, 24 test artists" in said.out
    assert "good did better than poor" in said.out
    assert "One fixed threshold for all" in said.out
    shown = {path.name for path in (out / "pictures").iterdir()}
    assert {"forest_pairs.png", "confusion.png"} <= shown
    report = (out / "REPORT.md").read_text()
    assert all(f"pictures/{name}" in report for name in shown)


def test_the_command_without_thresholds_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [str(path) for path in write_tables(tmp_path, with_artists=False)]
    assert main(["compare", "--truth", "truth.csv", *paths, *WORDS]) == 0
    said = capsys.readouterr().out
    assert "No thresholds were given" in said
    assert "No artists are known" in said
    assert (tmp_path / "results" / "compared" / "REPORT.md").is_file()


def test_the_number_of_threads_changes_no_byte(tmp_path: Path) -> None:
    paths = [str(path) for path in write_tables(tmp_path)]
    written = []
    for threads in ("1", "2"):
        out = tmp_path / threads
        words = ["--truth", str(tmp_path / "truth.csv"), *paths, "--threshold", "0.5", *WORDS]
        code = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
        subprocess.run(
            [sys.executable, "-c", code, "compare", *words, "--out", str(out)],
            env=os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            check=True,
            capture_output=True,
        )
        names = ("comparison.csv", "comparison.json", "scores.csv", "per_class.csv")
        written.append([(out / name).read_bytes() for name in names])
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a", "b"], "experiment must be one folder"),
        (["a", "--threshold", "0.5"], "threshold must come with truth"),
    ],
)
def test_words_for_tables_need_a_truth(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *words]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
