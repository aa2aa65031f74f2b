"""Damaged files by the thousand: each ends in finite sound within the caps, or in a typed error.

The codecs run in killable workers, many files to a unit of work. Where a worker crashes or hangs,
the files of its unit are tried again one by one, so that each such end has the number of a file.
"""

import logging
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from genre.audio.decode import DecodeConfig, load_waveform
from genre.errors import AudioError, ExecutionError, ExecutionErrorKind
from genre.execution import ExecutionConfig, run_units
from tests.encoded import ENCODINGS, encode, needs_ffmpeg
from tests.sounds import FORMATS, tone, write

pytestmark = pytest.mark.slow
LOGGER = logging.getLogger(__name__)

SEED = 20
MAX_SECONDS = 30.0
FFMPEG = ("m4a-aac", "m4a-alac", "mp4-video", "adts", "wma", "webm-opus", "mka-vorbis", "avi-mp3",
          "wavpack", "tta", "speex")  # fmt: skip
# What programs get wrong in a field: nothing, one, the largest with and without a sign, the rest.
FIELD_VALUES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**63)


@dataclass(frozen=True)
class Batch:
    """Mutations of one file, by their numbers."""

    source: str
    first: int
    n_files: int
    is_ffmpeg_hidden: bool


def mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """Damage a file: flips, deletions, insertions, edits of fields, and perhaps a cut."""
    data = bytearray(content)
    for _ in range(min(8, rng.geometric(0.4))):
        # headers are where lengths and types stand; half of the damage goes there
        reach = min(len(data), 512) if rng.random() < 0.5 else len(data)
        where, what = int(rng.integers(0, max(1, reach))), rng.integers(0, 5)
        if what == 0 and where < len(data):
            data[where] ^= 1 << int(rng.integers(0, 8))
        elif what == 1:
            data[where : where + 1] = rng.bytes(1)
        elif what == 2:
            del data[where : where + int(rng.integers(1, 64))]
        elif what == 3:
            data[where:where] = rng.bytes(int(rng.integers(1, 64)))
        else:
            size, order = int(rng.choice([1, 2, 4, 8])), str(rng.choice(["little", "big"]))
            value = int(rng.choice(FIELD_VALUES)) % 256**size
            data[where : where + size] = value.to_bytes(size, order)
    if rng.random() < 0.1:
        del data[int(rng.integers(0, len(data) + 1)) :]
    # A reader drops an Ogg page whose check sum is wrong, so most damage would not reach a codec.
    if content[:4] == b"OggS" and rng.random() < 0.75:
        mend_check_sums(data)
    return bytes(data)


def mend_check_sums(ogg: bytearray) -> None:
    """Give the pages of an Ogg file the check sums of what is in them (RFC 3533, section 6)."""
    start = ogg.find(b"OggS")
    while start >= 0:
        following = ogg.find(b"OggS", start + 4)
        page = ogg[start : len(ogg) if following < 0 else following]
        if len(page) > 26:
            page[22:26] = bytes(4)
            crc = 0
            for byte in page:
                crc = (crc << 8) & 0xFFFFFFFF ^ CRC_TABLE[crc >> 24 ^ byte]
            ogg[start + 22 : start + 26] = crc.to_bytes(4, "little")
        start = following


def _crc_of(byte: int) -> int:
    crc = byte << 24
    for _ in range(8):
        crc = crc << 1 ^ 0x04C11DB7 if crc >> 31 else crc << 1
        crc &= 0xFFFFFFFF
    return crc


CRC_TABLE = [_crc_of(byte) for byte in range(256)]


def tried(batch: Batch) -> Counter[str]:
    """Count how the files of a batch end; whatever breaks the property begins with "broken"."""
    if batch.is_ffmpeg_hidden:
        os.environ["PATH"] = ""
    source = Path(batch.source)
    content = source.read_bytes()
    ends: Counter[str] = Counter()
    for number in range(batch.first, batch.first + batch.n_files):
        path = source.parent / f"{source.name} {number}"
        path.write_bytes(mutated(content, np.random.default_rng([SEED, number])))
        ends[end_of(path)] += 1
        path.unlink()
    return ends


def end_of(path: Path) -> str:
    try:
        waveform = load_waveform(path, DecodeConfig(max_seconds=MAX_SECONDS))
    except AudioError as error:
        return error.kind.value
    if not np.isfinite(waveform.samples).all():
        return f"broken: {path} has samples that are no numbers"
    # resampling rounds the length
    if not 0.099 < waveform.duration_seconds < MAX_SECONDS + 0.001:
        return f"broken: {path} has {waveform.duration_seconds} s"
    return "sound " + " ".join(waveform.facts.flags)


def fuzz(source: Path, n_files: int, *, n_per_batch: int, is_ffmpeg_hidden: bool) -> Counter[str]:
    """Damage a file in many ways, in workers, and count the ends."""
    batches = [
        Batch(str(source), first, n_per_batch, is_ffmpeg_hidden)
        for first in range(0, n_files, n_per_batch)
    ]
    ends: Counter[str] = Counter()
    again: list[Batch] = []
    config = ExecutionConfig(n_workers=2, timeout_seconds=60.0, memory_mb=1500)
    for outcome in run_units(tried, batches, config=config):
        if outcome.result is None:
            numbers = range(outcome.unit.first, outcome.unit.first + n_per_batch)
            again += [Batch(str(source), number, 1, is_ffmpeg_hidden) for number in numbers]
        else:
            ends += outcome.result
    for outcome in run_units(tried, again, config=config):
        if outcome.result is None:
            assert isinstance(outcome.error, ExecutionError)
            LOGGER.warning("%s %d: %s", source.name, outcome.unit.first, outcome.error)
            ends[f"worker {outcome.error.kind.value}"] += 1
        else:
            ends += outcome.result
    LOGGER.info("%s %s", source.name, dict(ends.most_common()))
    return ends


@pytest.mark.parametrize("name", FORMATS)
def test_damage_for_libsndfile(tmp_path: Path, name: str) -> None:
    rate = 48000 if name == "ogg-opus" else 44100
    rng = np.random.default_rng(SEED)
    samples = np.stack([tone(0.4, rate) + rng.normal(0, 0.1, round(0.4 * rate))] * 2, axis=1) / 2
    source = write(tmp_path / name, samples, rate, **FORMATS[name])
    check(fuzz(source, 2000, n_per_batch=100, is_ffmpeg_hidden=True), 2000)


@needs_ffmpeg
@pytest.mark.parametrize("name", FFMPEG)
def test_damage_for_ffmpeg(tmp_path: Path, name: str) -> None:
    encoding = ENCODINGS[name]
    source = encode(tmp_path / f"{name}.{encoding.suffix}", encoding.options, seconds=0.4)
    check(fuzz(source, 200, n_per_batch=20, is_ffmpeg_hidden=False), 200)


def check(ends: Counter[str], n_files: int) -> None:
    assert ends.total() == n_files
    assert [end for end in ends if end.startswith("broken")] == []
    # The damage is neither too small to be one nor so great that nothing is ever decoded.
    assert 0.01 * n_files < sum(ends[end] for end in ends if end.startswith("sound"))
    assert n_files > ends["sound "]
    # Workers may be lost to a codec; were it many, the codec should not be used.
    assert sum(ends[end] for end in ends if end.startswith("worker")) <= 0.01 * n_files


def kill_on_two(batch: Batch) -> Counter[str]:
    if batch.first <= 2 < batch.first + batch.n_files:
        os.abort()
    return Counter({"sound ": batch.n_files})


@pytest.mark.skipif(sys.platform == "win32", reason="aborts otherwise there")
def test_a_crash_is_laid_to_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "tried", kill_on_two)
    ends = fuzz(tmp_path / "a", 10, n_per_batch=5, is_ffmpeg_hidden=True)
    assert ends == {"sound ": 9, f"worker {ExecutionErrorKind.CRASHED.value}": 1}
    assert "a 2: crashed" in caplog.text
