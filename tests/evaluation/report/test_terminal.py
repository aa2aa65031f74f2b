"""The compact summary for a terminal."""

from dataclasses import replace

from genre.evaluation.comparison import Comparison
from genre.evaluation.report.terminal import summary_text, where_it_is


def notes(comparison: Comparison) -> list[str]:
    return [line for line in summary_text(comparison).splitlines() if line.startswith("note: ")]


def test_the_last_line_says_where_both_are(small_comparison: Comparison) -> None:
    folder = small_comparison.experiment.folder
    line = where_it_is(small_comparison)
    assert line == f"report: {folder / 'report.html'} and {folder / 'REPORT.md'}"
    assert summary_text(small_comparison).splitlines()[-1] == line


def test_every_configuration_and_contrast_has_its_line(small_comparison: Comparison) -> None:
    lines = summary_text(small_comparison).splitlines()
    assert [line.split("  ")[0] for line in lines if line.startswith("attn")] == [
        "attnFalse_lossbce",
        "attnTrue_lossbce",
        "attnTrue_lossbce - attnFalse_lossbce",
        "attnTrue_lossbce - attnFalse_lossbce",
        "attnFalse_lossbce - logistic regression",
    ]
    assert "all pairs, 2 seeds, 21 test artists:" in lines
    assert "planned contrasts, 2 seeds, 21 test artists:" in lines
    assert sum(line.startswith("attention: on - off") for line in lines) == 2  # metrics
    assert "network and baseline, 2 seeds, 21 test artists:" in lines
    assert lines[0].startswith("Chosen on validation among 3, baselines included: ")
    sentences = lines[: lines.index("")]
    assert len(sentences) > 1
    assert max(map(len, sentences)) <= 100


def test_notes_stand_once_and_the_gravest_first(small_comparison: Comparison) -> None:
    assert notes(small_comparison) == []  # two seeds and few artists of a genre weigh little
    experiment = replace(
        small_comparison.experiment,
        notes=("Not finished.csv has its genres in another order.",),
        unfinished=("a/seed1",),
    )
    found = replace(small_comparison, experiment=experiment, n_clusters=5)
    few, unfinished, note = notes(found)
    assert few.startswith("note: Too few artists: the test set has 5 artists, fewer than 10.")
    assert unfinished == "note: Not finished, and not part of this comparison: a/seed1."
    assert note == "note: Not finished.csv has its genres in another order."
