"""genre.backbones.tf_checkpoint: tensors come back as they were written."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.backbones.tf_checkpoint import read_checkpoint
from genre.errors import BundleError
from tests.checkpoints import tf_checkpoint

TENSORS: dict[str, NDArray[Any]] = {
    "conv2d/kernel": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
    "conv2d/bias": np.array([1.5, -2.5], dtype=np.float32),
    "conv2d_1/bias": np.zeros(300, dtype=np.float32),  # its size takes two bytes
    "beta_power": np.array(0.25, dtype=np.float32),
    "step": np.array([3], dtype=np.int64),
}


@pytest.mark.parametrize("n_blocks", [1, 2, 6])
def test_round_trip(n_blocks: int) -> None:
    read = read_checkpoint(*tf_checkpoint(TENSORS, n_blocks=n_blocks))
    assert set(read) == set(TENSORS) - {"step"}
    for name, values in read.items():
        assert np.array_equal(values, TENSORS[name])
        assert values.shape == TENSORS[name].shape


@pytest.mark.parametrize("cut", [1, 40, 60, 200])
def test_what_is_cut_short_is_refused(cut: int) -> None:
    index, data = tf_checkpoint(TENSORS)
    with pytest.raises(BundleError, match="must be one of TensorFlow, whole"):
        read_checkpoint(index[:-cut], data)
    with pytest.raises(BundleError, match="its data are cut short, or in several files"):
        read_checkpoint(index, data[: -8 - cut])  # the last eight bytes are the step's


def test_a_compressed_block_is_refused() -> None:
    index, data = tf_checkpoint(TENSORS, n_blocks=1)
    end = index.index(bytes(5) + b"\0\0\0\0")  # of the first block
    for place in range(end, end + 5):
        changed = index[:place] + b"\1" + index[place + 1 :]
        if index[place : place + 1] == b"\0":
            try:
                read_checkpoint(changed, data)
            except BundleError:
                return
    pytest.fail("no byte that says how a block is compressed")


def test_other_files_are_refused() -> None:
    for junk in (b"", b"\0" * 100, bytes(range(256))):
        with pytest.raises(BundleError, match="its index is no table"):
            read_checkpoint(junk, b"")
