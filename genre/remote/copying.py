"""Whole files from an address and to one: streamed, bounded, hashed, and tried again."""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from genre.addresses import Address
from genre.errors import AddressError, MissingPackageError
from genre.remote.systems import ask_size, forget, is_absent, open_system, reason

__all__ = ["TooLargeError", "fetch", "find_files", "hash_at", "is_at", "put", "remove"]

Result = TypeVar("Result")

# Between one try and the next.
PAUSES_SECONDS = (0.2, 1.0, 3.0)
_BLOCK = 2**20
# Another try would find the same.
_FINAL = (PermissionError, IsADirectoryError, NotADirectoryError)
# Of these, an object appears whole or not at all; all others can move.
_WHOLE_OBJECTS = frozenset(
    ("abfs", "abfss", "adl", "az", "gcs", "gs", "hf", "memory", "oci", "oss", "s3", "s3a")
)


class TooLargeError(AddressError):
    """More bytes lie at an address than are wanted."""


def fetch(source: Address, target: Path, *, max_bytes: int | None = None) -> str:
    """Bring a file from an address; where it breaks off, it is begun anew a few times.

    Parameters
    ----------
    source : Address
        The file.
    target : Path
        Where it goes; overwritten.
    max_bytes : int, in bytes, optional
        The most that is written.

    Returns
    -------
    str
        SHA-256 of what came, 64 hexadecimal digits.

    Raises
    ------
    AddressError
        Where it is not there or does not come.
    """

    def _once(system: Any, path: str) -> str:  # noqa: ANN401 - any file system
        size = ask_size(system, path)
        _check(source, size, max_bytes)
        digest, n_bytes = hashlib.sha256(), 0
        with target.open("wb") as copy:
            for block in _blocks(system, path, size):
                n_bytes += len(block)
                _check(source, n_bytes, max_bytes)
                digest.update(block)
                copy.write(block)
        return digest.hexdigest()

    return _tried(source, _once, "fetched")


def _blocks(system: Any, path: str, size: int | None) -> Iterator[bytes]:  # noqa: ANN401
    """Read a file to its end; one that ends before its size is a connection that was cut."""
    n_bytes = 0
    with system.open(path, "rb") as file:
        while block := file.read(_BLOCK):
            n_bytes += len(block)
            yield block
    if size is not None and n_bytes < size:
        raise EOFError(f"{n_bytes} bytes came of {size}")


def _check(source: Address, size: int | None, max_bytes: int | None) -> None:
    if size is not None and max_bytes is not None and size > max_bytes:
        raise TooLargeError(
            f"{source} has {size} bytes or more, more than max_bytes={max_bytes}; cut it or "
            "convert it to FLAC"
        )


def hash_at(source: Address) -> str:
    """Compute the hash of a file at an address, which is read and not kept.

    Parameters
    ----------
    source : Address
        The file.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.

    Raises
    ------
    AddressError
        As `fetch`.
    """

    def _once(system: Any, path: str) -> str:  # noqa: ANN401 - any file system
        digest = hashlib.sha256()
        for block in _blocks(system, path, ask_size(system, path)):
            digest.update(block)
        return digest.hexdigest()

    return _tried(source, _once, "read")


def put(source: Path, target: Address) -> None:
    """Put a file at an address, where it appears whole or not at all.

    Parameters
    ----------
    source : Path
        The file.
    target : Address
        Where it goes; overwritten. Where files can be moved, it is written under another name
        first; object stores show an object only when it is whole.

    Raises
    ------
    AddressError
        Where it cannot be written, however often one tries.
    """

    def _once(system: Any, path: str) -> None:  # noqa: ANN401 - any file system
        folder, _, name = path.rpartition("/")
        if target.scheme in _WHOLE_OBJECTS:
            system.put_file(str(source), path)
            return
        system.makedirs(folder, exist_ok=True)
        beside = f"{folder}/.{name}.{uuid.uuid4().hex[:8]}.tmp"
        try:
            system.put_file(str(source), beside)
            system.mv(beside, path)
        except BaseException:
            if system.exists(beside):
                system.rm_file(beside)
            raise

    _tried(target, _once, "written")


def remove(target: Address) -> None:
    """Remove a file from an address; one that is gone already is well.

    Parameters
    ----------
    target : Address
        The file.

    Raises
    ------
    AddressError
        Where it cannot be removed.
    """

    def _once(system: Any, path: str) -> None:  # noqa: ANN401 - any file system
        if system.exists(path):
            system.rm_file(path)

    _tried(target, _once, "removed")


def is_at(address: Address) -> bool:
    """Check whether something lies at an address.

    Parameters
    ----------
    address : Address
        Of a file.

    Raises
    ------
    AddressError
        Where nobody answers.
    """

    def _once(system: Any, path: str) -> bool:  # noqa: ANN401 - any file system
        return bool(system.exists(path))

    return _tried(address, _once, "looked for")


def find_files(folder: Address) -> dict[str, dict[str, Any]]:
    """List all files below an address, in as few requests as its file system needs.

    Parameters
    ----------
    folder : Address
        Of a folder; one that is not there has no files.

    Returns
    -------
    dict of str to dict
        By path below the folder, sorted, what the file system says of each: ``size`` and others.

    Raises
    ------
    AddressError
        Where it cannot be listed.
    """

    def _once(system: Any, path: str) -> dict[str, dict[str, Any]]:  # noqa: ANN401
        system.invalidate_cache()  # others write there, too
        try:
            found = system.find(path, detail=True)
        except FileNotFoundError:
            return {}
        # `find` may write the top otherwise than it was asked: with a slash before it, or without
        top = path.strip("/")
        below = {name.strip("/").removeprefix(f"{top}/"): about for name, about in found.items()}
        return {name: below[name] for name in sorted(below) if name != top}

    return _tried(folder, _once, "listed")


def _tried(address: Address, once: Callable[[Any, str], Result], what: str) -> Result:
    """Do something with a file system, and again over a new connection where it fails."""
    for pause in (*PAUSES_SECONDS, None):
        system = None
        try:
            system, path = open_system(address)
            return once(system, path)
        except (TooLargeError, MissingPackageError):
            raise
        except Exception as error:  # whatever file system it is: each has errors of its own kinds
            if isinstance(error, FileNotFoundError) and is_absent(error):
                raise AddressError(
                    f"{address} cannot be {what}: there is nothing of that name"
                ) from error
            if isinstance(error, _FINAL):
                raise AddressError(f"{address} cannot be {what}: {reason(error)}") from error
            if pause is None:
                times = len(PAUSES_SECONDS) + 1
                raise AddressError(
                    f"{address} cannot be {what}, tried {times} times: {reason(error)}"
                ) from error
            if system is not None:
                forget(system)
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")
