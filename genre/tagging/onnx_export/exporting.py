"""From a bundle to an ONNX model: its network, and `graph` around it."""

import json
from collections.abc import Mapping

from genre.config import to_mapping
from genre.extras import need
from genre.inference.bundle import Bundle
from genre.inference.writing import note_of

FORMAT = 1


def to_onnx(
    bundle: Bundle, *, network: bytes | None = None, notes: Mapping[str, str] | None = None
) -> bytes:
    """Write a bundle as one ONNX model from a waveform to scores.

    It takes `waveform`, float32 of any length at the bundle's sample rate, and gives `scores`, one
    per genre, `window_scores`, and `log_mel`, the track's spectrogram in dB. Its metadata hold all
    that is needed to use it, and the SHA-256 of the bundle's network.

    Parameters
    ----------
    bundle : Bundle
        What is written, from its front end to its thresholds.
    network : bytes, optional
        Another form of the bundle's network; None takes the bundle's own.
    notes : mapping of str to str, optional
        Further metadata.

    Returns
    -------
    bytes
        What an ``.onnx`` file holds.

    Raises
    ------
    MissingPackageError
        Where `onnx` is absent.
    BundleError
        Where the bundle has no network in ONNX that can be used, or a score rule that ONNX has no
        word for.
    """
    need("onnx")
    from genre.tagging.onnx_export.graph import compose_graph
    from genre.tagging.onnx_export.network import logits_network

    bundle.network().wait()  # which says what is wrong with it
    own = bundle.network_onnx or b""
    model = compose_graph(bundle, logits_network(network or own))
    metadata = {
        **_metadata(bundle),
        "network_sha256": bundle.network_sha256,
        **(notes or {}),
    }
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=value)
    serialised: bytes = model.SerializeToString()
    return serialised


def _metadata(bundle: Bundle) -> dict[str, str]:
    return {
        "format": str(FORMAT),
        "genres": json.dumps(bundle.genres, ensure_ascii=False),
        "thresholds": json.dumps(bundle.thresholds),
        "sample_rate": str(bundle.spectrogram.mel.sample_rate),
        "window_seconds": str(bundle.windows.window_seconds),
        "step_seconds": str(bundle.windows.step_seconds),
        "rule": json.dumps(to_mapping(bundle.rule)),
        "model": bundle.model_name,
        "provenance": json.dumps(dict(bundle.provenance), ensure_ascii=False),
        "licence_note": note_of(bundle),
        "licence_text": bundle.licence_text,
    }
