"""Answers for many files, a part of them at a time, which a process that was killed goes on with.

``tags-00003-of-00016.jsonl`` has a line of JSON for each file of part 3 of 16; until the part is
whole it ends in ``.jsonl.part``. ``tags-00003-of-00016.json`` beside it holds what was asked, the
model's hash among it, so that nobody goes on with the answers of another model.
"""

import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from genre.addresses import Place
from genre.errors import ConfigError
from genre.execution.shards import Shard
from genre.file_locks import lock
from genre.json_files import parse_json
from genre.wording import shown

_NAME = re.compile(r"tags-(\d{5,9})-of-(\d{5,9})\.jsonl")


class PartFile:
    """The answers of one part; held by one process at a time.

    Parameters
    ----------
    folder : Path
        Where the parts lie; made where absent.
    shard : Shard
        Which part.
    asked : mapping of str to plain value
        What the answers depend on: the model's hash, and options.

    Attributes
    ----------
    is_whole : bool
        Whether the part was finished before.

    Raises
    ------
    ConfigError
        Where something else was asked before, or another process is at this part.
    """

    def __init__(self, folder: Path, shard: Shard, asked: Mapping[str, Any]) -> None:
        self.path = folder / f"tags-{shard.number:05}-of-{shard.count:05}.jsonl"
        self._partial = self.path.with_suffix(".jsonl.part")
        self._shard = shard
        self._file: BinaryIO | None = None
        folder.mkdir(parents=True, exist_ok=True)
        # Held open: as long as this process lives, no other works at the part.
        self._asked = self.path.with_suffix(".json").open("a+b", buffering=0)
        try:
            self._claim(asked)
            there = self.path if self.path.exists() else self._partial
            self._is_bad, self._end = _read(there)
            self.is_whole = there == self.path and self._end == there.stat().st_size
        except BaseException:
            self._asked.close()
            raise

    @property
    def n_bad(self) -> int:
        """How many of its files could not be read."""
        return sum(self._is_bad.values())

    def left(self, paths: Iterable[Place]) -> list[Place]:
        """List the files of this part that have no answer yet.

        Parameters
        ----------
        paths : iterable of Path or Address
            Files of all parts.
        """
        return [path for path in self.of_part(paths) if str(path) not in self._is_bad]

    def of_part(self, paths: Iterable[Place]) -> list[Place]:
        """List the files of this part.

        Parameters
        ----------
        paths : iterable of Path or Address
            Files of all parts; each belongs to one by its path as it stands here.
        """
        return [path for path in paths if self._shard.holds(path.as_posix())]

    def write(self, line: str) -> None:
        """Keep an answer, whatever becomes of this process.

        Parameters
        ----------
        line : str
            An object of JSON with `path`, and its line end; nothing is done with an empty text.
        """
        if not line:
            return
        file, rest = self._file or self._begin(), line.encode()
        name, is_bad = _known(rest)
        while rest:
            rest = rest[file.write(rest) :]
        self._is_bad[name] = is_bad

    def finish(self) -> None:
        """Name the part whole: every file of it has an answer."""
        file = self._file or self._begin()
        os.fsync(file.fileno())
        file.close()  # Windows renames no open file
        self._file = None
        self._partial.replace(self.path)
        self.is_whole = True

    def close(self) -> None:
        """Let others have the part; what is written stays."""
        if self._file is not None:
            self._file.close()
        self._asked.close()

    def _claim(self, asked: Mapping[str, Any]) -> None:
        folder = shown(self.path.parent)
        if not lock(self._asked):
            raise ConfigError(
                f"shard={self._shard} must be in the hands of one process, and another is at it "
                f"in out={folder}"
            )
        self._asked.seek(0)
        text = self._asked.read()
        if not text:
            self._asked.write(json.dumps(asked).encode())
            os.fsync(self._asked.fileno())
            return
        there = _parsed(text)
        if others := [name for name, value in asked.items() if there.get(name) != value]:
            raise ConfigError(
                f"out={folder} must hold answers of the same model and options: {self.path.name} "
                f"has another {', '.join(others)}; name another folder with --out"
            )

    def _begin(self) -> BinaryIO:
        """Open the file behind its last whole line."""
        if self.path.exists():  # files have been added since it was whole
            self.path.replace(self._partial)
        self._partial.touch()
        self._file = self._partial.open("r+b", buffering=0)
        self._file.truncate(self._end)
        self._file.seek(self._end)
        return self._file


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts that lie in a folder.

    Parameters
    ----------
    count : int
        How many there should be.
    whole : tuple of Path
        Those that are finished and answer the same question, in order.
    missing : tuple of int
        Numbers of those that are not there or not finished.
    others : tuple of int
        Numbers of those that another model answered, or that were asked otherwise.
    """

    count: int
    whole: tuple[Path, ...]
    missing: tuple[int, ...]
    others: tuple[int, ...]

    def lines(self) -> Iterator[str]:
        """Read all answers, sorted by path, each file once.

        Yields
        ------
        str
            A line of JSON with its end. However many there are, only paths are held in memory.

        Raises
        ------
        ConfigError
            Where a part is damaged.
        """
        places: dict[str, tuple[int, int]] = {}
        with tempfile.TemporaryFile() as joined:
            for path in self.whole:
                with path.open("rb") as file:
                    for line in file:
                        try:
                            name, _ = _known(line)
                        except ValueError as error:
                            advice = "tag this part again, which goes on behind what is whole"
                            raise ConfigError(f"{shown(path)} is damaged; {advice}") from error
                        places.setdefault(name, (joined.tell(), len(line)))
                        joined.write(line)
            for name in sorted(places):
                start, length = places[name]
                joined.seek(start)
                yield joined.read(length).decode()


def find_parts(folder: Path) -> Parts:
    """Look which parts are there.

    Parameters
    ----------
    folder : Path
        Where `PartFile` wrote them.

    Raises
    ------
    ConfigError
        Where there are none, or parts of two divisions.
    """
    found = {
        (int(name[1]), int(name[2])): path
        for path in sorted(folder.glob("tags-*"))
        if (name := _NAME.fullmatch(path.name.removesuffix(".part")))
    }
    counts = sorted({count for _, count in found})
    if len(counts) != 1:
        there = f", and there are some of {counts}" if counts else ", which genre tag --out writes"
        raise ConfigError(f"merge={shown(folder)} must hold parts of one division{there}")
    whole = {number: path for (number, _), path in found.items() if path.suffix == ".jsonl"}
    asked = {number: _question(path) for number, path in whole.items()}
    # Of what was asked most often; of equally many, by the part with the lowest number.
    chosen = max(Counter(asked.values()).items(), key=lambda item: item[1])[0] if asked else ""
    return Parts(
        count=counts[0],
        whole=tuple(path for number, path in whole.items() if asked[number] == chosen),
        missing=tuple(number for number in range(counts[0]) if number not in whole),
        others=tuple(number for number in whole if asked[number] != chosen),
    )


def _question(path: Path) -> str:
    """Read what a part was asked; empty where nobody knows."""
    try:
        return json.dumps(_parsed(path.with_suffix(".json").read_bytes()), sort_keys=True)
    except OSError:
        return ""


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        there = parse_json(text)
    except ValueError:
        return {}
    return there if isinstance(there, dict) else {}


def _read(path: Path) -> tuple[dict[str, bool], int]:
    """Read which files have an answer and whether it is an error, and where the last one ends."""
    is_bad: dict[str, bool] = {}
    end = 0
    if not path.exists():
        return is_bad, end
    with path.open("rb") as file:
        for line in file:
            try:
                name, is_fault = _known(line)
            except ValueError:  # what was being written when the process was killed
                break
            is_bad[name] = is_fault
            end += len(line)
    return is_bad, end


def _known(line: bytes) -> tuple[str, bool]:
    """Read which file a line is about, and whether that could not be read."""
    plain = parse_json(line)
    if not line.endswith(b"\n") or not isinstance(plain, dict) or "path" not in plain:
        raise ValueError("it must be an object with a path, and a line end")
    return str(plain["path"]), "error" in plain
