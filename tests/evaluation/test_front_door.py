"""What `genre.evaluation` offers: all of it there, and nothing loaded before it is asked for."""

import subprocess
import sys

import pytest

import genre.evaluation
from genre.evaluation import compare, evaluate, load_experiment
from genre.evaluation.comparison import compare as compare_at_home
from genre.evaluation.metrics.registry import evaluate as evaluate_at_home

HEAVY = ("pandas", "matplotlib", "statsmodels", "sklearn", "scipy", "numpy")


@pytest.mark.parametrize("name", genre.evaluation.__all__)
def test_every_name_is_there_and_listed(name: str) -> None:
    found = getattr(genre.evaluation, name)
    assert found is not None
    assert name in dir(genre.evaluation)
    if callable(found):
        assert found.__name__ == name
        assert found.__module__.startswith("genre.evaluation.")


def test_names_lead_to_what_is_meant() -> None:
    assert compare is compare_at_home
    assert evaluate is evaluate_at_home
    assert load_experiment.__name__ == "load_experiment"


def test_unknown_names_are_unknown() -> None:
    with pytest.raises(AttributeError, match=r"'genre.evaluation' has no attribute 'comparee'"):
        _ = genre.evaluation.comparee


def test_importing_it_loads_nothing_heavy() -> None:
    code = (
        "import sys, genre.evaluation; assert 'compare' in dir(genre.evaluation); "
        f"print('loaded:', *(m for m in {HEAVY!r} if m in sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == ["loaded:"]
