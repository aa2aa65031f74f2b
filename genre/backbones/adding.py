"""A published network becomes a bundle of our own form, checked before it is kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from genre.atomic import ensure_writable
from genre.audio.windows import window_frames
from genre.backbones.bundling import bundle_of
from genre.backbones.catalogue import Offer, Tensors
from genre.backbones.fetching import fetch
from genre.errors import BundleError
from genre.extras import need
from genre.inference.bundle import Bundle
from genre.inference.pretrained import Pretrained, licence_note
from genre.inference.writing import write_bundle

TOLERANCE = 1e-4
"""By how much the network as ONNX may differ from plain numpy, in embedding and logits."""
_N_CHECKED = 2


def add_offer(
    offer: Offer,
    folder: Path,
    *,
    get: Callable[[Pretrained, Sequence[str]], list[bytes]] = fetch,
) -> Bundle:
    """Fetch a network of the catalogue, convert it, check it and keep it.

    Parameters
    ----------
    offer : Offer
        What is wanted.
    folder : Path
        The backbone's own, such as models/backbones/musicnn; one that is there is replaced.
    get : callable of Pretrained and sequence of str
        Gets the files; from the package index by default.

    Returns
    -------
    Bundle
        As it was written.

    Raises
    ------
    MissingPackageError
        Where `onnx` is not installed.
    BundleError
        Where it cannot be had, or does not compute what its checkpoint says.
    """
    need("onnx")
    ensure_writable(folder.parent, option="backbones")
    *files, licence = get(offer.origin, (*offer.members, offer.licence_file))
    tensors = offer.read(*files)
    bundle = replace(convert(offer, tensors), licence_text=_licence(offer.origin, licence))
    check(bundle, offer, tensors)
    write_bundle(bundle, folder)
    return bundle


def _licence(origin: Pretrained, text: bytes) -> str:
    """Put whose licence it is above its text, so that several can stand in one file."""
    lines = text.decode("utf-8", "replace").splitlines()
    return "\n".join([licence_note([origin]), "", *lines]).rstrip() + "\n"


def convert(offer: Offer, tensors: Tensors) -> Bundle:
    """Make a bundle of a network's tensors.

    Parameters
    ----------
    offer : Offer
        What they belong to.
    tensors : mapping of str to ndarray
        From its checkpoint.
    """
    mel = offer.front_end.mel
    network = offer.write_network(
        tensors, n_mels=mel.n_mels, n_frames=window_frames(offer.windows, mel)
    )
    return bundle_of(
        network,
        offer.origin,
        classes=offer.classes,
        front_end=offer.front_end,
        windows=offer.windows,
    )


def check(bundle: Bundle, offer: Offer, tensors: Tensors) -> float:
    """Hold a converted network against values computed from its checkpoint by plain numpy.

    Parameters
    ----------
    bundle : Bundle
        From `convert`.
    offer : Offer
        Likewise.
    tensors : mapping of str to ndarray
        Likewise.

    Returns
    -------
    float
        The largest difference.

    Raises
    ------
    BundleError
        Where it is above `TOLERANCE`.
    """
    network, windowing = bundle.network(n_threads=1), bundle.windowing
    rng = np.random.default_rng(0)
    shape = (_N_CHECKED, windowing.n_frames, windowing.mel.n_mels)
    # Of the size that log10(1 + c x) of music has.
    windows = rng.uniform(0.0, 3.0, shape).astype(np.float32)
    (found,) = network.embeddings([windows])
    (scored,) = network.over([windows]) if bundle.genres else [None]
    differences = []
    for number, window in enumerate(windows):
        embedding, logits = offer.compute(tensors, window.T)
        differences.append(found[number] - embedding)
        if scored is not None and logits is not None:
            differences.append(scored[number] - logits)
    largest = float(np.abs(np.concatenate(differences)).max())
    if not largest <= TOLERANCE:
        raise BundleError(
            f"{offer.origin.name} as ONNX must compute what its checkpoint says, to within "
            f"{TOLERANCE:g}; here it differs by {largest:.2g}, and is not kept"
        )
    return largest
