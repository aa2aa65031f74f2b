"""Experiments that are reported once for all tests of this folder."""

from pathlib import Path

import pytest

from genre.evaluation.comparison import analyse
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import load_experiment
from genre.evaluation.report import compare_experiment, summary_text
from tests.report_examples import ALIKE, QUICK
from tests.synthetic_experiment import write_experiment


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give a compared experiment and the summary for the terminal."""
    folder = write_experiment(tmp_path_factory.mktemp("reported") / "demo")
    return folder, summary_text(compare_experiment(folder, QUICK))


@pytest.fixture(scope="session")
def small_comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = write_experiment(tmp_path_factory.mktemp("small"), skills=ALIKE, n_windows=1)
    return analyse(load_experiment(folder), QUICK)
