"""Folders that `genre doctor` examines in the tests, filled without worker processes."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.addresses import here
from genre.audio.sound import SoundFacts
from genre.dataset.doctor.artists import artist_table
from genre.dataset.doctor.diagnosis import genre_table, together_table
from genre.dataset.doctor.examination import Examination, ExaminedFile, examine
from genre.dataset.doctor.sound import Finding
from genre.dataset.faults import Fault
from genre.dataset.features import FeatureStore
from genre.dataset.filling import FeatureWork, FillReport, write_features
from genre.dataset.layouts import scan
from genre.dataset.music import Duplicates, Music
from genre.dataset.recordings import RecordingPair, group_pairs
from genre.dataset.tracks import Track
from genre.errors import AudioError
from tests.dataset_examples import make_track
from tests.sounds import write

SCRIPT = "<script>alert(1)</script>"


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
    """Make the facts of a sound file without any oddity, but for the given fields."""
    usual: dict[str, Any] = {
        "container": "wav",
        "sample_rate": 44100,
        "n_channels": 2,
        "duration_seconds": 30.0,
        "declared_seconds": 30.0,
        "peak": 0.5,
        "clipped_fraction": 0.0,
        "flags": (),
    }
    usual.update(fields)
    return SoundFacts(**usual)


def examine_folder(
    root: Path, cache: Path, *, pairs: Sequence[RecordingPair] = (), in_workers: bool = False
) -> tuple[Examination, FeatureStore]:
    """Examine a folder as the command does; in this process where nothing can crash it."""
    found = scan(root, may_lack_tracks=True)
    store = FeatureStore(cache)
    filled = store.fill(found.tracks) if in_workers else _fill_here(found.tracks, store)
    bad = {fault.path for fault in filled.faults}
    music = Music(
        tracks=tuple(track for track in found.tracks if track.path not in bad),
        duplicates=Duplicates(pairs=tuple(pairs), groups=group_pairs(pairs), copies=found.copies),
        store=store,
        found=found,
        filled=filled,
    )
    return examine(music), store


def cut(path: Path, share: float) -> None:
    """Keep the first part of a file, as a download that broke off does."""
    content = path.read_bytes()
    path.write_bytes(content[: round(share * len(content))])


def make_ill_folder(root: Path) -> None:
    """Make one file of each kind, and ten healthy ones that set what is usual."""
    for folder in ("folk", "jazz", "rock"):
        (root / folder).mkdir(parents=True)
    for number in range(10):
        name = root / "jazz" / f"Artist {number} - Fine.wav"
        write(name, noise(4.5, 22050, seed=number), 22050)
    folk, rock = root / "folk", root / "rock"
    write(folk / "A - silent.wav", np.zeros(5 * 22050), 22050)
    write(folk / "A - clipped.wav", np.clip(10 * noise(5, seed=20), -1, 1), 22050)
    write(folk / "A - short.wav", noise(1, seed=21), 22050)
    write(folk / "A - upsampled.wav", low_passed(noise(5, seed=22), 22050, 5000), 22050)
    write(folk / "A - slow.wav", noise(5, 8000, seed=23), 8000)
    write(folk / "A - surround.wav", np.stack([noise(5, seed=24)] * 3, axis=1), 22050)
    write(folk / "nobody.wav", noise(5, seed=25), 22050)
    write(folk / "A - cut.wav", noise(20, seed=26), 22050)
    cut(folk / "A - cut.wav", 0.5)
    write(folk / "A - broken.flac", noise(20, seed=27), 22050, format="FLAC", subtype="PCM_16")
    cut(folk / "A - broken.flac", 0.5)
    (rock / "A - empty.mp3").touch()
    (rock / "A - page.mp3").write_text("<!DOCTYPE html><html></html>")
    write(rock / "A - blip.wav", noise(0.05, seed=28), 22050)
    copied = write(rock / "B - once.wav", noise(5, seed=29), 22050)
    (folk / "B - again.wav").write_bytes(copied.read_bytes())
    write(root / "outside.wav", noise(5, seed=30), 22050)


def make_hostile_folder(root: Path) -> None:
    """Make files whose names try to act on a page, a terminal or a table."""
    names = [
        "<img src=x onerror=alert(1)>.wav",
        '" onload="alert(1)" x=".wav',
        "line\nbreak.wav",
        "turned \u202egnp.wav",
        "שיר.wav",
        "{{ 7 * 7 }}{% raw %}.wav",
        "\x1b[31mred.wav",
        os.fsdecode(b"not utf-8 \xff.wav"),
        "&lt;b&gt;.wav",
    ]
    for number, name in enumerate(names):
        folder = root / ("<b>jazz" if number % 2 else "' or 1=1")
        folder.mkdir(parents=True, exist_ok=True)
        # libsndfile's wrapper opens no name that is not UTF-8; a rename makes any
        write(root / "plain.wav", noise(0.5, seed=number), 22050).rename(folder / name)
    (root / "<b>jazz" / f"{SCRIPT.replace('/', '')} - a.mp3").touch()
    write(root / "<b>jazz" / "<i>Artist - a.wav", noise(0.5, seed=99), 22050)


def huge_examination(n_files: int) -> Examination:
    """Examine a folder that nobody has: half of its files are bad, all are odd."""
    tracks = [
        make_track(f"{'long name ' * 12}{n}.mp3", f"genre {n % 500}", f"artist {n // 3}")
        for n in range(n_files)
    ]
    seconds = {track.sha256: 200.0 for track in tracks}
    odd = Finding(kind="short", message="1.0 s, shorter than a window of 4 s")
    files = [
        ExaminedFile(
            name=track.track_id,
            track=track,
            sha256=track.sha256,
            facts=make_facts(),
            findings=(odd,),
            recording=number // 2 + 1,
        )
        for number, track in enumerate(tracks[: n_files // 2])
    ]
    files += [
        ExaminedFile(
            name=track.track_id,
            track=track,
            sha256=track.sha256,
            fault=Fault(
                path=track.path, sha256="", stage="features", kind="corrupt", message="broken " * 9
            ),
        )
        for track in tracks[n_files // 2 :]
    ]
    return Examination(
        root=Path("/music"),
        layout="folder-per-genre",
        files=tuple(files),
        tracks=tuple(tracks),
        genres=genre_table(tracks, seconds),
        artists=artist_table(tracks, seconds),
        together=together_table(tracks),
        pairs=(),
        notes=tuple(f"note {number}" for number in range(1000)),
    )


def _fill_here(tracks: Sequence[Track], store: FeatureStore) -> FillReport:
    faults: list[Fault] = []
    for track in tracks:
        work = FeatureWork(here(track.path), track.sha256, store.path(track.sha256), store.config)
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
    return FillReport(n_new=len(tracks) - len(faults), n_cached=0, faults=tuple(faults))
