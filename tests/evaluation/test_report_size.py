"""A large experiment is reported in a minute and fits an e-mail."""

import time
from pathlib import Path

import pytest

from genre.evaluation.report import compare_experiment
from tests.synthetic_experiment import write_experiment

MOST_SECONDS = 60.0
MOST_BYTES = 10_000_000


@pytest.mark.slow
def test_fifty_genres_and_twenty_runs(tmp_path: Path) -> None:
    folder = write_experiment(
        tmp_path / "large",
        seeds=range(5),  # of four configurations
        genres=[f"progressive genre {number}" for number in range(50)],
        n_artists=150,
        sharpness=3.0,
    )
    began = time.process_time()  # of this process: other work on the machine does not count
    comparison = compare_experiment(folder)
    assert time.process_time() - began < MOST_SECONDS
    assert sum(len(by_seed) for by_seed in comparison.experiment.runs.values()) == 20
    assert (folder / "report.html").stat().st_size < MOST_BYTES
    assert sum(path.stat().st_size for path in (folder / "pictures").iterdir()) < MOST_BYTES
