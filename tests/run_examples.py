"""A tiny run for the tests of experiment."""

from pathlib import Path

from genre.experiment import Run, RunConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.config import TrainingConfig

CONFIG = RunConfig(
    model=SpectrogramCNNConfig(channels=(4, 8), hidden=8),
    training=TrainingConfig(epochs=2, batch_size=8),
)


def make_run(folder: Path, *, seed: int = 0) -> Run:
    """Describe a run of two epochs; nothing is trained yet."""
    return Run(
        config_name="attnTrue_lossbce",
        config=CONFIG,
        seed=seed,
        folder=folder / f"seed{seed}",
        command="genre train",
    )
