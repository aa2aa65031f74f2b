"""Whole files from and to addresses: genre.remote.copying."""

import hashlib
from pathlib import Path

import pytest

from genre.addresses import Address
from genre.errors import AddressError
from genre.remote.copying import (
    TooLargeError,
    fetch,
    find_files,
    hash_at,
    is_at,
    put,
    remove,
)
from tests.far import FlakyFileSystem, at, flaky

__all__ = ["flaky"]

CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()
FILE = Address("flaky://music/a.wav")


@pytest.fixture
def there(flaky: type[FlakyFileSystem]) -> type[FlakyFileSystem]:
    flaky().pipe_file("/music/a.wav", CONTENT)
    return flaky


def test_a_connection_cut_in_mid_file_costs_a_retry(
    there: type[FlakyFileSystem], tmp_path: Path
) -> None:
    there.n_cuts = 2
    assert fetch(FILE, tmp_path / "a") == SHA256
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert there.n_opened == 3
    there.n_cuts = 1
    assert hash_at(FILE) == SHA256


def test_one_that_never_comes_is_told_in_a_line(
    there: type[FlakyFileSystem], tmp_path: Path
) -> None:
    there.n_cuts = 99
    words = "flaky://music/a.wav cannot be fetched, tried 3 times: connection reset by peer"
    with pytest.raises(AddressError) as caught:
        fetch(FILE, tmp_path / "a")
    assert str(caught.value) == words


@pytest.mark.usefixtures("there")
def test_a_file_shorter_than_was_said_is_a_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genre.remote.copying.ask_size", lambda *_: len(CONTENT) + 1)
    with pytest.raises(AddressError, match="10240 bytes came of 10241"):
        fetch(FILE, tmp_path / "a")


@pytest.mark.parametrize("is_said", [True, False])
def test_no_more_is_written_than_is_wanted(
    there: type[FlakyFileSystem], tmp_path: Path, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_said:
        monkeypatch.setattr("genre.remote.copying.ask_size", lambda *_: None)
    with pytest.raises(TooLargeError, match="more than max_bytes=5000"):
        fetch(FILE, tmp_path / "a", max_bytes=5000)
    assert there.n_opened == (0 if is_said else 1)
    size = (tmp_path / "a").stat().st_size if (tmp_path / "a").exists() else 0
    assert size <= 5000


@pytest.mark.usefixtures("flaky")
def test_what_is_not_there_is_not_asked_for_again(tmp_path: Path) -> None:
    with pytest.raises(AddressError, match="cannot be fetched: there is nothing of that name"):
        fetch(FILE, tmp_path / "a")
    assert not is_at(FILE)


@pytest.mark.parametrize("scheme", ["file", "memory"])
def test_what_was_put_is_there_whole_and_listed(scheme: str, tmp_path: Path) -> None:
    folder = Address(f"{scheme}://{tmp_path / 'far'}")
    assert find_files(folder) == {}
    (tmp_path / "x").write_bytes(CONTENT)
    for name in ("b/two", "one"):
        put(tmp_path / "x", folder / name)
    found = find_files(folder)
    assert {name: about["size"] for name, about in found.items()} == {
        "b/two": len(CONTENT),
        "one": len(CONTENT),
    }
    (tmp_path / "x").write_bytes(b"new")
    put(tmp_path / "x", folder / "one")
    fetch(folder / "one", tmp_path / "y")
    assert (tmp_path / "y").read_bytes() == b"new"
    remove(folder / "one")
    remove(folder / "one")
    assert [*find_files(folder)] == ["b/two"]
    remove(folder / "b/two")


def test_a_move_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genre.remote.copying.PAUSES_SECONDS", ())
    (tmp_path / "x").write_bytes(CONTENT)
    (tmp_path / "far" / "taken" / "by").mkdir(parents=True)
    (tmp_path / "far" / "taken" / "by" / "a file").touch()
    (tmp_path / "far" / "name").touch()
    with pytest.raises(AddressError, match="cannot be written"):
        put(tmp_path / "x", at(tmp_path / "far" / "name" / "below"))
    assert sorted(path.name for path in (tmp_path / "far").iterdir()) == ["name", "taken"]
