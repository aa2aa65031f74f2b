"""What validation chooses: genre.evaluation.comparison.choice."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from genre.evaluation.comparison.choice import Chosen, chosen, titled_baselines
from genre.evaluation.inputs import Experiment
from genre.evaluation.inputs.records import Description, Winner
from tests.comparison_examples import as_run

NOTHING = float("nan")


def experiment(
    networks: dict[str, list[float]], baselines: dict[str, float], winner: str = ""
) -> Experiment:
    nothing = np.zeros((2, 5), dtype=np.bool_)
    run = as_run(nothing, nothing)
    return Experiment(
        folder=Path("e"),
        runs={
            name: {seed: replace(run, val_choice=(one,)) for seed, one in enumerate(values)}
            for name, values in networks.items()
        },
        baselines={name: replace(run, val_choice=(one,)) for name, one in baselines.items()},
        description=Description(winner=Winner(config_name=winner) if winner else None),
    )


def test_the_best_mean_over_seeds_is_chosen_among_all() -> None:
    given = experiment({"a": [0.9, 0.1], "b": [0.6, 0.6]}, {"logistic": 0.5, "svm": 0.7})
    expected = Chosen(
        network="b", baseline="support vector machine", is_network=False, n_candidates=4
    )
    assert chosen(given) == expected
    assert (expected.name, expected.other) == ("support vector machine", "b")
    assert list(titled_baselines(given)) == ["logistic regression", "support vector machine"]


def test_of_equals_the_network_is_chosen() -> None:
    found = chosen(experiment({"a": [0.6]}, {"logistic": 0.6}))
    assert found is not None
    assert (found.name, found.other) == ("a", "logistic regression")


def test_what_was_not_scored_on_validation_has_no_chance() -> None:
    found = chosen(experiment({"a": [0.6], "b": [NOTHING]}, {"logistic": NOTHING}))
    assert found == Chosen(network="a", baseline="", is_network=True, n_candidates=1)
    assert found.other == ""
    assert chosen(experiment({"a": [NOTHING]}, {"logistic": 0.5})) is None


def test_the_network_that_an_experiment_names_stays_its_network() -> None:
    found = chosen(experiment({"a": [0.6], "b": [0.7]}, {"logistic": 0.5}, winner="a"))
    assert found is not None
    assert found.network == "a"
    gone = chosen(experiment({"a": [0.6], "b": [0.7]}, {"logistic": 0.5}, winner="logistic"))
    assert gone is not None
    assert gone.network == "b"
