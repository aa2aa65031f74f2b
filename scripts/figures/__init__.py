"""What the measuring scripts share: options, turns, and figures for people and programs."""

import json
import statistics
import sys
import time
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from genre.atomic import write_text

if typing.TYPE_CHECKING:
    from genre.cli.options import OptionParser


def figures_parser(script: str, description: str) -> "OptionParser":
    """Make the parser of a measuring script, with the option `--json PATH`.

    Parameters
    ----------
    script : str
        Its file name.
    description : str
        A docstring; its first line is shown.
    """
    # workers of a measuring script import this module and need no options
    from genre.cli.options import OptionParser

    parser = OptionParser(prog=script, description=description.splitlines()[0])
    parser.add_argument("--json", type=Path, help="Also write the figures here.")
    return parser


def tell_figures(figures: Mapping[str, object], path: Path | None) -> None:
    """Print figures as JSON, and write them where a path was given."""
    print(json.dumps(figures, indent=1, allow_nan=False))
    write_figures(figures, path)


def write_figures(figures: Mapping[str, object], path: Path | None) -> None:
    """Write figures as JSON where a path was given, and say so."""
    if path is not None:
        write_text(path, json.dumps(figures, indent=1, allow_nan=False) + "\n")
        print(f"figures in {path}")


def in_turn(
    jobs: Mapping[str, Callable[[], object]], *, rounds: int, seconds: float = 0.0
) -> dict[str, list[float]]:
    """Time jobs in turn, so that other work on the machine hits all of them alike.

    Parameters
    ----------
    jobs : mapping of str to callable
    rounds : int
        Turns that count; one more goes before them to warm up.
    seconds : float
        How long a job is repeated in its turn; at least once.

    Returns
    -------
    dict of str to list of float
        Seconds per call of each turn.
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            n_calls, spent, start = 0, 0.0, time.perf_counter()
            while not n_calls or spent < seconds:
                job()
                n_calls += 1
                spent = time.perf_counter() - start
            if number:
                times[name].append(spent / n_calls)
    return times


def ratio(of: Sequence[float], to: Sequence[float]) -> float:
    """Give the median of the ratios within one turn, to three decimals."""
    return round(statistics.median(a / b for a, b in zip(of, to, strict=True)), 3)


def peak_megabytes() -> float | None:
    """Give the most memory this process has held so far, in MB; None where no system tells."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def write_music(folder: Path, seconds: float, *, suffixes: Sequence[str]) -> dict[str, Path]:
    """Play one track with the sample synthesiser, stereo at 44.1 kHz, and write it.

    Parameters
    ----------
    folder : Path
    seconds : float, in seconds
    suffixes : sequence of str
        mp3, wav, flac, ogg: a file each.

    Returns
    -------
    dict of str to Path
        By suffix.
    """
    # Workers of a measuring script import this module; they make no music.
    import numpy as np
    import soundfile

    from genre.sample import SampleConfig
    from genre.sample.planning import TrackPlan, plan_tracks
    from genre.sample.rendering import render_track

    artist = plan_tracks(SampleConfig())[0].artist
    plan = TrackPlan(
        relative_path="bench",
        artist=artist,
        title="bench",
        genres=(artist.genre,),
        duration_seconds=seconds,
        sample_rate=44100,
        n_channels=2,
        seed=(0,),
    )
    samples = np.asarray(render_track(plan))
    files = {suffix: folder / f"bench.{suffix}" for suffix in suffixes}
    for path in files.values():
        with soundfile.SoundFile(path, "w", plan.sample_rate, 2) as file:
            for start in range(0, len(samples), 65536):
                file.write(samples[start : start + 65536])
    return files
