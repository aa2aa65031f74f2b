"""genre.backbones.aisfx: as ONNX, in plain numpy, and in torch, it says the same."""

from dataclasses import replace

import numpy as np
import torch
from torch.nn import functional

from genre.audio.windows import WindowConfig, window_frames
from genre.backbones import aisfx
from genre.backbones.aisfx import FRONT_END, N_FRAMES, WINDOWS, compute, write_network
from genre.backbones.torch_checkpoint import read_checkpoint
from genre.inference import OnnxNetwork, Standardisation
from genre.inference.windowing import Windowing
from tests.checkpoints import small_aisfx, torch_checkpoint

# Odd lengths: a maximum over two leaves the last one out.
N_MELS, LENGTH = 17, 27


def test_windows_are_what_the_network_was_trained_on() -> None:
    assert window_frames(WINDOWS, FRONT_END.mel) == N_FRAMES == 100
    assert aisfx.FRONT_END.mel.log_divisor == 9.457798957824707


def by_torch(weights: dict[str, torch.Tensor], windows: torch.Tensor) -> torch.Tensor:
    value = windows.transpose(2, 3)  # (n, 1, time, mels), as its authors have it
    for block in range(1, 5):
        for number in (1, 2):
            prefix = f"embedding_net.conv_block{block}"
            found = functional.conv2d(value, weights[f"{prefix}.conv{number}.weight"], padding=1)
            names = ("running_mean", "running_var", "weight", "bias")
            mean, variance, gamma, beta = (weights[f"{prefix}.bn{number}.{name}"] for name in names)
            value = functional.batch_norm(found, mean, variance, gamma, beta).relu()
        value = functional.max_pool2d(value, 2 if block < 4 else 1)
    return value.mean(dim=3).amax(dim=2)


def test_three_ways_agree() -> None:
    weights = small_aisfx()
    tensors = read_checkpoint(torch_checkpoint([weights, {"heads": 9}]))
    windows = np.random.default_rng(0).uniform(0, 0.5, (2, 1, N_MELS, LENGTH)).astype(np.float32)
    expected = by_torch(weights, torch.from_numpy(windows)).numpy()
    windowing = Windowing(
        mel=replace(FRONT_END.mel, n_mels=N_MELS),
        windows=WindowConfig(window_seconds=LENGTH * 1024 / 44100, step_seconds=0.1),
        standardisation=Standardisation(mean=(0.0,) * N_MELS, deviation=(1.0,) * N_MELS),
    )
    model = write_network(tensors, n_mels=N_MELS, n_frames=LENGTH)
    (found,) = OnnxNetwork(model, windowing, n_labels=0).embeddings(
        [windows[:, 0].transpose(0, 2, 1)]
    )
    np.testing.assert_allclose(found, expected, atol=1e-4)
    for number, window in enumerate(windows[:, 0]):
        embedding, logits = compute(tensors, window)
        assert logits is None
        np.testing.assert_allclose(embedding, expected[number], atol=1e-4)
