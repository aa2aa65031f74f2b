"""A tour of something that was really trained, though not for long."""

from dataclasses import replace
from pathlib import Path

import pytest

import genre
from genre.evaluation import analyse
from genre.grid.runs import run_grid
from genre.tour import Tour
from tests.report_examples import QUICK
from tests.tiny_grid import tiny


@pytest.fixture(scope="session")
def small_tour(sample_cut: Path, tmp_path_factory: pytest.TempPathFactory) -> Tour:
    """Train one configuration for two epochs, and open a tour of it."""
    folder = tmp_path_factory.mktemp("tour")
    config = replace(tiny(sample_cut, folder / "results"), configs=("attnTrue_lossbce",), seeds=1)
    run_grid(config, command="genre train")
    music = genre.open_folder(sample_cut, cache=config.cache, progress=False)
    tour = genre.open_tour(music, folder / "results")
    vars(tour.subject)["comparison"] = analyse(tour.subject.experiment, QUICK)
    return tour
