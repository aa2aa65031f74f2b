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

    def hash(self, place: Place) -> str:
        """Hash a file; it is read only where it may have changed.

        Parameters
        ----------
        place : Path or Address
            The file; what lies at an address is read each time, unless `expect` was told how it
            looks.

        Returns
        -------
        str
            SHA-256 as 64 hexadecimal digits.

        Raises
        ------
        OSError, AddressError
            Where the file cannot be read.
        """
        stamp = self._look(place)
        if sha256 := self._recall(place, stamp):
            return sha256
        if isinstance(place, Address):
            from genre.remote.copying import hash_at

            sha256 = hash_at(place)
            self.learn(place, sha256)
            return sha256
        sha256 = hash_file(place)
        now = stamp_of(place)
        if now == stamp and time.time_ns() - max(now[1:]) > _RECENT_NS:
            self._keep(place, now, sha256)
        return sha256

    def known(self, place: Place) -> str:
        """Recall the hash of a file that has not changed; nothing is read.

        Parameters
        ----------
        place : Path or Address
            The file, as of `hash`.

        Returns
        -------
        str
            SHA-256; empty where it is not known.

        Raises
        ------
        OSError
            Where the file is not there.
        """
        return self._recall(place, self._look(place))

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
        known = self._known.get(_key(path))
        return known[0] if known is not None and known[1] == sha256 else None

    def believe(self, path: Path, stamp: Stamp, sha256: str) -> bool:
        """Take a manifest's word for a file that looks as it says, until this process ends.

        Parameters
        ----------
        path : Path
            The file.
        stamp : tuple of int
            As `stamp_of`; a negative number is not known and not looked at.
        sha256 : str
            Its content, 64 hexadecimal digits.

        Returns
        -------
        bool
            Whether it does.
        """
        try:
            now = stamp_of(path)
        except OSError:
            return False
        if any(then not in (-1, value) for then, value in zip(stamp, now, strict=True)):
            return False
        self._known[_key(path)] = now, sha256
        return True

    def expect(self, address: Address, stamp: Stamp | None) -> None:
        """Learn from a manifest what a file at an address looks like, without looking.

        Parameters
        ----------
        address : Address
            The file.
        stamp : tuple of int or None
            As `stamp_of`; None where the manifest does not say.
        """
        if stamp is not None:
            self._expected[str(address)] = stamp

    def learn(self, address: Address, sha256: str) -> None:
        """Keep the content of a file at an address, once somebody has read it.

        Parameters
        ----------
        address : Address
            The file; nothing is kept where nobody said how it looks.
        sha256 : str
            Its content, 64 hexadecimal digits.
        """
        stamp = self._look(address)
        if stamp is not None and self._recall(address, stamp) != sha256:
            self._keep(address, stamp, sha256)

    def _look(self, place: Place) -> Stamp | None:
        return stamp_of(place) if isinstance(place, Path) else self._expected.get(str(place))

    def _recall(self, place: Place, stamp: Stamp | None) -> str:
        known = self._known.get(_key(place))
        return known[1] if known is not None and known[0] == stamp else ""

    def _keep(self, place: Place, stamp: Stamp, sha256: str) -> None:
        self._known[_key(place)] = stamp, sha256
        self._new.add(_key(place))

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
                # Only what somebody has read: what a manifest says is not for others to believe.
                kept = _read(self.path) | {key: self._known[key] for key in self._new}
                rows = {key: [*stamp, sha256] for key, (stamp, sha256) in kept.items()}
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


def _key(place: Place) -> str:
    return str(place.absolute() if isinstance(place, Path) else place)


def _read(path: Path) -> dict[str, tuple[Stamp, str]]:
    try:
        rows = load_json(path, max_mb=MAX_INDEX_MB)
        return {
            str(key): ((int(size), int(modified), int(changed)), str(sha256))
            for key, (size, modified, changed, sha256) in rows.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
