"""Bundles of older versions brought up to date: genre.cli.export_upgrade."""

import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from genre.cli import main
from genre.cli.export_upgrade import upgrade
from genre.errors import BundleError
from genre.inference import load_bundle, window_logits
from tests.test_old_formats import ARCHIVE


@pytest.fixture(params=[1, 2, 3])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Unpack a bundle of an older format."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    folder: Path = tmp_path / f"bundle_format{request.param}"
    return folder


def scores_are_as_expected(folder: Path, expected: Path) -> None:
    bundle = load_bundle(folder)
    mel = (np.arange(500 * 16).reshape(500, 16) * 7 % 61 - 60).astype(np.float16)
    windows = window_logits(bundle.network(), [mel], bundle.windowing)
    known = json.loads((expected / "expected.json").read_text(encoding="utf-8"))["scores"]
    np.testing.assert_allclose(bundle.rule.track_scores(windows)[0], known, rtol=1e-4)


def test_in_place_it_scores_as_before_and_the_rest_stays(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (old / "model.onnx").write_text("somebody's")
    weights = (old / "model.safetensors").read_bytes()
    assert main(["export", str(old), "--upgrade"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("largest difference of logits: ")
    assert said[1] == f"bundle: {old} (format 4)"
    scores_are_as_expected(old, old)
    assert (old / "model.onnx").read_text() == "somebody's"
    assert (old / "model.safetensors").read_bytes() == weights
    assert main(["export", str(old), "--upgrade"]) == 0
    assert capsys.readouterr().out == f"bundle: {old} is of format 4 already\n"


def test_elsewhere_the_old_one_stays(old: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in old.iterdir()}
    upgrade(old, tmp_path / "new" / "best")
    scores_are_as_expected(tmp_path / "new" / "best", old)
    assert {path.name: path.read_bytes() for path in old.iterdir()} == before


@pytest.mark.parametrize("old", [3], indirect=True)
def test_an_interrupted_upgrade_leaves_the_old_bundle(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("genre.cli.export_upgrade.write_text", interrupted)
    with pytest.raises(KeyboardInterrupt):
        upgrade(old, None)
    assert load_bundle(old).network_onnx is None
    monkeypatch.undo()
    upgrade(old, None)
    scores_are_as_expected(old, old)


@pytest.mark.parametrize("old", [3], indirect=True)
def test_what_is_missing_is_told_in_one_line(
    old: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(BundleError, match=r"must be a folder with model\.json"):
        upgrade(tmp_path / "none", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in [name for name in sys.modules if name.startswith("genre.models")]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["export", str(old), "--upgrade"]) == 1
    assert capsys.readouterr().err == (
        "error: torch must be installed: run `pip install '.[train]'` in a clone of genre\n"
    )
    assert load_bundle(old).network_onnx is None
