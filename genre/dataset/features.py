"""The store of features: one file per recording and source, present means done.

``<cache>/<fingerprint of the source>/<first two digits>/<sha256 of the sound file>.npy``: log-mel
is float16 of shape (n_frames, n_mels), embeddings are float32, a row for each window; beside it
``<sha256>.json`` with what decoding told about the recording and a check sum of the features,
written first. A file is written under another name and renamed, so filling can be stopped at any
moment, repeated, and shared by several machines. What is damaged (cut, emptied, overwritten, zeroed
by a disk) is noticed and computed anew.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from genre.array_files import load_array
from genre.atomic import ensure_writable
from genre.audio.frontend import FrontEndConfig
from genre.audio.sound import SoundFacts
from genre.dataset.content_index import ContentIndex
from genre.dataset.faults import Fault
from genre.dataset.filling import (
    FeatureSource,
    FeatureWork,
    FillReport,
    remove_leftovers,
    watched,
    write_features,
)
from genre.dataset.sidecar import FLAG_MESSAGES, is_intact, read_sidecar, read_written, unreadable
from genre.dataset.tracks import Track
from genre.errors import AudioError, DatasetError, GenreError, as_audio_error
from genre.execution import ExecutionConfig, run_units

logger = logging.getLogger(__name__)

STAGE = "features"
DAMAGED = "%s: what the cache holds of it is damaged and is computed anew"


class RowStore:
    """Features of recordings on disk, whatever computes them.

    Parameters
    ----------
    cache_dir : Path
        Where the store lies; made when first filled.
    source : FeatureSource
        What computes them.
    """

    def __init__(self, cache_dir: Path, source: FeatureSource) -> None:
        self.source = source
        self.cache = cache_dir
        self.folder = cache_dir / source.features_fingerprint
        self._checked: set[str] = set()

    def path(self, sha256: str) -> Path:
        """Locate the features of a recording, whether they are there yet or not.

        Parameters
        ----------
        sha256 : str
            Of the sound file, 64 hexadecimal digits.
        """
        return self.folder / sha256[:2] / f"{sha256}.npy"

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
        sha256, path = track.sha256, self.path(track.sha256)
        if sha256 in self._checked:
            return self._open(path)
        if not path.exists():
            words = f"must have features in {self.folder}; fill the store first"
            raise DatasetError(f"track_id={track.track_id!r} {words}")
        try:
            mel = self._open(path)
            if not is_intact(mel, read_written(path)):
                raise unreadable(path)
        except DatasetError as error:
            self._compute_anew(track, error)
            mel = self._open(path)
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
        path = self.path(track.sha256)
        try:
            return len(self._open(path))
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
        return read_sidecar(self.path(track.sha256)).facts

    def _missing(
        self, by_content: Mapping[str, Sequence[Track]], index: ContentIndex | None
    ) -> tuple[list[FeatureWork], list[Fault]]:
        """List what is to be computed, and what is odd about the others."""
        work: list[FeatureWork] = []
        warnings: list[Fault] = []
        for content, copies in by_content.items():
            target, path = self.path(content), copies[0].path
            is_there = target.exists()
            if is_there and (facts := self._kept(target)) is not None:
                warnings += _warnings(copies, facts.flags)
                continue
            if is_there:
                logger.warning(DAMAGED, path)
            stamp = index.stamp(path, content) if index else None
            work.append(FeatureWork(path, content, target, self.source, stamp))
        return work, warnings

    def _open(self, path: Path) -> NDArray[Any]:
        try:
            rows: NDArray[Any] = load_array(path, mmap_mode="r")
        except (OSError, EOFError, ValueError) as error:
            raise unreadable(path) from error
        source, is_table = self.source, rows.ndim == 2 and len(rows) > 0
        if not is_table or rows.shape[1] != source.n_columns or rows.dtype != source.dtype:
            raise unreadable(path)
        return rows

    def _compute_anew(self, track: Track, error: DatasetError) -> None:
        """Replace features that are not what was written, in a worker as ever."""
        path = self.path(track.sha256)
        logger.warning(DAMAGED, track.path)
        work = FeatureWork(track.path, track.sha256, path, self.source)
        for outcome in run_units(write_features, [work], config=ExecutionConfig(n_workers=1)):
            if outcome.error is not None:
                raise DatasetError(f"{error}: {outcome.error}") from error

    def _kept(self, path: Path) -> SoundFacts | None:
        """Read the facts where they and the features look whole; no values are read."""
        try:
            sidecar = read_sidecar(path)
            if sidecar.written is None:
                self._open(path)
            elif sidecar.written.n_bytes != path.stat().st_size:
                return None
        except DatasetError:
            return None
        return sidecar.facts

    def fill(
        self,
        tracks: Sequence[Track],
        *,
        execution: ExecutionConfig | None = None,
        progress: bool = False,
        index: ContentIndex | None = None,
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
        by_content: dict[str, list[Track]] = {}
        for track in tracks:
            by_content.setdefault(track.sha256, []).append(track)
        work, warnings = self._missing(by_content, index)
        faults: list[Fault] = []
        if work:
            ensure_writable(self.folder, option="cache")
        outcomes = run_units(write_features, work, config=execution, shared=[self.cache])
        for outcome in watched(outcomes, n_total=len(work), progress=progress):
            copies = by_content[outcome.unit.sha256]
            if outcome.error is not None:
                kind, message = _kind_and_message(as_audio_error(outcome.error))
                faults += [_fault(track, kind, message) for track in copies]
            elif outcome.result is not None:
                warnings += _warnings(copies, outcome.result.flags)
        n_failed = len({fault.sha256 for fault in faults})
        return FillReport(
            n_new=len(work) - n_failed,
            n_cached=len(by_content) - len(work),
            faults=tuple(sorted(faults, key=_by_path)),
            warnings=tuple(sorted(warnings, key=_by_path)),
        )


class FeatureStore(RowStore):
    """Log-mel of recordings on disk.

    Parameters
    ----------
    cache_dir : Path
        Where the store lies; made when first filled.
    config : FrontEndConfig, optional
        How features are computed; the default way if None.
    """

    def __init__(self, cache_dir: Path, config: FrontEndConfig | None = None) -> None:
        self.config = config or FrontEndConfig()
        super().__init__(cache_dir, self.config)


def _warnings(copies: Sequence[Track], flags: Iterable[str]) -> list[Fault]:
    return [_fault(track, flag, FLAG_MESSAGES[flag]) for flag in flags for track in copies]


def _kind_and_message(error: GenreError) -> tuple[str, str]:
    if isinstance(error, AudioError):
        return error.kind.value, error.message
    return "error", str(error)


def _fault(track: Track, kind: str, message: str) -> Fault:
    return Fault(path=track.path, sha256=track.sha256, stage=STAGE, kind=kind, message=message)


def _by_path(fault: Fault) -> tuple[str, str]:
    return str(fault.path), fault.kind
