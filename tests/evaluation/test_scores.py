"""The file of scores: what goes in comes out, and nothing broken comes in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.errors import GenreError
from genre.evaluation.scores import PART_FIELDS, PartScores, RunScores, load_scores, save_scores


def make_part(n_tracks: int = 3) -> PartScores:
    return PartScores(
        track_id=np.array([f"jazz/{row}.ogg" for row in range(n_tracks)]),
        artist=np.array(["Ann", "Ann", "Bé"][:n_tracks]),
        y_true=np.array([[True, False], [False, True], [True, True]])[:n_tracks],
        y_score=np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 1.0]])[:n_tracks],
        window_score=np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 1.0], [0.0, 0.3]], dtype=np.float32),
        window_track=np.array([0, 1, 2, 0])[: 4 if n_tracks == 3 else 0],
    )


def make_scores() -> RunScores:
    return RunScores(
        genres=("hip hop", "jazz"),
        thresholds=np.array([0.4, 0.6]),
        train_prior=np.array([0.25, 0.75]),
        val=make_part(),
        test=make_part(),
    )


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "run" / "scores.npz"
    save_scores(path, make_scores())
    loaded = load_scores(path)
    assert loaded.genres == ("hip hop", "jazz")
    np.testing.assert_array_equal(loaded.thresholds, [0.4, 0.6])
    np.testing.assert_array_equal(loaded.train_prior, [0.25, 0.75])
    for field in PART_FIELDS:
        expected = getattr(make_scores().test, field)
        np.testing.assert_array_equal(getattr(loaded.test, field), expected)
        assert getattr(loaded.val, field).dtype == expected.dtype


def test_calibration_and_uncalibrated_scores_come_back(tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    before = np.array([[0.99, 0.01], [0.1, 0.9], [0.5, 1.0]])
    calibrated = replace(
        make_scores(),
        temperature=1.7,
        bias=np.array([-0.5, 0.25]),
        aggregation="max",
        test_uncalibrated=before,
    )
    save_scores(path, calibrated)
    loaded = load_scores(path)
    assert (loaded.temperature, loaded.aggregation) == (1.7, "max")
    assert loaded.bias is not None
    assert loaded.test_uncalibrated is not None
    np.testing.assert_array_equal(loaded.bias, [-0.5, 0.25])
    np.testing.assert_array_equal(loaded.test_uncalibrated, before)


def test_scores_from_before_calibration_are_the_models_own(tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    save_scores(path, make_scores())
    newer = ("temperature", "aggregation")
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files if name not in newer}
    np.savez(path, **arrays)
    loaded = load_scores(path)
    assert (loaded.temperature, loaded.aggregation) == (1.0, "mean")
    assert loaded.bias is None
    assert loaded.test_uncalibrated is None


@pytest.mark.parametrize("bad", [np.zeros(3), np.array([0.0, np.nan])])
def test_a_bias_is_a_finite_number_for_each_genre(tmp_path: Path, bad: NDArray[np.float64]) -> None:
    with pytest.raises(GenreError, match="bias must be 2 finite numbers"):
        save_scores(tmp_path / "scores.npz", replace(make_scores(), bias=bad))


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_a_temperature_is_a_finite_number_above_zero(tmp_path: Path, bad: float) -> None:
    with pytest.raises(GenreError, match=f"temperature={bad} must be finite and above 0"):
        save_scores(tmp_path / "scores.npz", replace(make_scores(), temperature=bad))


def test_a_temperature_is_one_number(tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    save_scores(path, make_scores())
    with np.load(path) as archive:
        arrays = dict(archive)
    for bad in (np.ones(2), np.array("1.0")):
        np.savez(path, **(arrays | {"temperature": bad}))
        with pytest.raises(GenreError, match="temperature must be one number"):
            load_scores(path)


def test_uncalibrated_scores_are_checked_too(tmp_path: Path) -> None:
    for bad in (np.full((3, 2), 1.5), np.zeros((2, 2))):
        with pytest.raises(GenreError, match="test_uncalibrated"):
            save_scores(tmp_path / "scores.npz", replace(make_scores(), test_uncalibrated=bad))


def test_strings_in_object_arrays_need_no_pickle(tmp_path: Path) -> None:
    part = replace(make_part(), artist=np.array(["Ann", "Ann", "Bé"], dtype=object))
    save_scores(tmp_path / "scores.npz", replace(make_scores(), test=part))
    with np.load(tmp_path / "scores.npz", allow_pickle=False) as archive:
        assert archive["test_artist"].dtype.kind == "U"


def test_saving_leaves_one_file(tmp_path: Path) -> None:
    save_scores(tmp_path / "scores.npz", make_scores())
    save_scores(tmp_path / "scores.npz", make_scores())
    assert [path.name for path in tmp_path.iterdir()] == ["scores.npz"]


@pytest.mark.parametrize("bad", [np.nan, -0.1, 1.1, np.inf])
def test_scores_outside_zero_to_one_are_refused(tmp_path: Path, bad: float) -> None:
    part = make_part()
    y_score = part.y_score.copy()
    y_score[1, 1] = bad
    scores = replace(make_scores(), val=replace(part, y_score=y_score))
    with pytest.raises(GenreError, match=r"val\.y_score must be numbers in \[0, 1\]"):
        save_scores(tmp_path / "scores.npz", scores)
    assert not (tmp_path / "scores.npz").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"artist": np.array(["Ann"])}, r"test\.artist of shape \(1,\) must have shape \(3,\)"),
        ({"y_true": np.zeros((3, 2))}, r"y_true of type float64 must be bool"),
        ({"y_score": np.zeros((3, 3))}, r"y_score of shape \(3, 3\) must have shape \(3, 2\)"),
        ({"track_id": np.array(["a", "b", "a"])}, "must name every track once"),
        ({"window_track": np.array([0, 1, 2, 3])}, r"window_track must lie in \[0, 3\)"),
        ({"window_track": np.array([0, 1, 2, -1])}, r"window_track must lie in \[0, 3\)"),
        ({"window_track": np.array([0, 1])}, r"window_score of shape \(4, 2\) must have shape"),
    ],
)
def test_inconsistent_parts_are_refused(
    tmp_path: Path, changes: dict[str, np.ndarray], message: str
) -> None:
    scores = replace(make_scores(), test=replace(make_part(), **changes))
    with pytest.raises(GenreError, match=message):
        save_scores(tmp_path / "scores.npz", scores)


@pytest.mark.parametrize(
    ("field", "scores"),
    [
        ("thresholds", replace(make_scores(), thresholds=np.zeros(3))),
        ("train_prior", replace(make_scores(), train_prior=np.zeros(3))),
    ],
)
def test_one_value_per_genre_is_needed(tmp_path: Path, field: str, scores: RunScores) -> None:
    with pytest.raises(GenreError, match=rf"{field} of shape \(3,\) must have shape \(2,\)"):
        save_scores(tmp_path / "scores.npz", scores)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GenreError, match=r"scores\.npz must be the scores of a finished run"):
        load_scores(tmp_path / "scores.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no archive at all", b"\x93NUMPY"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "scores.npz"
    path.write_bytes(content)
    with pytest.raises(GenreError, match=r"scores\.npz must be a file of scores"):
        load_scores(path)


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    save_scores(path, make_scores())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(GenreError, match=r"scores\.npz"):
        load_scores(path)


def test_an_incomplete_file_names_what_is_absent(tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    np.savez(path, genres=np.array(["a", "b"]), thresholds=np.zeros(2))
    with pytest.raises(GenreError, match="must hold 'train_prior'"):
        load_scores(path)


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    np.savez(path, genres=np.array([{"code": 1}], dtype=object))
    with pytest.raises(GenreError, match="must be a file of scores"):
        load_scores(path)


FIELDS = ["genres", "thresholds", "train_prior"]
FIELDS += [f"{part}_{field}" for part in ("val", "test") for field in PART_FIELDS]
ODD = [
    np.zeros(3, dtype="M8[s]"),
    np.zeros((3, 2), dtype="S3"),
    np.zeros((3, 2), dtype=[("a", "f4")]),
    np.zeros((3, 2), dtype=complex),
    np.array("x"),
    np.zeros(()),
    np.zeros(0),
    np.full(4, np.nan),
    np.full((3, 2), np.nan),
    np.zeros((2, 2, 2)),
]


@pytest.mark.parametrize("name", FIELDS)
def test_an_array_of_another_kind_is_refused_by_its_name(name: str, tmp_path: Path) -> None:
    """A file from outside may hold dates, records or nothing under the names of numbers."""
    path = tmp_path / "scores.npz"
    save_scores(path, make_scores())
    with np.load(path) as archive:
        arrays = dict(archive)
    for odd in ODD:
        np.savez(path, **(arrays | {name: odd}))
        with pytest.raises(GenreError, match=name.rpartition("_")[2]):
            load_scores(path)
