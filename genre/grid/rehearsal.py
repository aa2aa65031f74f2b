"""A trial of every configured network, before hours are spent on one that cannot be used."""

import numpy as np
import torch
from torch import nn

from genre.errors import BundleError, ConfigError
from genre.grid.configurations import GridConfig
from genre.inference.network import OnnxNetwork
from genre.inference.windowing import Standardisation, Windowing
from genre.models.exporting import export_network, largest_difference
from genre.models.registry import MODELS
from genre.models.scoring import TorchNetwork


@torch.no_grad()
def rehearse(config: GridConfig) -> None:
    """Send a silent batch through every configured network, as training will, and export it.

    Parameters
    ----------
    config : GridConfig
        What will be trained.

    Raises
    ------
    ConfigError
        Where a network cannot take the batch (too many blocks for the windows, or too small a
        batch), or cannot be used after training: ONNX has no word for it, or it gives other logits
        there.
    """
    mel, batch = config.front_end.mel, min(2, config.training.batch_size)
    none = Standardisation(mean=(0.0,) * mel.n_mels, deviation=(1.0,) * mel.n_mels)
    for name in config.configs:
        run = config.run_config(name)
        windowing = Windowing(mel=mel, windows=run.windows, standardisation=none)
        network = MODELS[run.architecture].build(run.model, n_labels=2).train()
        try:
            network(torch.zeros(batch, 1, mel.n_mels, windowing.n_frames))
        except (RuntimeError, ValueError) as error:
            wanted = f"{mel.n_mels} × {windowing.n_frames}"
            wanted = f"batch_size={config.training.batch_size} windows of {wanted}"
            raise ConfigError(f"configs={name!r} must be able to take {wanted}: {error}") from error
        try:
            _try_to_use(network.eval(), windowing)
        except BundleError as error:
            raise ConfigError(f"configs={name!r} must be of use once trained: {error}") from error


def _try_to_use(network: nn.Module, windowing: Windowing) -> None:
    model = export_network(network, n_mels=windowing.mel.n_mels, n_frames=windowing.n_frames)
    exported = OnnxNetwork(model, windowing, n_labels=2, n_threads=1)
    original = TorchNetwork(network, windowing.standardisation)
    rng = np.random.default_rng(0)
    shape = (windowing.n_frames, windowing.mel.n_mels)
    noise = [rng.standard_normal((n, *shape), dtype=np.float32) for n in (1, 3)]
    largest_difference(exported, original, noise)
