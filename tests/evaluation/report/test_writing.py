"""Every file of a comparison: there, strict, and the same again."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.evaluation import compare
from genre.evaluation.report.writing import compare_experiment, write_comparison
from tests.report_examples import QUICK, written
from tests.synthetic_experiment import write_experiment


def test_every_file_is_there_and_every_picture_is_shown(reported: tuple[Path, str]) -> None:
    folder, _ = reported
    for name in ("comparison", "scores", "per_class", "per_class_contrasts", "confusion"):
        assert len(pd.read_csv(folder / f"{name}.csv")) > 0
    shown = set(re.findall(r"\]\((pictures/[^)]+)\)", written(folder)))
    assert shown == {f"pictures/{path.name}" for path in (folder / "pictures").iterdir()}
    assert len(shown) == 11


def test_the_columns_of_the_comparison(reported: tuple[Path, str]) -> None:
    wanted = """
        family contrast metric unit n_units n_seeds mean_A mean_B delta se_test se_seed ci_low
        ci_high ci_method p_raw p_holm p_A_beats_B rope share_in_rope detectable B rng_seed
        claim_scope legacy_t legacy_p
    """
    assert set(wanted.split()) <= set(pd.read_csv(reported[0] / "comparison.csv").columns)


def test_the_json_is_strict_and_agrees_with_the_table(reported: tuple[Path, str]) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = (reported[0] / "comparison.json").read_text()
    content = json.loads(text, parse_constant=refuse)
    contrasts = pd.read_csv(reported[0] / "comparison.csv")
    assert len(content["contrasts"]) == len(contrasts)
    np.testing.assert_allclose([row["delta"] for row in content["contrasts"]], contrasts["delta"])
    assert content["n_test_artists"] == 21
    assert content["legacy_ttest"] == "invalid: p depends on B"
    assert content["contrasts"][0]["legacy_p"] is None  # macro AP has no reference test


def test_noise_of_runs_is_counted_once_and_the_plain_sum_stands_beside(
    reported: tuple[Path, str],
) -> None:
    folder, _ = reported
    table = pd.read_csv(folder / "comparison.csv")
    plain = np.hypot(table["se_test"], table["se_seed"])
    np.testing.assert_allclose(table["se_noise_twice"], plain)
    assert (table["se"] < plain).all()  # seeds have noise by artist: see make_part
    half = (table["ci_high"] - table["ci_low"]) / 2
    assert (half > 1.9 * table["se"]).all()
    assert "columns se_noise_twice and p_noise_twice" in written(folder)


@pytest.mark.usefixtures("sketched")
def test_a_comparison_without_contrasts_is_written(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills={"one": 2.0}, seeds=(0,), n_artists=5, n_windows=1)
    compare_experiment(folder, QUICK)
    assert (folder / "comparison.csv").read_text().startswith("family,contrast,metric")
    assert not list((folder / "pictures").glob("forest*"))


@pytest.mark.usefixtures("sketched")
def test_a_second_comparison_writes_the_same(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills={"one": 2.0}, seeds=(0,), n_artists=5)
    compare_experiment(folder, QUICK)
    names = ("REPORT.md", "comparison.json", "scores.csv", "per_class.csv")
    first = {name: (folder / name).read_bytes() for name in names}
    compare_experiment(folder, QUICK)
    assert {name: (folder / name).read_bytes() for name in names} == first


@pytest.mark.usefixtures("sketched")
def test_a_comparison_may_be_written_elsewhere(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "here", skills={"one": 2.0}, seeds=(0,), n_artists=5)
    comparison = compare_experiment(folder, QUICK, out=tmp_path / "there")
    assert comparison.experiment.folder == tmp_path / "there"
    assert (tmp_path / "there" / "REPORT.md").read_text().startswith("# Report of there\n")
    assert not (folder / "REPORT.md").exists()


@pytest.mark.usefixtures("sketched")
def test_arrays_are_written_like_an_experiment(tmp_path: Path) -> None:
    y_true = np.eye(3, dtype=np.bool_)[np.arange(36) % 3]
    found = compare(y_true, {"a": y_true * 0.5, "b": y_true * 0.25}, config=QUICK)
    write_comparison(replace(found, experiment=replace(found.experiment, folder=tmp_path)))
    content = json.loads((tmp_path / "comparison.json").read_text())
    assert (content["n_test_tracks"], content["unit"], content["seeds"]) == (
        36,
        "track",
        {"a": [0], "b": [0]},
    )
    assert (tmp_path / "report.html").is_file()
