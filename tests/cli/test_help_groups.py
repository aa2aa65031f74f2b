"""Groups name options that there are, each once."""

from importlib import import_module

import pytest

from genre.cli.help_groups import GROUPS, RARELY_NEEDED, first_options


@pytest.mark.parametrize("name", GROUPS)
def test_groups_are_of_options_that_there_are(name: str) -> None:
    known = {action.dest for action in import_module(f"genre.cli.{name}").make_parser()._actions}
    grouped = [dest for dests in GROUPS[name].values() for dest in dests]
    assert set(grouped) <= known
    assert len(grouped) == len(set(grouped))
    assert first_options(name) <= known


def test_every_option_of_training_has_its_group() -> None:
    known = {action.dest for action in import_module("genre.cli.train").make_parser()._actions}
    tables = (*GROUPS["train"].values(), *RARELY_NEEDED.values())
    left = known - {dest for dests in tables for dest in dests}
    assert left <= {"help", "==SUPPRESS==", "print_config"}
    assert len(first_options("train")) == 12
    assert first_options("tag") == frozenset()
