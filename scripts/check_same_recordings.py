"""Measure how well the same recording is found: make copies of every track, search, count.

Copies are made in a temporary folder: MP3 at several constant bit rates (the true ones of the files
are reported), OGG Vorbis, FLAC and WAV, other rates, mono, louder, and cut by random lengths at
both ends. Recall is given for all copies, and for those that still have 0.2 s of structure in
common with their original. Pairs of two sources are listed with the correlation of their waveforms,
so that a real copy in a published set can be told from a mistake.
"""

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from figures import peak_megabytes
from genre.atomic import write_text
from genre.audio.fingerprint import likeness
from genre.cli.options import OptionParser
from genre.dataset.features import FeatureStore
from genre.dataset.layouts import scan
from genre.dataset.recordings import (
    MIN_INFORMATIVE_SECONDS,
    RecordingPair,
    RecordingsConfig,
    same_recordings,
)
from genre.dataset.tracks import Track
from genre.errors import GenreError
from genre.hashing import hash_file

DEFAULT_DATA = ("data/sample", "../shared/data/open_music", "../shared/data/esc10")
LOWEST_SIMILARITY = 0.3  # the search is run this low to see how near the false pairs come
SAME_WAVEFORM = 0.8  # between the waveforms of two originals
BLOCK = 65536  # frames; written in one piece, Vorbis breaks libsndfile
Sound = NDArray[np.float32]


@dataclass(frozen=True)
class Kind:
    """One way of copying, with what is cut at most from each end."""

    container: str
    mp3_kbit: int | None = None
    sample_rate: int | None = None
    is_mono: bool = False
    max_trim_seconds: float = 0.0
    is_levelled: bool = False


KINDS = {
    "mp3 320": Kind("MP3", mp3_kbit=320),
    "mp3 192, louder or softer, trim": Kind(
        "MP3", mp3_kbit=192, is_levelled=True, max_trim_seconds=2.0
    ),
    "mp3 128, trim": Kind("MP3", mp3_kbit=128, max_trim_seconds=2.0),
    "mp3 64": Kind("MP3", mp3_kbit=64),
    "mp3 64, mono, trim": Kind("MP3", mp3_kbit=64, is_mono=True, max_trim_seconds=2.0),
    "ogg, trim": Kind("OGG", max_trim_seconds=2.0),
    "flac 48 kHz": Kind("FLAC", sample_rate=48000),
    "wav 22.05 kHz, trim": Kind("WAV", sample_rate=22050, max_trim_seconds=2.0),
    "wav 32 kHz, mono": Kind("WAV", sample_rate=32000, is_mono=True),
}


@dataclass(frozen=True)
class Copy:
    """An original or a copy of one."""

    track: Track
    original: Track
    kind: str
    start_seconds: float = 0.0
    kbit: float = 0.0


def make_copy(source: Path, kind: Kind, target: Path, rng: np.random.Generator) -> float:
    """Write a copy of a sound file; give what was cut from its start, in seconds."""
    samples, sample_rate = soundfile.read(source, always_2d=True, dtype="float32")
    if kind.is_mono:
        samples = samples.mean(axis=1, keepdims=True)
    if kind.sample_rate is not None:
        samples = soxr.resample(samples, sample_rate, kind.sample_rate)
        sample_rate = kind.sample_rate
    start, end = (rng.uniform(0, kind.max_trim_seconds, 2) * sample_rate).astype(int).tolist()
    samples = samples[start : max(start + sample_rate // 5, len(samples) - end)]
    if kind.is_levelled:
        samples = samples * (rng.uniform(0.3, 0.95) / max(1e-6, float(np.abs(samples).max())))
    _write(target, samples, sample_rate, kind)
    return float(start / sample_rate)


def _write(target: Path, samples: Sound, sample_rate: int, kind: Kind) -> None:
    options: dict[str, Any] = {"format": kind.container}
    if kind.mp3_kbit is not None:
        highest, lowest = (320, 32) if sample_rate >= 32000 else (160, 8)
        level = float(np.clip((highest - kind.mp3_kbit) / (highest - lowest), 0, 1))
        options |= {"compression_level": level, "bitrate_mode": "CONSTANT"}
    n_channels = samples.shape[1]
    with soundfile.SoundFile(target, "w", sample_rate, n_channels, **options) as file:
        for row in range(0, len(samples), BLOCK):
            file.write(samples[row : row + BLOCK])


def make_copies(tracks: Sequence[Track], folder: Path, seed: int) -> Iterator[Copy]:
    """Give every track and its copies of every kind."""
    rng = np.random.default_rng(seed)
    for number, track in enumerate(tracks):
        yield Copy(track, track, "original")
        for row, (name, kind) in enumerate(KINDS.items()):
            path = folder / f"{number}_{row}.{kind.container.lower()}"
            start = make_copy(Path(str(track.path)), kind, path, rng)
            copy = replace(
                track, track_id=f"{track.track_id} ({name})", path=path, sha256=hash_file(path)
            )
            kbit = path.stat().st_size * 8 / soundfile.info(path).duration / 1000
            yield Copy(copy, track, name, start, kbit)


def check_set(data: Path, folder: Path, *, n_tracks: int, seed: int) -> dict[str, Any]:
    """Measure on one data set."""
    tracks = scan(data).tracks[: n_tracks or None]
    copies = list(make_copies(tracks, folder, seed))
    store = FeatureStore(folder / "cache")
    report = store.fill([copy.track for copy in copies], progress=sys.stderr.isatty())
    bad = {fault.sha256 for fault in report.faults}
    copies = [copy for copy in copies if copy.track.sha256 not in bad]
    healthy = [track for track in tracks if track.sha256 not in bad]
    started = time.perf_counter()
    alone = same_recordings(healthy, store).pairs
    alone_seconds = time.perf_counter() - started
    low = RecordingsConfig(min_similarity=LOWEST_SIMILARITY)
    started = time.perf_counter()
    found = same_recordings([copy.track for copy in copies], store, low).pairs
    seconds = time.perf_counter() - started
    by_id = {copy.track.track_id: copy for copy in copies}
    limit = RecordingsConfig().min_similarity
    crossed = [pair for pair in found if is_crossed(pair, by_id)]
    proven = [with_proof(pair, by_id) for pair in crossed if pair.similarity >= limit]
    false = [pair for pair in proven if pair["waveform_correlation"] < SAME_WAVEFORM]
    real = {(pair["first"], pair["second"]) for pair in proven if pair not in false}
    return {
        "n_originals": len(healthy),
        "n_tracks": len(copies),
        "pairs_of_two_originals": [
            with_proof(pair, by_id) for pair in alone if is_crossed(pair, by_id)
        ],
        "pairs_of_two_sources": proven,
        "false_pairs": false,
        "nearest_false": sorted(
            (pair.similarity for pair in crossed if (pair.first, pair.second) not in real),
            reverse=True,
        )[:10],
        "seconds_per_1000_originals": 1000 * alone_seconds / max(1, len(healthy)),
        "seconds_per_1000_tracks": 1000 * seconds / max(1, len(copies)),
        **recalls(copies, found, store, limit),
    }


def is_crossed(pair: RecordingPair, by_id: dict[str, Copy]) -> bool:
    """Whether a pair is of two originals; an artist of ESC-10 is one source of several clips."""
    first, second = by_id[pair.first].original, by_id[pair.second].original
    return first != second and ("esc10" not in str(first.path) or first.artist != second.artist)


def with_proof(pair: RecordingPair, by_id: dict[str, Copy]) -> dict[str, Any]:
    """Add the correlation of the waveforms.

    Every half second that the first file has of its original is looked for in the second original,
    at any lag; the median over those louder than -60 dB.
    """
    one, other = by_id[pair.first], by_id[pair.second]
    left, rate = soundfile.read(one.original.path, always_2d=True)
    right, other_rate = soundfile.read(other.original.path, always_2d=True)
    sound = soxr.resample(right.mean(axis=1), other_rate, rate)
    start = one.start_seconds + max(0.0, pair.offset_seconds)
    length = min(soundfile.info(copy.track.path).duration for copy in (one, other))
    heard = left.mean(axis=1)[round(start * rate) : round((start + length) * rate)]
    pieces = np.split(heard, range(rate // 2, len(heard), rate // 2))
    power = np.concatenate([[0.0], np.cumsum(sound**2)])
    values = [0.0]
    for piece in pieces:
        if piece.std() > 1e-3 and rate // 4 < len(piece) <= len(sound):
            products = np.abs(fftconvolve(sound, piece[::-1], "valid"))
            energy = (power[len(piece) :] - power[: -len(piece)]) * (piece @ piece)
            values.append(float((products / np.sqrt(energy + 1e-9)).max()))
    return asdict(pair) | {"waveform_correlation": float(np.median(values[1:] or values))}


def recalls(
    copies: Sequence[Copy], found: Sequence[RecordingPair], store: FeatureStore, limit: float
) -> dict[str, Any]:
    """Count which copies were found with their original, and with each other."""
    similarity = {frozenset((pair.first, pair.second)): pair.similarity for pair in found}
    families: defaultdict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        families[copy.original.track_id].append(copy)
    rows: defaultdict[str, list[tuple[float, bool, float]]] = defaultdict(list)
    among = []
    for original, *others in families.values():
        for number, copy in enumerate(others):
            value = similarity.get(frozenset((original.track.track_id, copy.track.track_id)), 0.0)
            rows[copy.kind].append((value, _has_sound(original, copy, store), copy.kbit))
            among += [
                similarity.get(frozenset((copy.track.track_id, other.track.track_id)), 0.0)
                for other in others[number + 1 :]
            ]
    every = [row for kind in rows.values() for row in kind]
    return {
        "recall": _recall(every, limit),
        "recall_between_copies": float(np.mean(np.array(among) >= limit)),
        "true_similarity_quantiles": {
            str(share): float(np.quantile([value for value, audible, _ in every if audible], share))
            for share in (0.001, 0.005, 0.01, 0.02, 0.05, 0.5)
        },
        "kinds": {name: _recall(kind, limit) for name, kind in rows.items()},
    }


def _has_sound(original: Copy, copy: Copy, store: FeatureStore) -> bool:
    mel = store.config.mel
    place = round(copy.start_seconds * mel.frames_per_second)
    alike = likeness(store.load(original.track), store.load(copy.track), place, mel)
    return alike.informative_seconds >= MIN_INFORMATIVE_SECONDS


def _recall(rows: Sequence[tuple[float, bool, float]], limit: float) -> dict[str, float]:
    is_found = np.array([value >= limit for value, _, _ in rows])
    audible = np.array([audible for _, audible, _ in rows])
    return {
        "n": len(rows),
        "recall": float(is_found.mean()),
        "n_with_sound": int(audible.sum()),
        "recall_with_sound": float(is_found[audible].mean()),
        "median_kbit": float(np.median([kbit for _, _, kbit in rows])),
    }


def show(name: str, result: dict[str, Any]) -> None:
    """Print the table of one set."""
    print(f"\n{name}: {result['n_originals']} originals, {result['n_tracks']} tracks")
    print(f"  {'copy':34}{'kbit/s':>7}{'n':>6}{'recall':>8}{'with sound':>12}{'recall':>8}")
    for kind, row in {**result["kinds"], "all": result["recall"]}.items():
        print(
            f"  {kind:34}{row['median_kbit']:7.0f}{row['n']:6}{row['recall']:8.4f}"
            f"{row['n_with_sound']:12}{row['recall_with_sound']:8.4f}"
        )
    print(f"  between copies: {result['recall_between_copies']:.4f}")
    crossed, false = result["pairs_of_two_sources"], result["false_pairs"]
    print(f"  pairs of two originals: {len(result['pairs_of_two_originals'])}; with all copies:")
    print(f"  {len(crossed)} pairs of two sources, {len(false)} of them false by their waveforms")
    for pair in [*result["pairs_of_two_originals"], *false[:20]]:
        proof = f"waveforms {pair['waveform_correlation']:.2f}"
        print(f"    {pair['similarity']:.2f} {pair['first']} = {pair['second']}, {proof}")
    quantiles = result["true_similarity_quantiles"]
    print("  true similarity:", ", ".join(f"{q} {v:.2f}" for q, v in quantiles.items()))
    print("  nearest false:", ", ".join(f"{value:.2f}" for value in result["nearest_false"][:6]))
    print(f"  {result['seconds_per_1000_tracks']:.1f} s per 1,000 tracks (many copies),", end=" ")
    print(f"{result['seconds_per_1000_originals']:.1f} s per 1,000 originals")


def main(argv: Sequence[str]) -> int:
    """Measure on every set; give the exit status."""
    parser = OptionParser(prog="check_same_recordings.py", description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=Path, help="File for the figures.")
    parser.add_argument("--data", type=Path, nargs="+", help="Folders of tracks.")
    parser.add_argument("--n-tracks", type=int, default=0, help="Of each folder; 0: all.")
    parser.add_argument("--seed", type=int, default=0, help="Of the random cuts.")
    words = parser.parse_args(list(argv))
    sets = words.data or [Path(name) for name in DEFAULT_DATA if Path(name).is_dir()]
    results: dict[str, Any] = {}
    for data in sets:
        with tempfile.TemporaryDirectory(prefix="genre-copies-") as folder:
            result = check_set(data, Path(folder), n_tracks=words.n_tracks, seed=words.seed)
        results[data.name] = result
        show(data.name, result)
    results["peak_rss_mb"] = peak_megabytes()
    results["command"] = " ".join(["scripts/check_same_recordings.py", *argv])
    if words.json is not None:
        write_text(words.json, json.dumps(results, indent=1) + "\n")
        print(f"\nfigures: {words.json}")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from error
