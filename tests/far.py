"""Folders that lie elsewhere, for tests: at `file://`, in memory, and behind a bad connection."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import fsspec
import numpy as np
import pytest
import soundfile
from fsspec.implementations.memory import MemoryFileSystem

from genre.addresses import Address


def at(path: Path) -> Address:
    """Name a folder of this machine as if it lay elsewhere."""
    return Address(f"file://{path}")


def write_music(folder: Path, n_tracks: int = 4, *, seconds: float = 1.0) -> Path:
    """Make short noises of two genres by several artists."""
    for number in range(n_tracks):
        genre = ("jazz", "rock")[number % 2]
        (folder / genre).mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(number)
        samples = rng.normal(0, 0.1, round(22050 * seconds))
        name = f"{('Ann Bee', 'Cee Dee', 'Eff Gee')[number % 3]} - {number}.wav"
        soundfile.write(folder / genre / name, samples, 22050)
    return folder


def stored(cache: Path) -> dict[str, bytes]:
    """Read a store of features, its names and its bytes."""
    return {
        f"{path.relative_to(cache)}": path.read_bytes()
        for pattern in ("*/??/*.npy", "*/??/*.json")
        for path in cache.glob(pattern)
    }


class FlakyFileSystem(MemoryFileSystem):  # type: ignore[misc]  # of no type
    """A file system in memory whose connection is cut in mid-file, as often as it is told to."""

    protocol = "flaky"
    store: dict[str, Any] = {}  # noqa: RUF012 - as its parent
    n_cuts = 0
    n_opened = 0

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return super()._strip_protocol(path.removeprefix("flaky://"))  # type: ignore[no-any-return]

    def _open(self, path: str, mode: str = "rb", **options: object) -> IO[bytes]:
        file: IO[bytes] = super()._open(path, mode, **options)
        if mode != "rb":
            return file
        type(self).n_opened += 1
        return _Cut(file, type(self))  # type: ignore[return-value]


class _Cut:
    def __init__(self, file: IO[bytes], system: type[FlakyFileSystem]) -> None:
        self._file, self._system = file, system

    def read(self, size: int = -1) -> bytes:
        if self._system.n_cuts and self._file.tell():
            self._system.n_cuts -= 1
            raise ConnectionResetError("connection reset by peer")
        return self._file.read(min(size, 1000) if size > 0 else 1000)

    def __enter__(self) -> "_Cut":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.seek(0)


@pytest.fixture
def flaky(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FlakyFileSystem]]:
    """Offer `flaky://`, whose pauses are short."""
    fsspec.register_implementation("flaky", FlakyFileSystem, clobber=True)
    monkeypatch.setattr("genre.remote.copying.PAUSES_SECONDS", (0.0, 0.0))
    FlakyFileSystem.n_cuts = FlakyFileSystem.n_opened = 0
    FlakyFileSystem.store.clear()
    yield FlakyFileSystem
    FlakyFileSystem.store.clear()
