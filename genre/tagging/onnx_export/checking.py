"""An exported model beside the bundle it came from, on the same sounds."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from genre.audio.mel import log_mel
from genre.errors import BundleError
from genre.inference.bundle import Bundle
from genre.inference.runtime import import_runtime
from genre.inference.scoring import WindowNetwork, window_logits
from genre.json_files import parse_json

TOLERANCE = 1e-3
INT8_TOLERANCE = 2e-2
"""In whole numbers of 8 bits a window alone is rounded otherwise than among others."""


class OnnxModel:
    """An exported model, run by onnxruntime on the CPU.

    Parameters
    ----------
    model : bytes
        What an ``.onnx`` file of `to_onnx` holds.
    n_threads : int
        0 takes one per core.
    """

    def __init__(self, model: bytes, *, n_threads: int = 0) -> None:
        onnxruntime = import_runtime()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = n_threads
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        metadata = self._session.get_modelmeta().custom_metadata_map
        self.genres: tuple[str, ...] = tuple(parse_json(metadata["genres"]))
        self.sample_rate = int(metadata["sample_rate"])

    def scores(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score a sound.

        Parameters
        ----------
        samples : ndarray of shape (n_samples,), float32
            Mono, at `sample_rate`.

        Returns
        -------
        ndarray of shape (n_labels,), in [0, 1]
            In the order of `genres`.
        """
        scores: NDArray[np.float32] = self._session.run(["scores"], {"waveform": samples})[0]
        return scores


def largest_difference(
    model: bytes,
    bundle: Bundle,
    sounds: Iterable[NDArray[np.float32]],
    *,
    tolerance: float = TOLERANCE,
) -> float:
    """Compare the scores of an exported model with those of its bundle.

    Parameters
    ----------
    model : bytes
        From `to_onnx`.
    bundle : Bundle
        What it was exported from.
    sounds : iterable of ndarray of shape (n_samples,), float32
        Mono, at the bundle's sample rate; at least one.
    tolerance : float
        The largest difference that is due to rounding.

    Returns
    -------
    float
        The largest difference of a score.

    Raises
    ------
    BundleError
        Where it is above the tolerance: such a model must not be used.
    """
    exported = OnnxModel(model)
    network = bundle.network()
    differences = [
        np.abs(exported.scores(s) - _reference(bundle, network, s)).max() for s in sounds
    ]
    largest = float(max(differences))
    if not largest <= tolerance:
        raise BundleError(
            f"the exported model must score as the bundle does, within {tolerance}; the largest "
            f"difference is {largest:.2g}, and nothing was written"
        )
    return largest


def excerpts(
    samples: NDArray[np.float32], sample_rate: int, seconds: Sequence[float]
) -> list[NDArray[np.float32]]:
    """Cut the beginning of a sound to several lengths, and keep the whole.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,), float32
        The sound.
    sample_rate : int, in Hz
        Of the sound.
    seconds : sequence of float, in seconds
        Those that are longer than the sound are left out.

    Returns
    -------
    list of ndarray of shape (n_samples,), float32
        In the order of `seconds`, the whole last.

    Examples
    --------
    >>> [len(sound) for sound in excerpts(np.zeros(100, np.float32), 10, [0.5, 4.0, 60.0])]
    [5, 40, 100]
    """
    lengths = [round(length * sample_rate) for length in seconds]
    return [*(samples[:length] for length in lengths if length < len(samples)), samples]


def _reference(
    bundle: Bundle, network: WindowNetwork, samples: NDArray[np.float32]
) -> NDArray[np.float64]:
    mel = log_mel(samples, bundle.spectrogram.mel).astype(np.float16)
    windows = window_logits(network, [mel], bundle.windowing)
    scores: NDArray[np.float64] = bundle.rule.track_scores(windows)[0]
    return scores
