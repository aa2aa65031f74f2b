"""What a comparison is asked, and what it found."""

from dataclasses import replace

import pytest

from genre.errors import ConfigError
from genre.evaluation.comparison.results import Comparison, ComparisonConfig


def test_bad_options_are_named() -> None:
    with pytest.raises(ConfigError, match="n_replicates=10 must be at least 100"):
        ComparisonConfig(n_replicates=10)
    with pytest.raises(ConfigError, match=r"confidence=1\.0 must lie between 0 and 1"):
        ComparisonConfig(confidence=1.0)
    with pytest.raises(ConfigError, match=r"rope=-0\.1 must not be negative"):
        ComparisonConfig(rope=-0.1)
    with pytest.raises(ConfigError, match="rng_seed=-1 must not be negative"):
        ComparisonConfig(rng_seed=-1)


def test_every_option_has_a_default_that_is_right() -> None:
    config = ComparisonConfig()
    assert (config.n_replicates, config.n_reference_replicates) == (9999, 1000)
    assert (config.confidence, config.rope, config.rng_seed) == (0.95, 0.01, 0)


def test_weighted_f1_is_compared_where_something_is_decided(small: Comparison) -> None:
    assert small.primary_metrics == ("macro_ap", "weighted_f1")
    undecided = replace(small.experiment, has_decisions=False)
    assert replace(small, experiment=undecided).primary_metrics == ("macro_ap",)


def test_ten_artists_are_not_few(small: Comparison) -> None:
    assert (small.n_clusters, small.unit, small.few_clusters) == (12, "artist", False)
    assert not replace(small, n_clusters=10).few_clusters
    assert replace(small, n_clusters=9).few_clusters


def test_every_row_of_the_contrasts_knows_what_it_asks(several_seeds: Comparison) -> None:
    names = [contrast.name for contrast in several_seeds.asked]
    assert names == several_seeds.contrasts["contrast"].tolist()
    assert several_seeds.contrasts.index.tolist() == list(range(len(names)))


def test_a_line_says_how_much_was_compared(small: Comparison) -> None:
    n_models, n_rows = len(small.experiment.runs), len(small.contrasts)
    assert repr(small) == f"Comparison({n_models} configurations, {n_rows} contrasts, 12 artists)"
