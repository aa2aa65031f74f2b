"""Packed features: a tar file that is what the store would hold, mapped where it lies."""

import tarfile
from pathlib import Path

import numpy as np
import pytest

from genre.dataset import packs
from genre.dataset.packs import PACKS_NAME, Packs, pack_loose
from genre.file_locks import lock


def store_of(folder: Path, n: int) -> list[str]:
    """Fill a store with tables that are all different, and return what they are called."""
    names = []
    for number in range(n):
        # one ends in zeros, which numpy takes for padding
        sha256 = f"{number:02x}" * 31 + ("00" if number % 2 else "ff")
        path = folder / sha256[:2] / f"{sha256}.npy"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, np.full((number + 1, 4), number, dtype=np.float16))
        path.with_suffix(".json").write_text(f'{{"number": {number}}}')
        names.append(sha256)
    return names


def test_what_is_packed_is_what_was_there(tmp_path: Path) -> None:
    names = store_of(tmp_path, 7)
    before = {name: (tmp_path / name[:2] / f"{name}.npy").read_bytes() for name in names}
    assert pack_loose(tmp_path, names, is_all=True) == 7
    assert not list(tmp_path.glob("??/*"))
    packed = Packs(tmp_path)
    assert packed.contents() == set(names)
    for number, name in enumerate(names):
        rows = packed.rows(name)
        assert isinstance(rows, np.memmap)
        np.testing.assert_array_equal(rows, np.full((number + 1, 4), number, dtype=np.float16))
        assert packed.facts(name) == f'{{"number": {number}}}'.encode()
        assert packed.n_bytes(name) == len(before[name])
    assert not packed.has("ab" * 32)
    with pytest.raises(FileNotFoundError, match="must be packed"):
        packed.rows("ab" * 32)
    (tar,) = (tmp_path / PACKS_NAME).glob("*.tar")
    with tarfile.open(tar) as unpacked:
        unpacked.extractall(tmp_path / "again", filter="data")
    for name, content in before.items():
        assert (tmp_path / "again" / name[:2] / f"{name}.npy").read_bytes() == content


def test_packs_are_of_equal_size_and_a_small_rest_may_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "MOST_IN_ONE", 4)
    monkeypatch.setattr(packs, "FEWEST_IN_ONE", 3)
    names = store_of(tmp_path, 9)
    assert pack_loose(tmp_path, names[:2], is_all=False) == 0
    assert pack_loose(tmp_path, names, is_all=False) == 9
    assert len(list((tmp_path / PACKS_NAME).glob("*.tar"))) == 3
    assert Packs(tmp_path).contents() == set(names)


def test_one_process_packs_at_a_time(tmp_path: Path) -> None:
    names = store_of(tmp_path, 3)
    (tmp_path / PACKS_NAME).mkdir()
    with (tmp_path / PACKS_NAME / ".lock").open("ab") as held:
        assert lock(held)
        assert pack_loose(tmp_path, names, is_all=True) == 0
    assert pack_loose(tmp_path, names, is_all=True) == 3


def test_a_process_killed_before_it_deleted_leaves_no_double(tmp_path: Path) -> None:
    names = store_of(tmp_path, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packs, "_delete", lambda *_: None)
        pack_loose(tmp_path, names, is_all=True)
    assert len(list(tmp_path.glob("??/*.npy"))) == 3
    assert pack_loose(tmp_path, names, is_all=True) == 0
    assert not list(tmp_path.glob("??/*.npy"))
    assert Packs(tmp_path).contents() == set(names)


def test_a_broken_index_is_as_good_as_none_and_a_cut_pack_is_an_error(tmp_path: Path) -> None:
    names = store_of(tmp_path, 3)
    pack_loose(tmp_path, names, is_all=True)
    (index,) = (tmp_path / PACKS_NAME).glob("*.index.npy")
    (tar,) = (tmp_path / PACKS_NAME).glob("*.tar")
    tar.write_bytes(tar.read_bytes()[:600])
    packed = Packs(tmp_path)
    with pytest.raises(ValueError, match=r"."):
        packed.rows(names[2])
    index.write_bytes(b"no array")
    packed.forget()
    assert packed.contents() == set()
