"""A run that is trained once for all tests of the room."""

import pytest
import torch

from genre.dataset.corpus import Corpus
from genre.evaluation.inputs import RunRecord
from genre.experiment import Run, train_run
from tests.run_examples import make_run
from tests.synthetic import corpus, split_of


@pytest.fixture(scope="package")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Corpus, RunRecord]:
    """Train the run; whoever changes its folder works on a copy."""
    run, data = make_run(tmp_path_factory.mktemp("run")), corpus(n_artists=4)
    record = train_run(run, data, split_of(data), device=torch.device("cpu"))
    return run, data, record
