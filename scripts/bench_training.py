"""Time training and inference with the default settings, beside a plain network in the same run.

As in a grid, several runs are trained at a time, each on its share of the cores. The plain way is
the same network in float32, channels first, eager, with all cores, fed by a DataLoader: once with
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
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

# Said before torch is imported, as the command line says it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from numpy.typing import NDArray

from contenders.material import FRONT_END, MODEL, TRAINING, Data, make_data
from contenders.operations import count_operations, gemm_rate
from contenders.plain import OnTheFly, plain, plain_inference, plain_network, precomputed
from figures import figures_parser, in_turn, ratio, tell_figures
from genre.grid import GridConfig
from genre.grid.side_by_side import n_side_by_side, n_threads_each
from genre.inference.scoring import window_logits
from genre.models.devices import pick_device, training_precision
from genre.models.scoring import TorchNetwork
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.trainer import Trainer

N_STEPS = 8
RUN: list[Callable[[], object]] = []  # of a process that trains


def main() -> None:
    """Measure everything and print it."""
    parser = figures_parser("bench_training.py", __doc__ or "")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, mps.")
    parser.add_argument("--seconds", type=float, default=3.0, help="Time of each measurement.")
    parser.add_argument("--rounds", type=int, default=5, help="Turns of every contender.")
    words = parser.parse_args()
    device = pick_device(words.device)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = make_data(Path(folder), device)
        with ExitStack() as at_the_end:
            figures = measure(data, at_the_end, seconds=words.seconds, rounds=words.rounds)
    tell_figures(figures, words.json)


def measure(data: Data, at_the_end: ExitStack, *, seconds: float, rounds: int) -> dict[str, object]:
    """Time all contenders in turn."""
    grid = GridConfig()
    n_runs = n_side_by_side(
        grid.parallel_runs, n_runs=grid.seeds * len(grid.configs), device=data.device
    )
    bare = replace(MODEL, channel_attention=False, spatial_attention=False)
    windows = precomputed(data)
    jobs = {
        "train": side_by_side(data, MODEL, n_runs, at_the_end),
        "train_without_attention": side_by_side(data, bare, n_runs, at_the_end),
        "precomputed": plain(data, windows),
        "on_the_fly": plain(data, OnTheFly(data)),
        "infer": inference(data),
        "plain_infer": plain_inference(data, windows),
    }
    times = in_turn(jobs, rounds=rounds, seconds=seconds)
    for name in ("train", "train_without_attention"):
        times[name] = [spent / (n_runs * N_STEPS) for spent in times[name]]
    train = TRAINING.batch_size / statistics.median(times["train"])
    infer, plain_infer = (
        len(windows) / statistics.median(times[name]) for name in ("infer", "plain_infer")
    )
    return {
        "device": str(data.device),
        "precision": str(training_precision(data.device)).removeprefix("torch."),
        "runs_at_a_time": n_runs,
        "threads": torch.get_num_threads(),
        "batch_size": TRAINING.batch_size,
        "train_windows_per_second": round(train, 1),
        "infer_windows_per_second": round(infer, 1),
        "ratio_vs_precomputed": ratio(times["precomputed"], times["train"]),
        "ratio_vs_on_the_fly": ratio(times["on_the_fly"], times["train"]),
        "infer_ratio_vs_plain": ratio(times["plain_infer"], times["infer"]),
        "attention_cost": ratio(times["train"], times["train_without_attention"]),
        **beside_gemm(data, train=train, plain_infer=plain_infer),
        "startup_seconds": round(startup_seconds(), 2),
    }


def beside_gemm(data: Data, *, train: float, plain_infer: float) -> dict[str, object]:
    """Set windows per second beside what a large matrix product would allow."""
    shape = (TRAINING.batch_size, 1, FRONT_END.mel.n_mels, data.windowing.n_frames)
    inputs = torch.zeros(shape, device=data.device)
    step, scoring = count_operations(plain_network(data), inputs)
    peak = gemm_rate(data.device, training_precision(data.device))
    # Scoring is in float32 everywhere, so that a model scores alike on every processor.
    in_float32 = gemm_rate(data.device, torch.float32)
    return {
        "infer_ratio_at_gemm_peak": round(in_float32 / scoring / plain_infer, 2),
        "fraction_of_gemm_peak": round(train * step / peak, 3),
        "gemm_gflops": round(peak / 1e9, 1),
        "gemm_gflops_float32": round(in_float32 / 1e9, 1),
        "mflops_per_window_step": round(step / 1e6, 1),
    }


def side_by_side(
    data: Data, model: SpectrogramCNNConfig, n_runs: int, at_the_end: ExitStack
) -> Callable[[], object]:
    """Give `N_STEPS` steps of each of several runs, in processes of their own, as a grid does."""
    if n_runs == 1:
        step = ours(data.trainer(model))
        return lambda: [step() for _ in range(N_STEPS)]
    pools = [
        at_the_end.enter_context(
            ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=begin,
                initargs=(data, model, n_threads_each(n_runs)),
            )
        )
        for _ in range(n_runs)
    ]

    def job() -> None:
        for steps in [pool.submit(take_steps) for pool in pools]:
            steps.result()

    return job


def begin(data: Data, model: SpectrogramCNNConfig, n_threads: int) -> None:
    """Make this process ready for `take_steps`."""
    torch.set_num_threads(n_threads)
    RUN.append(ours(data.trainer(model)))


def take_steps() -> None:
    """Train a little."""
    for _ in range(N_STEPS):
        RUN[0]()


def ours(trainer: Trainer) -> Callable[[], object]:
    """Give one step of the trainer."""
    rng = np.random.default_rng(0)

    def batches() -> Iterator[NDArray[np.int64]]:
        while True:
            drawn = trainer.pool.draw_epoch(windows_per_track=0, windows_per_genre=0, rng=rng)
            n_batches = len(drawn) // TRAINING.batch_size
            yield from drawn[: n_batches * TRAINING.batch_size].reshape(n_batches, -1)

    source = batches()
    trainer.network.train()
    return lambda: trainer.step(next(source))


def inference(data: Data) -> Callable[[], object]:
    """Score every window through the only scoring path."""
    mels, network = list(data.part.mels()), data.trainer().network
    standardisation = data.windowing.standardisation
    scorer = TorchNetwork(network, standardisation, device=data.device)
    return lambda: window_logits(scorer, mels, data.windowing)


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


if __name__ == "__main__":
    main()
