"""Every genre by itself: figures of each run, and what the configurations change."""

import numpy as np
import pytest

from genre.evaluation import compare
from genre.evaluation.comparison import Comparison
from genre.evaluation.comparison.genres import OF_DECISIONS
from genre.evaluation.comparison.inference import adjust
from genre.evaluation.metrics import per_class_table
from tests.comparison_examples import QUICK


def test_the_table_of_genres(several_seeds: Comparison) -> None:
    table = several_seeds.per_class
    assert len(table) == 4 * 2 * 7
    for metric in ("precision", "recall", "f1", "ap", "auc"):
        known = table.dropna(subset=[metric, f"{metric}_low"])
        assert len(known)
        assert (known[f"{metric}_low"] <= known[metric] + 1e-9).all()
        assert (known[metric] <= known[f"{metric}_high"] + 1e-9).all()
    run = several_seeds.experiment.runs["attnTrue_lossbce"][1]
    own = table[(table["config"] == "attnTrue_lossbce") & (table["seed"] == 1)]
    expected = per_class_table(
        run.y_true,
        run.y_score,
        run.decisions,
        genres=run.genres,
        artist=run.artist,
        thresholds=run.thresholds.mean(axis=0),
    )
    for column in ("genre", "TP", "FP", "FN", "ap", "n_pos_artists", "threshold"):
        assert own[column].tolist() == expected[column].tolist()


def test_a_genre_of_few_artists_has_an_interval_within_bounds_or_none() -> None:
    rng = np.random.default_rng(0)
    artist = np.repeat(np.arange(20), 3)
    y_true = np.stack([artist < 4, artist == 7, artist >= 12], axis=1)
    scores = 0.3 * y_true + 0.7 * rng.random(y_true.shape)
    scores[:, 2] = y_true[:, 2]  # never wrong
    found = compare(y_true, {"a": scores}, artist=artist, config=QUICK).per_class
    few, one, perfect = found.to_dict("records")
    assert 0 < few["ap_low"] < few["ap"] < few["ap_high"] < 1
    assert np.isnan([one["ap_low"], one["ap_high"]]).all()
    assert perfect["ap"] == 1
    assert np.isnan([perfect["ap_low"], perfect["ap_high"]]).all()


def test_the_main_effects_change_genres_and_the_interaction_is_not_asked(
    several_seeds: Comparison,
) -> None:
    effects = several_seeds.per_class_contrasts
    assert set(effects["contrast"]) == {"attention: on - off", "loss: focal - bce"}
    assert len(effects) == 2 * 7
    assert set(effects["metric"]) == {"ap"}
    for _, rows in effects.groupby("contrast"):
        np.testing.assert_allclose(rows["p_bh"], adjust(rows["p_raw"], method="fdr_bh"))
    # Attention on less attention off, mean over both losses and over seeds.
    means = several_seeds.per_class.groupby(["config", "genre"])["ap"].mean()
    row = effects.iloc[0]
    on, off = (
        np.mean([means[f"attn{attention}_loss{loss}", row["genre"]] for loss in ("bce", "focal")])
        for attention in (True, False)
    )
    assert row["delta"] == pytest.approx(on - off)


def test_a_single_pair_is_asked_of_every_genre_and_many_pairs_of_none() -> None:
    rng = np.random.default_rng(0)
    y_true = np.eye(3, dtype=np.bool_)[np.arange(60) % 3]
    y_true[:, 2] = False  # a genre without a track has no value to compare
    scores = {name: rng.random(y_true.shape) for name in "abc"}
    two = {name: scores[name] for name in "ab"}
    pair = compare(y_true, two, genres=["x", "y", "z"], config=QUICK)
    assert pair.per_class_contrasts["contrast"].tolist() == ["b - a"] * 2
    assert pair.per_class_contrasts["genre"].tolist() == ["x", "y"]
    assert compare(y_true, scores, config=QUICK).per_class_contrasts.empty
    assert not set(OF_DECISIONS) & set(pair.per_class.columns)
