"""The frames of a video: read, drawn on and written by OpenCV, in workers that can be killed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genre.describe.card import Absent
from genre.describe.settings import VideoSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "VIDEO_SUFFIXES",
    "Box",
    "DrawJob",
    "FrameJob",
    "VideoFacts",
    "draw_boxes",
    "pick_frames",
    "video_of",
]

VIDEO_SUFFIXES = (".mp4", ".mkv", ".webm", ".mov", ".avi", ".m4v", ".wmv", ".ogv")
MAX_SIDE = 1333  # of a picture that is looked at; boxes are told in parts of the frame
MAX_PICTURES_BYTES = 1_000_000_000  # of a video, on disk while they are looked at
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,ogg"
_GREEN, _BLACK = (80, 220, 60), (0, 0, 0)


@dataclass(frozen=True)
class FrameJob:
    """Frames that a worker is to pick.

    Parameters
    ----------
    path : Path
        The video.
    folder : Path
        Where the pictures go, as ``<number of the frame>.png``.
    settings : VideoSettings
        How many, and the limits.
    """

    path: Path
    folder: Path
    settings: VideoSettings


@dataclass(frozen=True)
class VideoFacts:
    """What was read of a video.

    Parameters
    ----------
    n_frames : int
        That could be decoded.
    frames_per_second : float
        As its header says.
    width, height : int, in pixels
        Of a frame.
    picked : tuple of int
        The numbers of the frames that were written, from 0.
    """

    n_frames: int
    frames_per_second: float
    width: int
    height: int
    picked: tuple[int, ...]


@dataclass(frozen=True)
class Box:
    """An object in a frame.

    Parameters
    ----------
    label : str
        What it is.
    score : float, in [0, 1]
        How sure the detector is.
    place : tuple of float, in [0, 1]
        Left, top, right and bottom, in parts of the frame.
    """

    label: str
    score: float
    place: tuple[float, float, float, float]


@dataclass(frozen=True)
class DrawJob:
    """A video that a worker is to draw on.

    Parameters
    ----------
    path : Path
        The video.
    out : Path
        The new one, an .mp4.
    boxes : sequence of (int, sequence of Box)
        From which frame on which boxes are drawn, in order.
    settings : VideoSettings
        The limits.
    """

    path: Path
    out: Path
    boxes: Sequence[tuple[int, Sequence[Box]]]
    settings: VideoSettings


def video_of(path: Path) -> Path:
    """Find the video of a track: the track itself, or a file of its name beside it.

    Parameters
    ----------
    path : Path
        The track.

    Raises
    ------
    Absent
        Where there is none.
    """
    if path.suffix.lower() in VIDEO_SUFFIXES:
        return path
    for suffix in VIDEO_SUFFIXES:
        if (file := path.with_suffix(suffix)).is_file():
            return file
    raise Absent("no video beside the track", f"put {path.stem}.mp4 beside it")


def pick_frames(job: FrameJob) -> VideoFacts:
    """Read a whole video and write every so-many-th frame as a picture; done in a worker.

    Parameters
    ----------
    job : FrameJob
        Which.

    Raises
    ------
    Absent
        Where it is too long or too large, or no video.
    """
    picked: list[int] = []
    n_frames, width, height, n_bytes = 0, 0, 0, 0
    with _opened(job.path, job.settings) as capture:
        rate = _rate(capture)
        for number, frame in enumerate(_frames(capture, job.settings)):
            n_frames = number + 1
            height, width = frame.shape[:2]
            if number % job.settings.every == 0:
                n_bytes += _write(job.folder / f"{number}.png", frame, MAX_PICTURES_BYTES - n_bytes)
                picked.append(number)
    if not n_frames:
        raise Absent(f"{job.path.name} holds no frame that can be decoded")
    return VideoFacts(n_frames, rate, width, height, tuple(picked))


def draw_boxes(job: DrawJob) -> int:
    """Write a video again with boxes and labels; done in a worker.

    Parameters
    ----------
    job : DrawJob
        Which, and what is drawn.

    Returns
    -------
    int
        The number of frames that were written.

    Raises
    ------
    Absent
        Where it cannot be read or written.
    """
    import cv2

    writer, n_frames = None, 0
    starts = dict(job.boxes)
    boxes: Sequence[Box] = ()
    with _opened(job.path, job.settings) as capture:
        for number, frame in enumerate(_frames(capture, job.settings)):
            if writer is None:
                height, width = frame.shape[:2]
                code = cv2.VideoWriter.fourcc(*"mp4v")
                writer = cv2.VideoWriter(str(job.out), code, _rate(capture), (width, height))
                if not writer.isOpened():
                    raise Absent(f"{job.out} cannot be written")
            boxes = starts.get(number, boxes)
            for box in boxes:
                _draw(frame, box)
            writer.write(frame)
            n_frames = number + 1
    if writer is not None:
        writer.release()
    return n_frames


@contextmanager
def _opened(path: Path, settings: VideoSettings) -> Iterator[Any]:
    """Open a video for a block; what OpenCV cannot do there, memory that is short too, is told."""
    import cv2

    capture = _open(path, settings)
    try:
        yield capture
    except cv2.error as error:
        raise Absent(f"{path.name} cannot be worked on: {error.err or error}") from error
    finally:
        capture.release()


def _open(path: Path, settings: VideoSettings) -> Any:  # noqa: ANN401 - a capture
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    # The file alone: what calls itself .mp4 may be a list of other files or addresses.
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = (
        f"protocol_whitelist;file|format_whitelist;{_FORMATS}"
    )
    import cv2

    if path.suffix.lower() not in VIDEO_SUFFIXES:
        raise Absent(f"{path.name} must end in one of {', '.join(VIDEO_SUFFIXES)}")
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise Absent(f"{path.name} is no video that can be decoded")
    width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
    height = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
    if width * height > settings.max_pixels:
        raise Absent(
            f"{path.name} must have frames of at most max_pixels={settings.max_pixels}; "
            f"they have {width} × {height}"
        )
    return capture


def _rate(capture: Any) -> float:  # noqa: ANN401 - a capture
    import cv2

    rate = float(capture.get(cv2.CAP_PROP_FPS))
    return rate if 0.1 <= rate <= 1000 else 25.0


def _frames(capture: Any, settings: VideoSettings) -> "Iterator[NDArray[np.uint8]]":  # noqa: ANN401
    most = settings.max_seconds * _rate(capture)
    n_frames = 0
    while True:
        is_there, frame = capture.read()
        if not is_there:
            return
        n_frames += 1
        if n_frames > most:
            raise Absent(
                f"the video must last at most max_seconds={settings.max_seconds:g}",
                "raise it under [video] in describe.toml",
            )
        yield frame


def _write(picture: Path, frame: "NDArray[np.uint8]", n_left: int) -> int:
    import cv2

    if not cv2.imwrite(str(picture), _shrunk(frame)):
        raise Absent(f"{picture.parent} must have room for pictures")
    if (n_bytes := picture.stat().st_size) > n_left:
        told = f"the frames to look at must take at most {MAX_PICTURES_BYTES} bytes"
        raise Absent(told, "raise every under [video] in describe.toml")
    return n_bytes


def _shrunk(frame: "NDArray[np.uint8]") -> Any:  # noqa: ANN401 - of OpenCV
    import cv2

    height, width = frame.shape[:2]
    shrink = min(1.0, MAX_SIDE / max(height, width))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    return frame if shrink == 1 else cv2.resize(frame, size, interpolation=cv2.INTER_AREA)


def _draw(frame: "NDArray[np.uint8]", box: Box) -> None:
    import cv2

    height, width = frame.shape[:2]
    left, top, right, bottom = box.place
    first = (round(left * width), round(top * height))
    last = (round(right * width), round(bottom * height))
    cv2.rectangle(frame, first, last, _GREEN, 2)
    words = f"{box.label} {box.score:.2f}".encode("ascii", "replace").decode()
    at = (first[0] + 2, max(12, first[1] - 4))
    cv2.putText(frame, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, _BLACK, 3)
    cv2.putText(frame, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, _GREEN, 1)
