"""A grid: what it expands to, that finished runs are kept, broken ones redone, the best chosen."""

import json
from pathlib import Path
from typing import Any

import pytest

from genre.config import to_mapping
from genre.dataset.splits import Split
from genre.errors import ConfigError
from genre.experiment import Run, RunConfig
from genre.grid import CONFIGURATIONS, GridConfig, runs
from genre.grid.baselines import baseline_scores
from genre.grid.runs import expand
from tests.synthetic import GENRES, corpus, split_of


def test_the_four_names_differ_in_attention_and_loss_only() -> None:
    config = GridConfig()
    plain = to_mapping(config.run_config("attnFalse_lossbce"))
    for name, (attention, loss) in CONFIGURATIONS.items():
        assert name == f"attn{attention}_loss{loss}"
        mapping = to_mapping(config.run_config(name))
        assert mapping.pop("loss") == loss
        assert mapping["model"].pop("channel_attention") is attention
        assert mapping["model"].pop("spatial_attention") is attention
        assert mapping["training"] == plain["training"]
        assert mapping["model"] == {
            key: value for key, value in plain["model"].items() if not key.endswith("attention")
        }


def test_expands_seed_by_seed_with_folders_of_their_own() -> None:
    config = GridConfig(out=Path("r"), configs=("attnTrue_lossbce", "attnFalse_lossbce"), seeds=2)
    split = Split(train=("a",), val=("b",), test=("c",))
    folders = [run.folder.as_posix() for run, _ in expand(config, [split])]
    assert folders == [
        "r/attnTrue_lossbce/seed0",
        "r/attnFalse_lossbce/seed0",
        "r/attnTrue_lossbce/seed1",
        "r/attnFalse_lossbce/seed1",
    ]
    folds = [Split(train=("a",), val=("b",), test=("c",), fold=fold) for fold in (1, 2)]
    folders = [run.folder.as_posix() for run, _ in expand(config, folds)]
    assert folders[:2] == ["r/attnTrue_lossbce/seed0/fold1", "r/attnTrue_lossbce/seed0/fold2"]
    assert len(set(folders)) == 8


def test_results_are_named_after_the_data() -> None:
    assert GridConfig(data=Path("music/mine")).folder == Path("results/mine")
    assert GridConfig(data=Path("music/mine"), out=Path("x")).folder == Path("x")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"configs": ("attnTrue",)}, "configs='attnTrue' must be among: attnTrue_lossbce, "),
        ({"seeds": 0}, "seeds=0 must be at least 1"),
        ({"max_bad_fraction": 2.0}, r"max_bad_fraction=2.0 must lie in \[0, 1\]"),
    ],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        GridConfig(**options)


def run_at(folder: Path, *, identity: str = "", macro_ap: float | None = None) -> Run:
    run = Run(config_name="c", config=RunConfig(), seed=0, folder=folder)
    if identity:
        folder.mkdir(parents=True)
        record = {
            "finished": True,
            "identity": identity,
            "metrics": {"val": {"macro_ap": macro_ap}, "test": {"macro_ap": 1.0}},
        }
        (folder / "record.json").write_text(json.dumps(record))
    return run


def test_a_finished_run_is_kept(tmp_path: Path) -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    identity = run_at(tmp_path / "nothing").identity(data, split)
    run = run_at(tmp_path / "c" / "seed0", identity=identity)
    record = runs._finished(run, data, split, tmp_path)
    assert record is not None
    assert record["identity"] == identity


def test_an_unfinished_run_is_done(tmp_path: Path) -> None:
    data = corpus(n_artists=4)
    run = run_at(tmp_path / "c" / "seed0")
    run.folder.mkdir(parents=True)
    (run.folder / "record.json").write_text('{"finished"')
    assert runs._finished(run, data, split_of(data), tmp_path) is None


def test_a_run_of_other_data_is_moved_out_of_the_way_not_lost(tmp_path: Path) -> None:
    data = corpus(n_artists=4)
    run = run_at(tmp_path / "c" / "seed0", identity="old")
    assert runs._finished(run, data, split_of(data), tmp_path) is None
    assert not run.folder.exists()
    moved = tmp_path / "outdated" / "old" / "c" / "seed0" / "record.json"
    assert json.loads(moved.read_text())["identity"] == "old"


def test_the_best_is_chosen_on_validation_alone(tmp_path: Path) -> None:
    made = [
        run_at(tmp_path / str(i), identity="x", macro_ap=value)
        for i, value in enumerate((0.2, 0.9, None))
    ]
    records = [(run, run.record() or {}) for run in made]
    records[0][1]["metrics"]["test"]["macro_ap"] = 5.0
    best, value = runs._choose(records)
    assert best is made[1]
    assert value == 0.9


def test_where_nothing_can_be_measured_one_is_chosen_all_the_same(tmp_path: Path) -> None:
    run = run_at(tmp_path / "a", identity="x")
    assert runs._choose([(run, run.record() or {})]) == (run, None)


def test_the_baseline_learns_and_is_scored_on_the_same_split() -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    scores = baseline_scores(data, split)
    assert scores.genres == GENRES
    assert tuple(scores.test.track_id.tolist()) == split.test
    assert scores.train_prior.sum() == pytest.approx(1.0)
    # The genres of the synthetic corpus differ in the level of every eighth band.
    top = scores.test.y_score.argmax(axis=1)
    assert (scores.test.y_true[range(len(top)), top]).mean() > 0.9
