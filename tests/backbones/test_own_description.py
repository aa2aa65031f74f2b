"""genre.backbones.own_description: what a description says, and what it may not."""

import json
from pathlib import Path

import pytest

from genre.audio.windows import window_frames
from genre.backbones.own_description import read_description
from genre.cli.backbone import run
from genre.errors import ConfigError

MINIMAL = """
n_frames = 20
[mel]
sample_rate = 8000
n_mels = 8
n_fft = 256
hop_length = 100
f_max = 4000.0
"""


def described(tmp_path: Path, text: str, *, suffix: str = ".toml") -> Path:
    (tmp_path / "ears.onnx").touch()
    (tmp_path / "ears").with_suffix(suffix).write_text(text)
    return tmp_path / "ears.onnx"


def test_little_must_be_said(tmp_path: Path) -> None:
    found = read_description(described(tmp_path, MINIMAL))
    assert (found.n_frames, found.layout, found.input) == (20, "1,mels,frames", "windows")
    assert window_frames(found.windows, found.mel) == 20
    assert found.windows.step_seconds == found.windows.window_seconds == 0.25
    assert found.standardisation.mean == (0.0,) * 8
    assert found.standardisation.deviation == (1.0,) * 8


def test_json_says_the_same(tmp_path: Path) -> None:
    words = {"n_frames": 20, "step_frames": 5, "mean": [3], "deviation": [1, 2] * 4}
    words |= {"mel": {"n_mels": 8}}
    found = read_description(described(tmp_path, json.dumps(words), suffix=".json"))
    assert found.windows.step_seconds == 0.1
    assert found.standardisation.mean == (3.0,) * 8
    assert found.standardisation.deviation == (1.0, 2.0) * 4


def test_the_example_of_the_help_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["--help-all"])
    told = capsys.readouterr().out.partition("\nexamples:")[0]
    lines = [line for line in told.splitlines() if line.startswith("  ")]
    example = "\n".join(lines[lines.index(next(one for one in lines if "n_frames =" in one)) :])
    found = read_description(described(tmp_path, example))
    assert found.classes == ("speech", "music")
    assert (found.layout, found.mel.mel_scale) == ("frames,mels", "htk")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("n_frames = ", r"ears\.toml: Invalid value"),
        ("n_frames = 20", "must have a value for 'mel'"),
        ("n_frames = 0\n[mel]", "n_frames=0 must be between 1"),
        ("n_frames = 2\nstep_frames = 3\n[mel]", "step_frames=3 must be at most n_frames"),
        ('n_frames = 2\nlayout = "x"\n[mel]', "layout='x' must be one of: 1,mels,frames"),
        ("n_frames = 2\nmean = [1, 2]\n[mel]", "mean must have a number for each band"),
        ("n_frames = 2\nframes = 3\n[mel]", "has no key 'frames'"),
        ('n_frames = 2\n[mel]\nmel_scale = "x"', "mel_scale='x' must be one of: slaney, htk"),
    ],
)
def test_what_cannot_be_is_named_with_the_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_description(described(tmp_path, text))


def test_no_description_says_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "ears.onnx").touch()
    for name in ("ears.onnx", "gone.onnx"):
        with pytest.raises(ConfigError, match=r"a description beside it, \w+\.toml or \w+\.json"):
            read_description(tmp_path / name)
