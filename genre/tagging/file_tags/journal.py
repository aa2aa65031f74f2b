"""The undo journal of changed tags: a line of JSON per change, on the disk before the change.

The first line says what the file is. A last line without an end was being written when the machine
stopped: its change was never made, and it is passed over, or cut off where the journal goes on.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from genre.errors import ConfigError, TagError
from genre.file_locks import lock
from genre.json_files import MAX_INDEX_MB, parse_json
from genre.tagging.file_tags.delta import Delta
from genre.tagging.file_tags.rewriting import flush_folder
from genre.version import __version__
from genre.wording import shown

KIND = "genre tag journal"
FORMAT = 1
# Longer than any system takes.
_MAX_PATH_BYTES = 32768


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one file.

    Parameters
    ----------
    path : Path
        The file, absolute.
    before, after : str
        SHA-256 of the whole file.
    mtime_ns : int, in ns
        Time of modification before.
    genres_before, genres_after : tuple of str
        For people who read the journal.
    delta : Delta
        How to make the old file out of the new one.
    """

    path: Path
    before: str
    after: str
    mtime_ns: int
    genres_before: tuple[str, ...]
    genres_after: tuple[str, ...]
    delta: Delta


class Journal:
    """A journal that is being written; made when the first change comes.

    Parameters
    ----------
    path : Path
        A file that does not exist yet, or a journal, which goes on.

    Attributes
    ----------
    n_changes : int
        Recorded by this run; the last may not have been made.

    Raises
    ------
    ConfigError
        Where it is another file or, later, cannot be written: then no more changes may be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.n_changes = 0
        self._file: BinaryIO | None = None
        self._is_old = path.exists()
        if self._is_old and not _is_journal(path):
            raise _not_ours(path)

    def record(self, change: Change) -> None:
        """Write a change and wait until the disk has it.

        Parameters
        ----------
        change : Change
            About to be made.
        """
        if self._file is None:
            self._file = self._begin()
        plain = {
            "path": str(change.path),
            "before": change.before,
            "after": change.after,
            "mtime_ns": change.mtime_ns,
            "genres_before": change.genres_before,
            "genres_after": change.genres_after,
            **change.delta.to_plain(),
        }
        self._put(self._file, plain)
        self.n_changes += 1

    def close(self) -> None:
        """Close the file; may be called twice."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> BinaryIO:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file: BinaryIO = self.path.open("r+b" if self._is_old else "xb", buffering=0)
        except FileExistsError as error:
            raise _not_ours(self.path) from error
        except OSError as error:
            raise self._fault(error) from error
        if not lock(file):  # another run would cut off the line that this one is writing
            file.close()
            raise ConfigError(f"journal={shown(self.path)!r} must not be in use by another run")
        try:
            if self._is_old:
                end = _end_of_lines(self.path)
                file.truncate(end)
                file.seek(end)
            else:
                self._put(file, {"kind": KIND, "format": FORMAT, "version": __version__})
                flush_folder(self.path.parent)
        except OSError as error:
            raise self._fault(error) from error
        return file

    def _put(self, file: BinaryIO, plain: Mapping[str, Any]) -> None:
        # ASCII alone: names that are no text stay what Python made of them.
        line = json.dumps(plain).encode("ascii") + b"\n"
        try:
            while line:
                line = line[file.write(line) :]
            os.fsync(file.fileno())
        except OSError as error:
            raise self._fault(error) from error

    def _fault(self, error: OSError) -> ConfigError:
        return ConfigError(
            f"journal={shown(self.path)!r} must be writable ({error.strerror}); no further file "
            "was changed"
        )


class RecordedChanges:
    """The changes of a journal that was written, in the order they were made.

    Parameters
    ----------
    path : Path
        The journal.

    Raises
    ------
    TagError
        Where it cannot be read or is no journal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._starts: list[int] = []
        with self._open() as file:
            start = len(header := file.readline())
            _check_header(header, path)
            for line in file:
                if line.endswith(b"\n"):
                    self._starts.append(start)
                start += len(line)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> Change:
        """Read one change; `TagError` where its line is damaged."""
        with self._open() as file:
            file.seek(self._starts[index])
            # The first line is the header.
            return _change(file.readline(), f"{shown(self._path)}, line {index + 2}")

    def _open(self) -> BinaryIO:
        try:
            return self._path.open("rb")
        except OSError as error:
            raise TagError(
                f"journal={shown(self._path)!r} must be a readable file ({error.strerror})"
            ) from error


def _check_header(line: bytes, path: Path) -> None:
    try:
        header = parse_json(line)
        is_ours = header["kind"] == KIND and header["format"] == FORMAT
    except (ValueError, TypeError, KeyError):
        is_ours = False
    if not is_ours:
        raise TagError(
            f"journal={shown(path)!r} must be a file that `genre tag --write-tags --apply` wrote"
        )


def _change(line: bytes, where: str) -> Change:
    try:
        plain = parse_json(line, max_mb=MAX_INDEX_MB)
        return Change(
            path=_path(plain["path"]),
            before=str(plain["before"]),
            after=str(plain["after"]),
            mtime_ns=_time(plain["mtime_ns"]),
            genres_before=tuple(plain["genres_before"]),
            genres_after=tuple(plain["genres_after"]),
            delta=Delta.from_plain(plain["parts"], plain["kept"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise TagError(f"{where}: damaged, cannot be undone ({error})") from error


def _path(text: str) -> Path:
    if "\0" in text or len(os.fsencode(text)) > _MAX_PATH_BYTES:
        raise ValueError("path must be one that a file can have")
    return Path(text)


def _time(value: int) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError("mtime_ns must be a time that a file can have")
    return value


def _is_journal(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            header = file.readline()
        _check_header(header, path)
    except (OSError, TagError):
        return False
    return header.endswith(b"\n")


def _end_of_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(len(line) for line in file if line.endswith(b"\n"))


def _not_ours(path: Path) -> ConfigError:
    return ConfigError(
        f"journal={shown(path)!r} must not exist yet, or be one of `genre tag --write-tags "
        "--apply`, which then goes on; name another"
    )
