"""Time training and inference with the default settings, beside a plain network in the same run.

The plain way is the same network in float32, channels first, eager, fed by a DataLoader: once with
windows computed before, once with `librosa.load` and a mel spectrogram for every window, as the
usual repositories do. The sounds are made here. Contenders take turns; figures are medians.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

# Said before torch is imported, as the command line says it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import librosa
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torch.utils.flop_counter import FlopCounterMode

from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.cli.figures import figures_parser, in_turn, ratio, tell_figures
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.features import FeatureStore
from genre.dataset.labels import Vocabulary
from genre.dataset.layouts import scan
from genre.dataset.packing import pack
from genre.dataset.sample import SampleConfig, make_sample_dataset
from genre.execution import ExecutionConfig
from genre.models.devices import pick_device, training_precision
from genre.models.scoring import Windowing, window_logits
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
from genre.training.batches import standardisation_of
from genre.training.config import TrainingConfig
from genre.training.losses import build_loss
from genre.training.trainer import Trainer

MODEL, TRAINING = SpectrogramCNNConfig(), TrainingConfig()
FRONT_END, WINDOWS = FrontEndConfig(), WindowConfig()
GENRES = ("classical", "jazz", "rock", "electronic")


@dataclass(frozen=True)
class Data:
    """Tracks made for the benchmark."""

    corpus: Corpus
    part: LabelledTracks
    windowing: Windowing
    device: torch.device

    def trainer(self, model: SpectrogramCNNConfig = MODEL) -> Trainer:
        """Make what `genre train` makes for a run."""
        n_labels = self.part.y_true.shape[1]
        return Trainer(
            lambda: SpectrogramCNN(model, n_labels=n_labels),
            build_loss("bce", torch.from_numpy(self.part.y_true)),
            train=self.part,
            val=self.part,
            windowing=self.windowing,
            config=TRAINING,
            seed=0,
            device=self.device,
        )


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


def main() -> None:
    """Measure everything and print it."""
    parser = figures_parser("bench_training.py", __doc__ or "")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, mps.")
    parser.add_argument("--seconds", type=float, default=3.0, help="Time of each measurement.")
    parser.add_argument("--rounds", type=int, default=5, help="Turns of every contender.")
    words = parser.parse_args()
    device = pick_device(words.device)
    with tempfile.TemporaryDirectory() as folder:
        data = make_data(Path(folder), device)
        figures = measure(data, seconds=words.seconds, rounds=words.rounds)
    tell_figures(figures, words.json)


def make_data(folder: Path, device: torch.device) -> Data:
    """Play a few artists with the sample synthesiser and compute their features."""
    config = SampleConfig(
        genres=GENRES,
        n_artists_per_genre=3,
        n_tracks_per_artist=2,
        min_seconds=30.0,
        max_seconds=30.0,
    )
    make_sample_dataset(folder / "music", config)
    tracks = scan(folder / "music").tracks
    store = FeatureStore(folder / "cache", FRONT_END)
    store.fill(tracks, execution=ExecutionConfig(n_workers=0))
    corpus = Corpus(
        tracks=tracks,
        vocabulary=Vocabulary(GENRES),
        features=pack(tracks, store),
        front_end=FRONT_END,
    )
    part = corpus.part([track.track_id for track in tracks])
    windowing = Windowing(
        mel=FRONT_END.mel, windows=WINDOWS, standardisation=standardisation_of(part)
    )
    return Data(corpus, part, windowing, device)


def measure(data: Data, *, seconds: float, rounds: int) -> dict[str, object]:
    """Time all contenders in turn."""
    trainer = data.trainer()
    bare = data.trainer(replace(MODEL, channel_attention=False, spatial_attention=False))
    windows = precomputed(data)
    jobs = {
        "train": ours(trainer),
        "train_without_attention": ours(bare),
        "precomputed": plain(data, windows),
        "on_the_fly": plain(data, OnTheFly(data)),
        "infer": inference(data, trainer.network),
        "plain_infer": plain_inference(data, windows),
    }
    times = in_turn(jobs, rounds=rounds, seconds=seconds)
    train = TRAINING.batch_size / statistics.median(times["train"])
    flops, peak = step_flops(data), gemm_rate(data.device)
    return {
        "device": str(data.device),
        "precision": str(training_precision(data.device)).removeprefix("torch."),
        "threads": torch.get_num_threads(),
        "batch_size": TRAINING.batch_size,
        "train_windows_per_second": round(train, 1),
        "infer_windows_per_second": round(len(windows) / statistics.median(times["infer"]), 1),
        "ratio_vs_precomputed": ratio(times["precomputed"], times["train"]),
        "ratio_vs_on_the_fly": ratio(times["on_the_fly"], times["train"]),
        "infer_ratio_vs_plain": ratio(times["plain_infer"], times["infer"]),
        "attention_cost": ratio(times["train"], times["train_without_attention"]),
        "fraction_of_gemm_peak": round(train * flops / peak, 3),
        "gemm_gflops": round(peak / 1e9, 1),
        "mflops_per_window_step": round(flops / 1e6, 1),
        "startup_seconds": round(startup_seconds(), 2),
    }


def ours(trainer: Trainer) -> Callable[[], object]:
    """Give one step of the trainer."""
    rng = np.random.default_rng(0)

    def batches() -> Iterator[NDArray[np.int64]]:
        while True:
            drawn = trainer.pool.draw_epoch(windows_per_genre=0, rng=rng)
            n_batches = len(drawn) // TRAINING.batch_size
            yield from drawn[: n_batches * TRAINING.batch_size].reshape(n_batches, -1)

    source = batches()
    trainer.network.train()
    return lambda: trainer.step(next(source))


def precomputed(data: Data) -> TensorDataset:
    """Hold every window as a float32 tensor."""
    pool = data.trainer().pool
    mel, targets = pool.gather(np.arange(len(pool.start)))
    inputs = data.windowing.standardisation(mel.cpu()).contiguous()
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


def inference(data: Data, network: nn.Module) -> Callable[[], object]:
    """Score every window through the only scoring path."""
    mels = list(data.part.mels())
    return lambda: window_logits(network, mels, data.windowing, device=data.device)


def plain_inference(data: Data, windows: TensorDataset) -> Callable[[], object]:
    """Score every window, one batch after the other, with the plain network."""
    network = plain_network(data).eval()

    def job() -> None:
        with torch.no_grad():
            for inputs, _ in DataLoader(windows, TRAINING.batch_size):
                torch.sigmoid(network(inputs.to(data.device))).cpu()

    return job


FIRST_STEP = """
import genre.cli.train, torch
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
network = SpectrogramCNN(SpectrogramCNNConfig(), n_labels=4)
network(torch.zeros(16, 1, 96, 200)).sum().backward()
"""


def startup_seconds() -> float:
    """Time a fresh process up to the end of its first step."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST_STEP], check=True)  # noqa: S603 - our own words
    return time.perf_counter() - start


def step_flops(data: Data) -> float:
    """Count the floating-point operations of a training step per window."""
    network = plain_network(data)
    inputs = torch.zeros(TRAINING.batch_size, 1, FRONT_END.mel.n_mels, data.windowing.n_frames)
    with FlopCounterMode(display=False) as counter:
        network(inputs.to(data.device)).sum().backward()
    return float(counter.get_total_flops()) / TRAINING.batch_size


def gemm_rate(device: torch.device, size: int = 2048) -> float:
    """Measure a large matrix product in the precision of training, in operations per second."""
    a = torch.randn(size, size, device=device, dtype=training_precision(device))
    times = []
    for _ in range(7):
        start = time.perf_counter()
        float((a @ a)[0, 0])  # waits for the device
        times.append(time.perf_counter() - start)
    return float(2 * size**3 / min(times))


if __name__ == "__main__":
    main()
