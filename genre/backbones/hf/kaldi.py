"""The spectrogram of audio spectrogram transformers, as a part of their network.

That of `torchaudio.compliance.kaldi.fbank` as `ASTFeatureExtractor` has it: frames of 25 ms every
10 ms without any padding, less their mean, pre-emphasis of 0.97, a symmetric Hann window, power,
triangular filters from 20 Hz on, and the natural logarithm. All up to the power is linear in the
samples of a frame, so a convolution does it.
"""

import torch
from torch import nn

_FRAME_SECONDS, _STEP_SECONDS = 0.025, 0.01
_PREEMPHASIS = 0.97


class KaldiSpectrogram(nn.Module):
    """From waveforms to what such a model takes.

    Parameters
    ----------
    sample_rate : int, in Hz
        Of the waveform.
    n_mels : int
        Number of bands.
    max_frames : int
        Frames that the model takes: what is missing is filled with zeros, the rest is left out.
    mean, deviation : float
        Taken off, and divided by.
    """

    _kernel: torch.Tensor
    _filters: torch.Tensor

    def __init__(
        self, *, sample_rate: int, n_mels: int, max_frames: int, mean: float, deviation: float
    ) -> None:
        from torchaudio.compliance.kaldi import get_mel_banks

        super().__init__()
        size, self._step = (int(sample_rate * each) for each in (_FRAME_SECONDS, _STEP_SECONDS))
        n_fft = 1 << (size - 1).bit_length()
        # What is done to a frame, done to each of its samples alone.
        frames = torch.eye(size, dtype=torch.float64)
        frames = frames - frames.mean(dim=1, keepdim=True)
        before = torch.cat([frames[:, :1], frames[:, :-1]], dim=1)
        frames = frames - _PREEMPHASIS * before
        frames = frames * torch.hann_window(size, periodic=False, dtype=torch.float64)
        spectrum = torch.fft.rfft(frames, n=n_fft)[:, :-1]  # no filter reaches the last bin
        kernel = torch.cat([spectrum.real, spectrum.imag], dim=1).T[:, None]
        filters, _ = get_mel_banks(n_mels, n_fft, float(sample_rate), 20.0, 0.0, 100.0, -500.0, 1.0)
        self.register_buffer("_kernel", kernel.float().contiguous())
        self.register_buffer("_filters", filters.float())
        self._n_bins, self._max_frames = n_fft // 2, max_frames
        self._mean, self._deviation = mean, deviation

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """Compute spectrograms of shape (n, max_frames, n_mels) from (n, n_samples)."""
        parts = nn.functional.conv1d(waveforms[:, None], self._kernel, stride=self._step)
        power = parts[:, : self._n_bins] ** 2 + parts[:, self._n_bins :] ** 2
        bands = (self._filters @ power).clamp(min=torch.finfo(torch.float32).eps).log()
        # A negative number of missing frames leaves frames out.
        missing = self._max_frames - bands.shape[2]
        bands = nn.functional.pad(bands, (0, missing)).transpose(1, 2)
        return (bands - self._mean) / self._deviation
