"""From a user's folder to tracks that can be trained on: genre.grid.preparation."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from genre.addresses import here
from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.dataset.splits import SplitConfig
from genre.errors import ConfigError, DatasetError
from genre.grid import GridConfig
from genre.grid.preparation import prepare
from tests.old_tracks import write_old_tracks

CPU = torch.device("cpu")


@pytest.fixture
def config(tmp_path: Path) -> GridConfig:
    write_old_tracks(tmp_path / "tracks")
    return GridConfig(
        data=tmp_path / "tracks",
        out=tmp_path / "results",
        cache=tmp_path / "cache",
        seeds=1,
        split=SplitConfig(train=0.4, val=0.3, test=0.3),
        front_end=FrontEndConfig(mel=MelConfig(n_mels=16)),
    )


def test_bad_files_are_left_out_with_the_reason(config: GridConfig) -> None:
    broken = here(config.data) / "low" / "Artist 9 - low.wav"
    broken.write_bytes(b"")
    prepared = prepare(config, device=CPU, progress=False)
    assert len(prepared.corpus.tracks) == 10
    assert [fault.kind for fault in prepared.faults] == ["empty"]
    (line,) = (config.folder / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["path"] == str(broken)
    assert "1 of 11 files cannot be used: empty 1" in prepared.warnings


def test_the_labels_spelling_goes_with_the_corpus(config: GridConfig) -> None:
    (here(config.data) / "low").rename(here(config.data) / "L O W")
    prepared = prepare(config, device=CPU, progress=False)
    names = prepared.corpus.display_names
    assert {genre: names[genre] for genre in prepared.corpus.vocabulary.genres} == {
        "high": "high",
        "l_o_w": "L O W",
    }


def test_silence_is_not_learned_as_a_genre(config: GridConfig) -> None:
    # The rule: what has no sound teaches nothing, whatever folder it lies in; it is no bad file
    # either, is named, and takes nobody else along.
    for name, samples in (("digital", np.zeros(30000)), ("offset", np.full((30000, 2), 0.25))):
        soundfile.write(config.data / "low" / f"Nobody - {name}.wav", samples, 22050)
    prepared = prepare(config, device=CPU, progress=False)
    assert not [track for track in prepared.corpus.tracks if "Nobody" in track.track_id]
    assert len(prepared.corpus.tracks) == 10
    assert prepared.faults == ()
    told = [words for words in prepared.warnings if "is silent, so that no genre can be" in words]
    assert len(told) == 2


def test_nothing_but_silence_is_an_error_that_says_so(config: GridConfig) -> None:
    for path in here(config.data).rglob("*.wav"):
        soundfile.write(path, np.zeros(30000 + path.stat().st_ino % 999), 22050)
    with pytest.raises(DatasetError, match=r"must hold a file with sound: all \d+ are silent"):
        prepare(config, device=CPU, progress=False)


def test_an_artist_stands_on_one_side(config: GridConfig) -> None:
    prepared = prepare(config, device=CPU, progress=False)
    (split,) = prepared.splits
    sides = [set(prepared.corpus.artists(part)) for part in (split.train, split.val, split.test)]
    assert all(sides)
    assert sum(map(len, sides)) == 5
    assert (config.folder / "split.json").is_file()


def test_folders_that_are_no_genres_stop_it_before_anything_is_decoded(config: GridConfig) -> None:
    for number, folder in enumerate(sorted(here(config.data).iterdir())):
        folder.rename(here(config.data) / f"00{number}")
    with pytest.raises(
        DatasetError, match=r"may be no genres: .* are numbered .* \(000, 001\)"
    ) as stop:
        prepare(config, device=CPU, progress=False)
    assert "--folders-are-genres true" in str(stop.value)
    assert not list(here(config.cache).rglob("*.npy"))
    prepared = prepare(replace(config, folders_are_genres=True), device=CPU, progress=False)
    assert prepared.corpus.vocabulary.genres == ("000", "001")


def test_more_than_a_fifth_by_nobody_known_is_said(config: GridConfig) -> None:
    for path in sorted(here(config.data).rglob("Artist [01]*.wav")):
        path.rename(path.with_name(f"song {path.parent.name} {path.stem[7]}.wav"))
    prepared = prepare(config, device=CPU, progress=False)
    (line,) = (line for line in prepared.warnings if "without a known artist" in line)
    assert line.startswith("4 tracks of 10 without a known artist")
    assert "every score may be too high" in line


def test_folds_take_the_place_of_one_split(config: GridConfig) -> None:
    prepare(config, device=CPU, progress=False)
    prepared = prepare(replace(config, folds="all"), device=CPU, progress=False)
    tested = [track for split in prepared.splits for track in split.test]
    assert sorted(tested) == [track.track_id for track in prepared.corpus.tracks]
    names = {path.name for path in config.folder.glob("split*.json")}
    assert names == {f"split_fold{split.fold}.json" for split in prepared.splits}


def test_each_artist_is_tested_on_its_own(
    config: GridConfig, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        prepared = prepare(replace(config, folds="artists"), device=CPU, progress=False)
    by_id = {track.track_id: track.artist for track in prepared.corpus.tracks}
    tested = [{by_id[track_id] for track_id in split.test} for split in prepared.splits]
    assert tested == [{artist} for artist in sorted(set(by_id.values()))]
    n = len(tested)
    assert f"{n} folds: each of the {n} artists tested once, on its own" in caplog.text
    names = {path.name for path in config.folder.glob("split*.json")}
    assert names == {f"split_fold{fold}.json" for fold in range(n)}


def test_a_genre_that_is_too_rare_is_dropped_with_the_reason(config: GridConfig) -> None:
    (here(config.data) / "odd").mkdir()
    source = here(config.data) / "low" / "Artist 0 - low.wav"
    (here(config.data) / "odd" / "Someone - odd.wav").write_bytes(source.read_bytes()[:-2])
    prepared = prepare(config, device=CPU, progress=False)
    assert prepared.corpus.vocabulary.genres == ("high", "low")
    assert list(prepared.dropped_genres) == ["odd"]


def test_where_every_file_is_bad_the_reasons_are_named(config: GridConfig) -> None:
    for path in here(config.data).rglob("*.wav"):
        path.write_bytes(b"no sound at all, but long enough to look at")
    with pytest.raises(DatasetError, match=r"all 1[0-9]? are bad; the reasons are in .*jsonl"):
        prepare(config, device=CPU, progress=False)


def test_several_runs_at_a_time_share_mapped_features(config: GridConfig) -> None:
    one = prepare(replace(config, parallel_runs=1), device=CPU, progress=False)
    two = prepare(replace(config, parallel_runs=2), device=CPU, progress=False)
    assert (one.n_at_a_time, two.n_at_a_time) == (1, 2)
    assert (one.in_memory, two.in_memory) == (False, False)
    assert list((here(config.cache) / "packed").iterdir())


def test_a_published_collection_is_named_with_what_it_lacks(
    config: GridConfig, caplog: pytest.LogCaptureFixture
) -> None:
    (here(config.data) / "meta").mkdir()
    (here(config.data) / "audio").mkdir()
    rows = ["filename,fold,target,category,esc10,src_file,take"]
    for number, path in enumerate(sorted(here(config.data).glob("*/*.wav"))):
        name, genre = f"{number % 5 + 1}-{number}-A-0.wav", path.parent.name
        path.rename(here(config.data) / "audio" / name)
        rows.append(f"{name},{number % 5 + 1},0,{genre},False,{number},A")
    rows.append("1-99-A-0.wav,1,0,low,False,99,A")
    (here(config.data) / "meta/esc50.csv").write_text("\n".join(rows))
    with caplog.at_level(logging.INFO):
        prepared = prepare(replace(config, folds="all"), device=CPU, progress=False)
    assert "ESC-50 (Piczak 2015), with its five folds" in caplog.text
    assert f"1 file of {len(rows) - 1} listed not found in the folder: 1-99-A-0" in caplog.text
    assert [split.fold for split in prepared.splits] == [1, 2, 3, 4, 5]
    for split in prepared.splits:
        assert {Path(name).name[0] for name in split.test} == {str(split.fold)}


TREE = '[Sound]\n["Deep"]\nparents = ["sound"]\nalso = ["low"]\n["high"]\nparents = ["Sound"]\n'


def test_the_tree_beside_the_data_is_taken(
    config: GridConfig, caplog: pytest.LogCaptureFixture
) -> None:
    Path(str(config.data), "genres.toml").write_text(TREE)
    with caplog.at_level(logging.INFO):
        corpus = prepare(config, device=CPU, progress=False).corpus
    assert corpus.vocabulary.genres == ("deep", "high", "sound")
    assert corpus.vocabulary.parents == ((2,), (2,), ())
    assert corpus.part([corpus.tracks[0].track_id]).parents == ((2,), (2,), ())
    assert corpus.y_true[:, 2].all()
    assert [corpus.display_names[name] for name in ("deep", "sound")] == ["Deep", "Sound"]
    assert f"the tree of genres is that of {config.data / 'genres.toml'}" in caplog.text
    assert ".toml" not in caplog.text.replace("genres.toml", "")
    without = prepare(replace(config, genres="none"), device=CPU, progress=False).corpus
    assert without.vocabulary.genres == ("high", "low")


def test_a_parent_that_nobody_knows_stops_before_decoding(config: GridConfig) -> None:
    Path(str(config.data), "genres.toml").write_text('[high]\nparents = ["lov"]\n')
    with pytest.raises(DatasetError, match=r"genres.toml, line 1: parent 'lov' .* mean low\?"):
        prepare(config, device=CPU, progress=False)
    assert not list(Path(str(config.cache)).rglob("*.npy"))


def test_which_one_has_no_parents(config: GridConfig) -> None:
    Path(str(config.data), "genres.toml").write_text(TREE)
    which = replace(config, task="exclusive", configs=("attnTrue_losscross_entropy",))
    with pytest.raises(ConfigError, match=r"task=exclusive must come without .* --genres none"):
        prepare(which, device=CPU, progress=False)
    Path(str(config.data), "genres.toml").write_text('[Deep]\nalso = ["low"]\n')  # names alone
    corpus = prepare(which, device=CPU, progress=False).corpus
    assert corpus.vocabulary.genres == ("deep", "high")
