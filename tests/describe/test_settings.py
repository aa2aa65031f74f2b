"""describe.toml: genre.describe.settings."""

from pathlib import Path

import pytest

from genre.describe.settings import HeardSettings, Settings, WordsSettings, load_settings
from genre.errors import ConfigError
from tests.describe_models import settings_file


def test_what_a_file_leaves_out_has_its_default(tmp_path: Path) -> None:
    file = settings_file(tmp_path / "d.toml", heard={"model": "my/ears", "top": 3}, words={})
    settings, named = load_settings(file)
    assert settings.heard == HeardSettings(model="my/ears", top=3)
    assert settings.mood == Settings().mood
    assert named == {"my/ears"}


def test_only_models_of_the_hub_are_named_to_be_fetched(tmp_path: Path) -> None:
    file = settings_file(
        tmp_path / "d.toml", mood={"russian": "r", "batch_size": 2}, words={"model": "llama3"}
    )
    settings, named = load_settings(file)
    assert named == {"r"}
    assert settings.words == WordsSettings(model="llama3")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[herd]\n", "has no table 'herd'; did you mean heard?"),
        ("[zzz]\n", "has no table 'zzz'; known: cover, heard, mood, video, words"),
        ("[heard]\nmodle = 'x'\n", "[heard] has no key 'modle'; did you mean model?"),
        ("heard = 3\n", "heard must be a table: [heard]"),
        ("[heard]\nmodel = 3\n", "HeardSettings.model=3 must be of type str"),
        ("[heard]\ntop = 0\n", "top=0 must be from 1 to 1000"),
        ("[video]\nmin_score = 1.5\n", "min_score=1.5 must be from 0 to 1"),
        ("[words]\ntimeout_seconds = 0.0\n", "timeout_seconds=0.0 must be from 0.1 to 3600"),
        ("[cover]\nmax_pixels = 0\n", "max_pixels=0 must be from 1"),
        ("[mood]\nbatch_size = 0\n", "batch_size=0 must be from 1"),
        ("[heard\n", "must be a TOML file"),
        ("[heard]\nmodel = ['x']\n", "HeardSettings.model=['x'] must be of type str"),
        pytest.param("a = " + "[" * 5000, "must be a TOML file", id="deep"),
    ],
)
def test_a_mistake_is_named_with_what_is_meant(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "d.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(file)
    assert message in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be a TOML file"):
        load_settings(tmp_path / "gone.toml")
