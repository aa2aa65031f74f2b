"""Train on 10,000 tracks of 30 s with mapped features: speed beside memory, and memory used.

The features are one second of noise repeated, so the file is of the true size and takes seconds to
write. What counts is anonymous memory: pages of the mapped file are the system's to drop.
"""

import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

# Said before torch is imported, as the command line says it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch

from figures import figures_parser, in_turn, ratio, tell_figures
from genre.audio.frontend import Features
from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.dataset.corpus import LabelledTracks
from genre.dataset.filling import write_rows
from genre.dataset.packing import PackedFeatures
from genre.inference.windowing import Standardisation, Windowing
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
from genre.training.config import TrainingConfig
from genre.training.losses import build_loss
from genre.training.trainer import Trainer

SECONDS, N_GENRES = 30, 10
MEL, TRAINING = MelConfig(), TrainingConfig()
N_FRAMES = round(SECONDS * MEL.frames_per_second) + 1


def main() -> None:
    """Measure and print."""
    parser = figures_parser("bench_mapped.py", __doc__ or "")
    parser.add_argument("--tracks", type=int, default=10_000, help="Number of tracks.")
    parser.add_argument("--seconds", type=float, default=5.0, help="Time of each measurement.")
    parser.add_argument("--rounds", type=int, default=7, help="Turns of either way.")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mapped = mapped_features(Path(folder) / "features.npy", words.tracks)
        trainer = make_trainer(mapped)
        step = steps(trainer)
        in_turn({"mapped": step}, rounds=1, seconds=words.seconds)
        anonymous = rss_anon_mb()
        jobs = {"mapped": step, "memory": steps(make_trainer(np.array(mapped)))}
        times = in_turn(jobs, rounds=words.rounds, seconds=words.seconds)
    figures = {
        "n_tracks": words.tracks,
        "features_gb": round(mapped.nbytes / 1e9, 2),
        "rss_anon_mb": round(anonymous, 1),
        "windows_per_second": round(
            TRAINING.batch_size / statistics.median(times["mapped"]),
            1,
        ),
        "time_over_memory": ratio(times["mapped"], times["memory"]),
    }
    tell_figures(figures, words.json)


def mapped_features(path: Path, n_tracks: int) -> Features:
    """Write the features of all tracks and map them."""
    noise = np.random.default_rng(0).normal(-40, 10, (N_FRAMES, MEL.n_mels)).astype(np.float16)
    with path.open("w+b") as file:
        write_rows(file, (noise for _ in range(n_tracks)), n_columns=MEL.n_mels)
    features: Features = np.load(path, mmap_mode="c")
    return features


def make_trainer(features: Features) -> Trainer:
    """Make what a run trains with, on the processor."""
    n_tracks = len(features) // N_FRAMES
    lengths = np.full(n_tracks, N_FRAMES)
    y_true = np.arange(n_tracks)[:, None] % N_GENRES == np.arange(N_GENRES)
    tracks = LabelledTracks(
        features=PackedFeatures(mel=features, starts=np.cumsum(lengths) - lengths, lengths=lengths),
        y_true=y_true,
        track_id=tuple(map(str, range(n_tracks))),
    )
    standard = Standardisation(mean=(-40.0,) * MEL.n_mels, deviation=(10.0,) * MEL.n_mels)
    return Trainer(
        lambda: SpectrogramCNN(SpectrogramCNNConfig(), n_labels=N_GENRES),
        build_loss("bce", torch.from_numpy(y_true)),
        train=tracks,
        val=tracks,
        windowing=Windowing(mel=MEL, windows=WindowConfig(), standardisation=standard),
        config=TRAINING,
        seed=0,
        device=torch.device("cpu"),
    )


def steps(trainer: Trainer) -> Callable[[], object]:
    """Give one step of an epoch over all tracks."""
    drawn = trainer.pool.draw_epoch(
        windows_per_track=0, windows_per_genre=0, rng=np.random.default_rng(0)
    )
    n_batches = len(drawn) // TRAINING.batch_size
    batches = drawn[: n_batches * TRAINING.batch_size].reshape(n_batches, -1)
    source = iter(np.tile(batches, (20, 1)))
    trainer.network.train()
    return lambda: trainer.step(next(source))


def rss_anon_mb() -> float:
    """Give the anonymous memory of this process, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1024


if __name__ == "__main__":
    main()
