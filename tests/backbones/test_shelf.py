"""genre.backbones.shelf: backbones by their names."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.backbones.shelf import check_name, folder_on, missing_on, names_on, open_backbone
from genre.errors import BundleError, ConfigError
from genre.inference.writing import write_bundle
from tests.pretrained_examples import small_backbone


def test_what_is_there_is_found_by_its_name(tmp_path: Path) -> None:
    assert names_on(tmp_path / "none") == []
    for name in ("ears", "big-ears2"):
        write_bundle(small_backbone(), tmp_path / name)
    (tmp_path / "empty").mkdir()
    assert names_on(tmp_path) == ["big-ears2", "ears"]
    assert open_backbone("ears", tmp_path) == small_backbone()


def test_what_is_not_there_says_what_brings_it(tmp_path: Path) -> None:
    write_bundle(small_backbone(), tmp_path / "ears")
    with pytest.raises(BundleError, match=r"there: ears; did you mean musicnn\? genre"):
        open_backbone("musicn", tmp_path)
    with pytest.raises(BundleError, match="there: ears; genre backbone add musicnn brings it"):
        open_backbone("musicnn", tmp_path)


@pytest.mark.parametrize("name", ["", "../x", "a b", "a_b", "a+b", "ü", "a/b", "."])
def test_names_that_paths_and_configurations_cannot_hold_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="must be of letters a to z, digits and hyphens"):
        check_name(name)


def test_several_are_joined_once_and_again_when_one_of_them_is_another(tmp_path: Path) -> None:
    for name in ("ears", "nose"):
        write_bundle(small_backbone(), tmp_path / name)
    assert missing_on(tmp_path, "ears+eyes+nose") == ["eyes"]
    assert open_backbone("ears+nose", tmp_path).genres == ()
    made = folder_on(tmp_path, "ears+nose") / "model.json"
    first = made.stat().st_mtime_ns
    assert names_on(tmp_path) == ["ears", "nose"]  # what was added alone
    folder_on(tmp_path, "ears+nose")
    assert made.stat().st_mtime_ns == first
    write_bundle(small_backbone(genres=("other",)), tmp_path / "nose")
    assert open_backbone("ears+nose", tmp_path).model_config["networks"] == [
        small_backbone().network_sha256,
        small_backbone(genres=("other",)).network_sha256,
    ]
    assert made.stat().st_mtime_ns > first


def test_joined_networks_carry_the_licences_of_all(tmp_path: Path) -> None:
    for name, text in (("one", ""), ("two", "Two's.\n"), ("three", "Three's.\n")):
        write_bundle(replace(small_backbone(), licence_text=text), tmp_path / name)
    assert open_backbone("one+two", tmp_path).licence_text == "Two's.\n"
    assert open_backbone("two+three", tmp_path).licence_text == "Two's.\n\n\nThree's.\n"
    write_bundle(replace(small_backbone(), licence_text="One's.\n"), tmp_path / "one")
    assert open_backbone("one+two", tmp_path).licence_text == "One's.\n\n\nTwo's.\n"


def test_what_cannot_be_joined_is_said(tmp_path: Path) -> None:
    write_bundle(small_backbone(), tmp_path / "ears")
    with pytest.raises(BundleError, match="there: ears; genre backbone add eyes brings it"):
        open_backbone("ears+eyes", tmp_path)
    with pytest.raises(ConfigError, match="must name each network once"):
        open_backbone("ears+ears", tmp_path)
