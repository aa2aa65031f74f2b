"""What a worker does to fill the store of features, and the bar that shows how far it is."""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from genre.atomic import atomic_file
from genre.audio.sound import SoundFacts
from genre.dataset.content_index import Stamp, stamp_of
from genre.dataset.faults import Fault
from genre.dataset.sidecar import Written, write_facts
from genre.errors import AudioError, AudioErrorKind
from genre.execution import Outcome
from genre.execution.bars import Bar
from genre.hashing import hash_file
from genre.wording import counted

# A file that another machine has been writing for longer than this was left by a killed one.
LEFTOVER_SECONDS = 6 * 3600.0
Unit = TypeVar("Unit")
Facts = TypeVar("Facts", bound=SoundFacts)

_HALF = np.dtype(np.float16)


class RowStream(Protocol):
    """A sound file on its way to rows of features, to be read once."""

    @property
    def facts(self) -> SoundFacts:
        """What was learned of the file; complete when all blocks have been read."""

    def blocks(self) -> Iterator[NDArray[Any]]:
        """Decode and analyse the file.

        Yields
        ------
        ndarray of shape (n_rows, n_columns)
            The next rows.
        """


class FeatureSource(Protocol):
    """What features are computed by: a front end, or a pre-trained network behind one.

    It can be pickled, and workers need no torch for it.
    """

    @property
    def features_fingerprint(self) -> str:
        """Sixteen hexadecimal digits that name the features; other digits, other features."""

    @property
    def n_columns(self) -> int:
        """Numbers of a row."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """What rows are kept as."""

    @property
    def max_bytes(self) -> int:
        """The largest sound file that is read, in bytes."""

    def open(self, path: Path) -> RowStream:
        """Open a sound file.

        Parameters
        ----------
        path : Path
            The file.

        Raises
        ------
        AudioError
            As `genre.audio.decode.open_audio`.
        """


@dataclass(frozen=True)
class FeatureWork:
    """One recording whose features are to be computed.

    Parameters
    ----------
    source : Path
        The sound file.
    sha256 : str
        Of the file, as it was when the folder was read.
    target : Path
        The ``.npy`` file to be written.
    config : FeatureSource
        What computes the features.
    stamp : tuple of int or None
        What the file looked like with that content, as `genre.dataset.content_index.stamp_of`; None
        where this is not known, and the file is hashed again.
    """

    source: Path
    sha256: str
    target: Path
    config: FeatureSource
    stamp: Stamp | None = None

    def __str__(self) -> str:
        return str(self.source)


@dataclass(frozen=True, kw_only=True)
class FillReport:
    """What filling the store did.

    Parameters
    ----------
    n_new : int
        Number of recordings whose features were computed.
    n_cached : int
        Number of recordings whose features were there.
    faults : tuple of Fault
        Tracks that have no features, and why.
    warnings : tuple of Fault
        Tracks that have features and are odd: partial, truncated, silent or opposed; whether they
        were computed now or before.
    """

    n_new: int
    n_cached: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()


def write_features(work: FeatureWork) -> SoundFacts:
    """Compute and keep the features of one recording, in the memory of a few seconds of it.

    Parameters
    ----------
    work : FeatureWork
        What is to be done.

    Returns
    -------
    SoundFacts
        What decoding told; also kept beside the features.

    Raises
    ------
    AudioError
        As `genre.audio.frontend.extract`; of kind ``corrupt`` where the file has changed since.
    """
    stream = work.config.open(work.source)
    with atomic_file(work.target, is_durable=False) as file:
        written = write_rows(
            file, stream.blocks(), n_columns=work.config.n_columns, dtype=work.config.dtype
        )
        # Checked last: whatever was decoded, it may only be kept under the name of these bytes.
        if stamp_of(work.source) != work.stamp and hash_file(work.source) != work.sha256:
            raise AudioError(
                AudioErrorKind.CORRUPT,
                f"{work} has changed since the folder was read; read it again",
            )
        # Before the features take their name: where these are, the facts are there too.
        write_facts(work.target, stream.facts, written)
    return stream.facts


def watched(
    outcomes: Iterable[Outcome[Unit, Facts]],
    n_total: int,
    *,
    progress: bool,
    on_done: Callable[[Outcome[Unit, Facts]], None] | None = None,
) -> Iterator[Outcome[Unit, Facts]]:
    """Pass outcomes on while a bar shows tracks per second, hours of audio a minute and the ETA.

    Parameters
    ----------
    outcomes : iterable of Outcome
        As the workers finish them.
    n_total : int
        How many there will be.
    progress : bool
        Whether to draw the bar.
    on_done : callable of Outcome, optional
        Called for each.
    """
    started, hours = time.monotonic(), 0.0
    nodes: set[str] = set()
    hidden = not (progress and n_total)
    with closing(Bar(total=n_total, desc="features", unit="track", disable=hidden)) as bar:
        for outcome in outcomes:
            if outcome.result is not None:
                hours += outcome.result.duration_seconds / 3600
            minutes = (time.monotonic() - started) / 60
            rate = f"{hours / minutes:.1f} h of audio a minute"
            nodes.add(outcome.node)
            on = f", {counted(len(nodes), 'node')}" if outcome.node else ""
            bar.set_postfix_str(rate + on, refresh=False)
            bar.update()
            if on_done is not None:
                on_done(outcome)
            yield outcome


def remove_leftovers(folder: Path) -> None:
    """Delete what killed processes left half-written.

    Parameters
    ----------
    folder : Path
        The folder in whose sub-folders they lie; need not exist.
    """
    now = time.time()
    for path in folder.glob("*/.*.tmp"):
        try:
            if now - path.stat().st_mtime > LEFTOVER_SECONDS:
                path.unlink()
        except FileNotFoundError:  # another machine was quicker
            continue


def write_rows(
    file: BinaryIO,
    blocks: Iterable[NDArray[Any]],
    *,
    n_columns: int,
    dtype: np.dtype[Any] = _HALF,
) -> Written:
    """Write an array of unknown length as ``.npy``, a block of rows at a time.

    Parameters
    ----------
    file : BinaryIO
        Open for writing, at its start; can be sought in.
    blocks : iterable of ndarray of shape (n_rows, n_columns)
        The rows, some at a time.
    n_columns : int
        Of every block.
    dtype : dtype
        Of every block; float16 unless another is named.

    Returns
    -------
    Written
        For a check of the file.
    """
    # numpy leaves room in the header for a first axis of any length, so that rows can be appended.
    n_rows = crc32 = 0
    _write_header(file, n_rows, n_columns, dtype)
    for block in blocks:
        rows = np.ascontiguousarray(block).data
        file.write(rows)
        crc32 = zlib.crc32(rows, crc32)
        n_rows += len(block)
    n_bytes = file.tell()
    file.seek(0)
    _write_header(file, n_rows, n_columns, dtype)
    return Written(n_bytes, crc32)


def _write_header(file: BinaryIO, n_rows: int, n_columns: int, dtype: np.dtype[Any]) -> None:
    header = {
        "descr": npy.dtype_to_descr(dtype),
        "fortran_order": False,
        "shape": (n_rows, n_columns),
    }
    npy.write_array_header_1_0(file, header)
