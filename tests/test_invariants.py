"""What must hold across rooms, whatever changes inside them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.addresses import here
from genre.audio.frontend import extract
from genre.dataset.features import FeatureStore
from genre.dataset.layouts import scan
from genre.dataset.splits import load_split
from genre.evaluation.scores import load_scores
from genre.grid import GridConfig, run_grid
from genre.inference.bundle import load_bundle
from genre.inference.scoring import window_logits
from genre.tagging.tagger import Tagger
from tests.tiny_grid import CONFIGS, tiny


@pytest.fixture(scope="module")
def grid(sample_cut: Path, tmp_path_factory: pytest.TempPathFactory) -> GridConfig:
    folder = tmp_path_factory.mktemp("invariants")
    config = replace(tiny(sample_cut, folder / "results"), configs=CONFIGS[:1])
    run_grid(config, progress=False)
    return config


def test_no_artist_stands_on_two_sides(grid: GridConfig) -> None:
    split = load_split(grid.folder / "split.json")
    artist = {track.track_id: track.artist for track in scan(grid.data).tracks}
    sides = [{artist[i] for i in part} for part in (split.train, split.val, split.test)]
    assert all(sides)
    assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]  # noqa: PT018 - one statement


def test_tagging_a_file_equals_evaluating_it(grid: GridConfig) -> None:
    run = grid.folder / CONFIGS[0] / "seed0"
    test, bundle = load_scores(run / "scores.npz").test, load_bundle(run / "bundle")
    tagger = Tagger(bundle)
    for row, track_id in enumerate(test.track_id[:4]):
        scores = tagger.tag(grid.data / str(track_id)).scores
        # a batch of another size sums in another order
        expected = dict(zip(bundle.genres, test.y_score[row], strict=True))
        assert scores == pytest.approx(expected, abs=1e-5)


def test_a_cache_hit_equals_a_miss(grid: GridConfig) -> None:
    store = FeatureStore(grid.cache, grid.front_end)
    for track in scan(grid.data).tracks[:3]:
        fresh = extract(here(track.path), grid.front_end).mel
        np.testing.assert_array_equal(store.load(track), fresh)


def test_scores_do_not_depend_on_the_batch_size(grid: GridConfig) -> None:
    bundle = load_bundle(grid.folder / CONFIGS[0] / "seed0" / "bundle")
    store = FeatureStore(grid.cache, grid.front_end)
    mels = [store.load(track) for track in scan(grid.data).tracks[:4]]
    at_once = window_logits(bundle.network(), mels, bundle.windowing)
    one_by_one = window_logits(bundle.network(), mels, bundle.windowing, batch_size=1)
    # float32 sums in another order for another batch size
    np.testing.assert_allclose(
        bundle.rule.track_scores(one_by_one), bundle.rule.track_scores(at_once), atol=1e-5
    )


def test_the_same_seed_is_the_same_run_and_another_is_another(
    grid: GridConfig, tmp_path: Path
) -> None:
    again = replace(grid, out=tmp_path / "again", seeds=1)
    run_grid(again, progress=False)
    first, second = (
        load_scores(config.folder / CONFIGS[0] / "seed0" / "scores.npz") for config in (grid, again)
    )
    np.testing.assert_array_equal(first.test.y_score, second.test.y_score)
    other = load_scores(grid.folder / CONFIGS[0] / "seed1" / "scores.npz")
    assert not np.array_equal(first.test.y_score, other.test.y_score)
