"""`genre embed --map`: a picture of where tracks lie, by genre.cli.track_map."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from genre.cli import main
from genre.evaluation import plots
from genre.inference.writing import write_bundle
from tests.pretrained_examples import small_backbone


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Write loud noise in one folder and soft noise in another."""
    rng = np.random.default_rng(0)
    for folder, level in (("loud", 0.3), ("soft", 0.01)):
        (tmp_path / "music" / folder).mkdir(parents=True)
        for number in range(2):
            noise = rng.normal(0, level * (1 + number / 10), 8000)
            soundfile.write(tmp_path / "music" / folder / f"{number}.wav", noise, 8000)
    write_bundle(small_backbone(), tmp_path / "shelf" / "ears")
    return tmp_path / "music"


def embed(music: Path, *words: str) -> int:
    shelf = str(music.parent / "shelf")
    out = str(music.parent / "e.npz")
    return main(
        ["embed", str(music), "--out", out, "--backbone", "ears", "--backbones", shelf, *words]
    )


def test_folders_are_the_colours_and_alike_tracks_are_near(
    music: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn: dict[str, Any] = {}
    plot = plots.plot_track_map

    def watched(points: NDArray[Any], y_true: NDArray[Any], genres: Any, **more: Any) -> object:  # noqa: ANN401
        drawn.update(points=points, y_true=y_true, genres=genres)
        return plot(points, y_true, genres, **more)

    monkeypatch.setattr(plots, "plot_track_map", watched)
    picture = music.parent / "new" / "map.png"
    assert embed(music, "--map", str(picture)) == 0
    assert capsys.readouterr().out.endswith(f"map: {picture}\n")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert drawn["genres"] == ["loud", "soft"]
    assert drawn["y_true"].tolist() == [[True, False]] * 2 + [[False, True]] * 2
    loud, soft = drawn["points"][:2], drawn["points"][2:]
    apart = np.linalg.norm(loud.mean(axis=0) - soft.mean(axis=0))
    assert apart > max(np.ptp(loud, axis=0).max(), np.ptp(soft, axis=0).max()) / 2


def test_what_is_no_picture_is_refused_before_anything_is_heard(
    music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert embed(music, "--map", str(music.parent / "map.html")) == 1
    assert "must be a file that ends in .png or .svg" in capsys.readouterr().err
    assert not (music.parent / "e.npz").exists()
