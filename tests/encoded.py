"""Sound files that only ffmpeg can write and read, made for the tests where it is installed."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from genre.audio.decode import Container

needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None,
    reason="ffmpeg is not installed; .ci/run installs it",
)


@dataclass(frozen=True)
class Encoding:
    """How ffmpeg writes a file, and what it then is."""

    options: str
    suffix: str
    container: Container
    sample_rate: int = 44100


ENCODINGS = {
    "m4a-aac": Encoding("-c:a aac", "m4a", Container.MP4),
    "m4a-alac": Encoding("-c:a alac", "m4a", Container.MP4),
    "mov-pcm": Encoding("-c:a pcm_s16be", "mov", Container.MP4),
    "mp4-video": Encoding("-c:a aac -c:v mpeg4", "mp4", Container.MP4),
    "adts": Encoding("-c:a aac", "aac", Container.AAC),
    "wma": Encoding("-c:a wmav2", "wma", Container.ASF),
    "webm-opus": Encoding("-c:a libopus -ar 48000", "webm", Container.MATROSKA, 48000),
    "mka-vorbis": Encoding("-c:a libvorbis", "mka", Container.MATROSKA),
    "mkv-flac": Encoding("-c:a flac -c:v mpeg4", "mkv", Container.MATROSKA),
    "avi-mp3": Encoding("-c:a libmp3lame -c:v mpeg4", "avi", Container.AVI),
    "wavpack": Encoding("-c:a wavpack", "wv", Container.WAVPACK),
    "tta": Encoding("-c:a tta", "tta", Container.TTA),
    "speex": Encoding("-c:a libspeex -ar 32000", "spx", Container.SPEEX, 32000),
    "wav-wma": Encoding("-c:a wmav2", "wav", Container.WAV),
    "caf-ima": Encoding("-c:a adpcm_ima_qt", "caf", Container.CAF),
    "w64-mp3": Encoding("-c:a libmp3lame", "w64", Container.W64),
    "ac3": Encoding("-c:a ac3", "ac3", Container.AC3),
    "ac3-48": Encoding("-c:a ac3 -ar 48000 -b:a 640k", "ac3", Container.AC3, 48000),
    "eac3": Encoding("-c:a eac3 -ar 32000", "eac3", Container.EAC3, 32000),
    "dts": Encoding("-c:a dca -strict -2", "dts", Container.DTS),
    "ogg-flac": Encoding("-c:a flac", "oga", Container.OGG),
    "ogv": Encoding("-c:a libvorbis -c:v libtheora", "ogv", Container.OGG),
}


def encode(path: Path, options: str, *, seconds: float = 2.0, n_channels: int = 2) -> Path:
    """Write a tone of 440 Hz at -6 dB, and a moving picture where a video codec is named."""
    pan = "|".join(f"c{k}=c0" for k in range(n_channels))
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i"]
    command += [f"aevalsrc=0.5*sin(2*PI*440*t):s=44100:d={seconds},pan={n_channels}c|{pan}"]
    if "-c:v" in options:
        command += ["-f", "lavfi", "-i", f"testsrc=d={seconds}:s=64x64:r=10"]
    subprocess.run([*command, *options.split(), path], check=True, timeout=60)
    return path
