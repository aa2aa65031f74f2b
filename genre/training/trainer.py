"""One training run: epochs, learning-rate schedule, early stop, resume.

AdamW with ReduceLROnPlateau and early stop on the validation loss; the weights of the epoch with
the best validation macro average precision are kept. Every epoch seeds its own random numbers
from (seed, epoch), so a run that was interrupted ends exactly as an undisturbed one.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from genre.dataset.corpus import LabelledTracks
from genre.errors import ConfigError, GenreError
from genre.evaluation.metrics import (
    elementwise_accuracy,
    macro_average_precision,
    subset_accuracy,
    weighted_f1,
)
from genre.models.devices import training_precision
from genre.models.scoring import Windowing, WindowLogits, track_scores, window_logits
from genre.training.augment import AugmentConfig, random_gain, random_masks
from genre.training.batches import WindowPool
from genre.training.history import Epoch
from genre.training.losses import MultiLabelLoss
from genre.training.state import TrainingState, load_state, save_state


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How a network is trained.

    Parameters
    ----------
    epochs : int
        Most passes over the training windows.
    batch_size : int
        Windows per step.
    learning_rate : float
        AdamW's first step size.
    weight_decay : float
        AdamW's decay of the weights.
    plateau_patience : int
        Epochs without a lower validation loss before the learning rate is halved.
    stop_patience : int
        Epochs without a lower validation loss before training stops.
    windows_per_genre : int
        Most windows of a genre in an epoch; 0 takes the median over the genres.
    augment : AugmentConfig
        What is done to the training windows.
    """

    epochs: int = 60
    batch_size: int = 16
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    plateau_patience: int = 4
    stop_patience: int = 12
    windows_per_genre: int = 0
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "learning_rate", "plateau_patience", "stop_patience"):
            if getattr(self, name) <= 0:
                raise ConfigError(f"{name}={getattr(self, name)} must be above 0")
        for name in ("weight_decay", "windows_per_genre"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name}={getattr(self, name)} must be at least 0")


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A finished training.

    Parameters
    ----------
    network : Module
        With the weights of the best epoch, in evaluation mode.
    best_epoch : int
        Counted from 1.
    history : tuple of Epoch
    """

    network: nn.Module
    best_epoch: int
    history: tuple[Epoch, ...]


class Trainer:
    """Trains one network; see the module's text.

    Parameters
    ----------
    build : callable
        Makes the untrained network; called after seeding.
    loss : MultiLabelLoss
    train, val : LabelledTracks
        The parts to learn from, and to stop and choose by.
    windowing : Windowing
    config : TrainingConfig
    seed : int
        Of initialisation, order, dropout and augmentation.
    device : torch.device
    """

    def __init__(
        self,
        build: Callable[[], nn.Module],
        loss: MultiLabelLoss,
        *,
        train: LabelledTracks,
        val: LabelledTracks,
        windowing: Windowing,
        config: TrainingConfig,
        seed: int,
        device: torch.device,
    ) -> None:
        self.config, self.seed, self.device = config, seed, device
        self.precision = training_precision(device)
        self._train, self._val, self._windowing = train, val, windowing
        self._pool = WindowPool(train, windowing, device=device)
        self._loss = loss.to(device)
        torch.manual_seed(seed)
        self.network = build().to(device)
        self._optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self._scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
            self._optimizer, factor=0.5, patience=config.plateau_patience
        )
        self._history: list[Epoch] = []
        self._best_epoch = 0
        self._best = _copy(self.network)

    def run(
        self,
        *,
        on_epoch: Callable[[tuple[Epoch, ...]], None],
        state_path: Path,
        fingerprint: str,
    ) -> Trained:
        """Train until done, from where an earlier call was interrupted.

        Parameters
        ----------
        on_epoch : callable of tuple of Epoch
            Called after each epoch, and on taking up a state, with the history so far.
        state_path : Path
            Where the state is kept between epochs.
        fingerprint : str
            Names data, split and configuration: a state of anything else is not taken up.

        Raises
        ------
        GenreError
            Where the loss is not finite; names the tracks of the batch.
        """
        self._restore(load_state(state_path, fingerprint=fingerprint))
        if self._history:
            # The interruption may have come between the state and its report.
            on_epoch(tuple(self._history))
        while not self._done():
            self._history.append(self._epoch(len(self._history) + 1))
            if self._latest_is_best():
                self._best_epoch, self._best = len(self._history), _copy(self.network)
            save_state(state_path, self._state(), fingerprint=fingerprint)
            on_epoch(tuple(self._history))
        self.network.load_state_dict(self._best)
        return Trained(
            network=self.network.eval(),
            best_epoch=self._best_epoch,
            history=tuple(self._history),
        )

    def _done(self) -> bool:
        if not self._history:
            return False
        losses = [epoch.val_loss for epoch in self._history]
        since_best = len(losses) - 1 - int(np.argmin(losses))
        return len(losses) >= self.config.epochs or since_best >= self.config.stop_patience

    def _latest_is_best(self) -> bool:
        *earlier, latest = (epoch.val_macro_ap for epoch in self._history)
        # Without positives in the validation part all are NaN, no comparison holds, and the
        # latest epoch is kept.
        return not any(value > latest for value in earlier)

    def _epoch(self, epoch: int) -> Epoch:
        began = time.perf_counter()
        learning_rate = self._optimizer.param_groups[0]["lr"]
        train = self._fit(epoch)
        val = window_logits(self.network, self._val.mels(), self._windowing, device=self.device)
        val_targets = self._val.y_true[val.track]
        val_metrics = self._measure(val, val_targets)
        self._scheduler.step(val_metrics["loss"])
        return Epoch(
            epoch=epoch,
            learning_rate=learning_rate,
            **{f"train_{name}": value for name, value in train.items()},
            **{f"val_{name}": value for name, value in val_metrics.items()},
            val_macro_ap=macro_average_precision(
                self._val.y_true,
                scores := track_scores(val.scores, val.track.tolist()),
                scores >= 0.5,
            ),
            seconds=time.perf_counter() - began,
        )

    def _fit(self, epoch: int) -> dict[str, float]:
        """Learn from one draw of the training windows; measure them as they were seen."""
        seeds = np.random.SeedSequence([self.seed, epoch])
        rng = np.random.default_rng(seeds)
        torch.manual_seed(int(seeds.generate_state(1)[0]))
        drawn = self._pool.draw_epoch(windows_per_genre=self.config.windows_per_genre, rng=rng)
        logits = []
        self.network.train()
        for batch in np.array_split(drawn, max(1, round(len(drawn) / self.config.batch_size))):
            logits.append(self._step(batch).float().cpu().numpy())
        track = self._pool.track[drawn]
        seen = WindowLogits(np.concatenate(logits), track)
        return self._measure(seen, self._train.y_true[track])

    def _step(self, batch: np.ndarray[Any, np.dtype[np.int64]]) -> torch.Tensor:
        mel, targets = self._pool.gather(batch)
        inputs = self._windowing.standardisation(random_gain(mel, self.config.augment))
        inputs = random_masks(inputs, self.config.augment)
        with torch.autocast(
            self.device.type, dtype=self.precision, enabled=self.precision is torch.bfloat16
        ):
            logits: torch.Tensor = self.network(inputs)
        loss: torch.Tensor = self._loss(logits, targets)
        if not torch.isfinite(loss):
            names = sorted({self._train.track_id[index] for index in self._pool.track[batch]})
            raise GenreError(f"loss={loss.item()} must be finite; the batch held {names}")
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        self._optimizer.step()
        return logits.detach()

    def _measure(
        self, windows: WindowLogits, targets: np.ndarray[Any, np.dtype[np.bool_]]
    ) -> dict[str, float]:
        loss = self._loss(
            torch.from_numpy(windows.logits).to(self.device),
            torch.from_numpy(targets).to(self.device),
        )
        scores = windows.scores
        decisions = scores >= 0.5
        return {
            "loss": float(loss),
            "f1": weighted_f1(targets, scores, decisions),
            "accuracy": subset_accuracy(targets, scores, decisions),
            "elementwise_accuracy": elementwise_accuracy(targets, scores, decisions),
        }

    def _state(self) -> TrainingState:
        return TrainingState(
            network=self.network.state_dict(),
            best=self._best,
            optimizer=self._optimizer.state_dict(),
            scheduler=self._scheduler.state_dict(),
            progress={
                "best_epoch": self._best_epoch,
                "history": [asdict(epoch) for epoch in self._history],
            },
        )

    def _restore(self, state: TrainingState | None) -> None:
        if state is None:
            return
        self.network.load_state_dict(state.network)
        self._best = {name: tensor.to(self.device) for name, tensor in state.best.items()}
        self._optimizer.load_state_dict(state.optimizer)
        self._scheduler.load_state_dict(state.scheduler)
        self._best_epoch = state.progress["best_epoch"]
        self._history = [Epoch(**epoch) for epoch in state.progress["history"]]


def _copy(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
