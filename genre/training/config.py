"""How a network is trained."""

from dataclasses import dataclass, field
from typing import Literal

from genre.config import check_choices, later
from genre.errors import ConfigError
from genre.training.augment import AugmentConfig


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How a network is trained.

    Parameters
    ----------
    epochs : int
        Most passes over the training windows.
    batch_size : int
        Windows per step.
    optimizer : adamw or adam
        adamw takes the weight decay off the weights themselves, adam adds it to the gradient, as
        the loss's L2 penalty.
    learning_rate : float
        The optimizer's largest step size.
    weight_decay : float
        The decay of the weights.
    schedule : cosine or plateau
        cosine warms up and then falls to 0 with the last epoch; plateau starts at the largest and
        halves it where the validation loss no longer falls.
    warm_up : float, in [0, 1)
        Share of the steps in which cosine rises.
    plateau_patience : int
        Epochs without a lower validation loss before plateau halves the learning rate.
    stop_patience : int
        Epochs without a lower validation loss before training stops; 0 never stops early.
    averaging : float, in [0, 1)
        Share of the running average of the weights that a step keeps; the average is what is
        validated and kept. 0 takes the weights as they are.
    label_smoothing : float, in [0, 1)
        Targets are drawn by this share towards one half; of exclusive genres, to equal shares.
    windows_per_track : int
        Most windows of a track in an epoch: others each time, and of a validation track as many,
        evenly spread. What is kept is measured on all windows in the end. 0 takes all of them.
    windows_per_genre : int
        Most windows of a genre in an epoch; 0 takes the median over the genres.
    augment : AugmentConfig
        What is done to the training windows.
    """

    epochs: int = 120
    batch_size: int = 16
    optimizer: Literal["adamw", "adam"] = later("adamw")
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    schedule: Literal["cosine", "plateau"] = "cosine"
    warm_up: float = 0.15
    plateau_patience: int = 4
    stop_patience: int = 0
    averaging: float = 0.99
    label_smoothing: float = 0.05
    windows_per_track: int = later(16, before=0)
    windows_per_genre: int = 0
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "learning_rate", "plateau_patience"):
            if getattr(self, name) <= 0:
                raise ConfigError(f"{name}={getattr(self, name)} must be above 0")
        for name in ("weight_decay", "windows_per_track", "windows_per_genre", "stop_patience"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name}={getattr(self, name)} must be at least 0")
        for name in ("warm_up", "averaging", "label_smoothing"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"{name}={getattr(self, name)} must lie in [0, 1)")
        check_choices(self)
