"""What a video shows: genre.describe.video."""

from pathlib import Path
from typing import Any, Protocol

import pytest

from genre.describe.card import Absent
from genre.describe.frames import Box
from genre.describe.hub import Hub
from genre.describe.settings import VideoSettings
from genre.describe.video import counts_over_time, watch
from genre.describe.workers import Deadline
from genre.execution import ExecutionConfig, WorkerPool
from tests.describe.fakes import FakeHub
from tests.describe.test_frames import clip, n_frames_of
from tests.describe_models import save_detector
from tests.encoded import needs_ffmpeg


class Picture(Protocol):
    size: tuple[int, int]


BOX = {"xmin": 10, "ymin": 20, "xmax": 60, "ymax": 80}


@pytest.mark.slow  # imports torch
@needs_ffmpeg
def test_objects_are_counted_and_the_video_is_written_again(tmp_path: Path) -> None:
    looks: list[tuple[int, int]] = []

    def look(picture: Picture, *, threshold: float) -> list[dict[str, Any]]:
        assert threshold == 0.4
        looks.append(picture.size)
        cats = [{"label": "cat", "score": 0.5, "box": BOX}] * (len(looks) - 1)
        return [{"label": "person", "score": 0.9, "box": BOX}, *cats]

    path = clip(tmp_path / "a.mp4", seconds=3)
    (tmp_path / "bad.mp4").write_bytes(b"nothing")
    hub, settings = FakeHub(look), VideoSettings(min_score=0.4)
    with WorkerPool(ExecutionConfig(n_workers=1)) as pool:
        part = watch(tmp_path / "a.mp3", tmp_path, hub=hub, pool=pool, settings=settings)
        with pytest.raises(Absent, match="no video that can be decoded"):
            watch(tmp_path / "bad.mp4", tmp_path, hub=hub, pool=pool, settings=settings)
        bare = watch(path, None, hub=FakeHub(lambda *_, **__: []), pool=pool, settings=settings)
        with pytest.raises(Absent, match="not done within 0 s"):
            watch(path, None, hub=hub, pool=pool, settings=settings, deadline=Deadline(0.0))
    assert (bare.result["n_objects"], bare.result["file"]) == (0, "")
    assert looks == [(160, 120)] * 3
    assert part.result["counts"] == [
        {"seconds": 0.0, "objects": {"person": 1}},
        {"seconds": 1.0, "objects": {"person": 1, "cat": 1}},
        {"seconds": 2.0, "objects": {"cat": 2, "person": 1}},
    ]
    assert part.result["most_at_once"] == {"cat": 2, "person": 1}
    assert (part.result["n_frames"], part.result["n_looked_at"]) == (30, 3)
    assert part.result["n_objects"] == 6
    assert n_frames_of(tmp_path / part.result["file"]) == n_frames_of(path) == 30
    assert {file.name for file in tmp_path.glob("*.mp4")} == {
        *("a.mp4", "bad.mp4", "a_detected.mp4")
    }


def test_counts_have_their_time() -> None:
    box = Box("cat", 0.9, (0, 0, 1, 1))
    assert counts_over_time([(0, []), (25, [box, box])], 12.5) == [
        {"seconds": 0.0, "objects": {}},
        {"seconds": 2.0, "objects": {"cat": 2}},
    ]


@pytest.mark.slow
@needs_ffmpeg
def test_a_detr_looks_as_the_library_says(tmp_path: Path) -> None:
    import torch
    from torchvision.transforms.functional import to_pil_image  # type: ignore[import-untyped]
    from transformers import AutoImageProcessor, DetrForObjectDetection

    folder = save_detector(tmp_path / "detr")
    path = clip(tmp_path / "a.mp4", seconds=5)
    settings = VideoSettings(model=str(folder), min_score=0.2)
    hub = Hub(device="cpu", may_fetch=lambda _: False)
    with WorkerPool(ExecutionConfig(n_workers=1)) as pool:
        part = watch(path, tmp_path, hub=hub, pool=pool, settings=settings)
    assert part.result["n_looked_at"] == 5
    assert n_frames_of(tmp_path / "a_detected.mp4") == n_frames_of(path)
    import cv2

    frame = cv2.VideoCapture(str(path)).read()[1][:, :, ::-1].copy()
    network = DetrForObjectDetection.from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder)
    with torch.inference_mode():
        found = network(**processor(to_pil_image(frame), return_tensors="pt"))
    (expected,) = processor.post_process_object_detection(found, 0.2, [(120, 160)])
    n_found = sum(part.result["counts"][0]["objects"].values())
    assert n_found == len(expected["scores"]) > 0
