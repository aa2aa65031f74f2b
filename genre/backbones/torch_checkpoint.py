"""Tensors of a checkpoint of PyTorch (a zip since 1.6), read without PyTorch.

The outline of such a file is a pickle, and a pickle may ask for any function of any package. Here
it gets seven: what rebuilds tensors, and stand-ins for numbers of NumPy.
"""

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.errors import BundleError

_MAX_BYTES = 2**30


def read_checkpoint(raw: bytes) -> dict[str, NDArray[np.float32]]:
    """Read the tensors of a checkpoint: a dictionary of names, or a sequence that begins with one.

    Parameters
    ----------
    raw : bytes
        Content of the file ``….pth``.

    Returns
    -------
    dict of str to ndarray, float32
        By name; whole numbers are left out.

    Raises
    ------
    BundleError
        Where the bytes are no such checkpoint, or it asks for anything else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            read = _Unpickler(archive).load()
    except (zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError) as error:
        raise BundleError(f"the checkpoint must be one of PyTorch, whole: {error}") from error
    except (pickle.UnpicklingError, EOFError, StopIteration) as error:
        raise BundleError(f"the checkpoint must hold nothing but tensors: {error}") from error
    named = read[0] if isinstance(read, list | tuple) and read else read
    if not isinstance(named, dict):
        raise BundleError("the checkpoint must hold tensors by their names")
    return {
        str(name): value
        for name, value in named.items()
        if isinstance(value, np.ndarray) and value.dtype == np.float32
    }


class _Unpickler(pickle.Unpickler):
    """Builds arrays where torch would build tensors, and knows no other names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        (outline,) = (info for info in archive.infolist() if info.filename.endswith("/data.pkl"))
        self._archive = archive
        self._folder = outline.filename.removesuffix("data.pkl")
        super().__init__(io.BytesIO(_member(archive, outline)))

    def find_class(self, module: str, name: str) -> Callable[..., Any]:
        """Find what the pickle asks for among what it may have."""
        known: dict[tuple[str, str], Callable[..., Any]] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _rebuilt,
            ("torch", "FloatStorage"): _FloatStorage,
            ("torch", "LongStorage"): _LongStorage,
            ("numpy", "dtype"): _StandIn,
            ("numpy.core.multiarray", "scalar"): _StandIn,
            ("_codecs", "encode"): _StandIn,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return known[module, name]

    def persistent_load(self, pid: Any) -> NDArray[Any]:  # noqa: ANN401 - from the pickle
        """Read the numbers that a tensor lies in."""
        kind, storage, key, _, size = pid
        info = self._archive.getinfo(f"{self._folder}data/{key}")
        values = np.frombuffer(_member(self._archive, info), storage.dtype)
        if kind != "storage" or len(values) != size:
            raise ValueError(f"it has {len(values)} numbers in place of {size}")
        return values


class _FloatStorage:
    dtype = "<f4"


class _LongStorage:
    dtype = "<i8"


class _StandIn:
    """What nothing is done with."""

    def __init__(self, *_: object) -> None:
        pass

    def __setstate__(self, _: object) -> None:
        pass


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > _MAX_BYTES:
        raise ValueError(f"{info.filename} must have at most {_MAX_BYTES // 2**20} MB")
    return archive.read(info)


def _rebuilt(
    values: NDArray[Any],
    offset: int,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    *_: object,
) -> NDArray[Any]:
    """Look at some numbers as a tensor; only tensors without gaps are known."""
    n_values = int(np.prod(shape, dtype=np.int64))
    dense = tuple(int(np.prod(shape[place + 1 :], dtype=np.int64)) for place in range(len(shape)))
    if tuple(strides) != dense or offset < 0 or offset + n_values > len(values):
        raise ValueError(f"a tensor of shape {shape} lies otherwise than in one piece")
    return values[offset : offset + n_values].reshape(shape)
