"""One run leaves everything that is needed to judge and to use it: genre.experiment.training."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.image import imread

from genre.dataset.corpus import Corpus
from genre.evaluation.inputs import RunRecord
from genre.evaluation.metrics import evaluate
from genre.evaluation.plots import save_figure
from genre.evaluation.scores import load_scores
from genre.evaluation.thresholds import decide
from genre.experiment import Run, RunConfig, judging, train_run
from genre.inference.bundle import load_bundle
from genre.inference.score_rule import ScoreRule
from genre.inference.scoring import window_logits
from genre.models.bundle import load_network
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from genre.training.config import TrainingConfig
from tests.run_examples import make_run
from tests.synthetic import corpus, split_of


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
        drawn.append(np.size(figure.axes[0].get_lines()[0].get_xdata()))
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
    assert record.onnx_difference is not None
    assert 0 <= record.onnx_difference <= 1e-4
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
    windows = window_logits(bundle.network(), part.mels(), bundle.windowing)
    again = bundle.rule.track_scores(windows)
    # the same network on the same machine; only the batches differ
    np.testing.assert_allclose(again, scores.test.y_score, atol=1e-6)
    assert bundle.thresholds == tuple(scores.thresholds.tolist())
    assert bundle.rule == judging.rule_of(scores)
    assert scores.test_uncalibrated is not None
    plain = ScoreRule(aggregation=bundle.rule.aggregation)
    np.testing.assert_allclose(plain.track_scores(windows), scores.test_uncalibrated, atol=1e-6)
    np.testing.assert_allclose(plain.window_scores(windows), scores.test.window_score, atol=1e-6)


def test_another_architecture_trains_and_its_bundle_knows_it(tmp_path: Path) -> None:
    data = corpus(n_artists=4)
    config = RunConfig(
        architecture="short_chunk_cnn",
        model=ShortChunkCNNConfig(channels=(4, 8), hidden=8),
        training=TrainingConfig(epochs=1, batch_size=8),
    )
    run = replace(make_run(tmp_path), config=config, recipe="mine")
    genre = data.vocabulary.genres[0]
    data = replace(data, display_names={genre: genre.upper(), "dropped": "Dropped"})
    record = train_run(run, data, split_of(data), device=torch.device("cpu"))
    assert record.config["architecture"] == "short_chunk_cnn"
    assert record.recipe == "mine"
    bundle = load_bundle(run.folder / "bundle")
    assert isinstance(load_network(bundle, run.folder / "bundle"), ShortChunkCNN)
    assert bundle.model_config["hidden"] == 8
    assert bundle.display_names == {genre: genre.upper()}  # as the labels spell it
