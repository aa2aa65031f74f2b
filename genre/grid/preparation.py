"""From a user's folder to tracks that can be trained on, and what had to be left out."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from genre.atomic import ensure_writable
from genre.dataset.collection import decode_tracks, mark_duplicates, read_folder
from genre.dataset.corpus import Corpus
from genre.dataset.doctor import describe_artists, diagnose
from genre.dataset.faults import Fault, check_bad_fraction, write_quarantine
from genre.dataset.features import RowStore
from genre.dataset.genre_files import GenreFile, find_genre_file
from genre.dataset.labels import (
    Selection,
    check_one_genre_each,
    describe_question,
    select_genres,
)
from genre.dataset.layouts import Scan, check_doubts, layout_named
from genre.dataset.music import Music
from genre.dataset.packing import pack, pack_rows
from genre.dataset.places import local_folder
from genre.dataset.splits import (
    Split,
    check_leaks,
    describe_folds,
    leave_one_artist_out,
    make_folds,
    make_split,
    save_split,
)
from genre.dataset.tracks import with_names
from genre.errors import ConfigError, DatasetError
from genre.evaluation.inputs import ExperimentFolder
from genre.execution.clusters import NO_CLUSTER
from genre.grid.configurations import GridConfig
from genre.grid.frozen import embedding_stores
from genre.grid.side_by_side import n_side_by_side
from genre.taxonomy import display_names

logger = logging.getLogger(__name__)

PACKED_NAME = "packed"
_KEPT_WINDOWS = (
    "of every track longer than {0} windows, {0} were kept, evenly spread: networks that are "
    "trained whole learned from these and were validated and tested on them, while genre tag hears "
    "all of a track; tracks that sound the same were not looked for"
)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Data ready for the runs.

    Parameters
    ----------
    corpus : Corpus
        Healthy tracks with labels and features.
    splits : tuple of Split
        One, or one per fold.
    dropped_genres : dict of str to str
        Genre and the reason.
    n_tracks_dropped : int
        Tracks left without a kept genre.
    faults : tuple of Fault
        Bad files.
    warnings : tuple of str
        What a reader of the results should know, in plain words.
    n_at_a_time : int
        Runs to train side by side.
    in_memory : bool
        Whether they are to read mapped features into their memory.
    """

    corpus: Corpus
    splits: tuple[Split, ...]
    dropped_genres: dict[str, str]
    n_tracks_dropped: int
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]
    n_at_a_time: int
    in_memory: bool


def prepare(
    config: GridConfig,
    *,
    device: torch.device,
    music: Music | None = None,
    progress: bool = True,
) -> Prepared:
    """Scan, decode, select genres, split and check.

    Parameters
    ----------
    config : GridConfig
        What the grid is asked for.
    device : torch.device
        Where the runs are to be trained.
    music : Music, optional
        The data folder, where it has been read and decoded already.
    progress : bool
        Whether to draw bars on the terminal.

    Raises
    ------
    DatasetError
        Where there is nothing to train on; the message says what to do.
    """
    ensure_writable(config.folder, option="out")
    genres = _genre_file(config)
    music = _opened(config, music, genres, progress=progress)
    if not music.audible:
        raise DatasetError(
            f"data={config.data} must hold a file with sound: all {len(music.tracks)} are silent"
        )
    tree = None
    if genres is not None:
        music, tree = genres.named(music), genres.tree
    selection = select_genres(music.audible, config.selection, split_by=config.split.by, tree=tree)
    if config.task == "exclusive":
        check_one_genre_each(selection.tracks)
    splits = _splits(config, selection)
    spelled = music.found.display_names
    written = with_names(selection.tracks, spelled)
    diagnosis = diagnose(written, music.faults, splits=splits)
    warnings = (*music.notes, *music.warnings, *diagnosis.warnings, *_heard(config))
    _tell(config, selection, splits, warnings, spelled)
    n_runs = len(config.configs) * config.seeds * len(splits)
    n_at_a_time = n_side_by_side(config.parallel_runs, n_runs=n_runs, device=device)
    return Prepared(
        corpus=_corpus(config, selection, music, n_at_a_time=n_at_a_time),
        splits=splits,
        dropped_genres=dict(selection.dropped),
        n_tracks_dropped=selection.n_tracks_dropped,
        faults=music.faults,
        warnings=warnings,
        n_at_a_time=n_at_a_time,
        # A graphics card holds them itself; processes on one processor share them.
        in_memory=config.features == "memory"
        or (config.features == "auto" and device.type != "cpu"),
    )


def _heard(config: GridConfig) -> list[str]:
    return [_KEPT_WINDOWS.format(config.kept_windows)] if config.kept_windows else []


def _genre_file(config: GridConfig) -> GenreFile | None:
    """Read the tree of genres, before anything that takes long."""
    genres = find_genre_file(config.genres, config.data)
    if genres is not None and genres.tree.parents and config.task == "exclusive":
        raise ConfigError(
            f"task=exclusive must come without the parents in {genres.path}: a track would be of "
            "several genres; leave the file out with --genres none"
        )
    return genres


def _opened(
    config: GridConfig, music: Music | None, genres: GenreFile | None, *, progress: bool
) -> Music:
    """Take the steps of `genre.dataset.open_folder`, with a check of the faults between them."""
    if music is not None and config.kept_windows:
        raise ConfigError(
            f"kept_windows={config.kept_windows} must come with the path of a folder, not with "
            "one that genre.open_folder has kept whole"
        )
    if music is None:
        reading = read_folder(
            config.data, cache=config.cache, labels=config.labels, progress=progress
        )
        _look_at(config, reading.found, genres)
        music = decode_tracks(
            reading, front_end=config.kept, execution=config.execution, progress=progress
        )
    else:
        _look_at(config, music.found, genres)
    logger.info("spectrograms: %d new, %d cached", music.filled.n_new, music.filled.n_cached)
    music = _embedded(config, music, progress=progress)
    _quarantine(config, music.faults, n_files=music.found.n_files)
    if not music.tracks:
        raise DatasetError(
            f"data={config.data} must hold a file that can be decoded: all {len(music.faults)} are "
            f"bad; the reasons are in {ExperimentFolder(config.folder).quarantine}"
        )
    return mark_duplicates(music, progress=progress)


def _stores(config: GridConfig) -> list[RowStore]:
    return embedding_stores(config.configs, backbones=config.backbones, cache=config.cache)


def _embedded(config: GridConfig, music: Music, *, progress: bool) -> Music:
    """Let the frozen networks hear the tracks, and leave out those that they cannot."""
    for store in _stores(config):
        filled = store.fill(music.audible, execution=config.execution, progress=progress)
        logger.info("embeddings: %d new, %d cached", filled.n_new, filled.n_cached)
        bad = {fault.path for fault in filled.faults}
        music = replace(
            music,
            tracks=tuple(track for track in music.tracks if track.path not in bad),
            filled=replace(music.filled, faults=(*music.filled.faults, *filled.faults)),
        )
    return music


def _look_at(config: GridConfig, found: Scan, genres: GenreFile | None) -> None:
    logger.info("%d tracks in %s (%s)", len(found.tracks), found.root, found.layout)
    if layout_named(found.layout).citation:
        for note in found.notes:
            logger.info("%s", note)
    if not config.folders_are_genres:
        check_doubts(found.doubts)
    if genres is not None:
        genres.check({genre for track in found.tracks for genre in track.genres})
        logger.info("the tree of genres is that of %s", genres.path)


def _corpus(config: GridConfig, selection: Selection, music: Music, *, n_at_a_time: int) -> Corpus:
    folder = _packed_folder(config, n_at_a_time)
    return Corpus(
        tracks=tuple(selection.tracks),
        vocabulary=selection.vocabulary,
        features=pack(selection.tracks, music.store, windows=config.windows, folder=folder),
        front_end=config.front_end,
        display_names=music.found.display_names,
        embeddings={
            store.source.features_fingerprint: pack_rows(selection.tracks, store, folder=folder)
            for store in _stores(config)
        },
    )


def _packed_folder(config: GridConfig, n_at_a_time: int) -> Path | None:
    is_elsewhere = config.execution.cluster != NO_CLUSTER
    is_mapped = config.features == "mmap" or n_at_a_time > 1 or is_elsewhere
    return local_folder(config.cache) / PACKED_NAME if is_mapped else None


def _quarantine(config: GridConfig, faults: tuple[Fault, ...], *, n_files: int) -> None:
    path = ExperimentFolder(config.folder).quarantine
    write_quarantine(faults, path)
    if faults:
        logger.warning("%d bad files are left out; reasons in %s", len(faults), path)
    check_bad_fraction(len(faults), n_files, max_bad_fraction=config.max_bad_fraction)


def _tell(
    config: GridConfig,
    selection: Selection,
    splits: Sequence[Split],
    warnings: tuple[str, ...],
    spelled: Mapping[str, str],
) -> None:
    genres = display_names(selection.vocabulary.genres, spelled).values()
    dropped = display_names(selection.dropped, spelled)
    for genre, reason in selection.dropped.items():
        logger.warning("genre %s is dropped: %s", dropped[genre], reason)
    if selection.n_tracks_dropped:
        logger.warning("%d tracks have no kept genre and are dropped", selection.n_tracks_dropped)
    logger.info("%d tracks, %d genres: %s", len(selection.tracks), len(genres), ", ".join(genres))
    logger.info("%s", describe_artists(selection.tracks))
    if words := describe_folds(selection.tracks, splits):
        logger.info("%s", words)
    if config.task == "multilabel" and (words := describe_question(selection.tracks)):
        logger.info("%s", words)
    for warning in warnings:
        logger.warning("note: %s", warning)


def _splits(config: GridConfig, selection: Selection) -> tuple[Split, ...]:
    splits: Sequence[Split]
    if config.folds == "all":
        splits = make_folds(selection.tracks, selection.vocabulary, config.split)
    elif config.folds == "artists":
        splits = leave_one_artist_out(selection.tracks, selection.vocabulary, config.split)
    else:
        splits = [make_split(selection.tracks, selection.vocabulary, config.split)]
    folder = ExperimentFolder(config.folder)
    files = [folder.split(split.fold) for split in splits]
    for path in folder.splits():
        if path not in files:
            path.unlink()  # of another division
    for path, split in zip(files, splits, strict=True):
        check_leaks(selection.tracks, split)
        save_split(split, path)
    return tuple(splits)
