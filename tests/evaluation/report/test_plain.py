"""The answer that needs no statistics: genre.evaluation.report.plain."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from genre.evaluation import compare
from genre.evaluation.comparison import Contrast, analyse, planned_contrasts
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import load_experiment
from genre.evaluation.report.plain import asked_contrasts, count_units, plain_answer
from tests.report_examples import ALIKE, QUICK, compared, texts
from tests.synthetic_experiment import SKILLS, write_experiment

ATTENTION, LOSS, INTERACTION = planned_contrasts(SKILLS)
PAIR, OTHER = Contrast(side_a=("a",), side_b=("b",)), Contrast(side_a=("a",), side_b=("c",))


def between(comparison: Comparison) -> str:
    """Give the second paragraph, on what configurations differ in."""
    _, second = plain_answer(comparison).split("\n\n")
    return second


def test_what_helped_is_said_after_what_is_chosen(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, seeds=(0, 1, 2))
    text, summary = texts(folder)
    row = analyse(load_experiment(folder), QUICK).contrasts.iloc[1]  # attention, weighted F1
    expected = (
        f"Attention helped by {100 * row['delta']:.1f} points of F1. With 21 artists, a single "
        f"test finds a true difference of {100 * row['detectable']:.1f} points four times in five, "
        "and a smaller one less often."
    )
    assert row["p_holm"] < 0.05
    chosen, found = text.split("\n\n")[2:4]
    assert chosen.startswith("Chosen on validation among 5, baselines included: attnTrue_loss")
    assert found == expected
    assert [" ".join(part.split()) for part in summary.split("\n\n")[:2]] == [chosen, expected]


def test_one_training_may_turn_round(tmp_path: Path) -> None:
    names = {"one": 3.0, "two": 0.2}
    said = between(compared(write_experiment(tmp_path, skills=names, seeds=(0,))))
    assert said.startswith("one did better than two by ")
    assert "each was trained once, so the next training could turn that round." in said


def test_what_may_be_luck_is_undecided(tmp_path: Path) -> None:
    skills = {"one": 1.5, "two": 1.5}
    said = between(compared(write_experiment(tmp_path, skills=skills, rng_seed=3)))
    assert re.fullmatch(
        r"Nothing is decided between configurations: (one|two) did better than (one|two) by "
        r"\d\.\d points of F1, which may be luck\. "
        r"With 21 artists, a single test finds a true difference of \d+\.\d points four times in "
        r"five, and a smaller one less often\.",
        said,
    )


def test_too_few_artists_decide_nothing(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE, n_artists=7)
    chosen, said = plain_answer(compared(folder)).split("\n\n")
    assert "from too few artists to say more." in chosen
    assert said.startswith("Which configuration is better cannot be said from this test. It has 7")


def row_of(contrast: Contrast, delta: float, **more: float | str) -> dict[str, Any]:
    width = {"ci_low": delta - 0.004, "ci_high": delta + 0.004, "detectable": 0.006}
    row = {"family": "planned", "metric": "weighted_f1", "p_holm": 0.01, "rope": 0.01}
    scope = {"contrast": contrast, "delta": delta, "claim_scope": "configuration"}
    return {**row, **scope, **width, **more}


def with_rows(comparison: Comparison, rows: list[dict[str, Any]]) -> Comparison:
    """Put made-up rows in place of what was found."""
    asked = tuple(row["contrast"] for row in rows)
    table = pd.DataFrame(
        [{**row, "contrast": one.name} for row, one in zip(rows, asked, strict=True)]
    )
    return replace(comparison, contrasts=table, asked=asked)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row_of(ATTENTION, -0.041)], "Attention did harm by 4.1 points of F1. With"),
        (
            [row_of(LOSS, -0.03), row_of(ATTENTION, 0.02)],
            "The bce loss did better than focal by 3.0 points of F1 (1 more in the tables below).",
        ),
        (
            [row_of(ATTENTION, 0.05, metric="macro_ap")],
            "Attention helped by 5.0 points of average precision.",
        ),
        (
            [row_of(PAIR, 0.004, family="pairs", p_holm=0.4)],
            "For all practical purposes they are equal: within 0.8 points of F1.",
        ),
        (
            [
                row_of(ATTENTION, 0.02, p_holm=0.4),
                row_of(PAIR, -0.03, family="pairs", p_holm=0.4),
                row_of(OTHER, 0.025, family="pairs", p_holm=0.4),
            ],
            "b did better than a by 3.0 points of F1, the largest difference of 2 pairs, which may",
        ),
        (
            [row_of(ATTENTION, 0.02, p_holm=0.4), row_of(PAIR, 0.03, family="pairs")],
            "a did better than b by 3.0 points of F1. With",
        ),
        ([row_of(PAIR, 0.0, family="pairs", p_holm=1.0, rope=0.0)], "they score the same F1."),
    ],
)
def test_every_finding_has_its_sentence(
    rows: list[dict[str, Any]], says: str, small_comparison: Comparison
) -> None:
    said = between(with_rows(small_comparison, rows))
    assert says in said
    assert "With 21 artists, a single test finds a true difference of 0.6 points four" in said


def test_models_that_agree_everywhere_are_said_to(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE, seeds=(0,))
    first, second = ALIKE
    shutil.rmtree(folder / second)
    shutil.copytree(folder / first, folder / second)
    assert between(compared(folder)) == (
        "No difference was found: they score the same F1. They agree on each of 21 artists."
    )


def test_a_fine_test_does_not_say_that_what_differs_agrees(small_comparison: Comparison) -> None:
    fine = small_comparison.contrasts.assign(delta=0.003, detectable=0.0002, p_holm=0.001)
    said = plain_answer(replace(small_comparison, contrasts=fine))
    assert "by 0.3 points of F1" in said
    assert "finds a true difference of 0.1 points" in said


# Whose models they are does not matter: nothing is read out of names


def foreign(**skills: float) -> Comparison:
    """Compare models of any names, each as good as its skill says."""
    rng = np.random.default_rng(0)
    y_true = rng.random((90, 3)) < 0.4
    noise = rng.random(y_true.shape)
    scores = {name: skill * y_true + (1 - skill) * noise for name, skill in skills.items()}
    return compare(y_true, scores, artist=np.arange(90) // 3, thresholds=0.5, config=QUICK)


def test_a_model_may_be_called_as_it_likes() -> None:
    said = between(foreign(interaction_net=0.6, **{"attention: on": 0.1}))
    assert said.startswith("interaction_net did better than attention: on by ")
    assert "helps" not in said


def test_names_that_hold_a_difference_are_not_cut() -> None:
    said = between(foreign(**{"net - small": 0.1, "net": 0.6}))
    assert said.startswith("net did better than net - small by ")
    said = between(foreign(**{"net - small": 0.6, "net": 0.1}))
    assert said.startswith("net - small did better than net by ")


def test_a_contrast_named_like_an_effect_is_a_pair() -> None:
    found = foreign(**{"attention: on": 0.6, "off": 0.1})
    assert found.contrasts["contrast"].iloc[0] == "off - attention: on"
    assert between(found).startswith("attention: on did better than off by ")


@pytest.mark.parametrize("p_holm", [0.4, 0.001])
def test_the_answer_never_speaks_of_the_interaction(
    p_holm: float, small_comparison: Comparison
) -> None:
    wide = {"ci_low": -0.1, "ci_high": 0.1}
    rows = [
        row_of(ATTENTION, -0.022, **wide, detectable=0.08, p_holm=0.9),
        row_of(INTERACTION, 0.188, **wide, detectable=0.3, p_holm=p_holm),
        row_of(PAIR, 0.06, family="pairs", **wide, detectable=0.094, p_holm=0.9),
    ]
    found = with_rows(small_comparison, rows)
    said = between(found)
    assert "a did better than b by 6.0 points of F1, which may be luck." in said
    assert "a true difference of 9.4 points" in said
    assert asked_contrasts(found).index.tolist() == [0]


def test_only_the_planned_family_is_asked_where_there_is_one(small_comparison: Comparison) -> None:
    pair = PAIR
    rows = [row_of(pair, 0.5, family="pairs"), row_of(LOSS, 0.1), row_of(pair, 0.4, family="pairs")]
    found = with_rows(small_comparison, rows)
    assert asked_contrasts(found).index.tolist() == [1]
    only_pairs = with_rows(small_comparison, [rows[0], row_of(pair, 0.1, family="windows")])
    assert asked_contrasts(only_pairs).index.tolist() == [0]


def test_words_for_numbers(small_comparison: Comparison) -> None:
    assert count_units(small_comparison) == "21 artists"
    assert count_units(replace(small_comparison, n_clusters=1)) == "1 artist"
