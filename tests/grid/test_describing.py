"""What an experiment says of itself: genre.grid.describing."""

from dataclasses import replace
from pathlib import Path

import torch

from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.dataset.splits import SplitConfig
from genre.evaluation.inputs import LOGISTIC, ExperimentFolder, RecordedRun, RunPlace, RunRecord
from genre.grid import GridConfig
from genre.grid.describing import path_of, write_description
from genre.grid.preparation import prepare
from tests.old_tracks import write_old_tracks


def test_names_and_tree_are_described(tmp_path: Path) -> None:
    write_old_tracks(tmp_path / "tracks")
    config = GridConfig(
        data=tmp_path / "tracks",
        out=tmp_path / "results",
        cache=tmp_path / "cache",
        seeds=1,
        split=SplitConfig(train=0.4, val=0.3, test=0.3),
        front_end=FrontEndConfig(mel=MelConfig(n_mels=16)),
    )
    prepared = prepare(config, device=torch.device("cpu"), progress=False)
    write_description(config, prepared, command="genre train")
    folder = ExperimentFolder(config.folder)
    plain = folder.read_description()
    assert plain.command == "genre train"
    assert plain.display_names == {"high": "high", "low": "low"}
    assert plain.parents == {}
    assert '"parents"' not in folder.description.read_text(encoding="utf-8")

    tree = tmp_path / "tree.toml"
    tree.write_text('[Sound]\n["Low Sounds"]\nparents = ["Sound"]\nalso = ["low"]\n')
    config = replace(config, genres=str(tree))
    prepared = prepare(config, device=torch.device("cpu"), progress=False)
    write_description(config, prepared, command="")
    described = folder.read_description()
    assert described.genres == ("high", "low_sounds", "sound")
    assert described.display_names["low_sounds"] == "Low Sounds"
    assert described.parents == {"low_sounds": ("sound",)}


def test_the_winner_is_named_by_where_it_lies(tmp_path: Path) -> None:
    folder, place = ExperimentFolder(tmp_path), RunPlace(configuration="a", seed=1, fold=2)
    trained = RecordedRun(place=place, folder=folder.run(place), record=RunRecord())
    assert path_of(trained, tmp_path) == place.name == "a/seed1/fold2"
    fitted = replace(trained, folder=folder.baselines.of(LOGISTIC).of_fold(2))
    assert path_of(fitted, tmp_path) == "baselines/fold2"
