"""Packed features: thousands of recordings in one file, for collections of millions.

A pack is a plain tar file of what the store would hold in files of their own, under the same
names: ``tar -xf`` makes them that again, and readers of WebDataset take it as it is. The values of
an array lie in it as they lie on disk, on a boundary of 512 bytes, so that they are mapped into
memory in place. Beside it, ``.index.npy`` has where each lies; a pack without one is not finished.
"""

import hashlib
import io
import tarfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from genre.array_files import load_array
from genre.atomic import atomic_file
from genre.file_locks import lock

PACKS_NAME = "packs"
MOST_IN_ONE = 2000
FEWEST_IN_ONE = 1000
_INDEX = ".index.npy"
_ENDINGS = (".npy", ".json")
_ENTRY = np.dtype(
    [
        ("sha256", "S32"),
        ("array", "<i8"),
        ("array_bytes", "<i8"),
        ("facts", "<i8"),
        ("facts_bytes", "<i8"),
    ]
)


class Packs:
    """The packs of one store; none at all are as good as any.

    Parameters
    ----------
    folder : Path
        Of the store; the packs lie in a folder of it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / PACKS_NAME
        self._paths: list[Path] = []
        self._entries = np.empty(0, dtype=_ENTRY)
        self._pack_of = np.empty(0, dtype=np.int64)
        self._seen: set[str] | None = None

    def contents(self) -> set[str]:
        """List the SHA-256 of what is packed."""
        self._look()
        return {bytes(digest).ljust(32, b"\0").hex() for digest in self._entries["sha256"]}

    def has(self, sha256: str) -> bool:
        """Check whether a recording is packed.

        Parameters
        ----------
        sha256 : str
            Of its sound file.
        """
        return self._place(sha256) is not None

    def n_bytes(self, sha256: str) -> int:
        """Look how large the array of a packed recording is, as a file of its own.

        Parameters
        ----------
        sha256 : str
            Of one that is packed.
        """
        _, entry = self._found(sha256)
        return int(entry["array_bytes"])

    def rows(self, sha256: str) -> NDArray[Any]:
        """Map the array of a packed recording into memory.

        Parameters
        ----------
        sha256 : str
            Of one that is packed.

        Raises
        ------
        OSError
            Where the pack cannot be read.
        ValueError
            Where no array lies there, or none of that size.
        """
        pack, entry = self._found(sha256)
        start, size = int(entry["array"]), int(entry["array_bytes"])
        with pack.open("rb") as file:
            file.seek(start)
            if npy.read_magic(file) != (1, 0):
                raise ValueError(f"{pack} must hold an array at {start}")
            shape, _, dtype = npy.read_array_header_1_0(file)
            begin = file.tell()
        if begin - start + int(np.prod(shape)) * dtype.itemsize != size:
            raise ValueError(f"{pack} must hold an array of {size} bytes at {start}")
        return np.memmap(pack, dtype=dtype, mode="r", offset=begin, shape=shape)

    def facts(self, sha256: str) -> bytes:
        """Read what lies beside the array of a packed recording.

        Parameters
        ----------
        sha256 : str
            Of one that is packed.

        Raises
        ------
        OSError
            Where the pack cannot be read.
        """
        pack, entry = self._found(sha256)
        with pack.open("rb") as file:
            file.seek(int(entry["facts"]))
            return file.read(int(entry["facts_bytes"]))

    def _found(self, sha256: str) -> tuple[Path, Any]:
        place = self._place(sha256)
        if place is None:
            raise FileNotFoundError(f"{sha256} must be packed in {self._folder}")
        return self._paths[self._pack_of[place]], self._entries[place]

    def _place(self, sha256: str) -> int | None:
        self._look()
        # numpy takes zeros at the end of a text for padding.
        digest = np.bytes_(bytes.fromhex(sha256).rstrip(b"\0"))
        place = int(np.searchsorted(self._entries["sha256"], digest))
        is_there = place < len(self._entries) and self._entries["sha256"][place] == digest
        return place if is_there else None

    def _look(self) -> None:
        """Read the indices once; `forget` reads them anew."""
        if self._seen is not None:
            return
        self._seen, read = {path.name for path in self._folder.glob(f"*{_INDEX}")}, []
        for name in sorted(self._seen):
            with suppress(OSError, ValueError, EOFError):  # broken: what it held is computed anew
                entries = load_array(self._folder / name)
                if entries.dtype == _ENTRY and entries.ndim == 1:
                    read.append(entries)
                    self._paths.append(self._folder / f"{name.removesuffix(_INDEX)}.tar")
        if not read:
            return
        together = np.concatenate(read)
        order = np.argsort(together["sha256"], kind="stable")
        self._entries = together[order]
        self._pack_of = np.repeat(np.arange(len(read)), [len(entries) for entries in read])[order]

    def forget(self) -> None:
        """Look anew at what is there."""
        self._paths, self._seen = [], None
        self._entries = np.empty(0, dtype=_ENTRY)


def pack_loose(folder: Path, contents: Sequence[str], *, is_all: bool) -> int:
    """Put recordings that have files of their own into packs, and delete these files.

    Another process that packs the same store has the word; a process that is killed leaves all
    that is needed, and the next one goes on.

    Parameters
    ----------
    folder : Path
        Of the store.
    contents : sequence of str
        SHA-256 of recordings whose features and facts are there, in files of their own.
    is_all : bool
        Whether a rest of fewer than `FEWEST_IN_ONE` is packed, too.

    Returns
    -------
    int
        How many recordings are packed now that were not.
    """
    packs = folder / PACKS_NAME
    packs.mkdir(parents=True, exist_ok=True)
    with (packs / ".lock").open("ab") as held:
        if not lock(held):
            return 0
        known = Packs(folder)
        todo = sorted(set(contents))
        for sha256 in todo:
            if known.has(sha256):  # a process was killed before it came to this
                _delete(folder, sha256)
        todo = [sha256 for sha256 in todo if not known.has(sha256)]
        n_groups = -(-len(todo) // MOST_IN_ONE)
        n_packed = 0
        for group in np.array_split(np.array(todo, dtype=object), max(1, n_groups)):
            if len(group) >= FEWEST_IN_ONE or (is_all and len(group)):
                n_packed += _write_pack(packs, folder, list(group))
    return n_packed


def _write_pack(packs: Path, folder: Path, contents: Sequence[str]) -> int:
    pack = f"features-{hashlib.sha256(''.join(contents).encode()).hexdigest()[:16]}"
    entries = np.empty(len(contents), dtype=_ENTRY)
    with atomic_file(packs / f"{pack}.tar") as file, tarfile.open(fileobj=file, mode="w") as tar:
        for number, sha256 in enumerate(contents):
            name = f"{sha256[:2]}/{sha256}"
            array, facts = (_added(tar, f"{name}{ending}", folder) for ending in _ENDINGS)
            entries[number] = (bytes.fromhex(sha256), *array, *facts)
    with atomic_file(packs / f"{pack}{_INDEX}") as file:
        np.save(file, entries, allow_pickle=False)
    for sha256 in contents:
        _delete(folder, sha256)
    return len(contents)


def _added(tar: tarfile.TarFile, name: str, folder: Path) -> tuple[int, int]:
    """Append a file, and say where its content lies and how long it is."""
    content = (folder / name).read_bytes()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    start = tar.offset + tarfile.BLOCKSIZE
    tar.addfile(member, io.BytesIO(content))
    return start, len(content)


def _delete(folder: Path, sha256: str) -> None:
    for ending in _ENDINGS:
        (folder / sha256[:2] / f"{sha256}{ending}").unlink(missing_ok=True)
