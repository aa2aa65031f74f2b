"""genre.backbones.torch_checkpoint: what torch saves is read, and nothing is run."""

import io
import pickle
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
import torch

from genre.backbones.torch_checkpoint import read_checkpoint
from genre.errors import BundleError
from tests.checkpoints import torch_checkpoint

WEIGHTS = OrderedDict(
    {
        "a.weight": torch.arange(24.0).reshape(2, 3, 4),
        "a.bias": torch.tensor([1.5, -2.5]),
        "shared": torch.arange(10.0)[4:7],  # a part of a larger storage
        "count": torch.tensor(7),
        "scalar": torch.tensor(0.5),
    }
)


@pytest.mark.parametrize("saved", [WEIGHTS, [WEIGHTS, {"set": (0, 5)}], (WEIGHTS,), dict(WEIGHTS)])
def test_round_trip(saved: object) -> None:
    read = read_checkpoint(torch_checkpoint(saved))
    assert set(read) == set(WEIGHTS) - {"count"}
    for name, values in read.items():
        assert np.array_equal(values, WEIGHTS[name].numpy())


def test_numbers_of_numpy_beside_them_are_passed_over() -> None:
    saved = io.BytesIO(torch_checkpoint([WEIGHTS, {"n": np.float64(3.0)}]))
    older = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(older, "w") as archive:
        for name in source.namelist():
            # as NumPy 1 called it
            content = source.read(name).replace(b"numpy._core.multi", b"numpy.core.multi")
            archive.writestr(name, content)
    assert "a.bias" in read_checkpoint(older.getvalue())


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        import os

        return os.system, ("echo bad",)


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        (Evil(), "must hold nothing but tensors: it asks for (posix|nt).system"),
        ({"a": torch.nn.Linear(1, 1)}, r"it asks for torch\.nn"),
        ({"a": torch.ones(2, dtype=torch.float64)}, "it asks for torch.DoubleStorage"),
        ({"a": torch.ones(2, 3).T}, "lies otherwise than in one piece"),
        (torch.ones(2), "must hold tensors by their names"),
    ],
)
def test_anything_else_is_refused(saved: object, message: str) -> None:
    with pytest.raises(BundleError, match=message):
        read_checkpoint(torch_checkpoint(saved))


def test_damaged_files_are_refused() -> None:
    whole = torch_checkpoint(WEIGHTS)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("x.txt", "nothing")
    for raw in (b"", whole[:-100], other.getvalue(), pickle.dumps({"a": 1})):
        with pytest.raises(BundleError, match="the checkpoint must be one of PyTorch, whole"):
            read_checkpoint(raw)
