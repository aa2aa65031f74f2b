"""Pre-trained networks as a source of features: an embedding for each window of a sound file.

`genre.dataset.features` keeps what it computes, in workers that know no torch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from genre.audio.frontend import FeatureStream
from genre.audio.rows import FrontEnd, RowStream
from genre.audio.sound import SoundFacts
from genre.audio.windows import WindowConfig
from genre.config import fingerprint
from genre.errors import BundleError
from genre.inference.bundle import DESCRIPTION_NAME, load_backbone
from genre.inference.network import Embeddings, OnnxNetwork

# To be raised when the same network begins to give other numbers.
EMBEDDINGS_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class EmbeddingSource:
    """What computes the embeddings of a sound file, as a store of features wants it.

    Parameters
    ----------
    folder : Path
        Where the pre-trained network lies.
    network_sha256 : str
        Of its `network.onnx`.
    features_fingerprint : str
        Sixteen hexadecimal digits that name the embeddings: front end, windows and network.
    n_columns : int
        Numbers of an embedding.
    front_end : FrontEndConfig or RowFrontEnd
        What it listens through.
    windows : WindowConfig
        What it listens to at a time.
    """

    folder: Path
    network_sha256: str
    features_fingerprint: str
    n_columns: int
    front_end: FrontEnd
    windows: WindowConfig

    @property
    def dtype(self) -> np.dtype[np.float32]:
        """What embeddings are kept as."""
        return np.dtype(np.float32)

    @property
    def max_bytes(self) -> int:
        """The largest sound file that is read, in bytes."""
        return self.front_end.decode.max_bytes

    def open(self, path: Path) -> "EmbeddingStream":
        """Open a sound file.

        Parameters
        ----------
        path : Path
            The file.

        Raises
        ------
        AudioError
            As `genre.audio.frontend.open_features`.
        BundleError
            Where the folder holds another network by now.
        """
        network = _ready(self.folder, self.network_sha256)
        return EmbeddingStream(self.front_end.open(path), network)


class EmbeddingStream:
    """A sound file on its way to embeddings, to be read once.

    Parameters
    ----------
    features : FeatureStream or RowStream
        Its log-mel.
    network : OnnxNetwork
        With embeddings.
    """

    def __init__(self, features: FeatureStream | RowStream, network: OnnxNetwork) -> None:
        self._features, self._network = features, network

    @property
    def facts(self) -> SoundFacts:
        """What was learned of the file; complete when all blocks have been read."""
        return self._features.facts

    def blocks(self) -> Iterator[Embeddings]:
        """Decode the file and listen to it; its log-mel is held as a whole.

        Yields
        ------
        ndarray of shape (n_windows, n_embedding), float32
            All windows of the file.
        """
        yield self._network.embed(np.concatenate(list(self._features.blocks())))


@dataclass(frozen=True, kw_only=True)
class _Identity:
    features: str
    windows: WindowConfig
    standardisation: str
    network_sha256: str
    version: int


def embedding_source(folder: Path) -> EmbeddingSource:
    """Look a pre-trained network up as a source of features.

    Parameters
    ----------
    folder : Path
        As `genre backbone add` wrote it.

    Raises
    ------
    BundleError
        As `genre.inference.load_backbone`; where the network cannot be used, too.
    """
    return _looked_up(folder, _stamp(folder))


def _stamp(folder: Path) -> int:
    path = folder / DESCRIPTION_NAME
    return path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=16)
def _looked_up(folder: Path, stamp: int) -> EmbeddingSource:  # noqa: ARG001 - of the file that is read
    bundle = load_backbone(folder)
    identity = _Identity(
        features=bundle.front_end.features_fingerprint,
        windows=bundle.windows,
        standardisation=fingerprint(bundle.standardisation),
        network_sha256=bundle.network_sha256,
        version=EMBEDDINGS_VERSION,
    )
    mel = bundle.front_end.mel
    silence = np.full((1, mel.n_mels), mel.silence, dtype=np.float16)
    return EmbeddingSource(
        folder=folder,
        network_sha256=bundle.network_sha256,
        features_fingerprint=fingerprint(identity),
        n_columns=bundle.network(n_threads=1).embed(silence).shape[1],
        front_end=bundle.front_end,
        windows=bundle.windows,
    )


# A worker meets one file after the other.
@lru_cache(maxsize=4)
def _ready(folder: Path, sha256: str) -> OnnxNetwork:
    bundle = load_backbone(folder)
    if bundle.network_sha256 != sha256:
        raise BundleError(f"{folder} must hold the network that it held when this began")
    return bundle.network(n_threads=1)
