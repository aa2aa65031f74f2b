"""A training learns, stops, chooses on validation, and goes on where it was interrupted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from genre.audio.windows import WindowConfig
from genre.errors import GenreError
from genre.inference.windowing import Windowing
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
from genre.tasks import Task
from genre.training.augment import AugmentConfig
from genre.training.batches import standardisation_of
from genre.training.config import TrainingConfig
from genre.training.history import Epoch, judge_windows
from genre.training.losses import build_loss
from genre.training.trainer import Trained, Trainer
from tests.layers import layer_at
from tests.synthetic import corpus, split_of

SMALL = SpectrogramCNNConfig(channels=(4, 8), hidden=8, block_dropout=0.0, head_dropout=0.0)
SHORT = TrainingConfig(epochs=3, batch_size=8)


def trainer(
    *, config: TrainingConfig = SHORT, seed: int = 0, n_frames: int = 201, broken: bool = False
) -> Trainer:
    data = corpus(n_artists=4, n_frames=n_frames)
    if broken:
        data.features.mel[:] = np.nan
    split = split_of(data)
    train = data.part(split.train)
    windowing = Windowing(
        mel=data.front_end.mel,
        windows=WindowConfig(),
        standardisation=standardisation_of(
            data.part(split.train) if not broken else corpus().part(split.train)
        ),
    )
    return Trainer(
        lambda: SpectrogramCNN(SMALL, n_labels=3),
        build_loss("bce", torch.from_numpy(train.y_true)),
        train=train,
        val=data.part(split.val),
        windowing=windowing,
        config=config,
        seed=seed,
        device=torch.device("cpu"),
    )


def run(made: Trainer, folder: Path, *, stop_after: int | None = None) -> Trained:
    def on_epoch(history: tuple[Epoch, ...]) -> None:
        if len(history) == stop_after:
            raise KeyboardInterrupt

    return made.run(on_epoch=on_epoch, state_path=folder / "state", fingerprint="f")


def weights(trained: Trained) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in trained.network.state_dict().values()])


def test_an_epoch_of_long_tracks_takes_as_many_windows_of_each_as_were_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trainer(config=replace(SHORT, epochs=1, windows_per_track=2), n_frames=1801)
    seen: list[int] = []

    def judge(
        logits: NDArray[np.float32], targets: NDArray[np.float32], *, task: Task
    ) -> dict[str, float]:
        seen.append(len(logits))
        return judge_windows(logits, targets, task=task)

    monkeypatch.setattr("genre.training.trainer.judge_windows", judge)
    run(made, tmp_path)
    n_train, n_val = len(set(made.pool.track)), len(list(made._val.mels()))
    assert seen[0] <= 2 * n_train < len(made.pool.track)
    assert seen[1] == 2 * n_val


def test_a_limit_that_no_track_reaches_changes_no_weight(tmp_path: Path) -> None:
    found = [
        weights(run(trainer(config=replace(SHORT, windows_per_track=most)), tmp_path / str(most)))
        for most in (0, 16)
    ]
    assert torch.equal(*found)


def test_learns_what_is_plain_to_hear(tmp_path: Path) -> None:
    plain = AugmentConfig(
        gain_db=0.0, mix_share=0.0, shift_mels=0, mask_mels=0, mask_frames=0, random_starts=False
    )
    config = replace(
        SHORT, epochs=60, learning_rate=1e-2, stop_patience=60, label_smoothing=0.0, augment=plain
    )
    trained = run(trainer(config=config), tmp_path)
    first, best = trained.history[0], trained.history[trained.best_epoch - 1]
    assert best.val_macro_ap > 0.9
    assert trained.history[-1].train_loss < 0.5 * first.train_loss
    assert not trained.network.training


def test_same_seed_same_weights_other_seed_other_weights(tmp_path: Path) -> None:
    results = [
        weights(run(trainer(seed=seed), tmp_path / str(i))) for i, seed in enumerate((3, 3, 4))
    ]
    assert torch.equal(results[0], results[1])
    assert not torch.equal(results[0], results[2])


def test_an_interrupted_training_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    whole = run(trainer(), tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(trainer(), tmp_path / "parts", stop_after=2)
    resumed = run(trainer(), tmp_path / "parts")
    assert torch.equal(weights(whole), weights(resumed))
    assert resumed.best_epoch == whole.best_epoch
    for ours, theirs in zip(whole.history, resumed.history, strict=True):
        assert replace(ours, seconds=0) == replace(theirs, seconds=0)


def test_a_state_of_something_else_is_not_taken_up(tmp_path: Path) -> None:
    run(trainer(), tmp_path)
    seen: list[int] = []
    trainer().run(
        on_epoch=lambda history: seen.append(len(history)),
        state_path=tmp_path / "state",
        fingerprint="other",
    )
    assert seen == [1, 2, 3]


def test_stops_when_validation_no_longer_gets_better(tmp_path: Path) -> None:
    # A step of 1 throws the weights about: the first epochs stay the best.
    config = replace(SHORT, epochs=30, learning_rate=1.0, stop_patience=2)
    history = run(trainer(config=config), tmp_path).history
    assert len(history) < 30
    losses = [epoch.val_loss for epoch in history]
    assert len(losses) - 1 - int(np.argmin(losses)) == 2


def test_the_learning_rate_is_halved_on_a_plateau(tmp_path: Path) -> None:
    config = replace(SHORT, epochs=6, learning_rate=1.0, plateau_patience=1, schedule="plateau")
    rates = {epoch.learning_rate for epoch in run(trainer(config=config), tmp_path).history}
    assert rates <= {1.0, 0.5, 0.25, 0.125}
    assert len(rates) > 1


def test_the_cosine_spans_all_epochs(tmp_path: Path) -> None:
    config = replace(SHORT, epochs=6, learning_rate=1e-3, warm_up=0.3)
    history = run(trainer(config=config), tmp_path).history
    # of the last step of an epoch
    rates = [epoch.learning_rate for epoch in history]
    assert max(rates) > 0.9e-3
    assert np.argmax(rates) in (1, 2)
    assert rates[-1] < 0.1e-3


def test_the_best_epoch_is_that_of_the_best_validation_macro_ap(tmp_path: Path) -> None:
    trained = run(trainer(config=replace(SHORT, epochs=6)), tmp_path)
    values = [epoch.val_macro_ap for epoch in trained.history]
    assert values[trained.best_epoch - 1] == max(values)


def test_a_loss_that_is_not_finite_names_the_tracks(tmp_path: Path) -> None:
    with pytest.raises(GenreError, match=r"loss=nan must be finite; the batch held \['"):
        run(trainer(broken=True), tmp_path)


def test_weights_that_are_not_finite_stop_the_run_and_the_last_good_state_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trainer(config=replace(SHORT, epochs=9))

    def spoil(history: tuple[Epoch, ...]) -> None:
        if len(history) == 2:
            # The loss of the next batch is still finite, its gradient is not.
            last = layer_at(made.network.head, -1, nn.Linear)
            last.weight.register_hook(lambda gradient: gradient * np.nan)
            monkeypatch.setattr(made.pool, "draw_epoch", lambda **_: np.arange(8))

    with pytest.raises(GenreError, match=r"weights must be finite; the batch held \['"):
        made.run(on_epoch=spoil, state_path=tmp_path / "state", fingerprint="f")
    resumed = run(trainer(config=replace(SHORT, epochs=9)), tmp_path)
    undisturbed = run(trainer(config=replace(SHORT, epochs=9)), tmp_path / "new")
    assert torch.equal(weights(resumed), weights(undisturbed))


def test_the_average_of_the_weights_is_what_is_kept(tmp_path: Path) -> None:
    averaged, plain = (
        run(trainer(config=replace(SHORT, averaging=averaging)), tmp_path / str(averaging))
        for averaging in (0.9, 0.0)
    )
    assert not torch.equal(weights(averaged), weights(plain))
    # Averaging only watches: the steps themselves are the same.
    losses = [[epoch.train_loss for epoch in result.history] for result in (averaged, plain)]
    assert losses[0] == losses[1]
    assert averaged.history[0].val_loss != plain.history[0].val_loss


OPTIONS: list[dict[str, Any]] = [
    {"schedule": "plateau", "plateau_patience": 1},
    {"warm_up": 0.6},
    {"averaging": 0.1},
    {"label_smoothing": 0.4},
    {"augment": AugmentConfig(random_starts=False)},
    {"augment": AugmentConfig(mix_share=0.0)},
    {"augment": AugmentConfig(mix_alpha=5.0)},
    {"augment": AugmentConfig(shift_mels=0)},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_every_option_changes_the_weights(options: dict[str, Any], tmp_path: Path) -> None:
    usual = weights(run(trainer(), tmp_path / "usual"))
    config = replace(SHORT, **options)
    assert not torch.equal(weights(run(trainer(config=config), tmp_path / "other")), usual)


@pytest.mark.parametrize("options", [{}, *OPTIONS[:3]], ids=str)
def test_every_kind_of_training_goes_on_where_it_was(
    options: dict[str, Any], tmp_path: Path
) -> None:
    config = replace(SHORT, epochs=5, learning_rate=0.1, **options)
    whole = run(trainer(config=config), tmp_path / "whole")
    for stop_after in (1, 3):
        with pytest.raises(KeyboardInterrupt):
            run(trainer(config=config), tmp_path / "parts", stop_after=stop_after)
    resumed = run(trainer(config=config), tmp_path / "parts")
    assert torch.equal(weights(whole), weights(resumed))
    assert [e.learning_rate for e in whole.history] == [e.learning_rate for e in resumed.history]
