"""Tensors of a TensorFlow checkpoint (format V2), read without TensorFlow.

Its index is a table of LevelDB (doc/table_format.md there): blocks of keys that share prefixes,
each with a value; here names of tensors, and messages ``BundleEntryProto`` of
tensorflow/core/protobuf/tensor_bundle.proto. A second file holds the tensors one behind the other.
"""

import math
import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from genre.errors import BundleError

_MAGIC = 0xDB4775248B80FB57
_FOOTER_BYTES = 48
# Of a block: how it is compressed, and a checksum.
_TRAILER_BYTES = 5
_FLOAT = 1
# Fields of a BundleEntryProto, of its shape, and of a dimension of it.
_KIND, _SHAPE, _SHARD, _OFFSET, _SIZE = 1, 2, 3, 4, 5
_DIMENSION, _LENGTH = 2, 1

Message = dict[int, list[int | bytes]]


def read_checkpoint(index: bytes, data: bytes) -> dict[str, NDArray[np.float32]]:
    """Read the tensors of a checkpoint that is one file of data.

    Parameters
    ----------
    index : bytes
        Content of the file ``….index``.
    data : bytes
        Content of the file ``….data-00000-of-00001``.

    Returns
    -------
    dict of str to ndarray, float32
        By name; tensors of other types are left out.

    Raises
    ------
    BundleError
        Where the bytes are no such checkpoint.
    """
    try:
        entries = dict(_entries(index))
        entries.pop(b"", None)  # the header
        read = {name.decode(): _message(value) for name, value in entries.items()}
        return {
            name: _tensor(entry, data)
            for name, entry in read.items()
            if _one(entry, _KIND) == _FLOAT
        }
    except (IndexError, ValueError, struct.error, TypeError) as error:
        raise BundleError(f"the checkpoint must be one of TensorFlow, whole: {error}") from error


def _entries(index: bytes) -> Iterator[tuple[bytes, bytes]]:
    footer = index[-_FOOTER_BYTES:]
    if len(footer) < _FOOTER_BYTES or struct.unpack("<Q", footer[-8:]) != (_MAGIC,):
        raise ValueError("its index is no table")
    place = 0
    for _ in range(2):  # where the table of other things lies; not wanted
        _, place = _varint(footer, place)
    for _, handle in _block(index, *_handle(footer, place)):
        yield from _block(index, *_handle(handle, 0))


def _handle(raw: bytes, place: int) -> tuple[int, int]:
    offset, place = _varint(raw, place)
    size, _ = _varint(raw, place)
    return offset, size


def _block(index: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    block = index[offset : offset + size + _TRAILER_BYTES]
    if len(block) < size + _TRAILER_BYTES or block[size] != 0:
        raise ValueError("its index is cut short, or compressed")
    (n_restarts,) = struct.unpack_from("<I", block, size - 4)
    end = size - 4 - 4 * n_restarts
    place, key = 0, b""
    while place < end:
        shared, place = _varint(block, place)
        n_key, place = _varint(block, place)
        n_value, place = _varint(block, place)
        key = key[:shared] + block[place : place + n_key]
        place += n_key
        yield key, block[place : place + n_value]
        place += n_value


def _varint(raw: bytes, place: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, lowest first, and where the next thing begins."""
    value = shift = 0
    while True:
        byte = raw[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if not byte & 0x80:
            return value, place


def _message(raw: bytes) -> Message:
    """Read the fields of a message of Protocol Buffers, each as often as it is there."""
    fields: Message = {}
    place = 0
    while place < len(raw):
        tag, place = _varint(raw, place)
        value: int | bytes
        if tag & 7 == 0:
            value, place = _varint(raw, place)
        elif tag & 7 == 2:
            length, place = _varint(raw, place)
            value, place = raw[place : place + length], place + length
        elif tag & 7 == 5:
            value, place = raw[place : place + 4], place + 4
        else:
            raise ValueError(f"its index has a field of kind {tag & 7}")
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def _one(message: Message, field: int) -> int:
    value = message.get(field, [0])[-1]
    if not isinstance(value, int):
        raise ValueError(f"its index has no number in field {field}")
    return value


def _tensor(entry: Message, data: bytes) -> NDArray[np.float32]:
    shape = tuple(
        _one(_message(bytes(dimension)), _LENGTH)
        for outer in entry.get(_SHAPE, [])
        for dimension in _message(bytes(outer)).get(_DIMENSION, [])
    )
    offset, size = _one(entry, _OFFSET), _one(entry, _SIZE)
    if _one(entry, _SHARD) or offset + size > len(data) or size != 4 * math.prod(shape):
        raise ValueError("its data are cut short, or in several files")
    return np.frombuffer(data, "<f4", size // 4, offset).reshape(shape).astype(np.float32)
