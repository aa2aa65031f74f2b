"""The store of features: one file per recording and source, present means done.

``<cache>/<fingerprint of the source>/<first two digits>/<sha256 of the sound file>.npy``: log-mel
is float16 of shape (n_frames, n_mels), embeddings are float32, a row for each window; beside it
``<sha256>.json`` with what decoding told about the recording and a check sum of the features,
written first; or both in a pack (`genre.dataset.packs`). A file is written under another name and
renamed, so filling can be stopped at any moment, repeated, and shared by several machines. What is
damaged (cut, emptied, overwritten, zeroed by a disk) is noticed and computed anew.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from genre.addresses import Address, Place
from genre.atomic import ensure_writable
from genre.audio.frontend import FrontEndConfig
from genre.audio.sound import SoundFacts
from genre.dataset.content_index import ContentIndex
from genre.dataset.elsewhere import StoredFacts, StoreWork, bring, store_features, work_on
from genre.dataset.faults import Fault
from genre.dataset.filling import FeatureSource, FillReport, remove_leftovers, watched
from genre.dataset.kept import Kept
from genre.dataset.listing import contents_at
from genre.dataset.oddities import by_path, fault_of, kind_and_message, warnings_of
from genre.dataset.places import local_folder
from genre.dataset.sampled import KeptFrames, front_end_of
from genre.dataset.sidecar import is_intact, unreadable
from genre.dataset.tracks import Track
from genre.errors import ConfigError, DatasetError, as_audio_error
from genre.execution import ExecutionConfig, Outcome, run_units

logger = logging.getLogger(__name__)

DAMAGED = "%s: what the cache holds of it is damaged and is computed anew"


class RowStore:
    """Features of recordings on disk, whatever computes them.

    Parameters
    ----------
    cache_dir : Path or Address
        Where the store lies; made when first filled. What is needed of one elsewhere is here, too.
    source : FeatureSource
        What computes them.
    """

    def __init__(self, cache_dir: Place, source: FeatureSource) -> None:
        name = source.features_fingerprint
        self.source = source
        self.cache = local_folder(cache_dir)
        self.folder = self.cache / name
        self.origin = cache_dir / name if isinstance(cache_dir, Address) else None
        self._files = Kept(self.folder, source)
        self._checked: set[str] = set()

    def path(self, sha256: str) -> Path:
        """Locate the features of a recording, whether they are there yet or not.

        Parameters
        ----------
        sha256 : str
            Of the sound file, 64 hexadecimal digits.
        """
        return self._files.path(sha256)

    def load(self, track: Track) -> NDArray[Any]:
        """Open the features of a track.

        The first time all of them are read and compared with their check sum; what is damaged is
        computed anew, with a warning.

        Parameters
        ----------
        track : Track
            One that the store was filled with.

        Returns
        -------
        ndarray of shape (n_rows, n_columns), read-only
            Memory-mapped; of log-mel the frames, float16, in dB.

        Raises
        ------
        DatasetError
            Where the store has no features of this track, or damaged ones and the sound cannot be
            decoded any more.
        """
        sha256 = track.sha256
        if sha256 in self._checked:
            return self._files.rows(sha256)
        if not self._files.has(sha256):
            words = f"must have features in {self.folder}; fill the store first"
            raise DatasetError(f"track_id={track.track_id!r} {words}")
        try:
            mel = self._files.rows(sha256)
            if not is_intact(mel, self._files.written(sha256)):
                raise unreadable(self.path(sha256))
        except DatasetError as error:
            self._compute_anew(track, error)
            mel = self._files.rows(sha256)
        self._checked.add(sha256)
        return mel

    def n_rows(self, track: Track) -> int:
        """Look how long the features of a track are, without reading them.

        Parameters
        ----------
        track : Track
            One that the store was filled with.

        Raises
        ------
        DatasetError
            As `load`.
        """
        try:
            return len(self._files.rows(track.sha256))
        except DatasetError:
            return len(self.load(track))

    def facts(self, track: Track) -> SoundFacts:
        """Read what was learned of a track when its features were computed.

        Parameters
        ----------
        track : Track
            One that the store was filled with.

        Raises
        ------
        DatasetError
            Where the store has no facts of this track, or unreadable ones.
        """
        return self._files.sidecar(track.sha256).facts

    def _missing(
        self,
        by_content: Mapping[str, Sequence[Track]],
        index: ContentIndex | None,
        *,
        is_kept: bool,
    ) -> tuple[list[StoreWork], list[Fault]]:
        """List what is to be computed, and what is odd about the others."""
        work: list[StoreWork] = []
        warnings: list[Fault] = []
        for content, copies in by_content.items():
            is_there = bool(copies[0].sha256) and self._files.has(content)
            if is_there and (facts := self._files.whole(content)) is not None:
                warnings += warnings_of(copies, facts.flags)
                continue
            if is_there:
                logger.warning(DAMAGED, copies[0].path)
            work.append(work_on(copies[0], self, index, is_kept=is_kept))
        return work, warnings

    def contents(self) -> set[str]:
        """List the SHA-256 of what is there; no features are read."""
        origin = self.origin
        return contents_at(origin, self.source) if origin else self._files.contents()

    def pack(self, *, is_all: bool) -> int:
        """Put what is kept in files of its own into packs, and count these recordings.

        Parameters
        ----------
        is_all : bool
            As of `genre.dataset.packs.pack_loose`.

        Raises
        ------
        ConfigError
            Where the store lies elsewhere.
        """
        if self.origin is None:
            return self._files.pack(is_all=is_all)
        raise ConfigError(f"pack=shards must come with a cache on this machine: {self.origin}")

    def _compute_anew(self, track: Track, error: DatasetError) -> None:
        """Replace features that are not what was written, in a worker as ever."""
        logger.warning(DAMAGED, track.path)
        alone = ExecutionConfig(n_workers=1)
        for outcome in run_units(store_features, [work_on(track, self)], config=alone):
            if outcome.error is not None:
                raise DatasetError(f"{error}: {outcome.error}") from error

    def fill(
        self,
        tracks: Sequence[Track],
        *,
        execution: ExecutionConfig | None = None,
        progress: bool = False,
        index: ContentIndex | None = None,
        is_kept: bool = True,
        on_done: Callable[[Outcome[StoreWork, StoredFacts]], None] | None = None,
    ) -> FillReport:
        """Compute the features that are not there yet.

        Parameters
        ----------
        tracks : sequence of Track
            The recordings; one that occurs twice is computed once.
        execution : ExecutionConfig, optional
            How the work is run; the default way if None.
        progress : bool
            Show a progress bar.
        index : ContentIndex, optional
            Spares reading every file once more to see that it is still the same.
        is_kept : bool
            Whether what belongs to a store elsewhere is to be on this machine, too.
        on_done : callable of Outcome, optional
            Called for each recording that has been worked on.

        Returns
        -------
        FillReport
            A track that cannot be decoded is a fault in it and stops nothing.

        Raises
        ------
        ConfigError
            Where there is something to compute and the store cannot be written.
        """
        remove_leftovers(self.folder)
        by_content = defaultdict[str, list[Track]](list)
        for track in tracks:
            by_content[track.sha256 or str(track.path)].append(track)
        if self.origin is not None and is_kept:
            bring(by_content, self, execution=execution, progress=progress)
        work, warnings = self._missing(by_content, index, is_kept=is_kept)
        faults, n_failed, n_known = list[Fault](), 0, 0
        if work:
            ensure_writable(self.folder, option="cache")
        shared = [] if self.origin else [self.cache]
        outcomes = run_units(store_features, work, config=execution, shared=shared)
        for outcome in watched(outcomes, len(work), progress=progress, on_done=on_done):
            copies = by_content[outcome.unit.sha256 or str(outcome.unit)]
            n_known += _was_known(outcome, index)
            if outcome.error is not None:
                n_failed += 1
                kind, message = kind_and_message(as_audio_error(outcome.error))
                faults += [fault_of(track, kind, message) for track in copies]
            elif outcome.result is not None:
                warnings += warnings_of(copies, outcome.result.flags)
        if index is not None:
            index.save()
        return FillReport(
            n_new=len(work) - n_failed - n_known,
            n_cached=len(by_content) - len(work) + n_known,
            faults=tuple(sorted(faults, key=by_path)),
            warnings=tuple(sorted(warnings, key=by_path)),
        )


class FeatureStore(RowStore):
    """Log-mel of recordings on disk.

    Parameters
    ----------
    cache_dir : Path or Address
        Where the store lies; made when first filled.
    kept : FrontEndConfig or SampledFrontEnd, optional
        How features are computed, and what of them is kept; all, the default way, if None.
    """

    def __init__(self, cache_dir: Place, kept: KeptFrames | None = None) -> None:
        self.kept = kept or FrontEndConfig()
        self.config = front_end_of(self.kept)
        super().__init__(cache_dir, self.kept)


def _was_known(outcome: Outcome[StoreWork, StoredFacts], index: ContentIndex | None) -> bool:
    """Remember which file it was, and say whether the store had its features."""
    if outcome.result is None:
        return False
    if index is not None and isinstance(outcome.unit.source, Address):
        index.learn(outcome.unit.source, outcome.result.sha256)
    return outcome.result.was_there
