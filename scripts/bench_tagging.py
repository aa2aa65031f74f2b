"""Time tagging: one file, a folder on one core and on two, one window, a fresh process.

The sound is made here: 180 s of stereo at 44.1 kHz as MP3. Networks are untrained, which takes the
same time. Contenders take turns, so that other work on the machine hits all of them; figures are
medians, and ratios are medians of the ratios within one turn.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from figures import figures_parser, in_turn, ratio, tell_figures, write_music
from genre.execution import ExecutionConfig

# Workers import this file: torch stays in the functions.
if TYPE_CHECKING:
    from torch import nn

    from genre.inference.bundle import Bundle
    from genre.models.spectrogram_cnn import SpectrogramCNNConfig

N_MELS, N_FRAMES = 96, 200  # of a window of the default front end
GENRES = ("classical", "electronic", "folk", "hiphop", "jazz", "pop", "rock")

FIRST_TAG = """
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
        figures = one_file(song, words.seconds, words.rounds)
        figures |= one_window(words.rounds)
        figures |= a_folder(song, words.files, words.seconds, words.rounds)
        figures |= fresh_process(folder, song, words.rounds)
    tell_figures(figures, words.json)


def make_bundle(config: "SpectrogramCNNConfig") -> "Bundle":
    """Make an untrained bundle."""
    from genre.audio.frontend import FrontEndConfig
    from genre.audio.windows import WindowConfig
    from genre.config import to_mapping
    from genre.inference.bundle import Bundle
    from genre.inference.score_rule import ScoreRule
    from genre.inference.windowing import Standardisation
    from genre.models.spectrogram_cnn import SpectrogramCNN

    n_mels = FrontEndConfig().mel.n_mels
    return Bundle(
        network=SpectrogramCNN(config, n_labels=len(GENRES)).eval(),
        model_name="spectrogram_cnn",
        model_config=to_mapping(config),
        genres=GENRES,
        front_end=FrontEndConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(-40.0,) * n_mels, deviation=(15.0,) * n_mels),
        rule=ScoreRule(),
        thresholds=(0.5,) * len(GENRES),
    )


def one_file(song: Path, seconds: float, rounds: int) -> dict[str, Any]:
    """Time a file to its genres with the model loaded, on one thread, and its two halves."""
    import torch

    from genre.audio.frontend import extract
    from genre.models.spectrogram_cnn import SpectrogramCNNConfig
    from genre.tagging.tagger import Tagger

    torch.set_num_threads(1)
    tagger = Tagger(make_bundle(SpectrogramCNNConfig()), device="cpu")
    extracted = extract(song, tagger.bundle.front_end)
    jobs: dict[str, Callable[[], object]] = {
        "tag": lambda: tagger.tag(song),
        "read": lambda: extract(song, tagger.bundle.front_end),
        "score": lambda: tagger.tag_features(song, extracted),
    }
    times = {name: statistics.median(each) for name, each in in_turn(jobs, rounds=rounds).items()}
    return {
        "threads": torch.get_num_threads(),
        "track_seconds": seconds,
        "file_to_genres_seconds": round(times["tag"], 3),
        "x_realtime": round(seconds / times["tag"], 1),
        "of_it_reading_seconds": round(times["read"], 3),
        "of_it_scoring_seconds": round(times["score"], 3),
    }


def one_window(rounds: int) -> dict[str, Any]:
    """Time one window and sixteen through the default network and through a plain 16-32-64.

    Beside them stands the time that their operations take in a large matrix product.
    """
    import torch

    from contenders.operations import count_operations, gemm_rate
    from genre.grid.recipes import RECIPES
    from genre.models.folding import folded
    from genre.models.registry import count_parameters
    from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig

    figures: dict[str, Any] = {}
    configs = {"default": SpectrogramCNNConfig(), "small": RECIPES["reference"].model}
    networks = {name: SpectrogramCNN(c, n_labels=len(GENRES)) for name, c in configs.items()}
    jobs = {
        f"{name}_{n_windows}": through(folded(network.eval()), n_windows)
        for name, network in networks.items()
        for n_windows in (1, 16)
    }
    times = in_turn(jobs, rounds=rounds, seconds=0.3)
    peak = gemm_rate(torch.device("cpu"), torch.float32)
    for name, network in networks.items():
        one, sixteen = (statistics.median(times[f"{name}_{n}"]) for n in (1, 16))
        figures[f"{name}_parameters"] = count_parameters(network)
        _, scoring = count_operations(network, torch.zeros(1, 1, N_MELS, N_FRAMES))
        figures[f"{name}_window_ms"] = round(1000 * one, 3)
        figures[f"{name}_window_ms_at_gemm_peak"] = round(1000 * scoring / peak, 3)
        figures[f"{name}_windows_per_second"] = round(16 / sixteen)
    return figures


def through(network: "nn.Module", n_windows: int) -> Callable[[], object]:
    """Give a pass of windows through a network."""
    import torch

    windows = torch.randn(n_windows, 1, N_MELS, N_FRAMES).contiguous(
        memory_format=torch.channels_last
    )

    def job() -> object:
        with torch.inference_mode():
            return network(windows)

    return job


def a_folder(song: Path, n_files: int, seconds: float, rounds: int) -> dict[str, Any]:
    """Time many files on one core and on two: with a worker per core, their start included."""
    import torch

    from genre.models.spectrogram_cnn import SpectrogramCNNConfig
    from genre.tagging.tagger import Tagger

    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return {"folder": "needs Linux and two cores"}
    tagger = Tagger(make_bundle(SpectrogramCNNConfig()), device="cpu")
    cores = sorted(os.sched_getaffinity(0))

    def on(n_cores: int) -> Callable[[], object]:
        def job() -> object:
            # Workers inherit the cores of the thread that starts them.
            os.sched_setaffinity(0, cores[:n_cores])
            torch.set_num_threads(n_cores)
            config = ExecutionConfig(n_workers=n_cores)
            found = [one.error for one in tagger.tag_many([song] * n_files, execution=config)]
            os.sched_setaffinity(0, cores)
            torch.set_num_threads(1)
            return found

        return job

    times = in_turn({"one": on(1), "two": on(2)}, rounds=min(rounds, 3))
    return {
        "n_files_of_folder": n_files,
        "folder_x_realtime_one_core": round(n_files * seconds / statistics.median(times["one"]), 1),
        "folder_x_realtime_two_cores": round(
            n_files * seconds / statistics.median(times["two"]), 1
        ),
        "folder_ratio_two_cores": ratio(times["one"], times["two"]),
    }


def fresh_process(folder: Path, song: Path, rounds: int) -> dict[str, Any]:
    """Time `genre tag BUNDLE FILE` as the shell sees it, and what importing torch takes."""
    from genre.models.bundle import save_bundle
    from genre.models.spectrogram_cnn import SpectrogramCNNConfig

    save_bundle(make_bundle(SpectrogramCNNConfig()), folder / "bundle")
    script = folder / "first.py"
    script.write_text(FIRST_TAG)
    tag = [str(script), "tag", str(folder / "bundle"), str(song)]
    jobs = {
        "first": process(tag),
        "torch": process(["-c", "import torch"]),
    }
    times = in_turn(jobs, rounds=min(rounds, 3))
    return {
        "first_tag_seconds": round(statistics.median(times["first"]), 2),
        "of_it_importing_torch_seconds": round(statistics.median(times["torch"]), 2),
    }


def process(words: list[str]) -> Callable[[], object]:
    """Give a run of Python that must end well."""

    def job() -> object:
        return subprocess.run(  # noqa: S603 - our own words
            [sys.executable, *words], check=True, capture_output=True
        )

    return job


if __name__ == "__main__":
    main()
