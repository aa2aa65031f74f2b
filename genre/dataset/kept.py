"""Where the features of a recording lie: in files of their own, or in a pack."""

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from genre.array_files import load_array
from genre.audio.sound import SoundFacts
from genre.dataset.filling import FeatureSource
from genre.dataset.listing import contents_in
from genre.dataset.packs import Packs, pack_loose
from genre.dataset.sidecar import Sidecar, Written, parse_sidecar, read_sidecar, unreadable
from genre.errors import DatasetError


class Kept:
    """What a store on this machine has.

    Parameters
    ----------
    folder : Path
        Of the store; need not exist.
    source : FeatureSource
        What computes the features.
    """

    def __init__(self, folder: Path, source: FeatureSource) -> None:
        self.folder, self.source = folder, source
        self._packs = Packs(folder)

    def path(self, sha256: str) -> Path:
        """Locate the file of a recording's own, whether it is there or not.

        Parameters
        ----------
        sha256 : str
            Of the sound file, 64 hexadecimal digits.
        """
        return self.folder / sha256[:2] / f"{sha256}.npy"

    def has(self, sha256: str) -> bool:
        """Check whether the features of a recording are there, whole or not.

        Parameters
        ----------
        sha256 : str
            Of the sound file.
        """
        return self.path(sha256).exists() or self._packs.has(sha256)

    def rows(self, sha256: str) -> NDArray[Any]:
        """Map the features of a recording into memory.

        Parameters
        ----------
        sha256 : str
            Of the sound file.

        Returns
        -------
        ndarray of shape (n_rows, n_columns), read-only

        Raises
        ------
        DatasetError
            Where they are not there, or are no such table.
        """
        path, source = self.path(sha256), self.source
        try:
            is_packed = self._is_packed(sha256)
            rows = self._packs.rows(sha256) if is_packed else load_array(path, mmap_mode="r")
        except (OSError, EOFError, ValueError) as error:
            raise unreadable(path) from error
        is_table = rows.ndim == 2 and len(rows) > 0
        if not is_table or rows.shape[1] != source.n_columns or rows.dtype != source.dtype:
            raise unreadable(path)
        return rows

    def sidecar(self, sha256: str) -> Sidecar:
        """Read what is known of a recording.

        Parameters
        ----------
        sha256 : str
            Of the sound file.

        Raises
        ------
        DatasetError
            Where nothing is, or it cannot be read.
        """
        path = self.path(sha256)
        if not self._is_packed(sha256):
            return read_sidecar(path)
        try:
            text = self._packs.facts(sha256)
        except OSError as error:
            raise unreadable(path) from error
        return parse_sidecar(text, path)

    def written(self, sha256: str) -> Written | None:
        """Read what the features were when they were written.

        Parameters
        ----------
        sha256 : str
            Of the sound file.

        Returns
        -------
        Written or None
            None where an earlier version of this program wrote them, or nothing can be read.
        """
        try:
            return self.sidecar(sha256).written
        except DatasetError:
            return None

    def whole(self, sha256: str) -> SoundFacts | None:
        """Read the facts where they and the features look whole; no values are read.

        Parameters
        ----------
        sha256 : str
            Of the sound file.

        Returns
        -------
        SoundFacts or None
            None where something is damaged.
        """
        try:
            sidecar = self.sidecar(sha256)
            if sidecar.written is None:
                self.rows(sha256)
            elif sidecar.written.n_bytes != self._n_bytes(sha256):
                return None
        except (DatasetError, OSError):
            return None
        return sidecar.facts

    def contents(self) -> set[str]:
        """List the SHA-256 of what is there, by the names of files and the indices of packs."""
        return contents_in(self.folder, self.source) | self._packs.contents()

    def pack(self, *, is_all: bool) -> int:
        """Put what has files of its own into packs.

        Parameters
        ----------
        is_all : bool
            As of `genre.dataset.packs.pack_loose`.

        Returns
        -------
        int
            How many recordings are packed now that were not.
        """
        loose = contents_in(self.folder, self.source)
        n_packed = pack_loose(self.folder, sorted(loose), is_all=is_all)
        self._packs.forget()
        return n_packed

    def _is_packed(self, sha256: str) -> bool:
        # What was damaged in a pack has been computed anew, into a file of its own.
        return not self.path(sha256).exists() and self._packs.has(sha256)

    def _n_bytes(self, sha256: str) -> int:
        if self._is_packed(sha256):
            return self._packs.n_bytes(sha256)
        return self.path(sha256).stat().st_size
