"""`genre backbone` as a user sees it: genre.cli.backbone."""

from pathlib import Path

import numpy as np
import pytest

from genre.backbones import OFFERS, Offer, add_offer
from genre.cli import backbone, main
from genre.errors import BundleError
from genre.inference import Bundle
from tests.audio.test_rows import write_steps
from tests.backbones.hf.small_models import save_model
from tests.backbones.offers import get_small, small_offer
from tests.networks import level


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the networks of the catalogue be small ones that nobody must fetch."""

    def add(offer: Offer, folder: Path) -> Bundle:
        name = offer.origin.name
        return add_offer(small_offer(name), folder, get=get_small(name))

    monkeypatch.setattr(backbone, "add_offer", add)
    return tmp_path / "shelf"


def test_add_and_list(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backbone", "list", "--backbones", str(shelf)]) == 0
    header, *rows, last = capsys.readouterr().out.splitlines()
    assert header.split() == ["name", "what", "licence", "size", "here"]
    assert [row.split()[0] for row in rows] == list(OFFERS)
    assert all(row.endswith("MB to fetch    no") for row in rows)
    assert last == f"in {shelf}; `genre backbone add NAME` brings one"
    assert main(["backbone", "add", "aisfx", "--backbones", str(shelf)]) == 0
    out, err = capsys.readouterr()
    assert "fetching aisfx 0.1.2 (23 MB)" in err
    assert "licence CC BY 4.0; Alison B. Ma" in out
    assert f"backbone: {shelf / 'aisfx'} (" in out
    assert "embeddings, no tags)" in out
    words = ["backbone", "add", "musicnn", "--name", "ears", "--backbones", str(shelf)]
    assert main(words) == 0
    assert "; 3 tags)" in capsys.readouterr().out
    (shelf / "broken").mkdir()
    (shelf / "broken" / "model.json").write_text("{")
    assert main(["backbone", "list", "--backbones", str(shelf)]) == 0
    out, err = capsys.readouterr()
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    here = {line.split()[0]: line.split()[-1] for line in out.splitlines()[1:-1]}
    assert here == {"musicnn": "no", "aisfx": "yes", "ears": "yes"}


def test_a_file_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.onnx"
    file.write_bytes(level(n_mels=8, n_frames=20, n_labels=0))
    words = ["backbone", "add", str(file), "--backbones", str(tmp_path / "shelf")]
    assert main([*words, "--name", "own"]) == 1
    assert "must be an ONNX file with a description beside it" in capsys.readouterr().err
    (tmp_path / "own.toml").write_text("n_frames = 20\n[mel]\nn_mels = 8\n")
    assert main([*words, "--name", "own"]) == 0
    assert "Pre-trained network own (own.onnx): licence unknown." in capsys.readouterr().out


def test_a_model_of_transformers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = save_model(tmp_path / "model", "wav2vec2")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    capsys.readouterr()
    shelf = ["--backbones", str(tmp_path / "shelf")]
    words = ["backbone", "add", f"hf:{folder}", "--name", "own", "--window-seconds", "0.5", *shelf]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert err == "writing wav2vec2 as ONNX and comparing that with transformers\n"
    assert "Pre-trained network own (model): licence mit; converted to ONNX." in out
    assert out.endswith("numbers; embeddings, no tags)\n")
    write_steps(tmp_path / "a.wav")
    embed = ["embed", "--backbone", "own", "--out", str(tmp_path / "e.npz")]
    assert main([*embed, str(tmp_path / "a.wav"), *shelf]) == 0
    # Of 2 s: windows of half a second, every quarter.
    assert np.load(tmp_path / "e.npz")["windows"].shape == (7, 16)
    assert main(["backbone", "list", *shelf]) == 0
    assert capsys.readouterr().out.splitlines()[-2].split()[0] == "own"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["add"], "what must be one of: musicnn, aisfx, or an ONNX file, or hf:FOLDER"),
        (["add", "hf:x"], "what=hf:x must come with --name, its name here\n"),
        (["add", "hf:x", "--name", "x"], "what=hf:x must be a folder that is there"),
        (["add", "hf:x", "--name", "x+y"], "name='x+y' must be of letters"),
        (["add", "musicnn", "--window-seconds", "3"], "window_seconds=3 must come with hf:FOLDER"),
        (["add", "x.onnx"], "what=x.onnx must come with --name"),
        (["add", "musicn"], "must come with --name, its name here (or be one of: musicnn, aisfx)"),
        (["add", "musicnn", "--name", "a_b"], "name='a_b' must be of letters"),
        (["list", "musicnn"], "genre backbone list must stand alone"),
    ],
)
def test_wrong_words_are_a_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backbone", *words]) == 1
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_what_cannot_be_fetched_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(offer: Offer, _: Path) -> Bundle:
        raise BundleError(f"{offer.origin.source} could not be fetched")

    monkeypatch.setattr(backbone, "add_offer", fail)
    assert main(["backbone", "add", "musicnn", "--backbones", str(tmp_path / "s")]) == 1
    assert capsys.readouterr().err.endswith("error: musicnn could not be fetched\n")
    assert not list(tmp_path.iterdir())


def test_an_action_that_is_none_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["backbone", "musicnn"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err == "error: action='musicnn' must be one of: list, add\n"
