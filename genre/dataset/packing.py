"""The features of many tracks in one array, in memory or in a file that is mapped into it."""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.array_files import load_array
from genre.atomic import atomic_file, ensure_writable
from genre.audio.windows import WindowConfig, pad_to_window, window_frames
from genre.dataset.features import FeatureStore, RowStore
from genre.dataset.filling import remove_leftovers, write_rows
from genre.dataset.sidecar import is_intact, read_written, write_written
from genre.dataset.tracks import Track
from genre.errors import DatasetError

logger = logging.getLogger(__name__)

# Of the packed arrays that no training has asked for in three days, the latest stay.
UNUSED_SECONDS = 3 * 24 * 3600.0
N_KEPT = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class PackedFeatures:
    """The features of many tracks in one array.

    Parameters
    ----------
    mel : ndarray of shape (total_frames, n_mels), float16, in dB
        The tracks, one behind the other; of embeddings a row for each window, float32.
    starts : ndarray of shape (n_tracks,), int64
        First frame of every track.
    lengths : ndarray of shape (n_tracks,), int64
        Number of frames of every track, padding to one window included.
    """

    mel: NDArray[np.floating]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def __getstate__(self) -> dict[str, Any]:
        """Pickle a mapped array as its file, which another process maps in its turn."""
        state = dict(self.__dict__)
        if isinstance(self.mel, np.memmap):
            state["mel"] = Path(str(self.mel.filename))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take up a pickled one."""
        if isinstance(state["mel"], Path):
            state["mel"] = _mapped(state["mel"])
        self.__dict__.update(state)


def pack(
    tracks: Sequence[Track],
    store: FeatureStore,
    *,
    windows: WindowConfig | None = None,
    folder: Path | None = None,
) -> PackedFeatures:
    """Put the features of tracks behind each other, so that a batch is one gather.

    Parameters
    ----------
    tracks : sequence of Track
        The tracks, in the order that is wanted.
    store : FeatureStore
        Where their features are.
    windows : WindowConfig, optional
        Tracks shorter than a window are padded to one; the default settings if None.
    folder : Path, optional
        Where a file is to hold the array, which is then memory-mapped: named by its content, so
        that it is written once and can be deleted; the next to be written replaces what nobody
        asked for in three days, but for the latest two. In memory if None.

    Raises
    ------
    DatasetError
        Where a track has no features, or there are no tracks.
    """
    windows, mel = windows or WindowConfig(), store.config.mel
    return _packed(
        tracks,
        store,
        shortest=window_frames(windows, mel),
        padded=lambda features: pad_to_window(features, windows, mel),
        path=None if folder is None else folder / f"{_name(tracks, store, windows)}.npy",
    )


def pack_rows(
    tracks: Sequence[Track], store: RowStore, *, folder: Path | None = None
) -> PackedFeatures:
    """Put rows that are no frames, such as embeddings of windows, behind each other.

    Parameters
    ----------
    tracks : sequence of Track
        The tracks, in the order that is wanted.
    store : RowStore
        Where their rows are.
    folder : Path, optional
        As in `pack`.

    Raises
    ------
    DatasetError
        As `pack`.
    """
    path = None if folder is None else folder / f"{_name(tracks, store, None)}.npy"
    return _packed(tracks, store, shortest=1, padded=lambda rows: rows, path=path)


def _packed(
    tracks: Sequence[Track],
    store: RowStore,
    *,
    shortest: int,
    padded: Callable[[NDArray[Any]], NDArray[Any]],
    path: Path | None,
) -> PackedFeatures:
    if not tracks:
        raise DatasetError("tracks=() must hold at least one track")
    lengths = np.array([max(shortest, store.n_rows(track)) for track in tracks], dtype=np.int64)
    ends = np.cumsum(lengths)
    shape, dtype = (int(ends[-1]), store.source.n_columns), store.source.dtype
    starts = ends - lengths
    pieces = (padded(store.load(track)) for track in tracks)
    if path is not None:
        _write_packed(path, pieces, shape, dtype)
        return PackedFeatures(mel=_mapped(path), starts=starts, lengths=lengths)
    packed = np.empty(shape, dtype=dtype)
    for piece, start, end in zip(pieces, starts, ends, strict=True):
        packed[start:end] = piece
    return PackedFeatures(mel=packed, starts=starts, lengths=lengths)


def _write_packed(
    path: Path, pieces: Iterable[NDArray[Any]], shape: tuple[int, int], dtype: np.dtype[Any]
) -> None:
    remove_leftovers(path.parent.parent)
    if not _is_whole(path, shape, dtype):
        ensure_writable(path.parent, option="cache")
        _remove_unused(path.parent)
        with atomic_file(path, is_durable=False) as file:
            write_written(path, write_rows(file, pieces, n_columns=shape[1], dtype=dtype))
    with suppress(OSError):  # of somebody else, who shares the cache
        os.utime(path)


def _mapped(path: Path) -> NDArray[Any]:
    # Copied on write, not read-only, as torch asks for; nobody writes.
    packed: NDArray[Any] = load_array(path, mmap_mode="c")
    return packed


def _is_whole(path: Path, shape: tuple[int, int], dtype: np.dtype[Any]) -> bool:
    """Whether a packed array is there as it was written; all of it is read."""
    if not path.exists():
        return False
    try:
        packed = _mapped(path)
        is_alike = packed.dtype == dtype and packed.shape == shape
        if is_alike and is_intact(packed, read_written(path)):
            return True
    except (OSError, EOFError, ValueError):
        pass  # as any other damage
    logger.warning("%s is damaged and is written anew", path)
    return False


def _remove_unused(folder: Path) -> None:
    """Delete the arrays that no training has asked for lately: each is as large as its tracks."""
    last_use: dict[Path, float] = {}
    for path in folder.glob("*.npy"):
        with suppress(OSError):  # another was quicker
            last_use[path] = path.stat().st_mtime
    for path in sorted(last_use, key=lambda path: last_use[path])[:-N_KEPT]:
        if time.time() - last_use[path] > UNUSED_SECONDS:
            with suppress(OSError):  # another was quicker, or Windows has it in use
                path.unlink()
                path.with_suffix(".json").unlink(missing_ok=True)


def _name(tracks: Sequence[Track], store: RowStore, windows: WindowConfig | None) -> str:
    digest = hashlib.sha256(f"{store.source.features_fingerprint} {windows}".encode())
    for track in tracks:
        digest.update(track.sha256.encode())
    return digest.hexdigest()[:16]
