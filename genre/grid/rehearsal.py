"""Whether the networks of a grid can take its windows, asked before anything is decoded."""

import torch

from genre.audio.windows import window_frames
from genre.errors import ConfigError
from genre.grid.configurations import GridConfig
from genre.models.registry import MODELS


@torch.no_grad()
def rehearse(config: GridConfig) -> None:
    """Send a silent batch through every configured network, as training will.

    Raises
    ------
    ConfigError
        Where a network cannot take it: too many blocks for the windows, or too small a batch.
    """
    n_mels, batch = config.front_end.mel.n_mels, min(2, config.training.batch_size)
    for name in config.configs:
        run = config.run_config(name)
        n_frames = window_frames(run.windows, config.front_end.mel)
        network = MODELS[run.architecture].build(run.model, n_labels=2).train()
        try:
            network(torch.zeros(batch, 1, n_mels, n_frames))
        except (RuntimeError, ValueError) as error:
            wanted = f"batch_size={config.training.batch_size} windows of {n_mels} × {n_frames}"
            raise ConfigError(f"configs={name!r} must be able to take {wanted}: {error}") from error
