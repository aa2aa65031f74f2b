"""The self-describing model on disk: `network.onnx`, `model.safetensors` and `model.json`.

The network is there twice: as ONNX, to be used, and as weights, to train on from with torch. What
stands on a pre-trained network has the first alone. `description` has what stands in the JSON.
Loading runs no code from the folder.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.audio.frontend import Extracted, FrontEndConfig
from genre.audio.rows import FrontEnd, RowFrontEnd
from genre.audio.windows import WindowConfig
from genre.errors import BundleError, ConfigError
from genre.hashing import hash_file
from genre.inference.description import FORMAT, KNOWN_FORMATS, check_kinds, check_plugins, parsed
from genre.inference.network import OnnxNetwork
from genre.inference.pretrained import Pretrained
from genre.inference.score_rule import AGGREGATIONS, ScoreRule
from genre.inference.windowing import Standardisation, Windowing
from genre.json_files import load_json
from genre.taxonomy import display_names
from genre.wording import counted

DESCRIPTION_NAME = "model.json"
NETWORK_NAME = "network.onnx"
WEIGHTS_NAME = "model.safetensors"
LICENCE_NAME = "LICENSE.txt"
"""Beside them, where a pre-trained network came with the text of its licence."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A trained model with all it needs to tag a file.

    Parameters
    ----------
    network_onnx : bytes or None
        The network, for `genre.inference.network.OnnxNetwork`; None in bundles of formats 1 to 3.
    model_name : str
        Key of `genre.models.registry.MODELS`; of a pre-trained network, its own name.
    model_config : mapping
        The architecture's options as plain values.
    n_parameters : int
        Size of the network; 0 where the bundle does not say, as in formats 1 to 3.
    genres : tuple of str
        The vocabulary, in the order of the logits; of a pre-trained network, its classes, if any.
    front_end : FrontEndConfig or RowFrontEnd
        From file to log-mel.
    windows : WindowConfig
        From log-mel to windows.
    standardisation : Standardisation
        Per-band statistics of the training tracks.
    rule : ScoreRule
        From logits to scores.
    thresholds : tuple of float, n_labels values in [0, 1]
        A genre is decided where its track score reaches its threshold.
    provenance : mapping
        Hashes of data and split, versions, metrics, seed: plain values.
    display_names : mapping of str to str
        How the labels that it was trained on spell the genres; may lack some, or all.
    plugins : tuple of str
        Those that the architecture or the score rule come from.
    backbones : tuple of Pretrained
        The pre-trained networks that this is, or is built on; none in all other bundles.
    licence_text : str
        Of their licences, as they came with them; may be empty.
    """

    network_onnx: bytes | None
    model_name: str
    model_config: Mapping[str, Any]
    genres: tuple[str, ...]
    front_end: FrontEnd
    windows: WindowConfig
    standardisation: Standardisation
    rule: ScoreRule
    thresholds: tuple[float, ...]
    n_parameters: int = 0
    provenance: Mapping[str, Any] = field(default_factory=dict)
    display_names: Mapping[str, str] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()
    backbones: tuple[Pretrained, ...] = ()
    licence_text: str = ""

    def __repr__(self) -> str:
        """Return the model and how many genres it knows, and none of its bytes."""
        return f"Bundle({self.model_name}, {counted(len(self.genres), 'genre')})"

    @property
    def names(self) -> dict[str, str]:
        """Every genre as it is written for people."""
        return display_names(self.genres, self.display_names)

    @property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """What each genre is a kind of, where it is of any."""
        columns = zip(self.genres, self.rule.parents, strict=False)
        return {
            genre: tuple(self.genres[column] for column in above)
            for genre, above in columns
            if above
        }

    @property
    def spectrogram(self) -> FrontEndConfig:
        """The front end of a model that hears one spectrogram.

        Raises
        ------
        BundleError
            Where it hears a waveform, or as several networks do.
        """
        if isinstance(self.front_end, RowFrontEnd):
            raise BundleError(
                "the bundle must hear one spectrogram to be exported: tag and serve use this one, "
                "whose pre-trained networks hear a waveform, or each its own sound"
            )
        return self.front_end

    @property
    def windowing(self) -> Windowing:
        """How a track's log-mel becomes the network's windows."""
        ear = self.front_end
        windows = ear.one_by_one if isinstance(ear, RowFrontEnd) else self.windows
        return Windowing(mel=ear.mel, windows=windows, standardisation=self.standardisation)

    def starts_seconds(self, extracted: Extracted) -> NDArray[np.float64]:
        """List where the windows of a track begin.

        Parameters
        ----------
        extracted : Extracted
            The track.

        Returns
        -------
        ndarray of shape (n_windows,), in seconds
        """
        starts = self.windowing.starts_seconds(len(extracted.mel))
        if isinstance(self.front_end, RowFrontEnd):  # Whose last row ends with the track.
            last = extracted.facts.duration_seconds - self.windows.window_seconds
            starts = np.minimum(starts, max(0.0, last))
        return starts

    @property
    def network_sha256(self) -> str:
        """The hash of the network as ONNX, as `model.json` has it."""
        return hashlib.sha256(self.network_onnx or b"").hexdigest()

    def network(self, *, n_threads: int = 0) -> OnnxNetwork:
        """Set the network up in onnxruntime.

        Parameters
        ----------
        n_threads : int
            Batches scored together; 0 takes one per core.

        Raises
        ------
        BundleError
            Where there is none, as in bundles of formats 1 to 3, or it cannot be used.
        """
        if self.network_onnx is None:
            raise BundleError(
                f"the bundle is of a format before {FORMAT} and has no {NETWORK_NAME}: where torch "
                "is installed (pip install '.[train]'), genre export BUNDLE --upgrade adds it"
            )
        try:
            return OnnxNetwork(
                self.network_onnx, self.windowing, n_labels=len(self.genres), n_threads=n_threads
            )
        except BundleError as error:
            raise BundleError(f"{NETWORK_NAME} cannot be used: {error}") from error


def load_bundle(folder: Path) -> Bundle:
    """Read a bundle that has genres.

    Parameters
    ----------
    folder : Path
        Holds `model.json` and what that names.

    Returns
    -------
    Bundle
        Whose files are the described ones.

    Raises
    ------
    BundleError
        Where a file is absent, damaged, of another format, or the parts do not fit together.
    """
    bundle = _load(folder)
    if not bundle.genres:
        raise BundleError(
            f"{folder}: {bundle.model_name} gives embeddings and no genres: train on top of it, or "
            "use genre embed"
        )
    return bundle


def load_backbone(folder: Path) -> Bundle:
    """Read a pre-trained network, such as models/backbones/musicnn.

    It is a bundle like any other: ``extract(path, bundle.front_end).mel`` is a track's log-mel, and
    ``bundle.network().embed(mel)`` the embedding of each of its windows, float32 of shape
    (n_windows, n_embedding). `backbones[0]` says whose it is; `genres` may be empty.

    Parameters
    ----------
    folder : Path
        As `genre backbone add` wrote it.

    Returns
    -------
    Bundle
        Whose `backbones` are not empty.

    Raises
    ------
    BundleError
        As `load_bundle`; where the folder is no pre-trained network, too.
    """
    bundle = _load(folder)
    if not bundle.backbones:
        raise BundleError(f"backbone={folder} must be a folder that genre backbone add wrote")
    return bundle


def _load(folder: Path) -> Bundle:
    description = _read_description(folder)
    try:
        network = _read_network(folder, description)
        # Formats before the network's own file have nothing but the weights.
        is_told = network is None or "weights_sha256" in description
        if is_told and hash_file(folder / WEIGHTS_NAME) != description["weights_sha256"]:
            raise BundleError(
                f"{folder / WEIGHTS_NAME}: not the weights that {DESCRIPTION_NAME} describes"
            )
        licence = folder / LICENCE_NAME
        text = licence.read_text(encoding="utf-8", errors="replace") if licence.is_file() else ""
        bundle = Bundle(network_onnx=network, licence_text=text, **parsed(description))
    except KeyError as error:
        raise BundleError(f"{folder / DESCRIPTION_NAME}: has no {error}") from error
    except (ConfigError, OSError) as error:
        raise BundleError(f"{folder}: the bundle cannot be used: {error}") from error
    front_end, n_bands = bundle.front_end, len(bundle.standardisation.mean)
    # Rows are standardised, if at all, in the network.
    wanted = 1 if isinstance(front_end, RowFrontEnd) else front_end.mel.n_mels
    if n_bands != wanted:
        raise BundleError(f"{folder}: n_mels={wanted} must be {n_bands}")
    if isinstance(front_end, RowFrontEnd) and front_end.windows != bundle.windows:
        raise BundleError(f"{folder}: windows must be those of front_end")
    return bundle


def _read_network(folder: Path, description: Mapping[str, Any]) -> bytes | None:
    if description["format"] < FORMAT:
        return None
    path = folder / NETWORK_NAME
    network = path.read_bytes()
    if hashlib.sha256(network).hexdigest() != description["network_sha256"]:
        raise BundleError(f"{path}: not the network that {DESCRIPTION_NAME} describes")
    return network


def _read_description(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION_NAME
    try:
        description = load_json(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        near = (folder.parent,) if folder.is_file() else (folder / "best",)
        there = [place for place in near if (place / DESCRIPTION_NAME).is_file()]
        advice = f"use {there[0]}" if there else "train one, for example results/demo/best"
        raise BundleError(
            f"bundle={folder} must be a folder with {DESCRIPTION_NAME}; {advice}"
        ) from error
    except (OSError, ValueError) as error:
        raise BundleError(f"{path}: cannot be read: {error}") from error
    if not isinstance(description, dict) or description.get("format") not in KNOWN_FORMATS:
        raise BundleError(
            f"{path}: format must be one of {KNOWN_FORMATS}; this bundle is from another version"
        )
    check_kinds(description, str(path))
    # What cannot be read without a plug-in is the score rule; only torch needs the architecture.
    aggregation = description.get("rule", {}).get("aggregation", "mean")
    if isinstance(aggregation, str) and aggregation not in AGGREGATIONS:
        check_plugins(str(folder), description.get("plugins", ()))
    return description
