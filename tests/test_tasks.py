"""The two questions have their names."""

from genre.tasks import TASKS


def test_there_are_two() -> None:
    assert TASKS == ("multilabel", "exclusive")
