"""From the options of `genre train`, by their names, to what a grid trains."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from genre.backbones.shelf import DEFAULT_SHELF
from genre.dataset.labels import SelectionConfig
from genre.dataset.splits import SplitConfig
from genre.errors import ConfigError
from genre.execution import ExecutionConfig
from genre.grid.configurations import GridConfig
from genre.grid.frozen import frozen_names
from genre.grid.names import ALL, DEFAULT_CONFIGS, STANDARD
from genre.grid.recipes import RECIPES
from genre.suggestions import did_you_mean
from genre.tasks import Task
from genre.training.heads import HeadConfig


def configure(**options: object) -> GridConfig:
    """Build a grid from the options of ``genre train``, by the names that they have there.

    Parameters
    ----------
    **options
        Fields of `GridConfig` and of its parts: ``seeds=3``, ``epochs=16``, ``min_tracks=5``;
        ``fractions`` (train, val, test), ``split_by`` and ``split_seed`` divide the tracks. What
        is not given starts from ``recipe``.

    Returns
    -------
    GridConfig

    Raises
    ------
    ConfigError
        On an unknown option or a value out of range.

    Examples
    --------
    >>> config = configure(seeds=1, epochs=16, fractions=(0.4, 0.3, 0.3))
    >>> config.training.epochs, config.split.test
    (16, 0.3)
    """
    recipe = RECIPES.find(str(options.get("recipe", "default")))
    starts: dict[str, Any] = {
        "selection": SelectionConfig(),
        "model": recipe.model,
        "training": recipe.training,
        "windows": recipe.windows,
        "head": HeadConfig(),
        "execution": ExecutionConfig(),
    }
    left: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in options.items()
    }
    parts: dict[str, Any] = {}
    for part, standard in starts.items():
        start = left.pop(part, standard)
        names = {field.name for field in fields(start)} & left.keys()
        parts[part] = replace(start, **{name: left.pop(name) for name in names})
    parts["split"] = _split_config(left, recipe.split)
    left = {"task": recipe.task, "front_end": recipe.front_end} | left
    task: Task = "exclusive" if left["task"] == "exclusive" else "multilabel"
    standard = recipe.configs or STANDARD[task]
    if left.get("configs", DEFAULT_CONFIGS) == DEFAULT_CONFIGS:
        left["configs"] = standard
    elif left["configs"] == (ALL,):
        frozen = frozen_names(Path(left.get("backbones", DEFAULT_SHELF)), task=task)
        left["configs"] = (*standard, *frozen)
    own = {field.name for field in fields(GridConfig)}
    known = sorted(own.union(*({field.name for field in fields(each)} for each in starts.values())))
    for name in left:
        if name not in own:
            meant = did_you_mean(name, known)
            raise ConfigError(
                f"option={name!r} must be one that `genre train --help-all` lists{meant}"
            )
    return GridConfig(**left, **parts)


def _split_config(options: dict[str, Any], start: SplitConfig) -> SplitConfig:
    """Take what divides the tracks out of the options."""
    config = options.pop("split", start)
    train, val, test = options.pop("fractions", (config.train, config.val, config.test))
    if abs(train + val + test - 1) > 1e-6:
        raise ConfigError(f"fractions={train}, {val}, {test} must add up to 1")
    return SplitConfig(
        by=options.pop("split_by", config.by),
        train=train,
        val=val,
        test=test,
        seed=options.pop("split_seed", config.seed),
    )
