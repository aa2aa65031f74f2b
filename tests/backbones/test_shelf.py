"""genre.backbones.shelf: backbones by their names."""

from pathlib import Path

import pytest

from genre.backbones.shelf import check_name, names_on, open_backbone
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
    with pytest.raises(BundleError, match="there: ears; genre backbone add musicnn brings it"):
        open_backbone("musicnn", tmp_path)


@pytest.mark.parametrize("name", ["", "../x", "a b", "a_b", "a+b", "ü", "a/b", "."])
def test_names_that_paths_and_configurations_cannot_hold_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="must be of letters a to z, digits and hyphens"):
        check_name(name)
