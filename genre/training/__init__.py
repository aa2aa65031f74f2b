"""From tracks with labels and features to a trained network."""

from genre.training.augment import AugmentConfig, augmented, random_masks
from genre.training.config import TrainingConfig
from genre.training.history import Epoch
from genre.training.losses import LOSSES, Loss, LossConfig, MultiLabelLoss, build_loss
from genre.training.trainer import Trained, Trainer

__all__ = [
    "LOSSES",
    "AugmentConfig",
    "Epoch",
    "Loss",
    "LossConfig",
    "MultiLabelLoss",
    "Trained",
    "Trainer",
    "TrainingConfig",
    "augmented",
    "build_loss",
    "random_masks",
]
