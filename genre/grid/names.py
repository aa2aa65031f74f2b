"""What configurations are called, and which are trained where nobody names any."""

from collections.abc import Mapping
from typing import Any

from genre.models.registry import MODELS
from genre.tasks import Task
from genre.training.losses import LOSSES

DEFAULT_CONFIGS = (
    "attnTrue_lossbce",
    "attnTrue_lossfocal",
    "attnFalse_lossbce",
    "attnFalse_lossfocal",
)
"""SpectrogramCNN with attention (both kinds) and loss the only differences."""

EXCLUSIVE_CONFIGS = ("attnTrue_losscross_entropy", "attnFalse_losscross_entropy")
"""What is trained of exclusive genres: with attention and without."""

STANDARD: Mapping[Task, tuple[str, ...]] = {
    "multilabel": DEFAULT_CONFIGS,
    "exclusive": EXCLUSIVE_CONFIGS,
}
"""What is trained where nothing is named."""

ALL = "all"
"""These, and a head on every pre-trained network that is there."""
LOSS_MARK = "_loss"


def configuration_names() -> tuple[str, ...]:
    """List what can be trained: every variant of every architecture under every loss.

    Returns
    -------
    tuple of str
        Such as ``attnTrue_lossbce`` and ``short_chunk_cnn_lossasl``.
    """
    return tuple(f"{variant}{LOSS_MARK}{loss}" for variant in variants() for loss in LOSSES)


def variants() -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Map what a name may begin with to the architecture and the options that it stands for.

    Returns
    -------
    dict of str to (str, mapping)
        Such as ``attnTrue`` to spectrogram_cnn with both kinds of attention.
    """
    return {
        variant: (architecture, settled)
        for architecture, entry in MODELS.items()
        for variant, settled in (entry.variants or {architecture: {}}).items()
    }
