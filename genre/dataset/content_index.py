"""The contents of files, remembered, so that a large folder is not read anew at every start."""

import json
import logging
import os
import time
from pathlib import Path

from genre.addresses import Address, Place
from genre.atomic import write_text
from genre.file_locks import lock
from genre.hashing import hash_file
from genre.json_files import MAX_INDEX_MB, load_json

logger = logging.getLogger(__name__)

# Where the index of a data folder lies in its cache.
CONTENTS_NAME = "contents.json"

# A file changed this recently may change again without its time moving on.
_RECENT_NS = 2_000_000_000

Stamp = tuple[int, int, int]


class ContentIndex:
    """SHA-256 of files, by path, size and times of change.

    The time of the last change of the inode is looked at too, which nobody can set back: programs
    that write tags may keep both size and modification time.

    Parameters
    ----------
    path : Path
        A JSON file that holds the index; one that is missing or broken is an empty index.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known = _read(path)
        self._new: set[str] = set()
        self._expected: dict[str, Stamp] = {}

    def hash(self, path: Path) -> str:
        """Hash a file; it is read only where it may have changed.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        str
            SHA-256 as 64 hexadecimal digits.

        Raises
        ------
        OSError
            Where the file cannot be read.
        """
        key = str(path.absolute())
        stamp = stamp_of(path)
        if (known := self._known.get(key)) is not None and known[0] == stamp:
            return known[1]
        sha256 = hash_file(path)
        is_settled = time.time_ns() - max(stamp[1:]) > _RECENT_NS
        if is_settled and stamp_of(path) == stamp:
            self._known[key] = stamp, sha256
            self._new.add(key)
        return sha256

    def known(self, path: Path) -> str:
        """Recall the hash of a file that has not changed; nothing is read.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        str
            SHA-256; empty where it is not known.

        Raises
        ------
        OSError
            Where the file is not there.
        """
        known = self._known.get(str(path.absolute()))
        return known[1] if known is not None and known[0] == stamp_of(path) else ""

    def stamp(self, path: Path, sha256: str) -> Stamp | None:
        """Recall what a file looked like when it had this content.

        Parameters
        ----------
        path : Path
            The file.
        sha256 : str
            Its content, 64 hexadecimal digits.

        Returns
        -------
        tuple of int or None
            As `stamp_of`: while the file still looks like this, it has this content. None where
            nothing is known.
        """
        known = self._known.get(str(path.absolute()))
        return known[0] if known is not None and known[1] == sha256 else None

    def expect(self, place: Place, stamp: Stamp | None, sha256: str) -> None:
        """Take a manifest's word for what a file looks like, without looking.

        Parameters
        ----------
        place : Path or Address
            The file.
        stamp : tuple of int or None
            As `stamp_of`; None where the manifest does not say.
        sha256 : str
            Its content, 64 hexadecimal digits; empty where the manifest does not say.
        """
        if stamp is None:
            return
        if isinstance(place, Path) and sha256:
            self._known[str(place.absolute())] = stamp, sha256
        elif isinstance(place, Address):
            self._expected[str(place)] = stamp

    def learn(self, address: Address, sha256: str) -> None:
        """Keep the content of a file at an address, once somebody has read it.

        Parameters
        ----------
        address : Address
            The file.
        sha256 : str
            Its content, 64 hexadecimal digits.
        """
        self.remember(address, self._expected.get(str(address)), sha256)

    def trust(self, path: Path, sha256: str) -> None:
        """Take somebody's word for the content of a file as it is now, until this process ends.

        Parameters
        ----------
        path : Path
            The file.
        sha256 : str
            Its content, 64 hexadecimal digits.

        Raises
        ------
        OSError
            Where the file is not there.
        """
        self._known[str(path.absolute())] = stamp_of(path), sha256

    def hash_elsewhere(self, address: Address, stamp: Stamp | None) -> str:
        """Hash a file at an address; it is read only where its manifest says that it has changed.

        Parameters
        ----------
        address : Address
            The file.
        stamp : tuple of int or None
            What the manifest says that it looks like; None where it does not, and the file is read
            each time.

        Returns
        -------
        str
            SHA-256 as 64 hexadecimal digits.

        Raises
        ------
        AddressError
            Where it cannot be read.
        """
        from genre.remote.copying import hash_at

        sha256 = self.recall(address, stamp) or hash_at(address)
        self.remember(address, stamp, sha256)
        return sha256

    def recall(self, address: Address, stamp: Stamp | None) -> str:
        """Recall the content of a file at an address.

        Parameters
        ----------
        address : Address
            The file.
        stamp : tuple of int or None
            As in `hash_elsewhere`.

        Returns
        -------
        str
            SHA-256; empty where nothing is known.
        """
        known = self._known.get(str(address))
        return known[1] if known is not None and known[0] == stamp else ""

    def remember(self, address: Address, stamp: Stamp | None, sha256: str) -> None:
        """Keep the content of a file at an address that somebody has read.

        Parameters
        ----------
        address : Address
            The file.
        stamp : tuple of int or None
            As in `hash_elsewhere`; without one nothing is kept.
        sha256 : str
            Its content, 64 hexadecimal digits.
        """
        if stamp is not None and self.recall(address, stamp) != sha256:
            self._known[str(address)] = stamp, sha256
            self._new.add(str(address))

    def save(self) -> None:
        """Write what is new, if anything is, whole or not at all; where it can be written.

        What other processes have written since is kept: parts of a job share one index.
        """
        if not self._new:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside = self.path.with_name(f".{self.path.name}.lock")
            # One that another user made can be locked, too, but for some network file systems.
            is_theirs = beside.exists() and not os.access(beside, os.W_OK)
            with beside.open("rb" if is_theirs else "ab") as file:
                lock(file, wait=True)
                self._known |= _read(self.path) | {key: self._known[key] for key in self._new}
                rows = {key: [*stamp, sha256] for key, (stamp, sha256) in self._known.items()}
                write_text(self.path, json.dumps(rows), is_durable=False)
        except PermissionError as error:  # somebody else's cache does for reading
            logger.warning("%s cannot be written (%s): every file is read", self.path, error)
        self._new.clear()


def stamp_of(path: Path) -> Stamp:
    """Look at a file from outside.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    tuple of int
        Size in bytes, time of modification and time of change of the inode in ns.
    """
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def still_is(path: Path, stamp: Stamp) -> bool:
    """Check whether a file looks as a manifest says.

    Parameters
    ----------
    path : Path
        The file.
    stamp : tuple of int
        As `stamp_of`; a negative number is not known and not looked at.
    """
    try:
        now = stamp_of(path)
    except OSError:
        return False
    return all(then in (-1, value) for then, value in zip(stamp, now, strict=True))


def _read(path: Path) -> dict[str, tuple[Stamp, str]]:
    try:
        rows = load_json(path, max_mb=MAX_INDEX_MB)
        return {
            str(key): ((int(size), int(modified), int(changed)), str(sha256))
            for key, (size, modified, changed, sha256) in rows.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
