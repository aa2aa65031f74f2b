"""Heads of frozen networks: genre.training.heads."""

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from genre.dataset.corpus import LabelledTracks
from genre.dataset.packing import PackedFeatures
from genre.errors import ConfigError, GenreError
from genre.training.heads import HeadConfig, fit_head, training_windows
from genre.training.losses import LossConfig, MultiLabelLoss

PLAIN = MultiLabelLoss(LossConfig(), torch.ones(2))


def embedded(rows: list[Any], y_true: list[list[bool]]) -> LabelledTracks:
    lengths = np.array([len(each) for each in rows], dtype=np.int64)
    return LabelledTracks(
        features=PackedFeatures(
            mel=np.concatenate(rows).astype(np.float32),
            starts=np.cumsum(lengths) - lengths,
            lengths=lengths,
        ),
        y_true=np.array(y_true),
        track_id=tuple(f"track {row}" for row in range(len(rows))),
    )


def clouds(seed: int, *, n_tracks: int = 20, n_windows: int = 3) -> LabelledTracks:
    """Tracks of two genres, one a deviation above the other in each of four numbers."""
    rng = np.random.default_rng(seed)
    is_second = np.arange(n_tracks) % 2 == 1
    rows = [rng.normal(5 + second, 1, (n_windows, 4)) for second in is_second]
    return embedded(rows, [[not second, bool(second)] for second in is_second])


def test_one_layer_is_logistic_regression() -> None:
    train, decay = clouds(0), 0.1
    config = HeadConfig(frozen_weight_decays=(decay,))
    head = fit_head(train, clouds(1), PLAIN, config=config, seed=0).head
    rows, targets = training_windows(train, most=16)
    standard = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    # theirs is a sum over windows, ours a mean
    reference = LogisticRegression(C=1 / (decay * len(rows)), tol=1e-8, max_iter=1000)
    reference.fit(standard, targets[:, 1])
    found = head(torch.from_numpy(rows)).detach().numpy()
    np.testing.assert_allclose(found[:, 1], reference.decision_function(standard), atol=2e-3)
    np.testing.assert_allclose(found[:, 0], -found[:, 1], atol=2e-3)


def test_windows_are_evenly_spaced_and_carry_the_genres_of_their_track() -> None:
    rows = [np.arange(n)[:, None] + first for n, first in ((8, 0), (3, 100))]
    taken, targets = training_windows(embedded(rows, [[True, False], [False, True]]), most=4)
    assert taken[:, 0].tolist() == [1, 3, 5, 7, 100, 101, 102]
    assert targets.tolist() == [[1, 0]] * 4 + [[0, 1]] * 3


def test_validation_chooses_the_decay_and_of_equals_the_strongest() -> None:
    config = HeadConfig(frozen_weight_decays=(0.01, 0.1, 1.0))
    trained = fit_head(clouds(0), clouds(1), PLAIN, config=config, seed=0)
    values = [fit.val_macro_ap for fit in trained.history]
    assert trained.best_epoch == max(n for n, v in enumerate(values, 1) if v == max(values))
    assert [fit.weight_decay for fit in trained.history] == [0.01, 0.1, 1.0]
    sizes = [float(fit.train_loss) for fit in trained.history]
    assert sizes == sorted(sizes)  # what decays more fits less


def test_where_validation_has_no_positives_the_loss_decides() -> None:
    val = replace(clouds(1), y_true=np.zeros((20, 2), dtype=bool))
    trained = fit_head(clouds(0), val, PLAIN, config=HeadConfig(), seed=0)
    losses = [fit.val_loss for fit in trained.history]
    assert trained.best_epoch == 1 + int(np.argmin(losses))


def test_the_seed_matters_to_a_hidden_layer_alone() -> None:
    def weights(hidden: int, seed: int) -> dict[str, Any]:
        config = HeadConfig(frozen_hidden=hidden)
        head = fit_head(clouds(0), clouds(1), PLAIN, config=config, seed=seed).head
        return {name: value.numpy().tolist() for name, value in head.state_dict().items()}

    assert weights(0, 1) == weights(0, 2)
    assert weights(5, 1) == weights(5, 1)
    assert weights(5, 1) != weights(5, 2)


def test_a_hidden_layer_learns_what_no_line_divides() -> None:
    rng = np.random.default_rng(0)
    rows = [rng.normal(0, 1, (1, 2)) for _ in range(200)]
    apart = [[bool(row[0, 0] * row[0, 1] > 0), bool(row[0, 0] * row[0, 1] <= 0)] for row in rows]
    tracks = embedded(rows, apart)

    def accuracy(hidden: int) -> float:
        config = HeadConfig(frozen_hidden=hidden, frozen_weight_decays=(0.001,))
        (fit,) = fit_head(tracks, tracks, PLAIN, config=config, seed=0).history
        assert set(asdict(fit)) >= {"weight_decay", "val_macro_ap", "train_accuracy"}
        return fit.train_accuracy

    assert accuracy(0) < 0.7
    assert accuracy(16) > 0.9


def test_embeddings_that_are_no_numbers_are_refused() -> None:
    train = clouds(0)
    train.features.mel[3] = np.nan
    with pytest.raises(GenreError, match="embeddings must be finite"):
        fit_head(train, clouds(1), PLAIN, config=HeadConfig(), seed=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"frozen_hidden": -1}, "frozen_hidden=-1 must be at least 0"),
        ({"frozen_windows": 0}, "frozen_windows=0 must be at least 1"),
        ({"frozen_weight_decays": (0.1, 0.01)}, "must be one or more numbers above 0, ascending"),
        ({"frozen_weight_decays": ()}, "must be one or more"),
    ],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        HeadConfig(**options)
