"""A bundle written to disk; `bundle` reads it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from genre.atomic import replace_folder
from genre.errors import BundleError
from genre.inference.bundle import (
    DESCRIPTION_NAME,
    LICENCE_NAME,
    NETWORK_NAME,
    WEIGHTS_NAME,
    Bundle,
)
from genre.inference.description import described
from genre.inference.pretrained import licence_note

LICENCE_NOTE = (
    "The weights were learned from the audio named by data_hash; whether they may be passed on "
    "depends on the licences of that audio."
)


def describe_bundle(bundle: Bundle, weights: bytes | None = None) -> dict[str, Any]:
    """Write what stands in a bundle's `model.json`.

    Parameters
    ----------
    bundle : Bundle
        With a network as ONNX.
    weights : bytes or None
        Of `model.safetensors`; None where there is no such file.
    """
    hashes = {"network_sha256": bundle.network_sha256}
    if weights is not None:
        hashes["weights_sha256"] = hashlib.sha256(weights).hexdigest()
    return described(bundle) | hashes | {"licence_note": note_of(bundle)}


def note_of(bundle: Bundle) -> str:
    """Name the licences that a bundle's weights stand on.

    Parameters
    ----------
    bundle : Bundle
        What was learned here has a provenance.
    """
    own = LICENCE_NOTE if bundle.provenance or not bundle.backbones else ""
    return f"{own} {licence_note(bundle.backbones)}".strip()


def write_bundle(bundle: Bundle, folder: Path, weights: bytes | None = None) -> None:
    """Write a bundle; a folder of that name is replaced once the new one is whole.

    Parameters
    ----------
    bundle : Bundle
        With a network as ONNX.
    folder : Path
        Where; its parent is made where it is missing.
    weights : bytes or None
        Of `model.safetensors`, which torch reads; None where a network is not torch's.
    """
    onnx = bundle.network_onnx
    if onnx is None:
        raise BundleError("a bundle must have its network as ONNX")
    text = json.dumps(describe_bundle(bundle, weights), indent=2, ensure_ascii=False) + "\n"

    def _fill(target: Path) -> None:
        if weights is not None:
            (target / WEIGHTS_NAME).write_bytes(weights)
        (target / NETWORK_NAME).write_bytes(onnx)
        (target / DESCRIPTION_NAME).write_text(text, encoding="utf-8")
        if bundle.licence_text:
            (target / LICENCE_NAME).write_text(bundle.licence_text, encoding="utf-8", newline="\n")

    replace_folder(folder, _fill)
