"""A model of `transformers` becomes a bundle of our own form, checked before it is kept."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genre.atomic import ensure_writable
from genre.audio.decoder import DecodeConfig
from genre.audio.rows import RowFrontEnd, RowPart
from genre.audio.windows import WindowConfig
from genre.backbones.bundling import bundle_of
from genre.backbones.hf.folder import ModelFolder
from genre.errors import BundleError, ConfigError
from genre.inference.bundle import Bundle
from genre.inference.exclusive import against_the_rest
from genre.inference.writing import write_bundle
from genre.wording import shown

if TYPE_CHECKING:
    from genre.backbones.hf.network import Model

TOLERANCE = 1e-4
"""By how much the network as ONNX may differ from `transformers`, as a share of the largest value
of embeddings or logits."""

Floats = NDArray[np.float32]


def add_model(
    read: ModelFolder, folder: Path, *, name: str, window_seconds: float | None = None
) -> Bundle:
    """Take in an audio model of Hugging Face `transformers`.

    Its embedding is what its classifier takes; without one, its own pooled output or the mean of
    its last layer over time. Its logits are those of its classifier; where its classes exclude each
    other, they are brought to the form whose sigmoid is the softmax.

    Parameters
    ----------
    read : ModelFolder
        From `read_folder`.
    folder : Path
        The backbone's own; one that is there is replaced.
    name : str
        What it is called from now on.
    window_seconds : float, in seconds, optional
        How long it listens at a time, every half of that; by default what it was made for, or 5.

    Returns
    -------
    Bundle
        As it was written.

    Raises
    ------
    BundleError, ConfigError
        Where something does not fit, or the network as ONNX does not compute what `transformers`
        does.
    """
    classes = read.classes
    ensure_writable(folder.parent, option="backbones")
    from genre.backbones.hf.network import load_model

    model = load_model(read)
    front_end = _front_end(model, window_seconds)
    bundle = bundle_of(
        model.exported(front_end.n_columns),
        read.origin(name),
        classes=classes,
        front_end=front_end,
        windows=front_end.windows,
    )
    made_of = {
        "model_type": read.model_type,
        "architecture": read.architecture,
        "largest_difference": check(bundle, model),
    }
    bundle = replace(bundle, model_config=made_of)
    write_bundle(bundle, folder)
    return bundle


def check(bundle: Bundle, model: "Model") -> float:
    """Hold a network as ONNX against the model that it was made of.

    Parameters
    ----------
    bundle : Bundle
        With the network.
    model : Model
        Computes through its own feature extractor.

    Returns
    -------
    float
        The largest difference, as a share of the largest value.

    Raises
    ------
    BundleError
        Where it is above `TOLERANCE`.
    """
    network = bundle.network(n_threads=1)
    sounds = _sounds(bundle.front_end.mel.n_mels, model.sample_rate)
    batches = [sounds[:1, None], sounds[1:, None]]  # (n_windows, 1, n_samples)
    embedding, logits = model.compute(sounds)
    differences = [_difference(np.concatenate(list(network.embeddings(batches))), embedding)]
    if logits is not None:
        wanted = against_the_rest(logits) if model.folder.has_one_label else logits
        differences.append(_difference(np.concatenate(list(network.over(batches))), wanted))
    largest = float(np.max(differences))  # NaN where one of them is
    if not largest <= TOLERANCE:
        raise BundleError(
            f"{shown(model.folder.path)} as ONNX must compute what transformers does, to within "
            f"{TOLERANCE:g}; here it differs by {largest:.2g}, and is not kept"
        )
    return largest


def _difference(found: Floats, wanted: NDArray[np.floating]) -> float:
    scale = max(float(np.abs(wanted).max()), float(np.finfo(np.float32).tiny))
    return float(np.abs(found - wanted).max()) / scale


def _sounds(n_samples: int, sample_rate: int) -> Floats:
    """Make noise, tones, near-silence and silence, of shape (4, n_samples)."""
    time = np.arange(n_samples) / sample_rate
    noise = np.random.default_rng(0).standard_normal(n_samples)
    tones = sum(np.sin(2 * np.pi * pitch * time) for pitch in (110.0, 440.0, 0.3 * sample_rate))
    # Between pure tones there is nothing but rounding, on either side, whose logarithm is taken.
    sounds = (0.2 * noise, 0.2 * tones + 1e-3 * noise, 1e-5 * noise, 0.0 * noise)
    return np.stack(sounds).astype(np.float32)


def _front_end(model: "Model", window_seconds: float | None) -> RowFrontEnd:
    seconds = model.window_seconds if window_seconds is None else window_seconds
    if model.max_seconds is not None and not seconds <= model.max_seconds:
        raise ConfigError(
            f"window_seconds={seconds:g} must be at most {model.max_seconds:g}, all that "
            f"{shown(model.folder.path)} hears at a time"
        )
    return RowFrontEnd(
        decode=DecodeConfig(sample_rate=model.sample_rate),
        parts=(RowPart(sample_rate=model.sample_rate),),
        windows=WindowConfig(
            window_seconds=seconds, step_seconds=seconds / 2, min_tail_seconds=seconds / 4
        ),
    )
