"""The plain way to train and to score: float32, channels first, eager, fed by a DataLoader."""

from collections.abc import Callable, Iterator

import librosa
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from contenders.material import FRONT_END, GENRES, MODEL, TRAINING, WINDOWS, Data
from genre.models.scoring import standardised
from genre.models.spectrogram_cnn import SpectrogramCNN


class OnTheFly(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Every window loaded from its file and analysed when it is asked for."""

    def __init__(self, data: Data) -> None:
        self._tracks = data.corpus.tracks
        self._pool = data.trainer().pool
        self._first = data.part.features.starts

    def __len__(self) -> int:
        """Count the windows."""
        return len(self._pool.start)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Load, analyse and label one window."""
        mel, track = FRONT_END.mel, int(self._pool.track[index])
        offset = (self._pool.start[index] - self._first[track]) / mel.frames_per_second
        samples, rate = librosa.load(
            self._tracks[track].path,
            sr=mel.sample_rate,
            offset=float(offset),
            duration=WINDOWS.window_seconds,
        )
        n_samples = round(WINDOWS.window_seconds * mel.sample_rate)
        power = librosa.feature.melspectrogram(
            y=librosa.util.fix_length(samples, size=n_samples),
            sr=rate,
            n_fft=mel.n_fft,
            hop_length=mel.hop_length,
            n_mels=mel.n_mels,
        )
        decibels = librosa.power_to_db(power, amin=mel.power_floor, top_db=None)
        window = torch.from_numpy(decibels[None, :, : n_samples // mel.hop_length])
        return window, torch.from_numpy(self._pool.y_true[track].astype(np.float32))


def precomputed(data: Data) -> TensorDataset:
    """Hold every window as a float32 tensor."""
    pool = data.trainer().pool
    mel, targets = pool.gather(np.arange(len(pool.start)))
    inputs = standardised(mel.cpu(), data.windowing.standardisation).contiguous()
    return TensorDataset(inputs, targets.cpu())


def plain(data: Data, windows: Dataset[tuple[torch.Tensor, ...]]) -> Callable[[], object]:
    """Give one step of the plain way."""
    network = plain_network(data)
    network.train()
    loss = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)

    def batches() -> Iterator[list[torch.Tensor]]:
        while True:
            yield from DataLoader(windows, TRAINING.batch_size, shuffle=True, drop_last=True)

    source = batches()

    def step() -> None:
        inputs, targets = (part.to(data.device) for part in next(source))
        optimizer.zero_grad()
        loss(network(inputs), targets).backward()
        optimizer.step()

    return step


def plain_network(data: Data) -> nn.Module:
    """Build the same network with channels first."""
    network = SpectrogramCNN(MODEL, n_labels=len(GENRES))
    network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]  # stub lacks it
    return network.to(data.device)


def plain_inference(data: Data, windows: TensorDataset) -> Callable[[], object]:
    """Score every window, one batch after the other, with the plain network."""
    network = plain_network(data).eval()

    def job() -> None:
        with torch.no_grad():
            for inputs, _ in DataLoader(windows, TRAINING.batch_size):
                torch.sigmoid(network(inputs.to(data.device))).cpu()

    return job
