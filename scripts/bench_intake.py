"""Time the way from a sound file to cached features, beside the usual ways; one thread each.

The files are made here: 180 s of music-like stereo at 44.1 kHz as MP3, WAV and FLAC. Contenders
take turns, so that other work on the machine hits all of them; figures are medians, and ratios are
medians of the ratios within one turn.
"""

import math
import os
import statistics
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import figures_parser, in_turn, ratio, tell_figures, write_music
from genre.audio.containers import AUDIO_SUFFIXES
from genre.audio.decode import open_audio
from genre.audio.frontend import FrontEndConfig, open_features
from genre.dataset.content_index import stamp_of
from genre.dataset.filling import FeatureWork, write_features
from genre.execution import ExecutionConfig, run_units
from genre.hashing import hash_file

FRONT_END = FrontEndConfig()
MEL = FRONT_END.mel
LONG_HOURS = 3

Job = Callable[[Path], object]


@dataclass(frozen=True)
class Cache:
    """Where our path writes; the file is hashed once, as when a folder is read."""

    folder: Path

    def work(self, path: Path, name: str = "features") -> FeatureWork:
        """Describe the work on one file."""
        target = self.folder / f"{name}.npy"
        return FeatureWork(path, hash_file(path), target, FRONT_END, stamp_of(path))


def main() -> None:
    """Measure everything that was asked for and print it."""
    parser = figures_parser("bench_intake.py", __doc__)
    parser.add_argument("--data", type=Path, help="Also time the audio files of this folder.")
    parser.add_argument("--seconds", type=float, default=180.0, help="Length of the files made.")
    parser.add_argument("--rounds", type=int, default=7, help="Turns of every contender.")
    words = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), words.data, seconds=words.seconds, rounds=words.rounds)
    tell_figures(figures, words.json)


def measure(folder: Path, data: Path | None, *, seconds: float, rounds: int) -> dict[str, Any]:
    """Make the files and time all contenders on them."""
    files = write_music(folder, seconds, suffixes=("mp3", "wav", "flac"))
    cache = Cache(folder / "cache")
    ways = contenders(cache)
    figures: dict[str, Any] = {"seconds": seconds, "rounds": rounds}
    figures |= compare(ways, [files["mp3"]], seconds, rounds) | stages(cache, files["mp3"], rounds)
    figures |= pool_figures(cache, files["mp3"], seconds)
    figures["worker_peak_rss_mb"] = peak_rss_mb(cache, make_long_mp3(folder, files["mp3"]))
    for name in ("wav", "flac"):
        figures[name] = compare(ways, [files[name]], seconds, rounds)
    if data is not None:
        paths = [path for path in sorted(data.rglob("*")) if path.suffix.lower() in AUDIO_SUFFIXES]
        total = sum(decode_all(path) for path in paths)
        figures["data"] = {"n_files": len(paths), "seconds": total}
        figures["data"] |= compare(ways, paths, total, rounds)
    return figures


def make_long_mp3(folder: Path, source: Path) -> Path:
    """Repeat the frames of an MP3 until they are three hours."""
    from genre.audio.readers.mpeg_stream import scan_streams

    data = source.read_bytes()
    with source.open("rb") as file:
        streams = scan_streams(file)
    if not streams:
        raise SystemExit("error: the encoder wrote no MPEG stream")
    stream = streams[0]
    seconds = stream.n_samples / stream.first.sample_rate
    path = folder / "long.mp3"
    with path.open("wb") as file:
        for _ in range(math.ceil(LONG_HOURS * 3600 / seconds)):
            file.write(data[stream.sound_start :])
    return path


def contenders(cache: Cache) -> dict[str, Job]:
    """Give the ways to be compared, ours first."""
    import soundfile

    return {
        "ours": lambda path: write_features(cache.work(path)),
        "librosa": with_librosa,
        "torchaudio": with_torchaudio(),
        "bare_decode": lambda path: soundfile.read(path, dtype="float32"),
    }


def with_librosa(path: Path) -> object:
    """Go the usual way through librosa."""
    import librosa

    samples, rate = librosa.load(path, sr=MEL.sample_rate)
    return librosa.feature.melspectrogram(
        y=samples,
        sr=rate,
        n_fft=MEL.n_fft,
        hop_length=MEL.hop_length,
        n_mels=MEL.n_mels,
        fmax=MEL.f_max,
    )


def with_torchaudio() -> Job:
    """Go the usual way through soundfile and torchaudio, with tables made once."""
    import soundfile
    import torch
    import torchaudio

    torch.set_num_threads(1)
    mel = torchaudio.transforms.MelSpectrogram(
        MEL.sample_rate,
        n_fft=MEL.n_fft,
        hop_length=MEL.hop_length,
        n_mels=MEL.n_mels,
        f_max=MEL.f_max,
        norm="slaney",
        mel_scale="slaney",
        pad_mode="constant",
    )
    resamplers: dict[int, Callable[[torch.Tensor], torch.Tensor]] = {}

    def job(path: Path) -> object:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        if rate not in resamplers:
            resamplers[rate] = torchaudio.transforms.Resample(rate, MEL.sample_rate)
        return mel(resamplers[rate](torch.from_numpy(samples.T).mean(dim=0)))

    return job


def compare(
    ways: dict[str, Job], paths: Sequence[Path], seconds: float, rounds: int
) -> dict[str, float]:
    """Time the ways in turn on the same files."""

    def through_all(way: Job) -> Callable[[], object]:
        return lambda: [way(path) for path in paths]

    times = in_turn({name: through_all(way) for name, way in ways.items()}, rounds=rounds)
    ours = times["ours"]

    return {
        "x_realtime": round(seconds / statistics.median(ours), 1),
        "librosa_x_realtime": round(seconds / statistics.median(times["librosa"]), 1),
        "ratio_vs_librosa": ratio(times["librosa"], ours),
        "ratio_vs_torchaudio": ratio(times["torchaudio"], ours),
        "time_over_bare_decode": ratio(ours, times["bare_decode"]),
    }


def stages(cache: Cache, path: Path, rounds: int) -> dict[str, float]:
    """Time the stages of our path: each is what the path takes longer with it than without."""
    import numpy as np

    decoder = open_audio(path)
    n_blocks = math.ceil(sum(map(len, decoder.blocks())) / decoder.config.block_frames)
    block = np.zeros((decoder.config.block_frames, decoder.n_channels), np.float32)
    weights = np.full(decoder.n_channels, 1 / decoder.n_channels, np.float32)
    jobs: dict[str, Callable[[], object]] = {
        "downmix": lambda: [block @ weights for _ in range(n_blocks)],
        "decode": lambda: drain(open_audio(path).blocks()),
        "resample": lambda: drain(open_audio(path).resampled_blocks()),
        "mel": lambda: drain(open_features(path).blocks()),
        "write": lambda: write_features(cache.work(path)),
    }
    found = in_turn(jobs, rounds=rounds)
    times = {name: 1000 * statistics.median(each) for name, each in found.items()}
    return {
        "decode_ms": round(times["decode"] - times["downmix"], 1),
        "downmix_ms": round(times["downmix"], 1),
        "resample_ms": round(times["resample"] - times["decode"], 1),
        "mel_ms": round(times["mel"] - times["resample"], 1),
        "write_ms": round(times["write"] - times["mel"], 1),
    }


def pool_figures(cache: Cache, path: Path, seconds: float) -> dict[str, float]:
    """Time many files in this process, in one worker and in two, start of the workers included."""
    n_files = 8 if seconds < 60 else 96
    units = [cache.work(path, f"file{number}") for number in range(n_files)]

    def through(n_workers: int) -> Callable[[], object]:
        config = ExecutionConfig(n_workers=n_workers)
        return lambda: [
            outcome.error for outcome in run_units(write_features, units, config=config)
        ]

    jobs = {
        "here": lambda: [write_features(unit) for unit in units],
        "one": through(1),
        "two": through(2),
    }
    times = in_turn(jobs, rounds=3)
    one, two, here = times["one"], times["two"], times["here"]
    return {
        "n_files_of_pool": n_files,
        "scaling_2_workers": ratio(one, two),
        "isolation_cost": round(ratio(one, here) - 1, 3),
    }


def peak_rss_mb(cache: Cache, path: Path) -> float:
    """Give the largest resident memory of a fresh worker after one long file, in MB."""
    config = ExecutionConfig(n_workers=1, timeout_seconds=600)
    (outcome,) = run_units(_write_and_weigh, [cache.work(path)], config=config)
    if outcome.result is None:
        raise SystemExit(f"error: {outcome.error}")
    return round(outcome.result, 1)


def _write_and_weigh(work: FeatureWork) -> float:
    write_features(work)
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def drain(blocks: Iterable[object]) -> None:
    """Read an iterator to its end."""
    for _ in blocks:
        pass


def decode_all(path: Path) -> float:
    """Decode a file and give its length in seconds."""
    decoder = open_audio(path)
    drain(decoder.blocks())
    return decoder.duration_seconds


if __name__ == "__main__":
    main()
