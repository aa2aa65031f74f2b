"""The music on which `genre export --int8` finds its scales, and by which it is judged."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre.audio.frontend import Features
from genre.dataset.content_index import CONTENTS_NAME, ContentIndex
from genre.dataset.faults import Fault
from genre.dataset.features import FeatureStore
from genre.dataset.layouts.files import list_files, track_ids
from genre.dataset.places import refuse_inside
from genre.dataset.splits import Split, load_split
from genre.dataset.tracks import Track
from genre.dataset.unlabelled import read_unlabelled
from genre.errors import ConfigError
from genre.evaluation.inputs import ExperimentFolder, RunPlace, RunRecord
from genre.evaluation.scores import PartScores, load_scores
from genre.inference.bundle import Bundle
from genre.wording import shown

logger = logging.getLogger(__name__)

N_CALIBRATED = N_JUDGED = 256
"""Tracks at most; of an experiment, all validation tracks are judged by."""


@dataclass(frozen=True, kw_only=True)
class Music:
    """Tracks to find the scales on, and tracks to be judged by, with their spectrograms on disk.

    Parameters
    ----------
    calibrated, judged : tuple of Track
        None is in both where there are two or more.
    store : FeatureStore
        Their spectrograms.
    truth : PartScores or None
        What the bundle's run left of the tracks to be judged by; None where they have no labels.
    """

    calibrated: tuple[Track, ...]
    judged: tuple[Track, ...]
    store: FeatureStore
    truth: PartScores | None = None

    def mels(self, tracks: Iterable[Track]) -> Iterator[Features]:
        """Open the spectrogram of each track in turn."""
        return map(self.store.load, tracks)


def music_of(place: Path, bundle: Bundle, *, cache: Path) -> Music:
    """Find the music at a place: the tracks of an experiment, or the files of a folder.

    Parameters
    ----------
    place : Path
        The folder of the experiment that the bundle comes from, or any folder with audio files.
    bundle : Bundle
        What is exported.
    cache : Path
        Folder of computed spectrograms; those that are missing are computed.

    Raises
    ------
    GenreError
        Where there is no such folder, the experiment is another one, or tracks are missing.
    """
    if not place.is_dir():
        raise ConfigError(
            f"calibrate={shown(place)} must be the folder of an experiment, or of audio files"
        )
    if is_experiment(place):
        return _of_experiment(ExperimentFolder(place), bundle, cache)
    return _of_folder(place, bundle, cache)


def is_experiment(place: Path) -> bool:
    """Check whether a folder is that of an experiment.

    Parameters
    ----------
    place : Path
        Any folder, or none.
    """
    return ExperimentFolder(place).description.is_file()


def _of_experiment(folder: ExperimentFolder, bundle: Bundle, cache: Path) -> Music:
    origin = RunRecord.from_json(bundle.provenance, "the model's provenance")
    split, truth = _split(folder, origin), _recorded(folder, origin)
    wanted = [*_drawn(split.train, N_CALIBRATED), *(str(name) for name in truth.track_id)]
    data = Path(folder.read_description().data)
    refuse_inside([data], cache=cache)
    files = {name: path for path, name in track_ids(data, _audio(data)).items()}
    if missing := [name for name in wanted if name not in files]:
        raise ConfigError(
            f"calibrate={shown(folder.path)} was trained on data={shown(data)}, where "
            f"{missing[0]} must lie; call the command where the training was called"
        )
    tracks, store, faults = _read({name: files[name] for name in wanted}, bundle, cache)
    if faults:
        raise ConfigError(f"{shown(faults[0].path)} must be readable: {faults[0].message}")
    n_judged = len(truth.track_id)
    return Music(calibrated=tracks[:-n_judged], judged=tracks[-n_judged:], store=store, truth=truth)


def _split(folder: ExperimentFolder, origin: RunRecord) -> Split:
    split = load_split(folder.split(origin.fold))
    if split.hash != origin.split_hash:
        raise ConfigError(
            f"calibrate={shown(folder.path)} must be the experiment that the model comes from: its "
            f"split is {split.hash}, the model's {origin.split_hash or 'unknown'}"
        )
    return split


def _recorded(folder: ExperimentFolder, origin: RunRecord) -> PartScores:
    """Read the scores of the run that the bundle comes from."""
    place = RunPlace(configuration=origin.config_name, seed=origin.seed or 0, fold=origin.fold)
    run = folder.run(place)
    record = run.read_record()
    if record is None:
        raise ConfigError(f"calibrate={shown(folder.path)} must hold the model's run {place.name}")
    if (record.identity, record.data_hash) != (origin.identity, origin.data_hash):
        raise ConfigError(
            f"calibrate={shown(folder.path)} must be the experiment that the model comes from: "
            f"{place.name} was trained on data {record.data_hash} as {record.identity}, the model "
            f"on {origin.data_hash} as {origin.identity}"
        )
    return load_scores(run.scores).val


def _of_folder(place: Path, bundle: Bundle, cache: Path) -> Music:
    refuse_inside([place], cache=cache)
    names = {name: path for path, name in track_ids(place, _audio(place)).items()}
    drawn = _drawn(tuple(names), N_CALIBRATED + N_JUDGED)
    tracks, store, faults = _read({name: names[name] for name in drawn}, bundle, cache)
    for fault in faults:
        logger.warning("%s: %s", shown(fault.path), fault.message)
    if not tracks:
        raise ConfigError(f"calibrate={shown(place)} must hold audio files that can be decoded")
    # Of a single file both are made.
    return Music(calibrated=tracks[::2], judged=tracks[1::2] or tracks, store=store)


def _audio(root: Path) -> tuple[Path, ...]:
    files = list_files(root).audio if root.is_dir() else ()
    if not files:
        raise ConfigError(f"{shown(root)} must be a folder with audio files")
    return files


def _drawn(names: Sequence[str], n_most: int) -> list[str]:
    """Draw names, always the same ones."""
    order = np.random.default_rng(0).permutation(len(names))
    return [names[number] for number in order[:n_most]]


def _read(
    files: dict[str, Path], bundle: Bundle, cache: Path
) -> tuple[tuple[Track, ...], FeatureStore, tuple[Fault, ...]]:
    """Hash files and make sure of their spectrograms; those that have none are faults."""
    index = ContentIndex(cache / CONTENTS_NAME)
    tracks, unread = read_unlabelled({path: name for name, path in files.items()}, index)
    store = FeatureStore(cache, bundle.spectrogram)
    faults = (*unread, *store.fill(tracks, index=index, progress=True).faults)
    bad = {fault.path for fault in faults}
    return tuple(track for track in tracks if track.path not in bad), store, faults
