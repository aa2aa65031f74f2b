"""Folders that `genre doctor` examines in the tests, filled without worker processes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.audio.sound import SoundFacts
from genre.dataset.doctor.examination import Examination
from genre.dataset.doctor.examining import examine
from genre.dataset.faults import Fault
from genre.dataset.features import FeatureStore
from genre.dataset.filling import FeatureWork, write_features
from genre.dataset.layouts import scan
from genre.dataset.recordings import RecordingPair
from genre.dataset.tracks import Track
from genre.errors import AudioError


def noise(seconds: float, sample_rate: int = 22050, *, seed: int = 0) -> NDArray[np.float64]:
    """Make noise that is neither silent nor clipped; another seed gives other bytes."""
    rng = np.random.default_rng(seed)
    return 0.2 * rng.uniform(-1, 1, round(seconds * sample_rate))


def low_passed(samples: NDArray[np.float64], sample_rate: int, hertz: float) -> NDArray[np.float64]:
    """Take away everything above a frequency, as resampling does."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / sample_rate) > hertz] = 0
    return np.fft.irfft(spectrum, len(samples))


def make_facts(**fields: object) -> SoundFacts:
    """Give the facts of a sound file without any oddity, but for the given fields."""
    usual: dict[str, object] = {
        "container": "wav",
        "sample_rate": 44100,
        "n_channels": 2,
        "duration_seconds": 30.0,
        "declared_seconds": 30.0,
        "peak": 0.5,
        "clipped_fraction": 0.0,
        "flags": (),
    }
    return SoundFacts(**(usual | fields))  # type: ignore[arg-type]


def examine_folder(
    root: Path, cache: Path, *, pairs: Sequence[RecordingPair] = (), in_workers: bool = False
) -> tuple[Examination, FeatureStore]:
    """Examine a folder as the command does; in this process where nothing can crash it."""
    found = scan(root, may_lack_tracks=True)
    store = FeatureStore(cache)
    faults = store.fill(found.tracks).faults if in_workers else _fill_here(found.tracks, store)
    return examine(found, store, faults, pairs=pairs), store


def _fill_here(tracks: Sequence[Track], store: FeatureStore) -> list[Fault]:
    faults = []
    for track in tracks:
        work = FeatureWork(track.path, track.sha256, store.path(track.sha256), store.config)
        try:
            write_features(work)
        except AudioError as error:
            kind, message = error.kind.value, error.message
            faults.append(
                Fault(
                    path=track.path,
                    sha256=track.sha256,
                    stage="features",
                    kind=kind,
                    message=message,
                )
            )
    return faults
