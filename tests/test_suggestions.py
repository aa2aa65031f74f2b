"""What may have been meant: near names, whatever their letters' case, and no far ones."""

import pytest

from genre.suggestions import did_you_mean, not_among

NAMES = ["attnTrue_lossbce", "attnFalse_lossbce", "small_cnn_lossbce"]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("attnTure_lossbce", "attnTrue_lossbce"),
        ("ATTNTRUE_LOSSBCE", "attnTrue_lossbce"),
        ("small_cnn", "small_cnn_lossbce"),
        ("attn", "attnTrue_lossbce or attnFalse_lossbce"),
    ],
)
def test_the_nearest_is_named(wrong: str, meant: str) -> None:
    assert did_you_mean(wrong, NAMES) == f"; did you mean {meant}?"


def test_nothing_is_named_for_what_is_like_nothing() -> None:
    for wrong in ("", "xyz"):
        assert did_you_mean(wrong, NAMES) == ""
    assert did_you_mean("jazz", []) == ""


def test_a_beginning_of_too_many_is_no_hint() -> None:
    assert did_you_mean("a", [f"a-long-name-{number}" for number in range(9)]) == ""


def test_the_message_lists_the_legal_values() -> None:
    assert not_among("folds", "artist", ["none", "artists"]) == (
        "folds='artist' must be one of: none, artists; did you mean artists?"
    )
    assert not_among("x", 3, ["a", "b"]) == "x=3 must be one of: a, b"
