"""Covers, embedded and beside the track: genre.describe.pictures."""

import base64
import struct
from pathlib import Path
from typing import Any

import cv2
import mutagen
import mutagen.flac
import numpy as np
import pytest

from genre.describe.card import Absent
from genre.describe.pictures import ReadCover, read_cover
from genre.describe.settings import CoverSettings
from tests.encoded import needs_ffmpeg
from tests.tagged_files import id3, make

# mutagen says little of its types
flac: Any = mutagen.flac
PIXELS = np.random.default_rng(0).integers(0, 255, (30, 40, 3), dtype=np.uint8)


def png(pixels: np.ndarray = PIXELS) -> bytes:
    is_done, content = cv2.imencode(".png", pixels[:, :, ::-1])
    assert is_done
    return content.tobytes()


def read(path: Path, settings: CoverSettings | None = None) -> tuple[str, np.ndarray]:
    cover = read_cover(ReadCover(path, settings or CoverSettings()))
    return cover.source, cover.pixels


def describe_png(picture: Any) -> Any:  # noqa: ANN401 - of mutagen
    picture.data, picture.mime = png(), "image/png"
    return picture


def embed(path: Path) -> None:
    if path.suffix == ".mp3":
        tags = id3.ID3()
        tags.add(id3.APIC(encoding=3, mime="image/png", type=3, desc="", data=png()))
        tags.save(path)
        return
    file = mutagen.File(path)
    if path.suffix == ".flac":
        file.add_picture(describe_png(flac.Picture()))
    elif path.suffix == ".ogg":
        text = base64.b64encode(describe_png(flac.Picture()).write()).decode()
        file["metadata_block_picture"] = ["no base 64!", "ünï", text]
    else:
        file["covr"] = [png()]
    file.save()


@pytest.mark.parametrize("name", ["mp3", "flac", "ogg", pytest.param("m4a", marks=needs_ffmpeg)])
def test_an_embedded_picture_comes_before_the_folders(tmp_path: Path, name: str) -> None:
    path = make(tmp_path, name, seconds=1.0)
    (tmp_path / "cover.png").write_bytes(png(PIXELS[:10]))
    assert read(path)[1].shape == (10, 40, 3)
    embed(path)
    source, pixels = read(path)
    assert source in ("APIC", "embedded", "METADATA_BLOCK_PICTURE", "covr")
    np.testing.assert_array_equal(pixels, PIXELS)


@needs_ffmpeg
def test_tags_that_cannot_be_read_leave_the_folders_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path, "m4a", seconds=1.0)
    (tmp_path / "cover.png").write_bytes(png())
    file = mutagen.File(path)
    file["covr"] = []
    file.save()
    assert read(path)[0] == "cover.png"

    def fail(*_: object) -> None:
        raise struct.error("unpack requires a buffer of 4 bytes")

    monkeypatch.setattr(mutagen, "File", fail)
    assert read(path)[0] == "cover.png"


def test_the_folders_picture_has_several_names(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(b"no sound")
    with pytest.raises(Absent) as caught:
        read(path)
    assert "cover.jpg" in caught.value.advice
    for name in ("song.png", "Cover.PNG", "folder.png"):  # each comes before the last
        (tmp_path / name).write_bytes(png())
        assert read(path)[0] == name


def test_a_picture_has_limits_and_may_be_broken(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    for content, limits, message in (
        (png(), CoverSettings(max_bytes=100), "at most max_bytes=100"),
        (png(), CoverSettings(max_pixels=1000), "at most max_pixels=1000"),
        (b"nothing", CoverSettings(), "no picture that can be decoded"),
    ):
        path.write_bytes(content)
        with pytest.raises(Absent, match=message):
            read(tmp_path / "song.mp3", limits)
    path.write_bytes(png())
    picture = read_cover(ReadCover(path, CoverSettings(), is_picture=True))
    np.testing.assert_array_equal(picture.pixels, PIXELS)
