"""`genre export --upgrade`: a bundle of an older version gets its network as ONNX."""

import json
from pathlib import Path

from genre.atomic import atomic_file, ensure_writable, write_text
from genre.audio.mel import log_mel
from genre.cli.export_sounds import synthesised
from genre.cli.tag_output import name_of
from genre.inference.bundle import (
    DESCRIPTION_NAME,
    NETWORK_NAME,
    WEIGHTS_NAME,
    load_bundle,
)
from genre.inference.description import FORMAT
from genre.inference.scoring import in_batches
from genre.inference.writing import describe_bundle


def upgrade(folder: Path, out: Path | None) -> None:
    """Write a bundle in the format of today.

    In place, what else lies in the folder stays, and so do the weights; the description is written
    last, so that the bundle can be used at any moment.

    Parameters
    ----------
    folder : Path
        The bundle.
    out : Path or None
        The folder to write; None writes into the bundle's own.

    Raises
    ------
    GenreError
        Where the bundle cannot be used, or its network has no words in ONNX.
    """
    bundle = load_bundle(folder)
    if bundle.network_onnx is not None and out is None:
        print(f"bundle: {name_of(folder)} is of format {FORMAT} already")
        return
    # Torch takes seconds to import.
    from genre.models import TorchNetwork, load_network, save_bundle, with_network
    from genre.models.exporting import largest_difference

    network = load_network(bundle, folder)
    upgraded = with_network(bundle, network)
    mel = log_mel(synthesised(bundle.spectrogram.mel.sample_rate), bundle.spectrogram.mel)
    windows = list(bundle.windowing.views(mel))
    batches = [*in_batches(windows[:1], 1), *in_batches(windows[1:], 4)]
    ours = TorchNetwork(network, bundle.standardisation)
    difference = largest_difference(upgraded.network(), ours, batches)
    print(f"largest difference of logits: {difference:.2g}, over {len(windows)} windows")
    ensure_writable(out or folder, option="out")
    if out is not None:
        save_bundle(upgraded, network, out)
    else:
        weights = (folder / WEIGHTS_NAME).read_bytes()
        description = json.dumps(describe_bundle(upgraded, weights), indent=2, ensure_ascii=False)
        with atomic_file(folder / NETWORK_NAME) as file:
            file.write(upgraded.network_onnx or b"")
        write_text(folder / DESCRIPTION_NAME, description + "\n")
    print(f"bundle: {name_of(out or folder)} (format {FORMAT})")
