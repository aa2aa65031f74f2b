"""A grid that is trained in seconds, on the sample dataset."""

from pathlib import Path

from genre.dataset.splits import SplitConfig
from genre.grid import GridConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.config import TrainingConfig

CONFIGS = ("attnTrue_lossbce", "attnFalse_lossfocal")


def tiny(data: Path, out: Path) -> GridConfig:
    """Describe two configurations with two seeds of two epochs each."""
    return GridConfig(
        data=data,
        out=out,
        cache=out.parent / "cache",
        configs=CONFIGS,
        seeds=2,
        device="cpu",
        parallel_runs=1,
        split=SplitConfig(train=0.4, val=0.3, test=0.3),
        model=SpectrogramCNNConfig(channels=(4, 8), hidden=8),
        training=TrainingConfig(epochs=2, batch_size=8),
    )
