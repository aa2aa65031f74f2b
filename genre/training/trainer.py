"""One training run: epochs, learning-rate schedule, early stop, resume.

What is validated and kept is a running average of the weights, that of the epoch with the best
validation macro average precision, or of exclusive genres the best accuracy. Every epoch seeds its
own random numbers from (seed, epoch), so a run that was interrupted ends exactly as an undisturbed
one.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from genre.dataset.corpus import LabelledTracks
from genre.errors import GenreError
from genre.inference.score_rule import ScoreRule
from genre.inference.scoring import window_logits
from genre.inference.windowing import Windowing
from genre.models.devices import training_precision
from genre.models.scoring import TorchNetwork, standardised
from genre.tasks import Task
from genre.training.augment import augmented, random_masks
from genre.training.averaging import WeightAverage
from genre.training.batches import WindowPool
from genre.training.config import TrainingConfig
from genre.training.history import Epoch, judge_tracks, judge_windows
from genre.training.interruption import finish_before_interrupt
from genre.training.schedule import learning_rate
from genre.training.state import TrainingState, load_state, save_state

Windows = NDArray[np.int64]
_OPTIMIZERS = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam}


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
        What each epoch came to.
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
    loss : Module
        Takes logits and targets, gives a scalar.
    train, val : LabelledTracks
        The parts to learn from, and to stop and choose by.
    windowing : Windowing
        How tracks become the network's windows.
    config : TrainingConfig
        How to train.
    seed : int
        Of initialisation, order, dropout and augmentation.
    device : torch.device
        Where to train.
    task : multilabel or exclusive
        Which question is asked; that of the loss.

    Attributes
    ----------
    pool : WindowPool
        The training windows.
    """

    def __init__(
        self,
        build: Callable[[], nn.Module],
        loss: nn.Module,
        *,
        train: LabelledTracks,
        val: LabelledTracks,
        windowing: Windowing,
        config: TrainingConfig,
        seed: int,
        device: torch.device,
        task: Task = "multilabel",
    ) -> None:
        self.config, self.seed, self.device, self.task = config, seed, device, task
        self.precision = training_precision(device)
        self._train, self._val, self.windowing = train, val, windowing
        self.pool = WindowPool(train, windowing, device=device)
        self._loss = loss.to(device)
        torch.manual_seed(seed)
        self.network = build().to(device)
        self._optimizer = _OPTIMIZERS[config.optimizer](
            self.network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self._average = WeightAverage(self.network, keep=config.averaging)
        self._history: list[Epoch] = []
        self._best_epoch = 0
        self._best = _copy(self._average.network)

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
            Where the loss or a weight is not finite; names the tracks of the batch. The state of
            the epoch before is kept.
        """
        self._restore(load_state(state_path, fingerprint=fingerprint))
        if self._history:
            # The interruption may have come between the state and its report.
            on_epoch(tuple(self._history))
        while not self._done():
            self._history.append(self._epoch(len(self._history) + 1))
            if self._latest_is_best():
                self._best_epoch, self._best = len(self._history), _copy(self._average.network)
            with finish_before_interrupt():
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
        patience = self.config.stop_patience or self.config.epochs
        return len(losses) >= self.config.epochs or since_best >= patience

    def _latest_is_best(self) -> bool:
        *earlier, latest = (epoch.choice for epoch in self._history)
        # Without positives in the validation part all are NaN, no comparison holds, and the
        # latest epoch is kept.
        return not any(value > latest for value in earlier)

    def _epoch(self, epoch: int) -> Epoch:
        began = time.perf_counter()
        train = self._fit(epoch)
        rate = self._optimizer.param_groups[0]["lr"]
        standardisation = self.windowing.standardisation
        scorer = TorchNetwork(self._average.network, standardisation, device=self.device)
        val = window_logits(
            scorer,
            self._val.mels(),
            self.windowing,
            windows_per_track=self.config.windows_per_track,
        )
        y_true = self._val.y_true
        val_metrics = self._measure(val.logits, y_true[val.track].astype(np.float32))
        rule = ScoreRule(task=self.task, parents=self._val.parents)
        scores = rule.track_scores(val)  # calibrated once, in the end
        val_metrics |= judge_tracks(y_true, scores, task=self.task)
        return Epoch(
            epoch=epoch,
            learning_rate=rate,
            **{f"train_{name}": value for name, value in train.items()},
            **{f"val_{name}": value for name, value in val_metrics.items()},
            seconds=time.perf_counter() - began,
        )

    def _fit(self, epoch: int) -> dict[str, float]:
        """Learn from one draw of the training windows; measure them as they were seen."""
        seeds = np.random.SeedSequence([self.seed, epoch])
        rng = np.random.default_rng(seeds)
        torch.manual_seed(int(seeds.generate_state(1)[0]))
        drawn = self.pool.draw_epoch(
            windows_per_track=self.config.windows_per_track,
            windows_per_genre=self.config.windows_per_genre,
            rng=rng,
        )
        batches = np.array_split(drawn, max(1, round(len(drawn) / self.config.batch_size)))
        val_losses = [earlier.val_loss for earlier in self._history]
        seen = []
        self.network.train()
        for number, batch in enumerate(batches):
            done = (epoch - 1 + number / len(batches)) / self.config.epochs
            rate = learning_rate(self.config, done=done, val_losses=val_losses)
            for group in self._optimizer.param_groups:
                group["lr"] = rate
            seen.append(self.step(batch))
            self._average.update()
        self._check(all(p.isfinite().all() for p in self.network.parameters()), "weights", batch)
        logits, targets = (torch.cat(part).cpu().numpy() for part in zip(*seen, strict=True))
        return self._measure(logits, targets)

    def step(self, batch: Windows) -> tuple[torch.Tensor, torch.Tensor]:
        """Learn from a batch.

        Parameters
        ----------
        batch : ndarray of shape (batch,), int64
            Windows of `pool`.

        Returns
        -------
        logits, targets : Tensors of shape (batch, n_labels), float32
            As they were seen: augmented, before the step.

        Raises
        ------
        GenreError
            Where the loss is not finite; names the tracks of the batch.
        """
        augment = self.config.augment
        mel, targets = self.pool.gather(batch, random_starts=augment.random_starts)
        floor_db = self.windowing.mel.silence
        mel, targets = augmented(mel, targets, augment, floor=10 ** (floor_db / 10))
        inputs = random_masks(standardised(mel, self.windowing.standardisation), augment)
        with torch.autocast(
            self.device.type, dtype=self.precision, enabled=self.precision is torch.bfloat16
        ):
            logits: torch.Tensor = self.network(inputs)
        undecided = 0.5 if self.task == "multilabel" else 1 / targets.shape[1]
        smoothed = targets + self.config.label_smoothing * (undecided - targets)
        loss: torch.Tensor = self._loss(logits, smoothed)
        self._check(bool(loss.isfinite()), f"loss={loss.item()}", batch)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        self._optimizer.step()
        return logits.detach().float(), targets

    def _check(self, is_finite: bool, what: str, batch: Windows) -> None:
        if not is_finite:
            names = sorted({self._train.track_id[index] for index in self.pool.track[batch]})
            raise GenreError(f"{what} must be finite; the batch held {names}")

    def _measure(
        self, logits: NDArray[np.float32], targets: NDArray[np.float32]
    ) -> dict[str, float]:
        loss = self._loss(
            torch.from_numpy(logits).to(self.device), torch.from_numpy(targets).to(self.device)
        )
        return {"loss": float(loss), **judge_windows(logits, targets, task=self.task)}

    def _state(self) -> TrainingState:
        return TrainingState(
            network=self.network.state_dict(),
            average=self._average.weights(),
            best=self._best,
            optimizer=self._optimizer.state_dict(),
            progress={
                "n_steps": self._average.n_steps,
                "best_epoch": self._best_epoch,
                "history": [asdict(epoch) for epoch in self._history],
            },
        )

    def _restore(self, state: TrainingState | None) -> None:
        if state is None:
            return
        self.network.load_state_dict(state.network)
        self._average.restore(state.average, n_steps=state.progress["n_steps"])
        self._best = {name: tensor.to(self.device) for name, tensor in state.best.items()}
        self._optimizer.load_state_dict(state.optimizer)
        self._best_epoch = state.progress["best_epoch"]
        self._history = [Epoch(**epoch) for epoch in state.progress["history"]]


def _copy(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
