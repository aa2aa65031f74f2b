"""The examples in docstrings are run, and what people call first has one."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import genre
from genre import evaluation
from genre.grid import configure
from genre.lazy import offer
from genre.plugins import Registry

PACKAGE = Path(genre.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if "    >>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_are_true(name: str) -> None:
    options = doctest.NORMALIZE_WHITESPACE
    found = doctest.testmod(import_module(name), optionflags=options, report=True)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize(
    "function",
    [
        genre.open_folder,
        genre.compare,
        evaluation.average_precision,
        evaluation.cluster_interval,
        evaluation.decide,
        evaluation.evaluate,
        evaluation.fit_scaling,
        evaluation.fit_thresholds,
        evaluation.macro_average_precision,
        evaluation.per_class_table,
        evaluation.roc_auc,
        evaluation.weighted_f1,
        configure,
        offer,
        Registry,
    ],
    ids=lambda function: function.__name__,
)
def test_what_people_call_first_has_an_example(function: object) -> None:
    assert ">>> " in (function.__doc__ or "")
