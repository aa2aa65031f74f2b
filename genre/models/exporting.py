"""A trained network as ONNX: what `genre.inference` runs, checked against torch."""

import io
import logging
import warnings
from collections.abc import Iterable

import numpy as np
import torch
from torch import nn

from genre.errors import BundleError
from genre.inference.network import EMBEDDING, INPUT, LOGITS, OPSET
from genre.inference.scoring import WindowNetwork, Windows
from genre.models.folding import folded

TOLERANCE = 1e-4
"""By how much a logit may differ from torch's, and as much again for each ten that it is high."""


class _WithEmbedding(nn.Module):
    """A network that also gives what flows into its part named ``head``."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._network = network

    def forward(self, windows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Compute logits and embedding of standardised windows."""
        head = dict(self._network.named_children()).get("head")
        seen: list[torch.Tensor] = []
        if head is None:  # nothing to be known but what it says
            logits = self._network(windows)
            return logits, logits
        handle = head.register_forward_pre_hook(lambda _, values: seen.append(values[0]))
        try:
            logits = self._network(windows)
        finally:
            handle.remove()
        return logits, seen[0].flatten(1)


def export_network(network: nn.Module, *, n_mels: int, n_frames: int) -> bytes:
    """Write a network as ONNX, from any number of standardised windows to logits and embedding.

    Parameters
    ----------
    network : Module
        Takes (batch, 1, n_mels, n_frames), gives (batch, n_labels); stays as it is.
    n_mels : int
        Bands of a window.
    n_frames : int
        Frames of a window.

    Returns
    -------
    bytes
        The file: input `windows`; outputs `logits` and `embedding`, the input of the network's part
        named ``head`` (or the logits where it has none), of shape (n_windows, n_features).

    Raises
    ------
    BundleError
        Where the network holds what ONNX has no word for.
    """
    # A copy, as the exporter counts on plain contiguous weights.
    module = _WithEmbedding(folded(network)).cpu()
    file = io.BytesIO()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the exporter's own future
            # By tracing: a twentieth of the time of the exporter by torch.export.
            torch.onnx.export(
                module.eval(),
                (torch.zeros(2, 1, n_mels, n_frames),),
                file,  # type: ignore[arg-type]  # the stub speaks of the other exporter
                input_names=[INPUT],
                output_names=[LOGITS, EMBEDDING],
                dynamic_axes={name: {0: "n_windows"} for name in (INPUT, LOGITS, EMBEDDING)},
                opset_version=OPSET,
                dynamo=False,
            )
    except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BundleError(f"the network cannot be written as ONNX: {reason}") from error
    return file.getvalue()


def largest_difference(
    exported: WindowNetwork, network: WindowNetwork, windows: Iterable[Windows]
) -> float:
    """Compare an exported network with the one it was made of.

    Parameters
    ----------
    exported, network : WindowNetwork
        Both.
    windows : iterable of ndarray of shape (n_windows, window_frames, n_mels), in dB
        Batches of different sizes; at least one.

    Returns
    -------
    float
        The largest difference of a logit.

    Raises
    ------
    BundleError
        Where it is above `TOLERANCE`: such a network must not be used.
    """
    batches = list(windows)
    pairs = zip(exported.over(batches), network.over(batches), strict=True)
    ours, theirs = (np.concatenate(each) for each in zip(*pairs, strict=True))
    differences = np.abs(ours - theirs)
    largest = float(differences.max())
    if not (differences <= TOLERANCE * (1 + np.abs(theirs) / 10)).all():
        raise BundleError(
            f"the network as ONNX must give torch's logits within {TOLERANCE:g}; the largest "
            f"difference is {largest:.2g}"
        )
    return largest
