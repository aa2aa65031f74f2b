"""A trained network at work in onnxruntime: on the processor, without torch."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genre.errors import BundleError
from genre.execution import n_cores
from genre.execution.threads import map_in_threads
from genre.inference.network_file import check_network
from genre.inference.runtime import import_runtime
from genre.inference.scoring import Logits, Windows
from genre.inference.windowing import Windowing

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

INPUT, LOGITS, EMBEDDING = "windows", "logits", "embedding"
"""What a network's ONNX file calls its input and its two outputs."""
OPSET = 20
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
        Number of genres.
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
        self._standardisation = windowing.standardisation
        self._n_threads = n_threads or n_cores()
        shapes = {INPUT: (1, windowing.mel.n_mels, windowing.n_frames), LOGITS: (n_labels,)}
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

        def _score(windows: Windows) -> Logits:
            return self.logits(self._standardisation(windows))

        yield from map_in_threads(_score, batches, n_threads=self._n_threads)

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
        session = self._opening.result()
        try:
            (logits,) = session.run([LOGITS], {INPUT: windows})
        except Exception as error:  # onnxruntime's have no class in common
            if "alloc" in str(error):
                raise MemoryError(str(error)) from error
            raise BundleError(f"the network must be able to score windows: {error}") from error
        return np.asarray(logits, dtype=np.float32)


def _open(model: bytes, shapes: dict[str, tuple[int, ...]]) -> "InferenceSession":
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
        if tuple(given.get(name, [])[1:]) != shape or not _is_free(given[name][0]):
            raise BundleError(
                f"the network's {name} must be of shape (any number, "
                f"{', '.join(map(str, shape))}), as model.json says; they are "
                f"{given.get(name, 'absent')}"
            )
    return session


def _is_free(size: Any) -> bool:  # noqa: ANN401 - a name where it is free, else a number
    return not isinstance(size, int)
