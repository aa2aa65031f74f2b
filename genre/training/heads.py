"""The head of a frozen network, trained on embeddings that are there already: seconds, not hours.

All training windows in one batch, L-BFGS until nothing is gained any more, once for each weight
decay; the one with the best validation macro average precision is kept. What `history` calls an
epoch is such a fit here.
"""

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from genre.dataset.corpus import LabelledTracks
from genre.errors import ConfigError, GenreError
from genre.inference.score_rule import ScoreRule
from genre.inference.scoring import WindowLogits
from genre.models.frozen import Head
from genre.tasks import Task
from genre.training.history import Epoch, judge_tracks, judge_windows

_STEPS = 100
_MEMORY = 20


@dataclass(frozen=True, kw_only=True)
class HeadConfig:
    """How the head of a frozen pre-trained network is trained.

    Parameters
    ----------
    frozen_hidden : int
        Units of a hidden layer between a frozen pre-trained network and the genres; 0 for none.
    frozen_windows : int
        Most windows of a track that the head of a frozen network learns from, evenly spaced.
    frozen_weight_decays : tuple of float, ascending
        Decays of the head's weights that are tried; validation decides.
    """

    frozen_hidden: int = 0
    frozen_windows: int = 16
    frozen_weight_decays: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1.0)

    def __post_init__(self) -> None:
        if self.frozen_hidden < 0:
            raise ConfigError(f"frozen_hidden={self.frozen_hidden} must be at least 0")
        if self.frozen_windows < 1:
            raise ConfigError(f"frozen_windows={self.frozen_windows} must be at least 1")
        decays = self.frozen_weight_decays
        if not decays or min(decays) <= 0 or list(decays) != sorted(set(decays)):
            raise ConfigError(
                f"frozen_weight_decays={decays} must be one or more numbers above 0, ascending"
            )

    @property
    def epochs(self) -> int:
        """How many fits there will be."""
        return len(self.frozen_weight_decays)


@dataclass(frozen=True, kw_only=True)
class Fit(Epoch):
    """What the head with one weight decay measured.

    Parameters
    ----------
    weight_decay : float
        Which one; `learning_rate` is the largest step of L-BFGS.
    """

    weight_decay: float


@dataclass(frozen=True, kw_only=True)
class TrainedHead:
    """A finished training.

    Parameters
    ----------
    head : Head
        Of the best fit, in evaluation mode.
    best_epoch : int
        Which fit that was, counted from 1.
    history : tuple of Fit
        What each fit came to.
    """

    head: Head
    best_epoch: int
    history: tuple[Fit, ...]


def fit_head(
    train: LabelledTracks,
    val: LabelledTracks,
    loss: nn.Module,
    *,
    config: HeadConfig,
    seed: int,
    task: Task = "multilabel",
) -> TrainedHead:
    """Train a head with each weight decay, and keep the best.

    Parameters
    ----------
    train, val : LabelledTracks
        With embeddings as their features.
    loss : Module
        Takes logits and targets, gives a scalar.
    config : HeadConfig
        How to train.
    seed : int
        Of the initial weights of a hidden layer; nothing else is drawn.
    task : multilabel or exclusive
        Which question is asked; that of the loss.

    Raises
    ------
    GenreError
        Where a loss or an embedding is not finite.
    """
    rows, targets = training_windows(train, most=config.frozen_windows)
    if not np.isfinite(rows).all():
        raise GenreError("embeddings must be finite; the pre-trained network gave others")
    embeddings, wanted = torch.from_numpy(rows), torch.from_numpy(targets)
    heads: list[Head] = []
    history: list[Fit] = []
    for decay in config.frozen_weight_decays:
        began = time.perf_counter()
        # A convex problem is solved faster from the solution next to it.
        start = heads[-1] if heads and not config.frozen_hidden else None
        head = _initial(embeddings, targets.shape[1], config.frozen_hidden, seed, start)
        _fit(head, loss, embeddings, wanted, decay=decay, task=task)
        measured = _measured(head, loss, embeddings, wanted, val, task)
        heads.append(head)
        history.append(
            Fit(
                epoch=len(heads),
                learning_rate=1.0,
                weight_decay=decay,
                seconds=time.perf_counter() - began,
                **measured,
            )
        )
    best = _best(history)
    return TrainedHead(head=heads[best].eval(), best_epoch=best + 1, history=tuple(history))


def training_windows(
    tracks: LabelledTracks, *, most: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Take evenly spaced windows of every track, so that a long one does not count for more.

    Parameters
    ----------
    tracks : LabelledTracks
        With embeddings as their features.
    most : int
        Windows of a track.

    Returns
    -------
    rows : ndarray of shape (n_windows, n_embedding), float32
    targets : ndarray of shape (n_windows, n_labels), float32
        The genres of each window's track.
    """
    rows, counts = [], []
    for embeddings in tracks.mels():
        n_taken = min(most, len(embeddings))
        # The middles of as many equal parts.
        chosen = ((np.arange(n_taken) + 0.5) * len(embeddings) / n_taken).astype(np.int64)
        rows.append(embeddings[chosen])
        counts.append(n_taken)
    return np.concatenate(rows), np.repeat(tracks.y_true.astype(np.float32), counts, axis=0)


def _initial(
    embeddings: torch.Tensor, n_labels: int, hidden: int, seed: int, start: Head | None
) -> Head:
    deviation, mean = torch.std_mean(embeddings, dim=0, correction=0)
    head = Head(mean, deviation, n_labels=n_labels, hidden=hidden)
    if start is not None:
        head.load_state_dict(start.state_dict())
        return head
    rng = np.random.default_rng(seed)
    for layer in head.linear:
        nn.init.zeros_(layer.bias)
        nn.init.zeros_(layer.weight)
        if hidden:  # zeros would stay zeros
            n_out, n_in = layer.weight.shape
            drawn = rng.normal(0, n_in**-0.5, (n_out, n_in)).astype(np.float32)
            layer.weight.data.copy_(torch.from_numpy(drawn))
    return head


def _fit(
    head: Head,
    loss: nn.Module,
    embeddings: torch.Tensor,
    targets: torch.Tensor,
    *,
    decay: float,
    task: Task,
) -> None:
    parameters = [each for layer in head.linear for each in layer.parameters()]
    optimizer = torch.optim.LBFGS(
        parameters, max_iter=_STEPS, history_size=_MEMORY, line_search_fn="strong_wolfe"
    )

    # The losses of a window's genres add up, as in logistic regression, whatever their number.
    n_questions = targets.shape[1] if task == "multilabel" else 1

    def _cost() -> torch.Tensor:
        optimizer.zero_grad()
        cost: torch.Tensor = loss(head(embeddings), targets) * n_questions
        for layer in head.linear:
            cost = cost + decay / 2 * layer.weight.square().sum()
        cost.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        return cost

    optimizer.step(_cost)  # type: ignore[no-untyped-call]  # torch leaves it unannotated
    if not all(each.isfinite().all() for each in parameters):
        raise GenreError(f"weights must be finite; they are not with weight_decay={decay}")


@torch.no_grad()
def _measured(
    head: Head,
    loss: nn.Module,
    embeddings: torch.Tensor,
    targets: torch.Tensor,
    val: LabelledTracks,
    task: Task,
) -> dict[str, float]:
    lengths = val.features.lengths
    rows = torch.from_numpy(np.concatenate(list(val.mels())))
    val_targets = torch.from_numpy(np.repeat(val.y_true.astype(np.float32), lengths, axis=0))
    figures = {}
    seen = {"train": (head(embeddings), targets), "val": (head(rows), val_targets)}
    for part, (logits, wanted) in seen.items():
        judged = judge_windows(logits.numpy(), wanted.numpy(), task=task)
        figures[f"{part}_loss"] = float(loss(logits, wanted))
        figures |= {f"{part}_{name}": value for name, value in judged.items()}
    windows = WindowLogits(seen["val"][0].numpy(), np.repeat(np.arange(len(lengths)), lengths))
    scores = ScoreRule(task=task, parents=val.parents).track_scores(windows)
    of_tracks = judge_tracks(val.y_true, scores, task=task)
    return figures | {f"val_{name}": value for name, value in of_tracks.items()}


def _best(history: list[Fit]) -> int:
    """Find the fit that validation tracks prefer; of equal ones the one with most decay."""
    if any(np.isnan(fit.choice).any() for fit in history):  # no positives in the validation part
        return int(np.argmin([fit.val_loss for fit in history]))
    return max(range(len(history)), key=lambda number: (history[number].choice, number))
