"""Where the music of `genre export --int8` is found: genre.cli.export_music."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.audio.frontend import extract
from genre.cli.export_music import is_experiment, music_of
from genre.dataset.splits import save_split
from genre.dataset.tracks import Track
from genre.errors import ConfigError, GenreError
from genre.inference import Bundle
from tests.bundles import varying_bundle
from tests.calibration_examples import PLACE, SPLIT, write_experiment, write_music


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """Write an experiment, and give its model."""
    return write_experiment(tmp_path)


def names(tracks: tuple[Track, ...]) -> set[str]:
    return {track.track_id for track in tracks}


def test_scales_are_found_on_training_tracks_and_judged_on_validation_tracks(
    bundle: Bundle, tmp_path: Path
) -> None:
    assert is_experiment(tmp_path / "results" / "x")
    music = music_of(tmp_path / "results" / "x", bundle, cache=tmp_path / "cache")
    assert names(music.calibrated) == set(SPLIT.train)
    assert tuple(track.track_id for track in music.judged) == SPLIT.val
    assert music.truth is not None
    np.testing.assert_array_equal(music.truth.y_true[:, 0], [True, False, False])
    mels: list[NDArray[np.float16]] = list(music.mels(music.judged))
    np.testing.assert_array_equal(mels[1], extract(tmp_path / "music" / "b" / "5.wav").mel)


def test_a_large_experiment_is_sampled_the_same_way_each_time(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genre.cli.export_music.N_CALIBRATED", 2)
    place = tmp_path / "results" / "x"
    first, second = (music_of(place, bundle, cache=tmp_path / "cache") for _ in range(2))
    assert len(first.calibrated) == 2
    assert first.calibrated == second.calibrated
    assert len(first.judged) == 3


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"split_hash": "other"}, "must be the experiment .*its split is .*, the model's other"),
        ({"seed": 2}, "must hold the model's run attnTrue_lossbce/seed2"),
        ({"data_hash": "other"}, "seed1 was trained on data two as one, the model on other as one"),
        ({"identity": "other"}, "trained on data two as one, the model on two as other"),
        ({"config_name": 3}, "config_name=3 must be of type str"),
    ],
)
def test_another_experiment_is_refused(
    bundle: Bundle, tmp_path: Path, changed: dict[str, str | int], message: str
) -> None:
    other = replace(bundle, provenance=dict(bundle.provenance) | changed)
    with pytest.raises(GenreError, match=message):
        music_of(tmp_path / "results" / "x", other, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_what_is_missing_from_an_experiment_is_named(bundle: Bundle, tmp_path: Path) -> None:
    place, cache = tmp_path / "results" / "x", tmp_path / "cache"
    (tmp_path / "music" / "b" / "5.wav").rename(tmp_path / "music" / "b" / "5.txt")
    with pytest.raises(ConfigError, match=r"trained on data=.*, where b/5\.wav must lie"):
        music_of(place, bundle, cache=cache)
    (tmp_path / "music" / "b" / "5.wav").write_text("<html>")
    with pytest.raises(ConfigError, match=r"5\.wav must be readable: "):
        music_of(place, bundle, cache=cache)
    (place / PLACE.name / "scores.npz").unlink()
    with pytest.raises(GenreError, match="must be the scores of a finished run"):
        music_of(place, bundle, cache=cache)
    (place / "split.json").unlink()
    with pytest.raises(GenreError, match="must be a readable file"):
        music_of(place, bundle, cache=cache)


def test_the_fold_of_the_model_is_used(bundle: Bundle, tmp_path: Path) -> None:
    place = tmp_path / "results" / "x"
    split = replace(SPLIT, fold=3, train=("b/3.wav",))
    save_split(split, place / "split_fold3.json")
    provenance = dict(bundle.provenance) | {"fold": 3, "split_hash": split.hash}
    (place / PLACE.name).rename(place / "fold3")
    (place / PLACE.name).mkdir()
    (place / "fold3").rename(place / PLACE.name / "fold3")
    music = music_of(place, replace(bundle, provenance=provenance), cache=tmp_path / "cache")
    assert names(music.calibrated) == {"b/3.wav"}


def test_of_any_folder_half_of_the_files_judge(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_music(tmp_path / "music", ["1.wav", "deep/2.wav", "3.wav", "4.wav"])
    (tmp_path / "music" / "5.wav").write_text("<html>")
    music = music_of(tmp_path / "music", varying_bundle(), cache=tmp_path / "cache")
    assert len(music.calibrated) == len(music.judged) == 2
    assert names(music.calibrated) | names(music.judged) == {
        "1.wav",
        "deep/2.wav",
        "3.wav",
        "4.wav",
    }
    assert music.truth is None
    assert "5.wav" in caplog.text


def test_a_single_file_is_for_both(tmp_path: Path) -> None:
    write_music(tmp_path / "music", ["1.wav"])
    music = music_of(tmp_path / "music", varying_bundle(), cache=tmp_path / "cache")
    assert music.calibrated == music.judged


def test_a_large_folder_is_sampled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genre.cli.export_music.N_CALIBRATED", 1)
    monkeypatch.setattr("genre.cli.export_music.N_JUDGED", 1)
    write_music(tmp_path / "music", ["1.wav", "2.wav", "3.wav"])
    music = music_of(tmp_path / "music", varying_bundle(), cache=tmp_path / "cache")
    assert len(music.calibrated) == len(music.judged) == 1


def test_a_place_without_music_is_refused(tmp_path: Path) -> None:
    bundle, cache = varying_bundle(), tmp_path / "cache"
    with pytest.raises(ConfigError, match=r"calibrate=.*none must be the folder of an experiment"):
        music_of(tmp_path / "none", bundle, cache=cache)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=r"empty must be a folder with audio files"):
        music_of(tmp_path / "empty", bundle, cache=cache)
    (tmp_path / "empty" / "bad.wav").write_text("<html>")
    with pytest.raises(ConfigError, match=r"empty must hold audio files that can be decoded"):
        music_of(tmp_path / "empty", bundle, cache=cache)


def test_spectrograms_are_not_written_into_the_music(bundle: Bundle, tmp_path: Path) -> None:
    for place in (tmp_path / "results" / "x", tmp_path / "music"):
        with pytest.raises(ConfigError, match=r"cache=.* must lie outside"):
            music_of(place, bundle, cache=tmp_path / "music" / "cache")
    description = tmp_path / "results" / "x" / "experiment.json"
    description.write_text(json.dumps({"data": str(tmp_path / "gone")}))
    with pytest.raises(ConfigError, match="gone must be a folder with audio files"):
        music_of(tmp_path / "results" / "x", bundle, cache=tmp_path / "cache")
