"""What a worker does to fill a store of features, whether sound and store lie here or elsewhere.

The store elsewhere has the same names as the one on disk, and the same bytes. Of a recording the
facts are put there first, so that whoever sees the features finds them too.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from genre.addresses import Address, Place
from genre.audio.sound import SoundFacts
from genre.config import to_mapping
from genre.dataset.content_index import ContentIndex, Stamp, stamp_of
from genre.dataset.filling import FeatureSource, FeatureWork, write_features
from genre.dataset.listing import contents_at
from genre.dataset.sidecar import read_sidecar
from genre.dataset.tracks import Track
from genre.errors import AddressError, AudioError, AudioErrorKind, DatasetError
from genre.execution import ExecutionConfig, run_units
from genre.execution.bars import Bar
from genre.remote.copying import fetch, is_at, put
from genre.remote.scratch import own_folder
from genre.remote.sound import at_hand

logger = logging.getLogger(__name__)

_ARRAY, _FACTS = ".npy", ".json"


@dataclass(frozen=True)
class StoreWork:
    """One recording whose features are to be in a store.

    Parameters
    ----------
    source : Path or Address
        The sound file.
    sha256 : str
        Of the file, as its manifest says; empty where nobody knows it before it is read.
    folder : Path
        The store on this machine.
    config : FeatureSource
        What computes the features.
    stamp : tuple of int or None
        As of `FeatureWork`, where the sound lies here.
    origin : Address or None
        The store elsewhere; None where there is none but the one on this machine.
    is_kept : bool
        Whether the features stay on this machine, too.
    """

    source: Place
    sha256: str
    folder: Path
    config: FeatureSource
    stamp: Stamp | None = None
    origin: Address | None = None
    is_kept: bool = True

    def __str__(self) -> str:
        return str(self.source)


@dataclass(frozen=True, kw_only=True)
class StoredFacts(SoundFacts):
    """What decoding a file told about it, and which file that was.

    Parameters
    ----------
    sha256 : str
        Of the file.
    n_bytes : int, in bytes
        Its size.
    was_there : bool
        Whether the store had its features already, which nobody knew before it was read.
    """

    sha256: str
    n_bytes: int
    was_there: bool


@dataclass(frozen=True)
class FetchWork:
    """Features that are to be brought from a store elsewhere.

    Parameters
    ----------
    origin : Address
        The store elsewhere.
    folder : Path
        The store on this machine.
    sha256 : str
        Of the recording.
    """

    origin: Address
    folder: Path
    sha256: str

    def __str__(self) -> str:
        return str(self.origin / _name(self.sha256))


class Store(Protocol):
    """What is asked of a store of features; `genre.dataset.features.RowStore` is one."""

    @property
    def source(self) -> FeatureSource:
        """What computes the features."""

    @property
    def folder(self) -> Path:
        """Where they lie on this machine."""

    @property
    def origin(self) -> Address | None:
        """Where they lie elsewhere; None where they do not."""


def work_on(
    track: Track, store: Store, index: ContentIndex | None = None, *, is_kept: bool = True
) -> StoreWork:
    """Describe what a worker is to do for a track.

    Parameters
    ----------
    track : Track
        Without features yet.
    store : RowStore
        Where they are to go.
    index : ContentIndex, optional
        Recalls what the file looked like.
    is_kept : bool
        As of `StoreWork`; what belongs nowhere else is kept in any case.
    """
    path, sha256 = track.path, track.sha256
    stamp = index.stamp(path, sha256) if index and isinstance(path, Path) else None
    is_kept = is_kept or store.origin is None
    return StoreWork(path, sha256, store.folder, store.source, stamp, store.origin, is_kept)


def store_features(work: StoreWork) -> StoredFacts:
    """Compute the features of one recording and keep them where they belong.

    Parameters
    ----------
    work : StoreWork
        What is to be done.

    Returns
    -------
    StoredFacts
        What decoding told.

    Raises
    ------
    AudioError
        As `write_features`; of kind ``missing`` where the file does not come, and ``corrupt``
        where its bytes are not those that the manifest says.
    AddressError
        Where the store elsewhere cannot be written.
    """
    with at_hand(work.source, max_bytes=work.config.max_bytes) as sound:
        sha256 = work.sha256 or sound.sha256
        if sound.sha256 and sound.sha256 != sha256:
            raise AudioError(
                AudioErrorKind.CORRUPT,
                f"{work} has changed since its manifest was written; run genre scan again",
            )
        facts = None if work.sha256 else _there(work, sha256)
        was_there = facts is not None
        if facts is None:
            stamp = stamp_of(sound.path) if sound.sha256 else work.stamp
            facts = _computed(work, sound.path, sha256, stamp)
        n_bytes = sound.path.stat().st_size
    plain = {name: getattr(facts, name) for name in to_mapping(facts)}
    return StoredFacts(**plain, sha256=sha256, n_bytes=n_bytes, was_there=was_there)


def _computed(work: StoreWork, sound: Path, sha256: str, stamp: Stamp | None) -> SoundFacts:
    folder = work.folder if work.is_kept else own_folder() / "features"
    target = folder / _name(sha256)
    try:
        facts = write_features(FeatureWork(sound, sha256, target, work.config, stamp))
        if work.origin is not None:
            for path in (target.with_suffix(_FACTS), target):
                put(path, work.origin / sha256[:2] / path.name)
    finally:
        if not work.is_kept:
            for path in (target, target.with_suffix(_FACTS)):
                path.unlink(missing_ok=True)
    return facts


def bring(
    wanted: Iterable[str],
    store: Store,
    *,
    execution: ExecutionConfig | None,
    progress: bool,
) -> None:
    """Bring features from a store elsewhere; what does not come is left to be computed.

    Parameters
    ----------
    wanted : iterable of str
        SHA-256 of recordings, whether it has them or not.
    store : RowStore
        One that lies elsewhere.
    execution : ExecutionConfig or None
        The workers.
    progress : bool
        Whether to draw a bar.
    """
    assert store.origin is not None  # noqa: S101
    there = contents_at(store.origin, store.source)
    work = [
        FetchWork(store.origin, store.folder, sha256)
        for sha256 in wanted
        if sha256 in there and not (store.folder / _name(sha256)).exists()
    ]
    outcomes = run_units(fetch_features, work, config=execution)
    hidden = not (progress and work)
    for outcome in Bar(outcomes, total=len(work), desc="fetching", unit="track", disable=hidden):
        if outcome.error is not None:
            logger.warning("%s; it is computed anew", outcome.error)


def fetch_features(work: FetchWork) -> SoundFacts:
    """Bring the features of a recording from a store elsewhere.

    Parameters
    ----------
    work : FetchWork
        Which, and where to.

    Returns
    -------
    SoundFacts
        What decoding told.

    Raises
    ------
    AddressError
        Where they do not come.
    DatasetError
        Where what came is no facts.
    """
    target = work.folder / _name(work.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    for ending in (_FACTS, _ARRAY):
        name = f"{work.sha256}{ending}"
        beside = target.with_name(f".{name}.{own_folder().name}.tmp")
        try:
            fetch(work.origin / work.sha256[:2] / name, beside)
            beside.replace(target.with_suffix(ending))
        finally:
            beside.unlink(missing_ok=True)
    return read_sidecar(target).facts


def _there(work: StoreWork, sha256: str) -> SoundFacts | None:
    """Read the facts of a recording that turns out to be in the store."""
    kept = work.folder / _name(sha256)
    if kept.exists():
        return _read_facts(kept)
    if work.origin is None or not is_at(work.origin / _name(sha256)):
        return None
    copy = own_folder() / f"{sha256}{_FACTS}"
    try:
        fetch(work.origin / sha256[:2] / copy.name, copy)
        return _read_facts(copy.with_suffix(_ARRAY))
    except AddressError:
        return None
    finally:
        copy.unlink(missing_ok=True)


def _read_facts(features: Path) -> SoundFacts | None:
    try:
        return read_sidecar(features).facts
    except DatasetError:
        return None


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}{_ARRAY}"
