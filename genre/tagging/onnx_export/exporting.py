"""From a bundle to an ONNX model: torch exports the network, `graph` has what is around it."""

import json
import logging
import typing
import warnings
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from genre.audio.mel import BLOCK_FRAMES
from genre.config import to_mapping
from genre.errors import BundleError, ConfigError
from genre.models.bundle import LICENCE_NOTE, Bundle
from genre.models.scoring import Windowing
from genre.tagging.onnx_export.spectrogram import BlockMel

if typing.TYPE_CHECKING:
    from genre.tagging.onnx_export.graph import Parts

FORMAT = 1


class _Window(nn.Module):
    """From a window as it is cut to logits."""

    def __init__(self, network: nn.Module, windowing: Windowing) -> None:
        super().__init__()
        self._network, self._windowing = network, windowing

    def forward(self, window: torch.Tensor) -> torch.Tensor:
        """Compute the logits of one window, of shape (window_frames, n_mels), in dB."""
        logits: torch.Tensor = self._network(self._windowing.standardisation(window[None]))
        return logits[0].float()


def need_onnx() -> None:
    """Make sure that the optional packages are there.

    Raises
    ------
    ConfigError
        Where they are not, with the command that installs them.
    """
    try:
        import onnx  # noqa: F401
        import onnxruntime  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            f"{error.name} must be installed to export to ONNX: pip install 'genre[onnx]'"
        ) from error


def to_onnx(bundle: Bundle) -> bytes:
    """Write a bundle as one ONNX model from a waveform to scores.

    It takes `waveform`, float32 of any length at the bundle's sample rate, and gives `scores`, one
    per genre, and `window_scores`. Its metadata hold all that is needed to use it.

    Parameters
    ----------
    bundle : Bundle
        What is written, from its front end to its thresholds.

    Returns
    -------
    bytes
        What an ``.onnx`` file holds.

    Raises
    ------
    ConfigError
        Where the optional packages are absent.
    BundleError
        Where the network, or the score rule, holds what ONNX has no word for.
    """
    need_onnx()
    from genre.tagging.onnx_export.graph import aggregation_nodes

    aggregation_nodes(bundle.rule.aggregation)  # a refusal shall not wait for torch
    return assemble(bundle, export_parts(bundle))


def export_parts(bundle: Bundle) -> "Parts":
    """Let torch export what is computed of a block of frames and of a window.

    Parameters
    ----------
    bundle : Bundle
        Its front end, standardisation and network.

    Raises
    ------
    ConfigError, BundleError
        As `to_onnx`.
    """
    need_onnx()
    from genre.tagging.onnx_export.graph import BLOCK, WINDOW, Parts

    mel, windowing = bundle.front_end.mel, bundle.windowing
    block = BlockMel(mel, BLOCK_FRAMES)
    window = _Window(bundle.network, windowing)
    return Parts(
        block=_exported(block, torch.zeros(block.n_samples), BLOCK),
        window=_exported(window, torch.zeros(windowing.n_frames, mel.n_mels), WINDOW),
        block_frames=BLOCK_FRAMES,
        block_samples=block.n_samples,
    )


def assemble(bundle: Bundle, parts: "Parts") -> bytes:
    """Put the graph around exported parts.

    Parameters
    ----------
    bundle : Bundle
        Its windows, score rule and thresholds.
    parts : Parts
        Of this bundle, or of one that differs in nothing but these.

    Returns
    -------
    bytes
        As `to_onnx`.
    """
    from genre.tagging.onnx_export.graph import compose_graph

    model = compose_graph(bundle, parts)
    for key, value in _metadata(bundle).items():
        model.metadata_props.add(key=key, value=value)
    serialised: bytes = model.SerializeToString()
    return serialised


def _exported(module: nn.Module, example: torch.Tensor, body: tuple[str, str, str]) -> Any:  # noqa: ANN401
    from genre.tagging.onnx_export.graph import OPSET

    # The exporter tells of libraries that are not there and of its own future.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                module.eval(),
                (example,),
                input_names=[body[1]],
                output_names=[body[2]],
                opset_version=OPSET,
                dynamo=True,
                verbose=False,
                custom_translation_table={
                    torch.ops.aten.adaptive_max_pool2d.default: _adaptive_max_pool2d
                },
            )
    except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
        reason = str(error).splitlines()[-1] if str(error) else type(error).__name__
        raise BundleError(f"the network cannot be written as ONNX: {reason}") from error
    if program is None:
        raise BundleError("the network cannot be written as ONNX: the exporter gave nothing")
    return program.model_proto


def _adaptive_max_pool2d(features: Any, output_size: Sequence[int]) -> tuple[Any, Any]:  # noqa: ANN401
    """Write in ONNX what torch's exporter has no words for: the maximum of a whole map."""
    from onnxscript import opset20

    if list(output_size) != [1, 1]:
        raise RuntimeError(f"adaptive_max_pool2d to {output_size} has no word in ONNX")
    maximum = opset20.GlobalMaxPool(features)
    return maximum, maximum  # nobody asks where the maximum was


def _metadata(bundle: Bundle) -> dict[str, str]:
    return {
        "format": str(FORMAT),
        "genres": json.dumps(bundle.genres, ensure_ascii=False),
        "thresholds": json.dumps(bundle.thresholds),
        "sample_rate": str(bundle.front_end.mel.sample_rate),
        "window_seconds": str(bundle.windows.window_seconds),
        "step_seconds": str(bundle.windows.step_seconds),
        "rule": json.dumps(to_mapping(bundle.rule)),
        "model": bundle.model_name,
        "provenance": json.dumps(dict(bundle.provenance), ensure_ascii=False),
        "licence_note": LICENCE_NOTE,
    }
