"""The pre-trained networks that packages bring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.backbones import aisfx, musicnn, tf_checkpoint, torch_checkpoint
from genre.inference.pretrained import Pretrained

Tensors = Mapping[str, NDArray[np.float32]]
Floats = NDArray[np.float64]


class WriteNetwork(Protocol):
    """Writes a network as ONNX."""

    def __call__(self, tensors: Tensors, *, n_mels: int, n_frames: int) -> bytes:
        """Write it for windows of a size."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A network that can be had.

    Parameters
    ----------
    origin : Pretrained
        Its name, the package and version that hold it, and its licence.
    about : str
        What it was trained for, in a few words.
    download_mb : int, in MB
        Size of the package.
    members : tuple of str
        Files of its wheel that hold the network.
    licence_file : str
        The one that holds the text of its licence.
    read : callable of bytes, one for each member
        Reads the tensors.
    write_network : WriteNetwork
        Writes the network.
    compute : callable of tensors and ndarray of shape (n_mels, n_frames)
        Computes embedding and logits of a window in plain numpy.
    front_end : FrontEndConfig
        How it was trained to hear.
    windows : WindowConfig
        Likewise.
    classes : tuple of str
        What its logits stand for; none where it has embeddings alone.
    """

    origin: Pretrained
    about: str
    download_mb: int
    members: tuple[str, ...]
    licence_file: str
    read: Callable[..., Tensors]
    write_network: WriteNetwork
    compute: Callable[
        [Tensors, NDArray[Any]], tuple[NDArray[np.float64], NDArray[np.float64] | None]
    ]
    front_end: FrontEndConfig
    windows: WindowConfig
    classes: tuple[str, ...] = ()


_OFFERS = (
    Offer(
        origin=Pretrained(
            name="musicnn",
            source="musicnn",
            version="0.1.0",
            sha256="f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa",
            licence="ISC",
            attribution="Jordi Pons, Music Technology Group, Universitat Pompeu Fabra (2019)",
        ),
        about="50 tags of the Million Song Dataset",
        download_mb=29,
        members=(
            "musicnn/MSD_musicnn/.index",
            "musicnn/MSD_musicnn/.data-00000-of-00001",
        ),
        licence_file="musicnn-0.1.0.dist-info/LICENSE.md",
        read=tf_checkpoint.read_checkpoint,
        write_network=musicnn.write_network,
        compute=musicnn.compute,
        front_end=musicnn.FRONT_END,
        windows=musicnn.WINDOWS,
        classes=musicnn.TAGS,
    ),
    Offer(
        origin=Pretrained(
            name="aisfx",
            source="aisfx",
            version="0.1.2",
            sha256="bfe219950715af179e9a1653e7117cc1852baef267cd6596c42cad74afe1d194",
            licence="CC BY 4.0",
            attribution=(
                "Alison B. Ma and Alexander Lerch, Representation Learning for the Automatic "
                "Indexing of Sound Effects Libraries (ISMIR 2022); converted to ONNX"
            ),
        ),
        about="sound effects; embeddings, no tags",
        download_mb=23,
        members=("aisfx/models/checkpoint.pth",),
        licence_file="aisfx-0.1.2.dist-info/licenses/LICENSE",
        read=torch_checkpoint.read_checkpoint,
        write_network=aisfx.write_network,
        compute=aisfx.compute,
        front_end=aisfx.FRONT_END,
        windows=aisfx.WINDOWS,
    ),
)
OFFERS: dict[str, Offer] = {offer.origin.name: offer for offer in _OFFERS}
"""By name."""
