"""What the track card costs and how right it is: scripts/check_describe.py."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from genre.describe.pictures import ReadCover, read_cover
from genre.describe.settings import CoverSettings
from tests.describe.test_pictures import PIXELS
from tests.describe_models import save_listener, save_reader, settings_file
from tests.sounds import tone, write

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/check_describe.py"


@pytest.mark.slow
def test_parts_are_measured_and_scored(tmp_path: Path) -> None:
    import torch
    import torchvision  # type: ignore[import-untyped]

    from genre.describe.cover import load_reader, show

    torch.manual_seed(0)
    torch.save(torchvision.models.resnet18().state_dict(), tmp_path / "w.pth")
    reader = save_reader(tmp_path / "bert", ("POSITIVE", "NEGATIVE"))
    settings_file(
        tmp_path / "d.toml",
        heard={"model": save_listener(tmp_path / "ast")},
        mood={"model": reader, "russian": reader},
        cover={"weights": tmp_path / "w.pth"},
    )
    write(tmp_path / "a.wav", tone(2.0, 22050), 22050)
    (tmp_path / "t.csv").write_text("text,mood\nI like it,positive\nI like it,negative\n")
    cv2.imwrite(str(tmp_path / "x.png"), PIXELS)
    cover = read_cover(ReadCover(tmp_path / "x.png", CoverSettings(), is_picture=True))
    settings = CoverSettings(weights=str(tmp_path / "w.pth"))
    ears = load_reader(settings, device="cpu", may_fetch=lambda _: False)
    best = show(cover, ears, top=3).result["classes"]
    for number in (0, 2):  # the first is right at once, the third among five
        folder = tmp_path / "images" / best[number]["tag"]
        folder.mkdir(parents=True)
        cv2.imwrite(str(folder / "x.png"), PIXELS)
    words = ["a.wav", "--models", "d.toml", "--runs", "3", "--texts", "t.csv", "--images", "images"]
    answer = subprocess.run(
        [sys.executable, str(SCRIPT), *words, "--json", "f.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    figures = json.loads((tmp_path / "f.json").read_text())
    heard = figures["parts"]["heard"]
    assert (heard["runs"], heard["failures"]) == (3, 0)
    assert 0 < heard["median_seconds"] < heard["first_seconds"]
    assert heard["model_mb"] > 0
    assert "lyrics" in figures["parts"]["mood"]["absent"]
    assert figures["sentiment"] == {
        "n": 2,
        "accuracy": 0.5,
        "macro_f1": pytest.approx(1 / 3, abs=1e-4),
    }
    assert figures["images"] == {"n": 2, "top_1": 0.5, "top_5": 1.0}
    assert figures["peak_memory_mb"] > 100
