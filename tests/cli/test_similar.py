"""`genre similar` as a user sees it: genre.cli.similar."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from genre.array_files import load_archive
from genre.cli import main
from genre.inference.writing import write_bundle
from genre.tagging import Embedder
from tests.bundles import hearing_bundle
from tests.bundles import write_bundle as write_trained
from tests.pretrained_examples import small_backbone


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_trained(hearing_bundle(), tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Make a tone, a copy of it, a higher one, noise, silence, and what is no sound."""
    folder = tmp_path / "music"
    (folder / "deep").mkdir(parents=True)
    seconds = np.arange(5 * 22050) / 22050
    tone = 0.3 * np.sin(2 * np.pi * 440 * seconds)
    for name, sound in {
        "tone": tone,
        "deep/copy": tone,
        "higher": 0.3 * np.sin(2 * np.pi * 3000 * seconds),
        "noise": np.random.default_rng(0).normal(0, 0.1, len(seconds)),
        "silent": 0 * seconds,
    }.items():
        soundfile.write(folder / f"{name}.wav", sound, 22050)
    (folder / "bad.mp3").write_text("<html>")
    return folder


def told(err: str) -> list[str]:
    """List what is said, without the bar, which a slow machine draws."""
    lines = err.replace("\r", "\n").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("embedding:")]


def expected(model: Path, music: Path) -> list[str]:
    """Work the answer out from the embeddings, pair by pair."""
    del model
    embedder = Embedder(hearing_bundle())
    names = ["deep/copy", "higher", "noise"]
    query = embedder.embed(music / "tone.wav").track.astype(float)
    found = []
    for name in names:
        track = embedder.embed(music / f"{name}.wav").track.astype(float)
        cosine = query @ track / np.sqrt((query @ query) * (track @ track))
        found.append((-round(float(cosine), 6), str(music / f"{name}.wav")))
    return [f"{-score:.3f}  {path}" for score, path in sorted(found)]


def test_a_folder_is_heard_and_ranked(
    model: Path, music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    playlist = tmp_path / "near.m3u"
    words = [str(model), str(music / "tone.wav"), str(music), "--m3u", str(playlist)]
    assert main(["similar", *words]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == expected(model, music)
    assert out.startswith(f"1.000  {music / 'deep' / 'copy.wav'}\n")
    assert "1 of 6 files could not be heard" in err
    assert f"playlist: {playlist}" in err
    lines = playlist.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["#EXTM3U", "#EXTINF:5,copy", "music/deep/copy.wav"]
    assert len(lines) == 7


def test_an_archive_answers_as_its_folder_does(
    model: Path,
    music: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    archive = tmp_path / "all.npz"
    assert main(["embed", str(music), "--out", str(archive), "--bundle", str(model)]) == 1
    capsys.readouterr()
    monkeypatch.chdir(music)  # the same track, called otherwise
    assert main(["similar", str(model), "tone.wav", str(archive), "--top", "2"]) == 0
    assert capsys.readouterr().out.splitlines() == expected(model, music)[:2]
    (music / "tone.wav").rename(tmp_path / "elsewhere.wav")
    words = ["similar", str(model), str(tmp_path / "elsewhere.wav"), str(archive), "--top", "1"]
    assert main(words) == 0
    # it is in the archive still, under the name that it had
    assert capsys.readouterr().out == f"1.000  {music / 'deep' / 'copy.wav'}\n"


def write_archive(path: Path, archive: Path, **changes: NDArray[Any] | None) -> Path:
    held = {k: v for k, v in (load_archive(archive) | changes).items() if v is not None}
    save: Any = np.savez
    save(path, **held)
    return path


def test_whose_archive_it_is_counts(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf, archive = tmp_path / "shelf", tmp_path / "all.npz"
    write_bundle(small_backbone(), shelf / "ears")
    write_bundle(replace(small_backbone(("x",)), model_name="others"), shelf / "others")
    ears = ["--backbones", str(shelf)]
    assert main(["embed", str(music), "--out", str(archive), "--backbone", "ears", *ears]) == 1
    capsys.readouterr()
    assert main(["similar", "others", str(music / "tone.wav"), str(archive), *ears]) == 1
    err = capsys.readouterr().err
    assert "must have been heard by the same network" in err
    assert len(told(err)) == 1
    old = write_archive(tmp_path / "old.npz", archive, network_sha256=None, duration_seconds=None)
    playlist = tmp_path / "a.m3u8"
    words = ["similar", "ears", str(music / "tone.wav"), str(old), *ears, "--m3u", str(playlist)]
    assert main(words) == 0
    assert "does not say which network heard it" in capsys.readouterr().err
    assert playlist.read_text(encoding="utf-8").splitlines()[1] == "#EXTINF:-1,copy"


@pytest.mark.parametrize(
    "changes",
    [
        {"paths": np.array(["x"])},
        {"paths": np.array([1.0])},
        {"tracks": np.zeros(5)},
        {"tracks": np.array(["a"])},
        {"flags": np.zeros(5)},
        {"duration_seconds": np.zeros((5, 2))},
        {"duration_seconds": np.zeros(4)},
        {"tracks": None},
    ],
)
def test_an_archive_of_another_kind_is_a_line(
    model: Path,
    music: Path,
    tmp_path: Path,
    changes: dict[str, NDArray[Any] | None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    archive = tmp_path / "all.npz"
    main(["embed", str(music), "--out", str(archive), "--bundle", str(model)])
    capsys.readouterr()
    bad = write_archive(tmp_path / "bad.npz", archive, **changes)
    assert main(["similar", str(model), str(music / "noise.wav"), str(bad)]) == 1
    err = capsys.readouterr().err
    assert f"error: place={bad} must be an archive that genre embed wrote" in err
    assert len(told(err)) == 1


@pytest.mark.parametrize(
    ("track", "options", "message"),
    [
        ("silent.wav", [], "silent.wav must have sound; it is silent"),
        ("gone.wav", [], "gone.wav"),
        ("tone.wav", ["--top", "0"], "top=0 must be at least 1"),
        ("tone.wav", ["--m3u", "x.txt"], "m3u=x.txt must be a file that ends in .m3u or .m3u8"),
    ],
)
def test_what_makes_no_sense_is_a_line(
    model: Path,
    music: Path,
    track: str,
    options: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [str(model), str(music / track), str(music / "noise.wav"), *options]
    assert main(["similar", *words]) == 1
    err = capsys.readouterr().err
    assert message in err
    assert len(told(err)) == 1


def test_ears_are_found_by_name_or_folder(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = tmp_path / "shelf"
    write_bundle(small_backbone(()), shelf / "ears")
    for what in ("ears", str(shelf / "ears")):
        words = [what, str(music / "tone.wav"), str(music / "noise.wav")]
        assert main(["similar", *words, "--backbones", str(shelf)]) == 0
        assert capsys.readouterr().out.endswith(f"  {music / 'noise.wav'}\n")
    for what, message in (("gone", "genre backbone add gone"), (str(music), "with model.json")):
        words = [what, str(music / "tone.wav"), str(music / "noise.wav")]
        assert main(["similar", *words, "--backbones", str(shelf)]) == 1
        assert message in capsys.readouterr().err
