"""Which of all that was scored is chosen: on validation alone, baselines included."""

from dataclasses import dataclass

import numpy as np

from genre.evaluation.inputs import BASELINES, Experiment, PooledRun
from genre.evaluation.metrics.choice import Choice, mean_choice


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The best of each kind on validation, and which of the two is better there.

    Parameters
    ----------
    network : str
        The configuration.
    baseline : str
        As people call it; empty where none was scored on validation.
    is_network : bool
        Whether the network is the one chosen.
    n_candidates : int
        Configurations and baselines that had a chance.
    """

    network: str
    baseline: str
    is_network: bool
    n_candidates: int

    @property
    def name(self) -> str:
        """The one chosen among all."""
        return self.network if self.is_network else self.baseline

    @property
    def other(self) -> str:
        """The best of the other kind; empty where there is none."""
        return self.baseline if self.is_network else self.network


def chosen(experiment: Experiment) -> Chosen | None:
    """Find what validation prefers; None where no configuration was scored on validation.

    Every seed of a configuration has a validation part of its own, a baseline the first one's: the
    means are compared.

    Parameters
    ----------
    experiment : Experiment
        The finished runs.
    """
    networks = _known(
        {
            name: mean_choice([run.val_choice for run in by_seed.values()])
            for name, by_seed in experiment.runs.items()
        }
    )
    baselines = _known({name: run.val_choice for name, run in titled_baselines(experiment).items()})
    winner = experiment.description.winner
    if not networks:
        return None
    named = winner is not None and winner.config_name in networks
    network = winner.config_name if named and winner else max(networks, key=lambda n: networks[n])
    baseline = max(baselines, key=lambda name: baselines[name], default="")
    return Chosen(
        network=network,
        baseline=baseline,
        # Of equals the network: that is what was trained.
        is_network=not baseline or networks[network] >= baselines[baseline],
        n_candidates=len(networks | baselines),
    )


def titled_baselines(experiment: Experiment) -> dict[str, PooledRun]:
    """Name the baselines of an experiment as people do.

    Parameters
    ----------
    experiment : Experiment
        Which may have none.
    """
    return {BASELINES.get(name, name): run for name, run in experiment.baselines.items()}


def _known(choices: dict[str, Choice]) -> dict[str, Choice]:
    return {name: value for name, value in choices.items() if not np.isnan(value).any()}
