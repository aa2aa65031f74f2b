"""genre.backbones.hf.kaldi: the filter bank of Kaldi as `ASTFeatureExtractor` has it."""

import numpy as np
import pytest
import torch
import transformers
from torchaudio.compliance.kaldi import fbank

from genre.backbones.hf.kaldi import KaldiSpectrogram


def noise(n_samples: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(3).normal(0.1, 0.2, (2, n_samples))).float()


@pytest.mark.parametrize(("sample_rate", "n_mels"), [(16000, 128), (24000, 64), (8000, 40)])
def test_it_is_that_of_torchaudio(sample_rate: int, n_mels: int) -> None:
    waveforms = noise(sample_rate)
    wanted = torch.stack(
        [
            fbank(
                each[None].double(),
                sample_frequency=sample_rate,
                window_type="hanning",
                num_mel_bins=n_mels,
            )
            for each in waveforms
        ]
    )
    hears = KaldiSpectrogram(
        sample_rate=sample_rate, n_mels=n_mels, max_frames=98, mean=0.0, deviation=1.0
    )
    # 98 whole frames of 25 ms begin in a second; what differs is float32.
    np.testing.assert_allclose(hears(waveforms), wanted.float(), atol=1e-3)


@pytest.mark.parametrize("n_samples", [400, 4000, 16000])
def test_short_is_filled_and_long_is_cut_as_the_feature_extractor_does(n_samples: int) -> None:
    waveforms = noise(n_samples)
    theirs = transformers.ASTFeatureExtractor(max_length=50, num_mel_bins=64)
    wanted = theirs(list(waveforms.numpy()), sampling_rate=16000, return_tensors="pt")
    hears = KaldiSpectrogram(
        sample_rate=16000,
        n_mels=64,
        max_frames=50,
        mean=theirs.mean,
        deviation=2 * theirs.std,
    )
    np.testing.assert_allclose(hears(waveforms), wanted["input_values"], atol=1e-3)
