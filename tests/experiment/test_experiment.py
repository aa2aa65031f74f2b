"""One run leaves everything that is needed to judge and to use it, and reads the test part last."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.image import imread

from genre.dataset.corpus import Corpus, LabelledTracks
from genre.evaluation.calibration import fit_scaling
from genre.evaluation.inputs import RunRecord
from genre.evaluation.metrics import evaluate
from genre.evaluation.metrics.calibration import brier, expected_calibration_error
from genre.evaluation.plots import save_figure
from genre.evaluation.scores import load_scores
from genre.evaluation.thresholds import decide, fit_thresholds
from genre.experiment import Run, RunConfig, judging, train_run
from genre.models.bundle import load_bundle
from genre.models.score_rule import ScoreRule, track_logits
from genre.models.scoring import window_logits
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.config import TrainingConfig
from tests.synthetic import corpus, split_of

CONFIG = RunConfig(
    model=SpectrogramCNNConfig(channels=(4, 8), hidden=8),
    training=TrainingConfig(epochs=2, batch_size=8),
)


def make_run(folder: Path, *, seed: int = 0) -> Run:
    return Run(
        config_name="attnTrue_lossbce",
        config=CONFIG,
        seed=seed,
        folder=folder / f"seed{seed}",
        command="genre train",
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Corpus, RunRecord]:
    run, data = make_run(tmp_path_factory.mktemp("run")), corpus(n_artists=4)
    record = train_run(run, data, split_of(data), device=torch.device("cpu"))
    return run, data, record


def test_the_folder_is_complete(finished: tuple[Run, Corpus, RunRecord]) -> None:
    run, _, _ = finished
    names = sorted(path.name for path in run.folder.iterdir())
    assert names == [
        "bundle",
        "classification_report.txt",
        "curves.png",
        "history.csv",
        "record.json",
        "scores.npz",
    ]
    report = (run.folder / "classification_report.txt").read_text()
    for average in ("micro avg", "macro avg", "weighted avg", "samples avg"):
        assert report.count(average) == 2
    assert len(pd.read_csv(run.folder / "history.csv")) == 2


def test_the_curves_are_drawn_after_every_epoch_at_200_dots_per_inch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def save(figure: Figure, path: Path) -> Path:
        drawn.append(len(figure.axes[0].get_lines()[0].get_xdata()))
        return save_figure(figure, path)

    monkeypatch.setattr("genre.experiment.training.save_figure", save)
    run, data = make_run(tmp_path), corpus(n_artists=4)
    train_run(run, data, split_of(data), device=torch.device("cpu"))
    assert drawn == [1, 2]
    assert imread(run.folder / "curves.png").shape[:2] == (720, 2200)  # 3.6 by 11 inches


def test_the_record_says_where_the_numbers_come_from(
    finished: tuple[Run, Corpus, RunRecord],
) -> None:
    run, data, record = finished
    assert json.loads((run.folder / "record.json").read_text()) == record.to_json()
    assert run.record() == record
    assert record.config["training"]["epochs"] == 2
    assert record.data_hash == data.data_hash
    assert record.split_hash == split_of(data).hash
    assert record.command == "genre train"
    assert record.recipe == "default"
    assert torch.__version__.startswith(record.versions["torch"])


def test_the_metrics_are_those_of_the_saved_scores(
    finished: tuple[Run, Corpus, RunRecord],
) -> None:
    run, _, record = finished
    scores = load_scores(run.folder / "scores.npz")
    test = scores.test
    expected = evaluate(test.y_true, test.y_score, decide(test.y_score, scores.thresholds))
    for name, value in record.metrics["test"].items():
        assert value == pytest.approx(expected[name], nan_ok=True)


def test_the_bundle_scores_as_the_run_did(finished: tuple[Run, Corpus, RunRecord]) -> None:
    run, data, _ = finished
    scores, bundle = load_scores(run.folder / "scores.npz"), load_bundle(run.folder / "bundle")
    part = data.part(tuple(scores.test.track_id.tolist()))
    windows = window_logits(bundle.network, part.mels(), bundle.windowing)
    again = bundle.rule.track_scores(windows)
    # the same weights on the same machine; only the memory layout may differ
    np.testing.assert_allclose(again, scores.test.y_score, atol=1e-6)
    assert bundle.thresholds == tuple(scores.thresholds.tolist())
    assert bundle.rule == judging.rule_of(scores)
    assert scores.test_uncalibrated is not None
    plain = ScoreRule(aggregation=bundle.rule.aggregation)
    np.testing.assert_allclose(plain.track_scores(windows), scores.test_uncalibrated, atol=1e-6)
    np.testing.assert_allclose(plain.window_scores(windows), scores.test.window_score, atol=1e-6)


def test_calibration_and_thresholds_are_those_of_the_validation_part(
    finished: tuple[Run, Corpus, RunRecord],
) -> None:
    run, data, _ = finished
    scores, bundle = load_scores(run.folder / "scores.npz"), load_bundle(run.folder / "bundle")
    part = data.part(split_of(data).val)
    windows = window_logits(bundle.network, part.mels(), bundle.windowing)
    logits = track_logits(windows.logits, windows.track, "mean")
    scaling = fit_scaling(part.y_true, logits)
    assert scores.aggregation == "mean"  # too few artists for any other
    # The bundle was scored by another network in memory: logits differ in float32's last places.
    assert scores.temperature == pytest.approx(scaling.temperature, rel=1e-4)
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


def test_another_architecture_trains_and_its_bundle_knows_it(tmp_path: Path) -> None:
    data = corpus(n_artists=4)
    config = RunConfig(
        architecture="short_chunk_cnn",
        model=ShortChunkCNNConfig(channels=(4, 8), hidden=8),
        training=TrainingConfig(epochs=1, batch_size=8),
    )
    run = replace(make_run(tmp_path), config=config, recipe="mine")
    record = train_run(run, data, split_of(data), device=torch.device("cpu"))
    assert record.config["architecture"] == "short_chunk_cnn"
    assert record.recipe == "mine"
    bundle = load_bundle(run.folder / "bundle")
    assert isinstance(bundle.network, ShortChunkCNN)
    assert bundle.model_config["hidden"] == 8
