"""The self-describing model on disk: `model.safetensors` and `model.json` in one folder.

The JSON holds everything that turns a file into genres: architecture, genres in order, front end,
windows, standardisation, score rule and thresholds; and where the model comes from. Loading runs
no code from the folder and needs nothing else.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors
from safetensors.torch import load_file, save
from torch import nn

from genre.atomic import replace_folder
from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.config import from_mapping, to_mapping
from genre.errors import BundleError, ConfigError
from genre.hashing import hash_file
from genre.json_files import load_json
from genre.models.registry import MODELS, build_network
from genre.models.score_rule import AGGREGATIONS, ScoreRule
from genre.models.scoring import Standardisation, Windowing
from genre.plugins import load_plugins
from genre.taxonomy import check_display_names, display_names

FORMAT = 3
UNCALIBRATED_FORMAT, TEMPERATURE_FORMAT = 1, 2
"""Written before there were temperatures, and when one divided the logits of windows.

Both score as they did when their thresholds were fitted. What older versions would overlook needs
another format.
"""
WEIGHTS_NAME = "model.safetensors"
DESCRIPTION_NAME = "model.json"
_KINDS: dict[str, type] = {
    "model": dict,
    "genres": list,
    "front_end": dict,
    "windows": dict,
    "standardisation": dict,
    "rule": dict,
    "thresholds": list,
    "provenance": dict,
    "plugins": list,
}
# JSON can hold it, no tag of a file can.
_HALF_A_LETTER = re.compile("[\ud800-\udfff]")
LICENCE_NOTE = (
    "The weights were learned from the audio named by data_hash; whether they may be passed on "
    "depends on the licences of that audio."
)


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A trained model with all it needs to tag a file.

    Parameters
    ----------
    network : Module
        In evaluation mode, on the CPU.
    model_name : str
        Key of `genre.models.registry.MODELS`.
    model_config : mapping
        The architecture's options as plain values.
    genres : tuple of str
        The vocabulary, in the order of the logits.
    front_end : FrontEndConfig
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
    """

    network: nn.Module
    model_name: str
    model_config: Mapping[str, Any]
    genres: tuple[str, ...]
    front_end: FrontEndConfig
    windows: WindowConfig
    standardisation: Standardisation
    rule: ScoreRule
    thresholds: tuple[float, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    display_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Every genre as it is written for people."""
        return display_names(self.genres, self.display_names)

    @property
    def windowing(self) -> Windowing:
        """How a track's log-mel becomes the network's windows."""
        return Windowing(
            mel=self.front_end.mel, windows=self.windows, standardisation=self.standardisation
        )


def save_bundle(bundle: Bundle, folder: Path) -> None:
    """Write a bundle; a folder of that name is replaced once the new one is whole.

    Parameters
    ----------
    bundle : Bundle
        What is written.
    folder : Path
        Where; its parent is made where it is missing.
    """

    def _fill(target: Path) -> None:
        weights = {
            name: tensor.detach().cpu().contiguous()
            for name, tensor in bundle.network.state_dict().items()
        }
        (target / WEIGHTS_NAME).write_bytes(save(weights))
        description: dict[str, Any] = {
            "format": FORMAT,
            "model": {"name": bundle.model_name, "config": dict(bundle.model_config)},
            "genres": list(bundle.genres),
            "front_end": to_mapping(bundle.front_end),
            "windows": to_mapping(bundle.windows),
            "standardisation": to_mapping(bundle.standardisation),
            "rule": to_mapping(bundle.rule),
            "thresholds": list(bundle.thresholds),
            "weights_sha256": hash_file(target / WEIGHTS_NAME),
            "provenance": dict(bundle.provenance),
            "licence_note": LICENCE_NOTE,
        }
        spelled = bundle.display_names
        if own := {genre: spelled[genre] for genre in bundle.genres if genre in spelled}:
            description["display_names"] = own
        # Absent where nothing but the package itself is needed.
        if needed := _needed_plugins(bundle):
            description["plugins"] = needed
        text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
        (target / DESCRIPTION_NAME).write_text(text, encoding="utf-8")

    replace_folder(folder, _fill)


def load_bundle(folder: Path) -> Bundle:
    """Read a bundle and rebuild its network.

    Parameters
    ----------
    folder : Path
        Holds `model.json` and `model.safetensors`.

    Returns
    -------
    Bundle
        Its network is in evaluation mode on the CPU.

    Raises
    ------
    BundleError
        Where a file is absent, damaged, of another format, or the parts do not fit together.
    """
    description = _read_description(folder)
    _check_plugins(folder, description)
    weights = folder / WEIGHTS_NAME
    try:
        if hash_file(weights) != description["weights_sha256"]:
            raise BundleError(f"{weights}: not the weights that {DESCRIPTION_NAME} describes")
        genres = _genres(description)
        model_name, model_config = _model(description)
        network = build_network(model_name, model_config, n_labels=len(genres))
        network.load_state_dict(load_file(weights))
        bundle = Bundle(
            network=network.eval(),
            model_name=model_name,
            model_config=model_config,
            genres=genres,
            front_end=from_mapping(FrontEndConfig, description["front_end"]),
            windows=from_mapping(WindowConfig, description["windows"]),
            standardisation=from_mapping(Standardisation, description["standardisation"]),
            rule=_rule(description, n_labels=len(genres)),
            thresholds=_thresholds(description, n_labels=len(genres)),
            provenance=description["provenance"],
            display_names=check_display_names(description.get("display_names", {}), genres),
        )
    except KeyError as error:
        raise BundleError(f"{folder / DESCRIPTION_NAME}: has no {error}") from error
    # A TypeError is torch's, of a width that no computer can count to.
    except (ConfigError, RuntimeError, TypeError, OSError, safetensors.SafetensorError) as error:
        raise BundleError(f"{folder}: the bundle cannot be used: {error}") from error
    n_bands = len(bundle.standardisation.mean)
    if n_bands != bundle.front_end.mel.n_mels:
        raise BundleError(f"{folder}: n_mels={bundle.front_end.mel.n_mels} must be {n_bands}")
    return bundle


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
    known = (UNCALIBRATED_FORMAT, TEMPERATURE_FORMAT, FORMAT)
    if not isinstance(description, dict) or description.get("format") not in known:
        raise BundleError(
            f"{path}: format must be one of {known}; this bundle is from another version"
        )
    for name, kind in _KINDS.items():
        if name in description and not isinstance(description[name], kind):
            raise BundleError(f"{path}: {name} must be of type {kind.__name__}")
    return description


def _needed_plugins(bundle: Bundle) -> list[str]:
    """List the plug-ins without which the bundle cannot be used."""
    origins = (MODELS.origin(bundle.model_name), AGGREGATIONS.origin(bundle.rule.aggregation))
    return sorted({origin.name for origin in origins if origin is not None})


def _check_plugins(folder: Path, description: Mapping[str, Any]) -> None:
    needed = description.get("plugins", [])
    # Those of installed packages need not be named.
    active = {plugin.name for plugin in load_plugins()} if needed else set()
    for name in needed:
        if name not in active:
            raise BundleError(
                f"bundle={folder} must be used with the plug-in it was made with: --plugin {name} "
                "(in Python genre.load_plugins)"
            )


def _model(description: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    name, config = description["model"]["name"], description["model"]["config"]
    if not isinstance(name, str) or not isinstance(config, dict):
        raise ConfigError("model must have a name and a table of options")
    return name, config


def _genres(description: Mapping[str, Any]) -> tuple[str, ...]:
    genres = description["genres"]
    if not genres or not all(isinstance(name, str) and name.strip() for name in genres):
        raise ConfigError(f"genres={genres!r} must be names, at least one")
    if broken := [name for name in genres if _HALF_A_LETTER.search(name)]:
        raise ConfigError(f"genres={broken[0]!r} must be text")
    if twice := [name for name, n_times in Counter(genres).items() if n_times > 1]:
        raise ConfigError(f"genres must be named once each; {twice[0]!r} is there twice")
    return tuple(genres)


def _thresholds(description: Mapping[str, Any], *, n_labels: int) -> tuple[float, ...]:
    thresholds = description["thresholds"]
    if len(thresholds) != n_labels:
        raise ConfigError(f"thresholds must have one value for each of {n_labels} genres")
    for value in thresholds:
        # JSON's true is 1 to Python.
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ConfigError(f"thresholds={value!r} must be a number in [0, 1]")
    return tuple(float(value) for value in thresholds)


def _rule(description: Mapping[str, Any], *, n_labels: int) -> ScoreRule:
    if description["format"] == UNCALIBRATED_FORMAT:
        return ScoreRule()
    if description["format"] == TEMPERATURE_FORMAT:
        return from_mapping(ScoreRule, {"window_temperature": description["temperature"]})
    rule = from_mapping(ScoreRule, description["rule"])
    if len(rule.bias) not in (0, n_labels):
        raise ConfigError(f"bias must have a value for each of {n_labels} genres, or none")
    return rule
