"""Results never lie inside the music: genre.dataset.places, and every command that writes.

The rule: whatever the option, and however the place is spelled, a command that would write into a
folder of music says so in a line and creates nothing.
"""

import shutil
from pathlib import Path

import pytest

from genre.cli import main
from genre.dataset import open_folder
from genre.dataset.places import lies_inside, refuse_inside
from genre.errors import ConfigError
from genre.evaluation.inputs import ExperimentFolder
from tests.bundles import small_bundle, write_bundle
from tests.sounds import tone, write


@pytest.fixture
def music(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of two genres, one of them a link, and stand beside it."""
    for path in (tmp_path / "music" / "rock" / "a.wav", tmp_path / "disk" / "jazz" / "b.wav"):
        path.parent.mkdir(parents=True)
        write(path, tone(1.0, 44100))
    (tmp_path / "music" / "jazz").symlink_to(tmp_path / "disk" / "jazz")
    (tmp_path / "link").symlink_to(tmp_path / "music" / "rock")
    (tmp_path / "other").symlink_to(tmp_path / "music")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "music"


def files_below(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.parametrize(
    "place",
    [
        "music", "music/", "music/rock", "music/rock/results/x", "./music/../music/x", "link",
        "link/x", "other/x", "disk/jazz/x", "disk/../music/rock", "music/jazz",
    ],
)  # fmt: skip
def test_a_place_inside_is_refused_however_it_is_spelled(place: str, music: Path) -> None:
    before = files_below(music.parent)
    for data in (music, Path("music"), Path("other"), music / ".." / "music"):
        for name in ("out", "cache", "json"):
            with pytest.raises(ConfigError, match=rf"^{name}=.* must lie outside .*--{name}$"):
                refuse_inside([data], **{name: Path(place)})
    assert files_below(music.parent) == before


@pytest.mark.parametrize(
    "place", ["results", "disk/x", "music2", "musi", "..", ".", "music/../results", "other2"]
)
def test_a_place_outside_is_not(place: str, music: Path) -> None:
    """Beside the music, above it, or with a name that begins alike."""
    refuse_inside([music, Path("missing")], out=Path(place), cache=None)


def test_music_may_lie_in_the_results_and_a_project_keeps_its_layout(music: Path) -> None:
    refuse_inside([music], out=music.parent, cache=music.parent / "cache")
    refuse_inside([Path("data/tracks")], out=Path("results/tracks"), cache=Path("data/cache"))


def test_files_stand_for_themselves_alone(music: Path) -> None:
    """Nothing lies inside a file, and who works in a folder of music may write beside it."""
    file = music / "rock" / "a.wav"
    for place in (file, music / "rock" / ".." / "rock" / "a.wav", Path("link/a.wav")):
        with pytest.raises(ConfigError, match="journal="):
            refuse_inside([file], journal=place)
    for place in (music / "rock" / "x.jsonl", music / "x.jsonl", music.parent / "x.jsonl"):
        refuse_inside([file], journal=place)


def test_lies_inside_is_what_is_refused(music: Path) -> None:
    assert lies_inside(Path("link/x"), music)
    assert not lies_inside(Path("x"), music)


def refused(words: list[str], name: str, capsys: pytest.CaptureFixture[str], root: Path) -> None:
    before = files_below(root)
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"error: {name}=")
    assert said.count("\n") == 1
    assert files_below(root) == before


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["train", "--data", "."], "out"),
        (["train", "--data", ".", "--out", "../results"], "cache"),
        (["train", "--data", "../other", "--out", "../results", "--cache", "rock/c"], "cache"),
        (["train", "--data", "../music", "--out", "rock", "--cache", "../c"], "out"),
        (["train", "--data", "../music", "--out", "../disk/jazz/r", "--cache", "../c"], "out"),
        (["doctor", "."], "out"),
        (["doctor", ".", "--out", "../results"], "cache"),
        (["tag", "../bundle", ".", "--write-tags", "--apply", "--journal", "j"], "journal"),
        (["tag", "../bundle", "rock/a.wav", "--write-tags", "--apply", "--journal",
          "../link/a.wav"], "journal"),
        (["export", "../bundle", "--check", "rock/a.wav", "--out", "rock/a.wav"], "out"),
        (["sample", "--out", "."], "out"),
        (["sample", "--out", "rock"], "out"),
    ],
)  # fmt: skip
def test_every_command_that_writes_refuses(
    words: list[str],
    name: str,
    music: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_bundle(small_bundle(), music.parent / "bundle")
    monkeypatch.chdir(music)
    refused(words, name, capsys, music.parent)


def test_compare_knows_the_music_of_an_experiment(
    experiment_folder: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = music.parent / "e"
    shutil.move(experiment_folder, folder)
    description = ExperimentFolder(folder).description
    text = description.read_text(encoding="utf-8")
    data = ExperimentFolder(folder).read_description().data
    assert f'"data": "{data}"' in text
    description.write_text(text.replace(f'"data": "{data}"', f'"data": "{music}"'))
    for words, name in (
        (["--out", "music/rock/c"], "out"),
        (["--json", "music/c.json"], "json"),
    ):
        refused(["compare", str(folder), *words], name, capsys, music.parent)


def test_a_folder_that_is_opened_in_python_stays_as_it_is_too(
    music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(music)
    before = files_below(music.parent)
    with pytest.raises(ConfigError, match=r"cache=data/cache must lie outside \."):
        open_folder(".")
    assert files_below(music.parent) == before


def test_a_sample_dataset_is_made_again_where_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sample", "--out", str(tmp_path / "s"), "--n-workers", "1", "--min-seconds", "4"]
    words += ["--max-seconds", "4", "--genres", "jazz", "folk", "--n-artists-per-genre", "1"]
    words += ["--n-tracks-per-artist", "1"]
    assert main(words) == 0
    assert main(words) == 0
    assert "it was there already" in capsys.readouterr().out
