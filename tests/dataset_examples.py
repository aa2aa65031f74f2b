"""Tracks and tiny audio files that the tests of the data set build on."""

import hashlib
from pathlib import Path

import mutagen
import numpy
import soundfile

from genre.dataset.layouts import Scan
from genre.dataset.tracks import ArtistSource, Track
from genre.hashing import hash_file


def make_track(
    track_id: str,
    genres: str,
    artist: str | None = None,
    *,
    source: ArtistSource = "labels",
    content: str | None = None,
    split: str | None = None,
    fold: int | None = None,
) -> Track:
    """Make a track without a file; `genres` are joined by `|`, `content` stands for the bytes."""
    return Track(
        track_id=track_id,
        path=Path("/music") / track_id,
        genres=tuple(sorted(genres.split("|"))),
        artist=artist if artist is not None else track_id,
        artist_source=source if artist is not None else "track",
        sha256=hashlib.sha256((content or track_id).encode()).hexdigest(),
        split=split,
        fold=fold,
    )


def make_set(n_artists: int, *, seed: int, genres: str = "blues folk jazz pop") -> list[Track]:
    """Make artists with 1 to 5 tracks each, every track with one or two genres at random."""
    rng = numpy.random.default_rng(seed)
    names = genres.split()
    tracks = []
    for number in range(n_artists):
        for take in range(rng.integers(1, 6)):
            chosen = rng.choice(names, size=rng.integers(1, 3), replace=False)
            tracks.append(make_track(f"{number}-{take}.wav", "|".join(chosen), f"artist{number}"))
    return tracks


def write_sound(path: Path, value: float = 0.1, **tags: str | list[str]) -> Path:
    """Write 0.1 s of a constant; another value gives other bytes. Tags go in as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, numpy.full(800, value), 8000)
    if tags:
        file = mutagen.File(path, easy=True)
        file.update(tags)
        file.save()
    return path


def write_labels(root: Path, content: str | bytes) -> Path:
    """Write a `labels.csv` into a folder, which is made where it is missing."""
    root.mkdir(parents=True, exist_ok=True)
    table = root / "labels.csv"
    table.write_bytes(content if isinstance(content, bytes) else content.encode())
    return table


def genres_of(found: Scan) -> dict[str, tuple[str, ...]]:
    """Look up the genres of every track that a scan found, by its id."""
    return {track.track_id: track.genres for track in found.tracks}


def track_of(path: Path) -> Track:
    """Make the track of a file that exists."""
    return Track(
        track_id=path.name,
        path=path,
        genres=("jazz",),
        artist=path.name,
        artist_source="track",
        sha256=hash_file(path),
    )


def noise_track(root: Path, name: str, *, seconds: float = 1.0, seed: int = 0) -> Track:
    """Write noise into a file, and make the track of it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = numpy.random.default_rng(seed)
    soundfile.write(path, rng.normal(0.0, 0.1, round(seconds * 22050)), 22050)
    return track_of(path)
