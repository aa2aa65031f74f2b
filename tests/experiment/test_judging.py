"""What a trained network is worth, validation first: genre.experiment.judging."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genre.dataset.corpus import Corpus, LabelledTracks
from genre.evaluation.calibration import fit_scaling
from genre.evaluation.inputs import RunRecord
from genre.evaluation.metrics.calibration import brier, expected_calibration_error
from genre.evaluation.scores import load_scores
from genre.evaluation.thresholds import fit_thresholds
from genre.experiment import Run, judging, train_run
from genre.inference.bundle import load_bundle
from genre.inference.score_rule import track_logits
from genre.inference.scoring import window_logits
from tests.run_examples import make_run
from tests.synthetic import corpus, corpus_with_tree, split_of


def test_calibration_and_thresholds_are_those_of_the_validation_part(
    finished: tuple[Run, Corpus, RunRecord],
) -> None:
    run, data, _ = finished
    scores, bundle = load_scores(run.folder / "scores.npz"), load_bundle(run.folder / "bundle")
    part = data.part(split_of(data).val)
    windows = window_logits(bundle.network(), part.mels(), bundle.windowing)
    logits = track_logits(windows.logits, windows.track, "mean")
    scaling = fit_scaling(part.y_true, logits)
    assert scores.aggregation == "mean"  # too few artists for any other
    # Windows are in other batches, in which float32 is added up in another order.
    assert scores.temperature == pytest.approx(scaling.temperature, rel=1e-4)
    assert scores.bias is not None
    np.testing.assert_allclose(scores.bias, scaling.bias, atol=1e-4)
    assert np.abs(scaling.bias).min() > 0.01  # else the test could not tell it from 0
    np.testing.assert_allclose(scores.val.y_score, scaling.scores(logits), atol=1e-4)
    expected = fit_thresholds(scores.val.y_true, scores.val.y_score).values
    np.testing.assert_array_equal(scores.thresholds, expected)


def test_the_aggregation_of_the_configuration_is_used(tmp_path: Path) -> None:
    data = corpus(n_artists=4)
    run = make_run(tmp_path)
    run = replace(run, config=replace(run.config, aggregation="top_fifth"))
    record = train_run(run, data, split_of(data), device=torch.device("cpu"))
    assert record.config["aggregation"] == "top_fifth"
    assert record.calibration["aggregation"] == "top_fifth"
    assert load_bundle(run.folder / "bundle").rule.aggregation == "top_fifth"


def test_the_record_says_what_calibration_did_on_test(
    finished: tuple[Run, Corpus, RunRecord],
) -> None:
    run, _, record = finished
    scores = load_scores(run.folder / "scores.npz")
    test, before = scores.test, scores.test_uncalibrated
    assert before is not None
    assert scores.bias is not None
    assert record.calibration == {
        "aggregation": "mean",
        "bias": dict(zip(scores.genres, scores.bias.tolist(), strict=True)),
        "temperature": scores.temperature,
        "ece_before": expected_calibration_error(test.y_true, before),
        "ece_after": record.metrics["test"]["ece"],
        "brier_before": brier(test.y_true, before),
        "brier_after": record.metrics["test"]["brier"],
    }
    assert record.calibration["ece_before"] != record.calibration["ece_after"]


def test_the_test_part_changes_nothing_that_is_fitted(
    finished: tuple[Run, Corpus, RunRecord], tmp_path: Path
) -> None:
    data = finished[1]
    split = split_of(data)
    rows = np.array([row for row, t in enumerate(data.tracks) if t.track_id in split.test])
    starts, tracks = data.features.starts.copy(), list(data.tracks)
    starts[rows] = starts[np.roll(rows, 5)]
    for row, label in zip(rows, np.roll(rows, 1), strict=True):
        tracks[row] = replace(tracks[row], genres=data.tracks[label].genres)
    other = replace(data, tracks=tuple(tracks), features=replace(data.features, starts=starts))
    run = make_run(tmp_path)
    train_run(run, other, split, device=torch.device("cpu"))
    one, two = (load_scores(folder / "scores.npz") for folder in (finished[0].folder, run.folder))
    assert not np.array_equal(one.test.y_true, two.test.y_true)
    assert not np.array_equal(one.test.y_score, two.test.y_score)
    assert judging.rule_of(one) == judging.rule_of(two)
    np.testing.assert_array_equal(one.thresholds, two.thresholds)
    np.testing.assert_array_equal(one.val.y_score, two.val.y_score)
    weights = [folder / "bundle/model.safetensors" for folder in (finished[0].folder, run.folder)]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_the_test_part_is_read_after_training_calibration_and_thresholds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    events: list[str] = []
    original_part = Corpus.part

    def part(self: Corpus, track_ids: tuple[str, ...]) -> LabelledTracks:
        names = {split.train: "train", split.val: "val", split.test: "test"}
        events.append(names[tuple(track_ids)])
        return original_part(self, track_ids)

    def told(name: str) -> None:
        original = getattr(judging, name)

        def fit(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - passes through
            events.append(name)
            return original(*arguments, **options)

        monkeypatch.setattr(judging, name, fit)

    monkeypatch.setattr(Corpus, "part", part)
    told("clearly_best")
    told("fit_scaling")
    told("fit_thresholds")
    train_run(make_run(tmp_path), data, split, device=torch.device("cpu"))
    assert events.count("test") == 1
    order = ["clearly_best", "fit_scaling", "fit_thresholds", "test"]
    assert [event for event in events if event in order] == order


def test_scores_calibration_and_thresholds_agree_with_the_tree(tmp_path: Path) -> None:
    data = corpus_with_tree()
    # Upside down: after two epochs the network puts what is frequent, sound, above all others.
    upside_down = replace(data.vocabulary, parents=((), (), (1,), (1,)))
    data = replace(data, vocabulary=upside_down)
    split, run = split_of(data), make_run(tmp_path)
    train_run(run, data, split, device=torch.device("cpu"))
    scores, bundle = load_scores(run.folder / "scores.npz"), load_bundle(run.folder / "bundle")
    assert scores.test_uncalibrated is not None
    for rows in (
        scores.val.y_score,
        scores.test.y_score,
        scores.test.window_score,
        scores.test_uncalibrated,
    ):
        assert (rows[:, 1] >= rows[:, 2]).all()
        assert (rows[:, 1] >= rows[:, 3]).all()
    assert bundle.parents == {"sound": ("pulse",), "tone": ("pulse",)}
    assert bundle.names["sound"] == "Sounds"
    part = data.part(split.val)
    windows = window_logits(bundle.network(), part.mels(), bundle.windowing)
    logits = track_logits(windows.logits, windows.track, bundle.rule.aggregation)
    highest = logits.copy()
    highest[:, 1] = logits[:, 1:].max(axis=1)
    assert (highest != logits).any()  # else the test could not tell them apart
    scaling = fit_scaling(part.y_true, highest)
    assert scores.bias is not None
    assert scores.temperature == pytest.approx(scaling.temperature, rel=1e-4)
    np.testing.assert_allclose(scores.bias, scaling.bias, atol=1e-4)
    np.testing.assert_allclose(bundle.rule.track_scores(windows), scores.val.y_score, atol=1e-4)
    expected = fit_thresholds(scores.val.y_true, scores.val.y_score).values
    np.testing.assert_array_equal(scores.thresholds, expected)


def test_another_tree_is_another_run(tmp_path: Path) -> None:
    data, run = corpus_with_tree(), make_run(tmp_path)
    split = split_of(data)
    flat = replace(data, vocabulary=replace(data.vocabulary, parents=()))
    assert flat.data_hash == data.data_hash
    assert run.identity(flat, split) != run.identity(data, split)
