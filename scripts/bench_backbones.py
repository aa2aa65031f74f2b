"""Time pre-trained networks on one thread: from a track of three minutes to its embeddings.

The sound is made here, stereo MP3 of 44.1 kHz. Figures are medians of several turns.
"""

import os
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from figures import figures_parser, in_turn, tell_figures, write_music


def main() -> None:
    """Measure the networks that are there, and print the figures."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    from genre.backbones.shelf import names_on
    from genre.cli.options import add_shelf

    parser = figures_parser("bench_backbones.py", __doc__ or "")
    parser.add_argument("--seconds", type=float, default=180.0, help="Length of the track made.")
    parser.add_argument("--rounds", type=int, default=5, help="Turns of every network.")
    add_shelf(parser)
    words = parser.parse_args()
    names = names_on(words.backbones)
    if not names:
        parser.error(f"backbones={words.backbones} must hold one: genre backbone add musicnn")
    with tempfile.TemporaryDirectory() as folder:
        song = write_music(Path(folder), words.seconds, suffixes=("mp3",))["mp3"]
        figures = {
            name: one_network(words.backbones / name, song, words.seconds, words.rounds)
            for name in names
        }
    tell_figures({"threads": 1, "track_seconds": words.seconds} | figures, words.json)


def one_network(folder: Path, song: Path, seconds: float, rounds: int) -> dict[str, float]:
    """Time reading and embedding with one network, apart and together."""
    from genre.audio import extract
    from genre.inference import load_backbone

    bundle = load_backbone(folder)
    network = bundle.network(n_threads=1)
    mel = extract(song, bundle.front_end).mel
    jobs: dict[str, Callable[[], object]] = {
        "whole": lambda: network.embed(extract(song, bundle.front_end).mel),
        "read": partial(extract, song, bundle.front_end),
        "embed": partial(network.embed, mel),
    }
    times = {name: statistics.median(each) for name, each in in_turn(jobs, rounds=rounds).items()}
    return {
        "file_to_embedding_seconds": round(times["whole"], 3),
        "x_realtime": round(seconds / times["whole"], 1),
        "of_it_reading_seconds": round(times["read"], 3),
        "of_it_network_seconds": round(times["embed"], 3),
    }


if __name__ == "__main__":
    main()
