"""genre.inference.description: what is written is read back; `test_bundle` has what is refused."""

from dataclasses import replace

import pytest

from genre.errors import ConfigError
from genre.inference.description import FORMAT, described, parsed
from genre.inference.score_rule import ScoreRule
from tests.bundles import small_bundle


def test_what_is_written_is_read_back() -> None:
    bundle = replace(
        small_bundle(),
        rule=ScoreRule(aggregation="max", temperature=0.1 + 0.2, bias=(0.5, -1.0, 0.0)),
        display_names={"a": "A!", "elsewhere": "Elsewhere"},
        plugins=("mine",),
    )
    description = described(bundle)
    assert description["format"] == FORMAT == 4
    assert description["model"]["n_parameters"] == bundle.n_parameters > 0
    expected = replace(bundle, display_names={"a": "A!"})
    assert replace(bundle, **parsed(description)) == expected


def test_a_tree_of_genres_is_read_back() -> None:
    bundle = replace(small_bundle(), rule=ScoreRule(parents=((2,), (), (1,))))
    description = described(bundle)
    assert description["rule"]["parents"] == [[2], [], [1]]
    assert parsed(description)["rule"] == bundle.rule
    first, second, third = bundle.genres
    assert bundle.parents == {first: (third,), third: (second,)}
    assert small_bundle().parents == {}
    assert "parents" not in described(small_bundle())["rule"]


def test_what_is_not_needed_is_not_written() -> None:
    assert not {"plugins", "display_names"} & set(described(small_bundle()))


def test_the_size_of_older_networks_is_not_known() -> None:
    description = described(small_bundle())
    del description["model"]["n_parameters"]
    assert parsed(description | {"format": 3})["n_parameters"] == 0
    with pytest.raises(ConfigError, match="bias must have a value for each of 3 genres"):
        parsed(description | {"rule": {"bias": [1.0]}})
