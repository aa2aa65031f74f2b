"""`genre embed` as a user sees it: genre.cli.embed."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.array_files import load_archive
from genre.cli import main
from genre.inference.writing import write_bundle
from genre.tagging import Embedder
from tests.bundles import small_bundle
from tests.bundles import write_bundle as write_trained
from tests.pretrained_examples import small_backbone


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, seconds in (("a", 1.0), ("b", 0.2)):
        soundfile.write(folder / f"{name}.wav", rng.normal(0, 0.1, int(8000 * seconds)), 8000)
    return folder


def test_the_archive_holds_tracks_and_windows(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_bundle(small_backbone(), tmp_path / "shelf" / "ears")
    out = tmp_path / "new" / "e.npz"
    words = ["embed", str(music), "--out", str(out), "--backbone", "ears"]
    assert main([*words, "--backbones", str(tmp_path / "shelf")]) == 0
    assert capsys.readouterr().out == f"embeddings: {out} (2 tracks, 1 numbers each)\n"
    found = load_archive(out)
    assert found["paths"].tolist() == [str(music / "a.wav"), str(music / "b.wav")]
    assert found["flags"].tolist() == ["", "short"]
    assert found["window_track"].tolist() == [0, 0, 0, 0, 1]
    assert found["window_start_seconds"].tolist() == [0.0, 0.25, 0.5, 0.75, 0.0]
    expected = Embedder(small_backbone()).embed(music / "a.wav")
    np.testing.assert_array_equal(found["windows"][:4], expected.windows)
    np.testing.assert_array_equal(found["tracks"][0], expected.track)
    assert found["tracks"].dtype == np.float32
    assert found["duration_seconds"].tolist() == [1.0, 0.2]
    assert str(found["network_sha256"]) == small_backbone().network_sha256


def test_a_trained_model_does_too_and_bad_files_are_told(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_trained(small_bundle(), tmp_path / "model")
    (music / "c.mp3").write_text("<html>")
    out = tmp_path / "e.npz"
    assert main(["embed", str(music), "--out", str(out), "--bundle", str(tmp_path / "model")]) == 1
    assert "1 of 3 files could not be embedded" in capsys.readouterr().err
    assert load_archive(out)["tracks"].shape == (2, 144)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("e.csv", "must be a file that ends in .npz"),
        ("e.npz", "paths must hold at least one file that can be read"),
    ],
)
def test_nothing_is_written_where_nothing_can_be(
    name: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_trained(small_bundle(), tmp_path / "model")
    words = [str(tmp_path / "gone.wav"), "--out", str(tmp_path / name)]
    assert main(["embed", *words, "--bundle", str(tmp_path / "model")]) == 1
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
