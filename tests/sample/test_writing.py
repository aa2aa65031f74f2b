"""Finished recordings as files, and their tags."""

from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile

from genre.sample.writing import write_track


def written(path: Path, *, n_channels: int = 1, level: float = 0.5) -> Path:
    samples = np.full((22050, n_channels), level, dtype=np.float32)
    write_track(
        path,
        samples if n_channels > 1 else samples[:, 0],
        sample_rate=22050,
        artist="Ámber Foxes",
        title="Dial",
        genres=("jazz", "rock"),
    )
    return path


@pytest.mark.parametrize("suffix", [".mp3", ".wav"])
@pytest.mark.parametrize("n_channels", [1, 2])
def test_sound_and_tags_are_read_back(tmp_path: Path, suffix: str, n_channels: int) -> None:
    path = written(tmp_path / "new" / f"a{suffix}", n_channels=n_channels)
    info = soundfile.info(path)
    assert (info.samplerate, info.channels) == (22050, n_channels)
    samples, _ = soundfile.read(path)
    # MP3 keeps a steady level to within 3 %
    np.testing.assert_allclose(samples[5000:15000], 0.5, rtol=0.03)
    tags = mutagen.File(path).tags
    assert tags["TPE1"].text == ["Ámber Foxes"]
    assert tags["TIT2"].text == ["Dial"]
    assert tags["TCON"].text == ["jazz", "rock"]


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", level=0.5)
    written(path, level=0.25)
    samples, _ = soundfile.read(path)
    assert samples.max() == pytest.approx(0.25, abs=1e-4)
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]


def test_other_suffixes_write_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match=r"\.ogg"):
        written(tmp_path / "a.ogg")
    assert list(tmp_path.iterdir()) == []
