"""The spectrogram as matrix products: genre.tagging.onnx_export.spectrogram."""

import numpy as np
import pytest
import torch

from genre.audio.mel import MelConfig, log_mel
from genre.tagging.onnx_export.spectrogram import BlockMel
from tests.sounds import changing_sound


@pytest.mark.parametrize(
    "config",
    [
        MelConfig(),
        MelConfig(n_fft=1024, hop_length=1024, n_mels=40),
        MelConfig(n_fft=1000, hop_length=300, n_mels=40, f_min=50.0, f_max=8000.0),
        MelConfig(n_fft=2 * 509, hop_length=77, n_mels=40, power_floor=1e-5),  # 509 is prime
    ],
)
def test_the_matrix_products_are_the_spectrogram(config: MelConfig) -> None:
    # the frames in the middle of a sound, away from where `log_mel` pads it
    samples = changing_sound(60000)
    first = -(-config.n_fft // config.hop_length)
    block = BlockMel(config, 40)
    start = first * config.hop_length - config.n_fft // 2
    got = block(torch.from_numpy(samples[start : start + block.n_samples])).numpy()
    expected = log_mel(samples, config)[first : first + 40]
    # float16 alone is off by up to 0.03 dB
    np.testing.assert_allclose(got, expected.astype(np.float16), atol=0.07)
    assert np.abs(got - expected.astype(np.float16)).mean() < 0.001
