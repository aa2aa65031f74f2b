"""Results of other data or options: moved out of the way, never mixed in, never lost."""

import json
from dataclasses import replace
from pathlib import Path

from genre.dataset.corpus import Corpus
from genre.dataset.splits import Split, leave_one_artist_out, make_folds
from genre.grid import GridConfig
from genre.grid.outdated import found_runs, retire
from genre.grid.runs import expand
from tests.synthetic import corpus, split_of


def finish(config: GridConfig, *parts: str, identity: str) -> Path:
    folder = config.folder.joinpath(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "record.json").write_text(json.dumps({"finished": True, "identity": identity}))
    return folder


def identity_of(config: GridConfig, data: Corpus, split: Split, *, seed: int) -> str:
    run, cut = expand(replace(config, seeds=seed + 1), data, [split])[-1]
    return run.identity(data, cut)


def test_results_of_other_options_are_moved_out_of_the_way_not_lost(tmp_path: Path) -> None:
    config = GridConfig(out=tmp_path, configs=("attnTrue_lossbce",), seeds=1)
    data = corpus(n_artists=4)
    split = split_of(data)
    # seed 1 is more than was asked for now, but the same options would make it again
    kept = [
        finish(
            config,
            "attnTrue_lossbce",
            f"seed{seed}",
            identity=identity_of(config, data, split, seed=seed),
        )
        for seed in (0, 1)
    ]
    other = finish(config, "attnTrue_lossbce", "seed2", identity="old")
    unknown = finish(config, "my_own", "seed0", identity="old")
    unfinished = tmp_path / "attnFalse_lossbce" / "seed0"
    unfinished.mkdir(parents=True)
    (unfinished / "state.safetensors").touch()
    retire(config, data, [split])
    assert all((folder / "record.json").exists() for folder in (*kept, unknown))
    assert (unfinished / "state.safetensors").exists()
    assert not other.exists()
    moved = tmp_path / "outdated" / "old" / "attnTrue_lossbce" / "seed2" / "record.json"
    assert json.loads(moved.read_text())["identity"] == "old"


def test_folds_and_whole_runs_do_not_mix(tmp_path: Path) -> None:
    config = GridConfig(out=tmp_path, configs=("attnTrue_lossbce",), seeds=1)
    data = corpus(n_artists=4)
    split = split_of(data)
    whole = identity_of(config, data, split, seed=0)
    run = finish(config, "attnTrue_lossbce", "seed0", identity=whole)
    fold = finish(config, "attnTrue_lossbce", "seed0", "fold1", identity="fold")
    retire(config, data, [split])
    assert (run / "record.json").exists()
    assert not fold.exists()
    in_fold = replace(split, fold=1)
    fold = finish(
        config,
        "attnTrue_lossbce",
        "seed0",
        "fold1",
        identity=identity_of(config, data, in_fold, seed=0),
    )
    retire(config, data, [in_fold])
    assert not (run / "record.json").exists()
    assert (fold / "record.json").exists()
    assert (tmp_path / "outdated" / whole / "attnTrue_lossbce" / "seed0" / "record.json").exists()


def test_folds_of_another_kind_are_moved_out_of_the_way(tmp_path: Path) -> None:
    config = GridConfig(out=tmp_path, configs=("attnTrue_lossbce",), seeds=1)
    data = corpus(n_artists=6)
    each = leave_one_artist_out(data.tracks, data.vocabulary)
    five = make_folds(data.tracks, data.vocabulary)
    assert not set(each) & set(five)
    for split in each:
        identity = identity_of(config, data, split, seed=0)
        finish(config, "attnTrue_lossbce", "seed0", f"fold{split.fold}", identity=identity)
    retire(config, data, each)
    records = "attnTrue_lossbce/seed0/fold*/record.json"
    assert len(list(tmp_path.glob(records))) == len(each)
    retire(config, data, five)
    assert not list(tmp_path.glob(records))
    assert len(list(tmp_path.glob(f"outdated/*/{records}"))) == len(each)


def test_only_runs_of_known_configurations_are_found_in_order(tmp_path: Path) -> None:
    config = GridConfig(out=tmp_path)
    for parts in (
        ("attnTrue_lossbce", "seed10"),
        ("attnTrue_lossbce", "seed1"),
        ("attnFalse_lossfocal", "seed0", "fold2"),
        ("my_own", "seed0"),
    ):
        finish(config, *parts, identity="x")
    found = found_runs(config)
    names = ["attnFalse_lossfocal/seed0/fold2", "attnTrue_lossbce/seed1", "attnTrue_lossbce/seed10"]
    assert [place.name for place, _ in found] == names
    assert [run.folder for _, run in found] == [tmp_path / name for name in names]
    assert [(run.config_name, run.seed) for _, run in found] == [
        ("attnFalse_lossfocal", 0),
        ("attnTrue_lossbce", 1),
        ("attnTrue_lossbce", 10),
    ]
    assert found[0][1].config == config.run_config("attnFalse_lossfocal")


def test_a_run_that_says_nothing_of_itself_stays_unless_its_fold_is_not_asked_for(
    tmp_path: Path,
) -> None:
    config = GridConfig(out=tmp_path, configs=("attnTrue_lossbce",), seeds=1)
    data = corpus(n_artists=4)
    whole = finish(config, "attnTrue_lossbce", "seed0", identity="x")
    fold = finish(config, "attnTrue_lossbce", "seed0", "fold4", identity="x")
    for folder in (whole, fold):
        (folder / "record.json").write_text("{broken")
    retire(config, data, [split_of(data)])
    assert (whole / "record.json").exists()
    moved = tmp_path / "outdated" / "unfinished" / "attnTrue_lossbce" / "seed0" / "fold4"
    assert (moved / "record.json").read_text() == "{broken"
