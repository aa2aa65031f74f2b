"""What `model.json` says of a bundle, checked as it is read."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from genre.audio.frontend import FrontEndConfig
from genre.audio.rows import FrontEnd, RowFrontEnd
from genre.audio.windows import WindowConfig
from genre.config import from_mapping, to_mapping
from genre.errors import BundleError, ConfigError
from genre.inference.pretrained import Pretrained
from genre.inference.score_rule import ScoreRule
from genre.inference.windowing import Standardisation
from genre.plugins import load_plugins
from genre.taxonomy import check_display_names

if TYPE_CHECKING:
    from genre.inference.bundle import Bundle

UNCALIBRATED_FORMAT, TEMPERATURE_FORMAT, TORCH_FORMAT, FORMAT = KNOWN_FORMATS = (1, 2, 3, 4)
"""Before there were temperatures, when one divided the logits of windows, before there was a
network as ONNX, and now.

All score as they did when their thresholds were fitted. What older versions would overlook needs
another format.
"""
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
    "backbones": list,
}
# JSON can hold it, no tag of a file can.
_HALF_A_LETTER = re.compile("[\ud800-\udfff]")


def described(bundle: "Bundle") -> dict[str, Any]:
    """Write a bundle as plain values, all but the hashes of its files.

    Parameters
    ----------
    bundle : Bundle
        What is written.
    """
    description: dict[str, Any] = {
        "format": FORMAT,
        "model": {
            "name": bundle.model_name,
            "config": dict(bundle.model_config),
            "n_parameters": bundle.n_parameters,
        },
        "genres": list(bundle.genres),
        "front_end": to_mapping(bundle.front_end),
        "windows": to_mapping(bundle.windows),
        "standardisation": to_mapping(bundle.standardisation),
        "rule": to_mapping(bundle.rule),
        "thresholds": list(bundle.thresholds),
        "provenance": dict(bundle.provenance),
    }
    spelled = bundle.display_names
    if own := {genre: spelled[genre] for genre in bundle.genres if genre in spelled}:
        description["display_names"] = own
    if bundle.backbones:
        description["backbones"] = [to_mapping(one) for one in bundle.backbones]
    # Absent where nothing but the package itself is needed.
    if bundle.plugins:
        description["plugins"] = list(bundle.plugins)
    return description


def check_kinds(description: Mapping[str, Any], place: str) -> None:
    """Make sure that the parts of a description are tables and lists where they must be.

    Parameters
    ----------
    description : mapping
        The content of `model.json`.
    place : str
        The file, for the message.

    Raises
    ------
    BundleError
        With the name of the first that is of another type.
    """
    for name, kind in _KINDS.items():
        if name in description and not isinstance(description[name], kind):
            raise BundleError(f"{place}: {name} must be of type {kind.__name__}")


def parsed(description: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of a `genre.inference.bundle.Bundle`, all but the network itself.

    Parameters
    ----------
    description : mapping
        The content of `model.json`, after `check_kinds`.

    Raises
    ------
    ConfigError
        On a value that cannot be.
    KeyError
        With the name of what is absent.
    """
    genres = _genres(description)
    name, config, n_parameters = _model(description)
    return {
        "model_name": name,
        "model_config": config,
        "n_parameters": n_parameters,
        "genres": genres,
        "front_end": _front_end(description["front_end"]),
        "windows": from_mapping(WindowConfig, description["windows"]),
        "standardisation": from_mapping(Standardisation, description["standardisation"]),
        "rule": _rule(description, n_labels=len(genres)),
        "thresholds": _thresholds(description, n_labels=len(genres)),
        "provenance": description["provenance"],
        "display_names": check_display_names(description.get("display_names", {}), genres),
        "plugins": _plugins(description),
        "backbones": _backbones(description),
    }


def _front_end(table: Mapping[str, Any]) -> FrontEnd:
    if "parts" in table:
        return from_mapping(RowFrontEnd, table)
    return from_mapping(FrontEndConfig, table)


def _model(description: Mapping[str, Any]) -> tuple[str, dict[str, Any], int]:
    model = description["model"]
    name, config, size = model["name"], model["config"], model.get("n_parameters", 0)
    if not isinstance(name, str) or not isinstance(config, dict):
        raise ConfigError("model must have a name and a table of options")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ConfigError(f"model.n_parameters={size!r} must be a whole number")
    return name, config, size


def _plugins(description: Mapping[str, Any]) -> tuple[str, ...]:
    plugins = description.get("plugins", [])
    if not all(isinstance(name, str) for name in plugins):
        raise ConfigError(f"plugins={plugins!r} must be names")
    return tuple(plugins)


def _backbones(description: Mapping[str, Any]) -> tuple[Pretrained, ...]:
    tables = description.get("backbones", [])
    if not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"backbones={tables!r} must be tables")
    return tuple(from_mapping(Pretrained, table) for table in tables)


def _genres(description: Mapping[str, Any]) -> tuple[str, ...]:
    genres = description["genres"]
    if not genres and description.get("backbones"):
        return ()  # a pre-trained network may know no classes
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
    if len(rule.parents) not in (0, n_labels):
        raise ConfigError(f"parents must have a list for each of {n_labels} genres, or none")
    return rule


def check_plugins(place: str, needed: Sequence[str]) -> None:
    """Make sure that plug-ins are loaded; those of installed packages need not be named.

    Parameters
    ----------
    place : str
        The bundle, for the message.
    needed : sequence of str
        Their names.

    Raises
    ------
    BundleError
        With the name of the first that is not.
    """
    active = {plugin.name for plugin in load_plugins()} if needed else set()
    for name in needed:
        if name not in active:
            raise BundleError(
                f"bundle={place} must be used with the plug-in it was made with: --plugin {name} "
                "(in Python genre.load_plugins)"
            )
