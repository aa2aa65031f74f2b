"""Experiments that are compared once for all tests of this folder."""

import pytest

from genre.evaluation.comparison import (
    Comparison,
    analyse,
)
from genre.evaluation.inputs import load_experiment
from tests.comparison_examples import QUICK, TWO
from tests.synthetic_experiment import write_experiment


@pytest.fixture(scope="session")
def several_seeds(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Compare four configurations with two seeds each."""
    folder = write_experiment(tmp_path_factory.mktemp("several"))
    return analyse(load_experiment(folder), QUICK)


@pytest.fixture(scope="session")
def one_seed(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Compare four configurations with one seed each."""
    folder = write_experiment(tmp_path_factory.mktemp("one"), seeds=(0,))
    return analyse(load_experiment(folder), QUICK)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Compare two configurations with one seed each on 12 artists."""
    folder = write_experiment(
        tmp_path_factory.mktemp("small"), skills=TWO, seeds=(0,), n_artists=12, n_windows=2
    )
    return analyse(load_experiment(folder), QUICK)
