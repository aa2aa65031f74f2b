"""The cover of a track: found in its tags or its folder, measured before it is decoded."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.describe.card import Absent
from genre.describe.settings import CoverSettings
from genre.tag_errors import TAG_ERRORS

__all__ = ["Cover", "ReadCover", "read_cover"]

NAMES = ("folder", "cover", "front", "album")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
ADVICE = "write one into the tags, or put a cover.jpg beside the track"


@dataclass(frozen=True)
class ReadCover:
    """What a worker is to read.

    Parameters
    ----------
    path : Path
        The audio file, or the picture itself.
    settings : CoverSettings
        The limits.
    is_picture : bool
        Whether the path is a picture.
    """

    path: Path
    settings: CoverSettings
    is_picture: bool = False


@dataclass(frozen=True, eq=False)
class Cover:
    """A picture.

    Parameters
    ----------
    source : str
        The tag or the file that it comes from.
    pixels : ndarray of shape (height, width, 3), uint8
        Red, green, blue.
    """

    source: str
    pixels: NDArray[np.uint8]


def read_cover(job: ReadCover) -> Cover:
    """Find and decode a cover; done in a worker.

    Parameters
    ----------
    job : ReadCover
        Whose.

    Raises
    ------
    Absent
        Where there is none, or it is too large or no picture.
    """
    if job.is_picture:
        found = (job.path.name, _content(job.path, job.settings))
    else:
        found = _embedded(job.path) or _beside(job.path, job.settings)
    source, content = found
    if len(content) > job.settings.max_bytes:
        raise Absent(
            f"the picture {source} must have at most max_bytes={job.settings.max_bytes}; "
            f"it has {len(content)}",
            "raise max_bytes under [cover] in describe.toml",
        )
    return Cover(source, _decode(source, content, job.settings.max_pixels))


def _decode(source: str, content: bytes, max_pixels: int) -> NDArray[np.uint8]:
    # OpenCV compares the header with it before it takes memory; read when it is loaded, which a
    # worker does once: all covers of a pool have the same limit.
    os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(max_pixels)
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    import cv2

    try:
        pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:
        raise Absent(
            f"the picture {source} must be whole, and have at most max_pixels={max_pixels}"
        ) from error
    if pixels is None or pixels.size == 0:
        raise Absent(f"{source} is no picture that can be decoded")
    height, width = pixels.shape[:2]
    if height * width > max_pixels:
        raise Absent(f"the picture {source} must have at most max_pixels={max_pixels}")
    return np.asarray(pixels, np.uint8)


def _content(path: Path, settings: CoverSettings) -> bytes:
    with path.open("rb") as file:
        return file.read(settings.max_bytes + 1)


def _beside(path: Path, settings: CoverSettings) -> tuple[str, bytes]:
    there = {file.name.casefold(): file for file in path.parent.iterdir() if file.is_file()}
    for stem in (*NAMES, path.stem.casefold()):
        for suffix in SUFFIXES:
            if found := there.get(stem + suffix):
                return found.name, _content(found, settings)
    raise Absent("no picture in the tags, and none beside the track", ADVICE)


def _embedded(path: Path) -> tuple[str, bytes] | None:
    import mutagen

    try:
        file: Any = mutagen.File(path)
        return None if file is None else next(_pictures(file), None)
    except TAG_ERRORS:
        return None


def _pictures(file: Any) -> Iterator[tuple[str, bytes]]:  # noqa: ANN401 - of any format
    for picture in getattr(file, "pictures", ()):  # FLAC
        yield "embedded", picture.data
    tags = file.tags
    if not tags:
        return
    if hasattr(tags, "getall"):
        for frame in tags.getall("APIC"):
            yield "APIC", frame.data
        return
    if "covr" in tags:
        yield from (("covr", bytes(content)) for content in tags["covr"])
    yield from _of_vorbis(tags)


def _of_vorbis(tags: Any) -> Iterator[tuple[str, bytes]]:  # noqa: ANN401 - of mutagen
    import base64

    from mutagen.flac import Picture

    read: Any = Picture  # mutagen says little of its types

    try:
        values = tags["metadata_block_picture"]
    except (KeyError, ValueError):
        return
    for value in values:
        try:
            yield "METADATA_BLOCK_PICTURE", read(base64.b64decode(value)).data
        except TAG_ERRORS:
            continue
