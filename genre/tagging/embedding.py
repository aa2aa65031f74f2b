"""What a network hears in tracks, as numbers: for likeness, maps, and models on top."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre.addresses import Place, place
from genre.audio.frontend import Extracted, extract
from genre.audio.windows import flags_of
from genre.errors import AudioError, AudioErrorKind
from genre.execution import ExecutionConfig, Outcome
from genre.inference.bundle import Bundle
from genre.remote.sound import at_hand
from genre.tagging.many import each_file
from genre.wording import shown


@dataclass(frozen=True, kw_only=True, eq=False)
class TrackEmbedding:
    """A track as a network hears it.

    Parameters
    ----------
    path : Path or Address
        The file, as it was asked for.
    windows : ndarray of shape (n_windows, n_embedding), float32
        The last hidden layer for every window, in the order of time.
    starts_seconds : ndarray of shape (n_windows,), in seconds
        Where each window begins.
    duration_seconds : float
        Of the audio that was decoded.
    flags : tuple of str
        What the intake noticed, as of `genre.tagging.tagger.TrackTags`.
    """

    path: Place
    windows: NDArray[np.float32]
    starts_seconds: NDArray[np.float64]
    duration_seconds: float
    flags: tuple[str, ...]

    @property
    def track(self) -> NDArray[np.float32]:
        """The mean of its windows, of shape (n_embedding,)."""
        return np.asarray(self.windows.mean(axis=0))


class Embedder:
    """A loaded bundle or backbone, which embeds files: `embed` one, `embed_many` in parallel.

    Parameters
    ----------
    bundle : Bundle
        From `load_bundle` or `load_backbone`, with its network as ONNX.

    Raises
    ------
    BundleError
        Where it has none.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._network = bundle.network()

    def embed(self, path: Place | str) -> TrackEmbedding:
        """Embed one file.

        Parameters
        ----------
        path : Path, Address or str
            Any audio file the front end reads.

        Raises
        ------
        AudioError
            Where the file cannot be decoded; its `kind` says why.
        """
        with at_hand(place(path), max_bytes=self.bundle.front_end.max_bytes) as sound:
            return self.embed_features(place(path), extract(sound.path, self.bundle.front_end))

    def embed_many(
        self,
        paths: Iterable[Place | str],
        *,
        execution: ExecutionConfig | None = None,
        progress: bool = False,
    ) -> Generator[Outcome[Place, TrackEmbedding]]:
        """Embed files in parallel, as `genre.tagging.tagger.Tagger.tag_many` tags them.

        Parameters
        ----------
        paths : iterable of Path, Address or str
            Any audio files.
        execution : ExecutionConfig, optional
            The workers and their limits; the default ones if None.
        progress : bool
            Show a bar with the rate and the time left, once two seconds have passed.

        Yields
        ------
        Outcome of Place and TrackEmbedding
            One per path, in their order.
        """
        yield from each_file(
            paths,
            self.bundle.front_end,
            lambda path, read: self.embed_features(path, read.extracted),
            execution=execution,
            progress=progress,
            what="embedding",
        )

    def embed_features(self, path: Place, extracted: Extracted) -> TrackEmbedding:
        """Embed a file that has been through the front end already.

        Parameters
        ----------
        path : Path or Address
            Only named in the result.
        extracted : Extracted
            What `genre.audio.frontend.extract` made of it with the bundle's settings.

        Raises
        ------
        AudioError
            Where there is not enough memory.
        """
        try:
            windows = self._network.embed(extracted.mel)
        except MemoryError as error:
            message = f"{shown(path)} must be embedded with the memory there is"
            raise AudioError(AudioErrorKind.CRASHED, message) from error
        return TrackEmbedding(
            path=path,
            windows=windows,
            starts_seconds=self.bundle.starts_seconds(extracted),
            duration_seconds=extracted.facts.duration_seconds,
            flags=flags_of(extracted.facts, self.bundle.windows, self.bundle.front_end.grain),
        )
