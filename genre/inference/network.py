"""A trained network at work in onnxruntime: on the processor, without torch."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genre.errors import BundleError
from genre.execution import n_cores
from genre.execution.threads import map_in_threads
from genre.inference.network_file import check_network
from genre.inference.runtime import import_runtime
from genre.inference.scoring import Logits, Windows, in_batches
from genre.inference.windowing import Windowing

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

INPUT, LOGITS, EMBEDDING = "windows", "logits", "embedding"
"""What a network's ONNX file calls its input and its two outputs."""
OPSET = 20
Embeddings = NDArray[np.float32]
Shapes = dict[str, tuple[int | None, ...]]
# Small batches are not slower on a processor, and need less memory.
_BATCH = 8


class OnnxNetwork:
    """A network from `network.onnx`, each batch on one thread of its own.

    The runtime is imported and set up in the background, so that files can be read meanwhile; what
    is wrong with the network is told by the first use, or by `wait`.

    Parameters
    ----------
    model : bytes
        The file.
    windowing : Windowing
        How tracks become its windows.
    n_labels : int
        Number of genres; with 0 it has embeddings alone, and no logits.
    n_threads : int
        Batches scored together; 0 takes one per core.

    Raises
    ------
    BundleError
        Where the file holds what no network needs.
    """

    device = "cpu"
    batch_size = _BATCH

    def __init__(
        self, model: bytes, windowing: Windowing, *, n_labels: int, n_threads: int = 0
    ) -> None:
        check_network(model)
        self._windowing = windowing
        self._n_threads = n_threads or n_cores()
        shapes: Shapes = {INPUT: (1, windowing.mel.n_mels, windowing.n_frames)}
        shapes |= {LOGITS: (n_labels,)} if n_labels else {EMBEDDING: (None,)}
        background = ThreadPoolExecutor(1, thread_name_prefix="onnxruntime")
        self._opening = background.submit(_open, model, shapes)
        background.shutdown(wait=False)

    def wait(self) -> None:
        """Return once the network can be used.

        Raises
        ------
        BundleError
            Where onnxruntime cannot use the network, or it does not fit the bundle.
        """
        self._opening.result()

    def over(self, batches: Iterable[Windows]) -> Iterator[Logits]:
        """Score batches of windows; see `genre.inference.scoring.WindowNetwork`."""
        yield from self._each(LOGITS, batches)

    def embeddings(self, batches: Iterable[Windows]) -> Iterator[Embeddings]:
        """Find what the last hidden layer says of windows.

        Parameters
        ----------
        batches : iterable of ndarray of shape (n_windows, window_frames, n_mels), in dB
            As `over` takes them.

        Yields
        ------
        ndarray of shape (n_windows, n_embedding), float32
            The embeddings of each batch, in order.

        Raises
        ------
        BundleError
            As `wait`; also where the network has none.
        MemoryError
            Where there is not enough.
        """
        yield from self._each(EMBEDDING, batches)

    def embed(self, mel: Windows) -> Embeddings:
        """Find the embedding of each window of a track.

        Parameters
        ----------
        mel : ndarray of shape (n_frames, n_mels), in dB
            The whole track, from `genre.audio.frontend.extract` with the bundle's front end.

        Returns
        -------
        ndarray of shape (n_windows, n_embedding), float32
            In the order of `Windowing.starts_seconds`.

        Raises
        ------
        BundleError, MemoryError
            As `embeddings`.
        """
        batches = in_batches(self._windowing.views(mel), self.batch_size)
        return np.concatenate(list(self.embeddings(batches)))

    def logits(self, windows: NDArray[np.float32]) -> Logits:
        """Score one batch on the calling thread.

        Parameters
        ----------
        windows : ndarray of shape (n_windows, 1, n_mels, window_frames), float32
            Standardised.

        Returns
        -------
        ndarray of shape (n_windows, n_labels), float32

        Raises
        ------
        BundleError
            As `wait`.
        MemoryError
            Where there is not enough.
        """
        return self._run(LOGITS, windows)

    def _each(self, output: str, batches: Iterable[Windows]) -> Iterator[NDArray[np.float32]]:
        def _found(windows: Windows) -> NDArray[np.float32]:
            return self._run(output, self._windowing.standardisation(windows))

        yield from map_in_threads(_found, batches, n_threads=self._n_threads)

    def _run(self, output: str, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        session = self._opening.result()
        try:
            (found,) = session.run([output], {INPUT: windows})
        except Exception as error:  # onnxruntime's have no class in common
            if "alloc" in str(error):
                raise MemoryError(str(error)) from error
            raise BundleError(f"the network must be able to score windows: {error}") from error
        return np.asarray(found, dtype=np.float32)


def _open(model: bytes, shapes: Shapes) -> "InferenceSession":
    onnxruntime = import_runtime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # they have no class in common
        raise BundleError(f"the network must be one that onnxruntime can use: {error}") from error
    given = {value.name: value.shape for value in (*session.get_inputs(), *session.get_outputs())}
    for name, shape in shapes.items():
        found = given.get(name) or []
        if not (len(found) == len(shape) + 1 and _is_free(found[0]) and _fits(found[1:], shape)):
            wanted = ", ".join("any number" if size is None else str(size) for size in shape)
            raise BundleError(
                f"the network's {name} must be of shape (any number, {wanted}), as model.json "
                f"says; they are {given.get(name, 'absent')}"
            )
    return session


def _fits(found: Sequence[Any], shape: Sequence[int | None]) -> bool:
    pairs = zip(found, shape, strict=True)
    return all(size == wanted or wanted is None for size, wanted in pairs)


def _is_free(size: Any) -> bool:  # noqa: ANN401 - a name where it is free, else a number
    return not isinstance(size, int)
