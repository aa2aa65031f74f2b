"""Arrays from outside are as large as their files, or refused before memory is asked for."""

import ast
import io
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.array_files import load_archive, load_array
from genre.errors import GenreError
from genre.evaluation.scores import load_scores

PACKAGE = Path(__file__).resolve().parents[1] / "genre"


def claiming(shape: object, kind: str = "<f8") -> bytes:
    """Write the header of an array, and ten values."""
    text = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape}, }}\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + bytes(80)


CLAIMS = [
    claiming("(10000000000000,)"),
    claiming("(1000000, 10000000)", "|b1"),
    claiming("(3, 100000000)", "<U100"),
    claiming(f"({10**30},)"),
    claiming(f"({2**62}, 4)"),  # 0 in 64 bits
    claiming(f"({10**30}, 0)"),
    claiming("(10000000000000,)", "<U0"),
    claiming("(-1,)"),
    claiming("(True,)"),
    claiming("(2.0,)"),
    claiming("(1,)" + "*" * 10),
    claiming("(" * 300),
    claiming("(5,)", "|O"),
    claiming(str((1,) * 70)),
    b"\x93NUMPY\x09\x00" + bytes(100),
    b"",
    b"PK\x03\x04" + bytes(100),
]


@pytest.mark.parametrize("content", CLAIMS)
def test_a_claim_beyond_the_file_costs_nothing(content: bytes, tmp_path: Path) -> None:
    """As an array, mapped or read, in an archive, and as the scores of a run."""
    (tmp_path / "a.npy").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "scores.npz", "w") as archive:
        archive.writestr("genres.npy", content)
    tracemalloc.start()
    for mode in (None, "r", "c"):
        with pytest.raises((ValueError, EOFError)):
            load_array(tmp_path / "a.npy", mmap_mode=mode)
    with pytest.raises((ValueError, EOFError)):
        load_archive(tmp_path / "scores.npz")
    with pytest.raises(GenreError, match=r"scores\.npz must be a file of scores"):
        load_scores(tmp_path / "scores.npz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6


def test_an_archive_does_not_unpack_to_any_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    zeros = np.zeros(2**20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            with archive.open(f"{number}.npy", "w") as file:
                np.lib.format.write_array(file, zeros)
    assert path.stat().st_size < 2e6
    with pytest.raises(ValueError, match="claim to hold"):
        load_archive(path)


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    arrays = {
        "a": np.arange(12.0).reshape(3, 4).T,
        "b": np.asarray(["x", "yy"]),
        "none": np.zeros((0, 300)),
        "one": np.asarray(2.5),
        "rows": np.zeros(2, dtype=[("time", "<i4"), ("key", "<u8")]),
    }
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
        back = load_archive(tmp_path / "a.npz")
        assert set(back) == set(arrays)
        for name, values in arrays.items():
            np.testing.assert_array_equal(back[name], values)
            np.save(tmp_path / "a.npy", values)
            np.testing.assert_array_equal(load_array(tmp_path / "a.npy"), values)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=3))
def test_a_changed_byte_is_one_kind_of_error(place: int, other: bytes) -> None:
    """Wherever it lies, in the header of the zip or that of the array."""
    whole = io.BytesIO()
    np.savez(whole, a=np.arange(5), b=np.asarray(["x"]))
    content = bytearray(whole.getvalue())
    at = place % len(content)
    content[at : at + len(other)] = other
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.npz"
        path.write_bytes(content)
        try:
            back = load_archive(path)
        except (ValueError, EOFError, OSError):
            return
    assert all(isinstance(values, np.ndarray) for values in back.values())


def test_nobody_loads_arrays_past_it() -> None:
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name.split(".")[-1] in ("load", "fromfile") and name.startswith("np."):
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found == {"array_files.py"}


def test_only_what_is_wanted_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("bad.npy", b"no array")
        file = io.BytesIO()
        np.save(file, np.arange(3))
        archive.writestr("good.npy", file.getvalue())
    found = load_archive(tmp_path / "a.npz", only=("good", "gone"))
    assert {name: values.tolist() for name, values in found.items()} == {"good": [0, 1, 2]}
