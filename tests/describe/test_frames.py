"""Frames of a video: genre.describe.frames."""

import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from genre.describe.card import Absent
from genre.describe.frames import Box, DrawJob, FrameJob, draw_boxes, pick_frames, video_of
from genre.describe.settings import VideoSettings
from tests.encoded import needs_ffmpeg

pytestmark = needs_ffmpeg


def clip(path: Path, *, seconds: int = 5, size: str = "160x120", rate: int = 10) -> Path:
    source = f"testsrc=duration={seconds}:size={size}:rate={rate}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source]
    subprocess.run([*command, "-pix_fmt", "yuv420p", str(path)], check=True, timeout=60)
    return path


def n_frames_of(path: Path) -> int:
    words = (
        "-v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0"
    )
    answer = subprocess.run(
        ["ffprobe", *words.split(), "-of", "csv=p=0", str(path)],  # noqa: S607 - the installed one
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return int(answer.stdout.strip().strip(","))


def test_every_tenth_frame_is_picked(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4")
    facts = pick_frames(FrameJob(path, tmp_path, VideoSettings()))
    assert (facts.n_frames, facts.frames_per_second) == (50, 10.0)
    assert (facts.width, facts.height) == (160, 120)
    assert facts.picked == (0, 10, 20, 30, 40)
    capture = cv2.VideoCapture(str(path))
    frames = [capture.read()[1] for _ in range(11)]
    np.testing.assert_array_equal(cv2.imread(str(tmp_path / "10.png")), frames[10])


def test_large_frames_are_looked_at_in_small(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", seconds=1, size="2000x500", rate=2)
    pick_frames(FrameJob(path, tmp_path, VideoSettings()))
    small = cv2.imread(str(tmp_path / "0.png"))
    assert small is not None
    assert small.shape == (333, 1333, 3)


def test_boxes_are_drawn_until_the_next_look(tmp_path: Path) -> None:
    path, out = clip(tmp_path / "a.mp4"), tmp_path / "out.mp4"
    box = Box("café", 0.9, (0.25, 0.25, 0.75, 0.75))
    job = DrawJob(path, out, [(0, []), (10, [box]), (20, [])], VideoSettings())
    assert draw_boxes(job) == 50
    assert n_frames_of(out) == n_frames_of(path) == 50

    def frames(video: Path) -> list[np.ndarray]:
        capture = cv2.VideoCapture(str(video))
        return [capture.read()[1].astype(int) for _ in range(50)]

    strayed = [
        float(np.abs(new[88:92, 45:115] - old[88:92, 45:115]).mean())
        for new, old in zip(frames(out), frames(path), strict=True)
    ]
    assert min(strayed[10:20]) > 3 * max(strayed[:10] + strayed[20:])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_seconds": 1.0}, "at most max_seconds=1"),
        ({"max_pixels": 1000}, "at most max_pixels=1000; they have 160 × 120"),
    ],
)
def test_a_video_has_limits(tmp_path: Path, settings: dict[str, float], message: str) -> None:
    path = clip(tmp_path / "a.mp4", seconds=2)
    with pytest.raises(Absent, match=message):
        pick_frames(FrameJob(path, tmp_path, VideoSettings(**settings)))  # type: ignore[arg-type]  # a number each


def test_what_is_no_video_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"nothing")
    # A list of other files is not followed.
    clip(tmp_path / "secret.mp4", seconds=1)
    (tmp_path / "b.mp4").write_text("ffconcat version 1.0\nfile secret.mp4\n")
    for name in ("a.mp4", "b.mp4", "gone.mp4", "a.txt"):
        with pytest.raises(Absent):
            pick_frames(FrameJob(tmp_path / name, tmp_path, VideoSettings()))


def test_the_video_of_a_track(tmp_path: Path) -> None:
    assert video_of(tmp_path / "a.MP4") == tmp_path / "a.MP4"
    with pytest.raises(Absent, match="no video beside") as caught:
        video_of(tmp_path / "a.mp3")
    assert caught.value.advice == "put a.mp4 beside it"
    (tmp_path / "a.webm").write_bytes(b"x")
    assert video_of(tmp_path / "a.mp3") == tmp_path / "a.webm"


def test_the_frames_of_a_video_do_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = clip(tmp_path / "a.mp4", seconds=1)
    first = FrameJob(path, tmp_path, VideoSettings(every=5))
    assert pick_frames(first).picked == (0, 5)
    size = (tmp_path / "0.png").stat().st_size
    monkeypatch.setattr("genre.describe.frames.MAX_PICTURES_BYTES", size + 1)
    with pytest.raises(Absent, match=f"at most {size + 1} bytes") as caught:
        pick_frames(first)
    assert "raise every" in caught.value.advice
