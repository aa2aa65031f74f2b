"""Time tagging: one file, a window, a folder on one core and two, a fresh process and its memory.

The sound is made here: stereo MP3 of 44.1 kHz, 180 s and 30 s. Networks are untrained, which takes
the same time. Contenders take turns, so that other work on the machine hits all of them; figures
are medians, and ratios are medians of the ratios within one turn. Beside what was reached stand
the limits: decoding and spectrogram alone, and the network's operations at the rate of a large
matrix product.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from figures import figures_parser, in_turn, ratio, tell_figures, write_music
from figures.memory import largest_sum
from genre.execution import ExecutionConfig

# Workers import this file: torch stays in the functions.
if TYPE_CHECKING:
    from genre.inference import Bundle
    from genre.models import SpectrogramCNNConfig

N_MELS, N_FRAMES = 96, 200  # of a window of the default front end
GENRES = ("classical", "electronic", "folk", "hiphop", "jazz", "pop", "rock")
SHORT_SECONDS = 30.0

COMMAND = """
import sys
from genre.cli import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


def main() -> None:
    """Measure everything and print it."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    parser = figures_parser("bench_tagging.py", __doc__ or "")
    parser.add_argument("--seconds", type=float, default=180.0, help="Length of the track made.")
    parser.add_argument("--files", type=int, default=24, help="Files of the folder.")
    parser.add_argument("--rounds", type=int, default=5, help="Turns of every contender.")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        song = write_music(folder, words.seconds, suffixes=("mp3",))["mp3"]
        (folder / "short").mkdir()
        seconds = min(SHORT_SECONDS, words.seconds)
        short = write_music(folder / "short", seconds, suffixes=("mp3",))["mp3"]
        figures = one_file(song, words.seconds, words.rounds)
        figures |= one_window(words.rounds)
        figures |= a_folder(song, words.files, words.seconds, words.rounds)
        figures |= fresh_process(folder, short, song, words.rounds)
    tell_figures(figures, words.json)


def make_bundle(config: "SpectrogramCNNConfig") -> "Bundle":
    """Make a bundle that has seen noise and learned nothing."""
    import torch

    from genre.audio.frontend import FrontEndConfig
    from genre.audio.windows import WindowConfig
    from genre.config import to_mapping
    from genre.inference import Bundle, ScoreRule, Standardisation
    from genre.models import SpectrogramCNN, with_network

    n_mels = FrontEndConfig().mel.n_mels
    plain = Bundle(
        network_onnx=None,
        model_name="spectrogram_cnn",
        model_config=to_mapping(config),
        genres=GENRES,
        front_end=FrontEndConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(-40.0,) * n_mels, deviation=(15.0,) * n_mels),
        rule=ScoreRule(),
        thresholds=(0.5,) * len(GENRES),
    )
    network = SpectrogramCNN(config, n_labels=len(GENRES))
    network(torch.randn(4, 1, N_MELS, N_FRAMES))  # no two biases are equal from here on
    return with_network(plain, network.eval())


def one_file(song: Path, seconds: float, rounds: int) -> dict[str, Any]:
    """Time a file to its genres with the model loaded, on one thread, and its two halves."""
    from genre.audio.frontend import extract
    from genre.models import SpectrogramCNNConfig
    from genre.tagging import Tagger

    bundle = make_bundle(SpectrogramCNNConfig())
    small = in_int8(bundle)
    tagger, small_tagger = (Tagger(each, each.network(n_threads=1)) for each in (bundle, small))
    extracted = extract(song, bundle.front_end)
    jobs: dict[str, Callable[[], object]] = {
        "tag": lambda: tagger.tag(song),
        "tag_int8": lambda: small_tagger.tag(song),
        "read": lambda: extract(song, bundle.front_end),
        "score": lambda: tagger.tag_features(song, extracted),
        "score_int8": lambda: small_tagger.tag_features(song, extracted),
    }
    times = {name: statistics.median(each) for name, each in in_turn(jobs, rounds=rounds).items()}
    return {
        "threads": 1,
        "track_seconds": seconds,
        "file_to_genres_seconds": round(times["tag"], 3),
        "x_realtime": round(seconds / times["tag"], 1),
        "x_realtime_int8": round(seconds / times["tag_int8"], 1),
        "of_it_reading_seconds": round(times["read"], 3),
        "x_realtime_of_reading_alone": round(seconds / times["read"], 1),
        "of_it_scoring_seconds": round(times["score"], 3),
        "of_it_scoring_int8_seconds": round(times["score_int8"], 3),
    }


def in_int8(bundle: "Bundle") -> "Bundle":
    """Put the network in whole numbers of 8 bits into a bundle."""
    import numpy as np

    from genre.tagging.onnx_export import quantised

    rng = np.random.default_rng(0)
    windows = (rng.standard_normal((16, 1, N_MELS, N_FRAMES), dtype=np.float32) for _ in range(4))
    return replace(bundle, network_onnx=quantised(bundle.network_onnx or b"", windows))


def one_window(rounds: int) -> dict[str, Any]:
    """Time one window and sixteen through the default network and through a plain 16-32-64.

    Both as they are used, and as torch runs them without any care. Beside them stands the time that
    their operations take in a large matrix product.
    """
    import torch

    from contenders.operations import count_operations, gemm_rate
    from genre.grid.recipes import RECIPES
    from genre.models import SpectrogramCNN, SpectrogramCNNConfig

    torch.set_num_threads(1)
    figures: dict[str, Any] = {}
    configs = {"default": SpectrogramCNNConfig(), "small": RECIPES["reference"].model}
    peak = gemm_rate(torch.device("cpu"), torch.float32)
    for name, config in configs.items():
        network = SpectrogramCNN(config, n_labels=len(GENRES)).eval()
        jobs = {
            f"{way}_{n}": job
            for n in (1, 16)
            for way, job in passes(network, make_bundle(config), n).items()
        }
        times = in_turn(jobs, rounds=rounds, seconds=0.3)
        median = {job: statistics.median(each) for job, each in times.items()}
        figures[f"{name}_parameters"] = sum(weights.numel() for weights in network.parameters())
        _, scoring = count_operations(network, torch.zeros(1, 1, N_MELS, N_FRAMES))
        figures[f"{name}_window_ms"] = round(1000 * median["used_1"], 3)
        figures[f"{name}_window_ms_at_gemm_peak"] = round(1000 * scoring / peak, 3)
        figures[f"{name}_windows_per_second"] = round(16 / median["used_16"])
        for n in (1, 16):
            plain = times[f"plain_{n}"]
            figures[f"{name}_ratio_to_plain_torch_of_{n}"] = ratio(plain, times[f"used_{n}"])
            figures[f"{name}_ratio_to_plain_torch_of_{n}_int8"] = ratio(plain, times[f"int8_{n}"])
    return figures


def passes(network: Any, bundle: "Bundle", n_windows: int) -> dict[str, Callable[[], object]]:  # noqa: ANN401
    """Make passes of standardised windows: in onnxruntime, in int8, and in torch as it comes."""
    import torch

    windows = torch.randn(n_windows, 1, N_MELS, N_FRAMES)
    plain = network.to(memory_format=torch.contiguous_format)
    used, small = bundle.network(n_threads=1), in_int8(bundle).network(n_threads=1)
    inputs = windows.numpy()

    def in_torch() -> object:
        with torch.inference_mode():
            return plain(windows)

    return {
        "used": lambda: used.logits(inputs),
        "int8": lambda: small.logits(inputs),
        "plain": in_torch,
    }


def a_folder(song: Path, n_files: int, seconds: float, rounds: int) -> dict[str, Any]:
    """Time many files on one core and on two: with a worker per core, their start included."""
    from genre.models import SpectrogramCNNConfig
    from genre.tagging import Tagger

    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return {"folder": "needs Linux and two cores"}
    bundle = make_bundle(SpectrogramCNNConfig())
    cores = sorted(os.sched_getaffinity(0))

    def on(n_cores: int) -> Callable[[], object]:
        tagger = Tagger(bundle, bundle.network(n_threads=n_cores))

        def job() -> object:
            # Workers inherit the cores of the thread that starts them.
            os.sched_setaffinity(0, cores[:n_cores])
            config = ExecutionConfig(n_workers=n_cores)
            found = [one.error for one in tagger.tag_many([song] * n_files, execution=config)]
            os.sched_setaffinity(0, cores)
            return found

        return job

    times = in_turn({"one": on(1), "two": on(2)}, rounds=min(rounds, 3))
    speed = {name: n_files * seconds / statistics.median(each) for name, each in times.items()}
    return {
        "n_files_of_folder": n_files,
        "folder_x_realtime_one_core": round(speed["one"], 1),
        "folder_x_realtime_two_cores": round(speed["two"], 1),
        "folder_ratio_two_cores": ratio(times["one"], times["two"]),
    }


def fresh_process(folder: Path, short: Path, song: Path, rounds: int) -> dict[str, Any]:
    """Time `genre tag BUNDLE FILE` as the shell sees it, and look at its memory."""
    from genre.models import SpectrogramCNN, SpectrogramCNNConfig, save_bundle

    config = SpectrogramCNNConfig()
    bundle = folder / "bundle"
    save_bundle(make_bundle(config), SpectrogramCNN(config, n_labels=len(GENRES)), bundle)
    script = folder / "first.py"
    script.write_text(COMMAND)
    tag = [sys.executable, str(script), "tag", str(bundle)]
    jobs = {
        "short": process([*tag, str(short)]),
        "long": process([*tag, str(song)]),
        "python": process([sys.executable, "-c", "import numpy"]),
    }
    times = {name: statistics.median(each) for name, each in in_turn(jobs, rounds=rounds).items()}
    figures = {
        "first_tag_seconds": round(times["short"], 2),
        "first_tag_of_a_long_track_seconds": round(times["long"], 2),
        "of_it_starting_python_and_numpy_seconds": round(times["python"], 2),
    }
    if sys.platform == "linux":
        peaks = [largest_sum([*tag, str(song)]) for _ in range(min(rounds, 3))]
        figures["first_tag_of_a_long_track_mb"] = round(statistics.median(peaks), 1)
    return figures


def process(command: list[str]) -> Callable[[], object]:
    """Give a run of a program that must end well."""

    def job() -> object:
        return subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words

    return job


if __name__ == "__main__":
    main()
