"""What a video shows: an object detector looks at every tenth frame, and the boxes are drawn."""

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from genre.describe.card import Absent, Part
from genre.describe.frames import (
    Box,
    DrawJob,
    FrameJob,
    VideoFacts,
    draw_boxes,
    pick_frames,
    video_of,
)
from genre.describe.hub import Hub, Ready, check_installed
from genre.describe.settings import VideoSettings
from genre.describe.workers import UNHURRIED, Deadline, in_worker
from genre.execution import WorkerPool

__all__ = ["counts_over_time", "watch"]

TASK = "object-detection"
TIMEOUT_SECONDS = 900.0


def watch(
    path: Path,
    out: Path | None,
    *,
    hub: Hub,
    pool: WorkerPool,
    settings: VideoSettings,
    deadline: Deadline = UNHURRIED,
) -> Part:
    """Look for objects in the video of a track, and write it again with them.

    Parameters
    ----------
    path : Path
        The track, or its video.
    out : Path or None
        Folder in which ``<name>_detected.mp4`` is written; nothing is written if None.
    hub : Hub
        Loads the model.
    pool : WorkerPool
        Reads and writes.
    settings : VideoSettings
        The model and the limits.
    deadline : Deadline
        Of the card.

    Returns
    -------
    Part
        ``source``, ``n_frames``, ``n_looked_at``, ``frames_per_second``, ``counts`` (a list of
        ``seconds`` and ``objects``), ``most_at_once`` by label, ``n_objects``, and ``file``, the
        name of the new video, empty where there is none.

    Raises
    ------
    Absent
        Where there is no video, or it or the model cannot be had.
    """
    video = video_of(path)
    check_installed("cv2")
    ready = hub.load(TASK, settings.model)
    with tempfile.TemporaryDirectory(prefix="genre-frames-") as folder:
        job = FrameJob(video, Path(folder), settings)
        facts = in_worker(
            pool, pick_frames, job, timeout_seconds=TIMEOUT_SECONDS, deadline=deadline
        )
        found: list[tuple[int, list[Box]]] = []
        for number in facts.picked:
            deadline.left()
            picture = Path(folder) / f"{number}.png"
            found.append((number, _look(picture, ready, settings.min_score)))
    name = "" if out is None else f"{video.stem}_detected.mp4"
    if out is not None:
        _write(video, out / name, found, pool, settings)
    counts = counts_over_time(found, facts.frames_per_second)
    return Part(state="there", model=ready.model, result=_told(video, name, facts, counts))


def counts_over_time(
    found: Sequence[tuple[int, Sequence[Box]]], frames_per_second: float
) -> list[dict[str, Any]]:
    """Count objects by label in each frame that was looked at.

    Parameters
    ----------
    found : sequence of (int, sequence of Box)
        By the number of the frame.
    frames_per_second : float
        Of the video.

    Returns
    -------
    list of dict
        ``seconds`` and ``objects``, the number of each label, most first.
    """
    return [
        {
            "seconds": round(number / frames_per_second, 3),
            "objects": dict(Counter(box.label for box in boxes).most_common()),
        }
        for number, boxes in found
    ]


def _told(
    video: Path, name: str, facts: VideoFacts, counts: list[dict[str, Any]]
) -> dict[str, object]:
    most: Counter[str] = Counter()
    for count in counts:
        most |= Counter(count["objects"])
    return {
        "source": video.name,
        "n_frames": facts.n_frames,
        "n_looked_at": len(facts.picked),
        "frames_per_second": round(facts.frames_per_second, 3),
        "counts": counts,
        "most_at_once": dict(most.most_common()),
        "n_objects": sum(sum(count["objects"].values()) for count in counts),
        "file": name,
    }


def _look(picture: Path, ready: Ready, min_score: float) -> list[Box]:
    import cv2
    from torchvision.transforms.functional import to_pil_image  # type: ignore[import-untyped]

    pixels = cv2.imread(str(picture), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise Absent(f"{picture} cannot be read again")
    height, width = pixels.shape[:2]
    boxes = []
    for said in ready.run(to_pil_image(pixels), threshold=min_score):
        place = said["box"]
        sides = (
            place["xmin"] / width,
            place["ymin"] / height,
            place["xmax"] / width,
            place["ymax"] / height,
        )
        boxes.append(Box(str(said["label"]), float(said["score"]), sides))
    return boxes


def _write(
    video: Path,
    out: Path,
    found: Sequence[tuple[int, Sequence[Box]]],
    pool: WorkerPool,
    settings: VideoSettings,
) -> None:
    # It takes its name when it is whole; the ending tells OpenCV what to write.
    part = out.with_name(f".{os.getpid()}_{out.name}")
    try:
        job = DrawJob(video, part, found, settings)
        in_worker(pool, draw_boxes, job, timeout_seconds=TIMEOUT_SECONDS)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
