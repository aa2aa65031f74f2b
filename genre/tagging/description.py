"""The description of a loaded bundle: its model, its vocabulary, where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genre.config import to_mapping
from genre.hashing import hash_file
from genre.inference.bundle import DESCRIPTION_NAME
from genre.tagging.tagger import Tagger
from genre.tasks import Task


@dataclass(frozen=True, kw_only=True)
class Description:
    """A bundle in plain values.

    Parameters
    ----------
    model : str
        Name of the architecture.
    model_config : mapping
        Its options.
    task : multilabel or exclusive
        Whether each genre is asked for by itself, or which one it is.
    genres : tuple of str
        The vocabulary, in order.
    names : mapping of str to str
        How each genre is written for people.
    parents : mapping of str to tuple of str
        What each genre is a kind of, where it is of any.
    device : str
        Where the network stands.
    n_parameters : int
        Of the network; 0 where the bundle does not say.
    front_end, windows : mapping
        From a file to windows.
    rule : mapping
        From window logits to scores.
    thresholds : mapping of str to float
        By genre.
    metrics : mapping
        As measured after training; empty where the bundle does not say.
    bundle_sha256 : str
        Of the file that describes the bundle, which holds the hash of the weights.
    """

    model: str
    model_config: Mapping[str, Any]
    task: Task
    genres: tuple[str, ...]
    names: Mapping[str, str]
    parents: Mapping[str, tuple[str, ...]]
    device: str
    n_parameters: int
    front_end: Mapping[str, Any]
    windows: Mapping[str, Any]
    rule: Mapping[str, Any]
    thresholds: Mapping[str, float]
    metrics: Mapping[str, Any]
    bundle_sha256: str


def describe(tagger: Tagger, folder: Path) -> Description:
    """Describe a bundle.

    Parameters
    ----------
    tagger : Tagger
        Loaded from the folder.
    folder : Path
        The bundle.
    """
    bundle = tagger.bundle
    return Description(
        model=bundle.model_name,
        model_config=bundle.model_config,
        task=bundle.rule.task,
        genres=bundle.genres,
        names=bundle.names,
        parents=bundle.parents,
        device=tagger.network.device,
        n_parameters=bundle.n_parameters,
        front_end=to_mapping(bundle.front_end),
        windows=to_mapping(bundle.windows),
        rule=to_mapping(bundle.rule),
        thresholds=dict(zip(bundle.genres, bundle.thresholds, strict=True)),
        metrics=bundle.provenance.get("metrics", {}),
        bundle_sha256=hash_file(folder / DESCRIPTION_NAME),
    )
