"""Logistic regression on windows, in the form of any other run: genre.experiment.logistic."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from genre.config import to_mapping
from genre.evaluation.inputs import RunFolder
from genre.experiment import Run, RunConfig, train_run
from genre.experiment.logistic import fit_logistic
from genre.grid import GridConfig
from genre.grid.baselines import logistic_run
from genre.inference.bundle import load_bundle
from genre.inference.scoring import window_logits
from genre.models import load_network
from genre.models.scoring import TorchNetwork
from genre.training.heads import HeadConfig
from tests.synthetic import corpus, split_of


def described(folder: Path) -> Run:
    return logistic_run(GridConfig(), RunFolder(folder))


def test_it_is_the_logistic_regression_of_scikit_learn(tmp_path: Path) -> None:
    # Windows of one track each, unweighted, with one weight decay: the same convex problem.
    data = corpus(n_artists=3, n_frames=200)
    split, run = split_of(data), described(tmp_path)
    decay = 0.1
    trained, windowing = fit_logistic(run, HeadConfig(frozen_weight_decays=(decay,)), data, split)
    assert trained.best_epoch == 1
    train = data.part(split.train)
    windows = np.concatenate([windowing.standardisation(windowing.cut(m)) for m in train.mels()])
    seen = np.concatenate([windows[:, 0].mean(-1), windows[:, 0].std(-1)], axis=1)
    with torch.no_grad():
        logits = trained.network(torch.from_numpy(windows)).numpy()
    for label in range(train.y_true.shape[1]):
        is_genre = train.y_true[:, label]
        n_rare = max(int((~is_genre).sum()) / int(is_genre.sum()), 1.0)
        ours = LogisticRegression(C=1 / (decay * len(seen)), max_iter=5000, tol=1e-8)
        weight = np.where(is_genre, min(n_rare, 10.0), 1.0)
        ours.fit(StandardScaler().fit_transform(seen), is_genre, sample_weight=weight)
        expected = ours.decision_function(StandardScaler().fit_transform(seen))
        # L-BFGS ends where nothing is gained any more in float32.
        np.testing.assert_allclose(logits[:, label], expected, atol=0.02)


def test_it_needs_a_run_of_its_own(tmp_path: Path) -> None:
    data = corpus(n_artists=3)
    run = replace(described(tmp_path), config=RunConfig())
    with pytest.raises(TypeError, match="must be of logistic regression"):
        fit_logistic(run, HeadConfig(), data, split_of(data))


@pytest.mark.parametrize("task", ["multilabel", "exclusive"])
def test_its_bundle_scores_as_its_record_says_and_torch_can_read_it(
    task: str, tmp_path: Path
) -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    config = GridConfig(configs=("attnTrue_losscross_entropy",), task="exclusive")
    config = config if task == "exclusive" else GridConfig()
    run = logistic_run(config, RunFolder(tmp_path), command="genre train")
    record = train_run(run, data, split, device=torch.device("cpu"))
    bundle = load_bundle(run.files.bundle)
    assert bundle.provenance["config_name"] == record.config_name == "logistic"
    assert bundle.model_config == to_mapping(run.config.model)
    assert record.config.get("task", "multilabel") == task
    # Pulses differ in the deviation of bands, tones in their mean.
    assert (record.metric("test", "macro_ap") or 0) > 0.9
    mels = list(data.part(split.test).mels())
    ours = window_logits(bundle.network(), mels, bundle.windowing).logits
    network = TorchNetwork(load_network(bundle, run.files.bundle), bundle.standardisation)
    theirs = window_logits(network, mels, bundle.windowing).logits
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    assert run.record() == record
