"""Spectrograms and the histogram of the page, in plain numbers."""

import base64

import numpy as np
import pytest

from genre.audio.mel import MelConfig
from genre.dataset.doctor.examination import Examination, ExaminedFile
from genre.dataset.doctor.pictures import duration_histogram, suspicious, thumbnail
from genre.dataset.doctor.sound import Finding
from tests.doctor_examples import huge_examination


def test_thumbnails_take_turns_and_have_axes() -> None:
    def odd(name: str, *kinds: str) -> ExaminedFile:
        findings = tuple(Finding(kind=kind, message="") for kind in kinds)
        return ExaminedFile(name=name, track=None, sha256=name, findings=findings)

    files = [odd("q0", "silent", "short"), *(odd(f"s{number}", "short") for number in range(9))]
    files += [odd("c0", "clipped"), odd("c1", "clipped"), odd("m", "copy")]
    examination = Examination(**(vars(huge_examination(2)) | {"files": tuple(files)}))
    chosen = [file.name for file in suspicious(examination, limit=6)]
    assert chosen == ["q0", "c0", "c1", "s0", "s1", "s2"]
    assert len(suspicious(examination, limit=99)) == 12  # q0 once
    drawn = thumbnail(files[0], np.full((6000, 96), -80, dtype=np.float16), MelConfig())
    assert base64.b64decode(drawn.png).startswith(b"\x89PNG")
    assert [tick.label for tick in drawn.times] == ["0:00", "0:30", "1:00", "1:30", "2:00"]
    assert [tick.label for tick in drawn.frequencies] == ["0.5", "1", "2", "4", "8"]
    # 1 kHz is mel 15 of 49.9: band 28.15 from 0, so 29.65 of 97 half-band steps from the bottom
    assert drawn.frequencies[1].place == pytest.approx(29.65 / 97, abs=0.01)


def test_the_histogram_counts_everything_once() -> None:
    histogram = duration_histogram([0.05, 0.3, 0.3, 0.31, 0.9])
    assert histogram is not None
    assert [(bar.start, bar.number) for bar in histogram.bars if bar.number] == [
        ("0", 1),
        ("0.3", 3),
        ("0.9", 1),
    ]
    assert [bar.number for bar in histogram.bars] == [1, 0, 0, 3, 0, 0, 0, 0, 0, 1]
    long = duration_histogram([200.0] * 99 + [10_800.0])
    assert long is not None
    assert [(bar.start, bar.number) for bar in long.bars] == [("200", 99), ("210+", 1)]
    assert max(bar.height for bar in long.bars) == 1
    hours = duration_histogram([7200.0, 10_800.0])
    assert hours is not None
    assert (hours.unit, sum(bar.number for bar in hours.bars)) == ("min", 2)
    assert duration_histogram([]) is None
