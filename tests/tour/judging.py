"""A tour of scores alone: what judges them needs neither music nor networks."""

from pathlib import Path
from typing import cast

from genre.dataset.music import Music
from genre.evaluation import analyse, load_experiment
from genre.tour import Subject
from tests.plot_examples import make_history
from tests.report_examples import QUICK


def judged(folder: Path) -> Subject:
    """Open an experiment that was written and not trained."""
    experiment = load_experiment(folder)
    for run in experiment.records:
        make_history().to_csv(run.folder.history, index=False)
    subject = Subject(cast(Music, None), experiment)
    vars(subject)["comparison"] = analyse(experiment, QUICK)
    return subject
