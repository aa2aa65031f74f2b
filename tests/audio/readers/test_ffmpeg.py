"""Files for ffmpeg: what comes out, what it is told, and that it ends when it should."""

import itertools
import math
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.audio.containers import Container
from genre.audio.decode import DecodeConfig, load_waveform, open_audio
from genre.audio.readers import ffmpeg, ffprobe
from genre.errors import AudioError, AudioErrorKind
from genre.execution import ExecutionConfig, run_units
from tests.encoded import ENCODINGS, encode, needs_ffmpeg
from tests.programs import stand_in
from tests.sounds import FORMATS, fault_of, tone, write


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with one file of every encoding, two seconds in stereo."""
    folder = tmp_path_factory.mktemp("encoded")
    for name, encoding in ENCODINGS.items():
        encode(folder / f"{name}.{encoding.suffix}", encoding.options)
    return folder


def file_of(folder: Path, name: str) -> Path:
    return folder / f"{name}.{ENCODINGS[name].suffix}"


def run_ffmpeg(*arguments: str) -> Path:
    """Let ffmpeg write the file that is named last."""
    program = shutil.which("ffmpeg") or ""
    subprocess.run([program, "-v", "error", "-nostdin", "-y", *arguments], check=True, timeout=60)
    return Path(arguments[-1])


@needs_ffmpeg
@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_gives_its_tone(encoded: Path, name: str) -> None:
    waveform = load_waveform(file_of(encoded, name))
    assert waveform.facts.container == ENCODINGS[name].container
    assert (waveform.facts.sample_rate, waveform.facts.n_channels) == (
        ENCODINGS[name].sample_rate,
        2,
    )
    assert waveform.facts.flags == ()
    # coders of frames add up to two of them, 2,048 samples each; Opus and Speex round to 20 ms
    assert waveform.duration_seconds == pytest.approx(2.0, abs=0.1)
    middle = waveform.samples[11025:33075]
    # libmp3lame leaves 5 % of a pure tone out
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / math.sqrt(2), rel=0.06)
    assert np.abs(np.fft.rfft(middle)).argmax() == 440  # one second: bins of 1 Hz


def dsf(rate: int = 2_822_400) -> bytes:
    """Write two seconds of DSD in stereo by hand: a tone as density of ones."""
    n_bytes = 2 * 2822400 // 8 // 4096 * 4096
    level = 0.5 * np.sin(2 * math.pi * 440 * np.arange(n_bytes * 8) / 2822400)
    total = np.floor(np.cumsum(level / 2 + 0.5))  # of ones up to each bit
    ones = np.diff(total, prepend=0.0).astype(np.uint8)
    channel = np.packbits(ones, bitorder="little").reshape(-1, 4096)
    data = np.stack([channel, channel], axis=1).tobytes()
    form = struct.pack("<IIIIIIQII", 1, 0, 2, 2, rate, 1, n_bytes * 8, 4096, 0)
    size = 28 + 12 + len(form) + 12 + len(data)
    head = b"DSD " + struct.pack("<QQQ", 28, size, 0) + b"fmt " + struct.pack("<Q", 12 + len(form))
    return head + form + b"data" + struct.pack("<Q", 12 + len(data)) + data


@needs_ffmpeg
def test_dsd_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.dsf"
    path.write_bytes(dsf())
    waveform = load_waveform(path)
    assert waveform.facts.container == Container.DSF
    assert waveform.facts.sample_rate == 352800  # ffmpeg makes a sample of each byte
    assert np.abs(np.fft.rfft(waveform.samples[11025:33075])).argmax() == 440


@needs_ffmpeg
@pytest.mark.parametrize("times", [2, 4, 8])
def test_dsd_of_higher_rates_is_brought_down(tmp_path: Path, times: int) -> None:
    # DSD 128, 256 and 512: ffmpeg would give 705,600 samples a second and more
    path = tmp_path / "a.dsf"
    path.write_bytes(dsf(rate=times * 2_822_400))
    waveform = load_waveform(path)
    assert waveform.facts.sample_rate == 352_800
    assert waveform.facts.flags == ()
    assert waveform.duration_seconds == pytest.approx(2 / times, rel=0.02)
    middle = waveform.samples[len(waveform.samples) // 4 : -len(waveform.samples) // 4]
    heard = np.abs(np.fft.rfft(middle)).argmax() * waveform.sample_rate / len(middle)
    assert heard == pytest.approx(440 * times, rel=0.01)


@needs_ffmpeg
def test_pcm_of_a_rate_that_nobody_hears_is_brought_down(tmp_path: Path) -> None:
    waveform = load_waveform(write(tmp_path / "a.wav", tone(1.0, 768_000), 768_000))
    assert waveform.facts.sample_rate == 384_000
    assert waveform.duration_seconds == pytest.approx(1.0, abs=0.01)


@needs_ffmpeg
def test_amr_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.amr"
    frame = b"\x3c" + np.random.default_rng(5).bytes(31)  # 20 ms at 12.2 kbit/s
    path.write_bytes(b"#!AMR\n" + frame * 100)
    waveform = load_waveform(path)
    assert waveform.facts.container == Container.AMR
    assert waveform.facts.sample_rate == 8000
    assert waveform.duration_seconds == pytest.approx(2.0, abs=0.03)
    assert "truncated" not in waveform.facts.flags


@needs_ffmpeg
def test_channels_are_averaged_here_and_not_there(tmp_path: Path) -> None:
    channels = np.zeros((44100, 6))
    channels[:, 3] = 0.6  # the low-frequency channel, which ffmpeg's own mixing leaves out
    wav = write(tmp_path / "a.wav", channels)
    path = tmp_path / "a.mka"
    run_ffmpeg("-i", str(wav), "-c:a", "flac", str(path))
    waveform = load_waveform(path)
    assert waveform.facts.n_channels == 6
    # 22,050 Hz from 44,100: the ends ring
    np.testing.assert_allclose(waveform.samples[500:-500], 0.1, atol=1e-3)


@needs_ffmpeg
@pytest.mark.parametrize(
    "name",
    [
        "-i.m4a",
        "-y",
        "concat:a.wav|b.wav",
        "http:x.m4a",
        "a\nb.m4a",
        "file:x",
        "pipe:0",
        "a%03d.m4a",
    ],
)
def test_a_name_is_only_a_name(
    encoded: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(file_of(encoded, "m4a-aac").read_bytes())
    assert load_waveform(Path(name)).duration_seconds == pytest.approx(2.0, abs=0.1)
    if os.sep not in name:
        odd = os.fsencode(tmp_path) + b"/\xff\xfe" + os.fsencode(name)
        Path(os.fsdecode(odd)).write_bytes(Path(name).read_bytes())
        assert load_waveform(Path(os.fsdecode(odd))).duration_seconds > 1.9


@needs_ffmpeg
def test_ffmpeg_is_told_protocols_format_codec_and_limit(encoded: Path) -> None:
    path = file_of(encoded, "m4a-alac")
    sound, lengths = ffmpeg.open_ffmpeg(path, Container.MP4, max_seconds=99.0)
    command = sound._command
    before, behind = command[: command.index("-i")], command[command.index("-i") :]
    pairs = list(itertools.pairwise(before))
    assert ("-protocol_whitelist", "file,pipe") in pairs
    assert ("-f", "mov") in pairs
    assert ("-c:a", "alac") in pairs
    assert ("-t", "100.000") in pairs
    assert "-nostdin" in before
    assert behind[1] == f"file:{path}"
    assert {"-vn", "-sn", "-dn"} <= set(behind)
    assert lengths.declared == pytest.approx(2 * 44100, abs=10)


@needs_ffmpeg
def test_limits_hold_before_and_while_decoding(encoded: Path, tmp_path: Path) -> None:
    low = encode(tmp_path / "low.mka", "-c:a pcm_s16le -ar 900")
    many = write(tmp_path / "9.wav", np.ones((9000, 9)) / 2)
    many = run_ffmpeg("-i", str(many), "-c:a", "pcm_s16le", str(tmp_path / "many.mka"))
    assert "sample_rate=900 that must be between 1000" in fault_of(low).message
    assert "n_channels=9 that must be between 1 and 8" in fault_of(many).message
    path = file_of(encoded, "m4a-aac")
    assert fault_of(path, DecodeConfig(max_seconds=1.5)).kind is AudioErrorKind.TOO_LONG
    assert fault_of(path, DecodeConfig(min_seconds=3.0)).kind is AudioErrorKind.TOO_SHORT


@needs_ffmpeg
def test_a_codec_that_is_not_on_the_list_is_refused(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.avi", "-c:a adpcm_yamaha")
    fault = fault_of(path)
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert "codec=adpcm_yamaha, which is not read here; convert it" in fault.message


@needs_ffmpeg
def test_a_video_without_sound_is_no_audio(encoded: Path, tmp_path: Path) -> None:
    source = str(file_of(encoded, "mp4-video"))
    path = run_ffmpeg("-i", source, "-an", "-c:v", "copy", str(tmp_path / "mute.mp4"))
    assert fault_of(path).kind is AudioErrorKind.NOT_AUDIO


@needs_ffmpeg
def test_a_cut_file_keeps_its_beginning_and_is_flagged(encoded: Path, tmp_path: Path) -> None:
    for name in ("tta", "wma", "wavpack", "mka-vorbis"):
        content = file_of(encoded, name).read_bytes()
        path = tmp_path / name
        path.write_bytes(content[: len(content) * 6 // 10])
        waveform = load_waveform(path)
        assert {"truncated", "partial"} & set(waveform.facts.flags), name
        assert 0.3 < waveform.duration_seconds < 1.7
    content = file_of(encoded, "m4a-aac").read_bytes()  # its index stands at the end
    path.write_bytes(content[: len(content) * 6 // 10])
    fault = fault_of(path)
    assert fault.kind is AudioErrorKind.CORRUPT
    assert "cannot be decoded" in fault.message


@needs_ffmpeg
def test_damage_in_mid_stream_is_flagged_partial(encoded: Path, tmp_path: Path) -> None:
    content = bytearray(file_of(encoded, "m4a-alac").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = np.random.default_rng(1).bytes(3000)
    path = tmp_path / "a.m4a"
    path.write_bytes(content)
    waveform = load_waveform(path)
    assert "partial" in waveform.facts.flags
    assert waveform.duration_seconds > 0.9


@needs_ffmpeg
def test_references_to_other_files_are_not_followed(tmp_path: Path) -> None:
    # Sound that a playlist, a script or a movie could only get from elsewhere.
    write(tmp_path / "secret.wav", tone(2.0, 44100))
    secret = tmp_path / "secret.wav"
    playlists = {
        "a.mp3": f"ffconcat version 1.0\nfile {secret}\n",
        "b.m4a": f"#EXTM3U\n#EXTINF:2,\n{secret}\n",
        "c.mp3": f"[playlist]\nFile1={secret}\n",
        "d.wma": f'<asx version="3.0"><entry><ref href="{secret}"/></entry></asx>',
        "e.mp4": f"file '{secret}'\n",
    }
    for name, text in playlists.items():
        (tmp_path / name).write_text(text)
        assert fault_of(tmp_path / name).kind is AudioErrorKind.NOT_AUDIO


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4, "big") + name + body


def with_outside_data(movie: bytes, target: str) -> bytes:
    """Let a QuickTime movie take its samples from another file (an alias with an absolute path)."""
    path = target.encode()
    fixed = bytes(4) + (150 + 4 + len(path) + 4).to_bytes(2, "big") + (2).to_bytes(2, "big")
    fixed += bytes(2) + b"\x00".ljust(28, b"\0") + bytes(12) + b"\x00".ljust(64, b"\0") + bytes(16)
    fixed += bytes(20)
    record = fixed + (2).to_bytes(2, "big") + len(path).to_bytes(2, "big") + path
    record += bytes(len(path) % 2) + b"\xff\xff" + bytes(2)
    alias = box(b"dref", bytes(4), (1).to_bytes(4, "big"), box(b"alis", bytes(4), record))

    def changed(data: bytes) -> bytes:
        out, position = b"", 0
        while position + 8 <= len(data):
            size, name = (
                int.from_bytes(data[position : position + 4], "big"),
                data[position + 4 :][:4],
            )
            inside = data[position + 8 : position + size]
            if name == b"dref":
                out += alias
            elif name in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
                out += box(name, changed(inside))
            else:
                out += data[position : position + size]
            position += size
        return out

    return changed(movie)


@needs_ffmpeg
def test_a_movie_cannot_read_another_file(tmp_path: Path) -> None:
    quiet = ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono", "-t", "2", "-c:a", "pcm_s16be"]
    movie = run_ffmpeg(*quiet, str(tmp_path / "quiet.mov"))
    secret = encode(tmp_path / "secret.mov", "-c:a pcm_s16be", n_channels=1)
    path = tmp_path / "a.mov"
    path.write_bytes(with_outside_data(movie.read_bytes(), str(secret)))
    # The file does what it should: where ffmpeg is allowed to follow it, the tone comes out.
    allowed = ["-enable_drefs", "1", "-use_absolute_path", "1", "-i", str(path)]
    followed, _ = soundfile.read(run_ffmpeg(*allowed, str(tmp_path / "followed.wav")))
    assert np.abs(followed).max() > 0.4
    try:
        waveform = load_waveform(path)
    except AudioError:
        return
    assert np.abs(waveform.samples).max() < 1e-4


# What follows needs no ffmpeg: programs stand in for it.


def test_a_probe_that_hangs_is_a_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, "ffprobe", "exec sleep 60")
    stand_in(tmp_path, "ffmpeg", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(ffprobe, "_PROBE_SECONDS", 0.3)
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\x00\x00\x00\x20ftypM4A " + bytes(100))
    started = time.monotonic()
    assert fault_of(path).kind is AudioErrorKind.TIMEOUT
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("script", "kind", "message"),
    [
        ("kill -SEGV $$", AudioErrorKind.CRASHED, "ended ffprobe with exit code -11"),
        (
            "echo 'Unknown input format: mov' >&2; exit 1",
            AudioErrorKind.UNSUPPORTED,
            "built without",
        ),
        ("exit 1", AudioErrorKind.CORRUPT, "no reason given"),
        ("echo 'a: Cannot allocate memory' >&2; exit 1", AudioErrorKind.CRASHED, "more memory"),
        ("echo '{'", AudioErrorKind.CORRUPT, "answer has no sense"),
        ("echo '[1]'", AudioErrorKind.CORRUPT, "answer has no sense"),
        ("echo '{}'", AudioErrorKind.NOT_AUDIO, "no stream of sound"),
        (
            """echo '{"streams": [{"codec_name": "aac", "sample_rate": "0", "channels": 0}]}'""",
            AudioErrorKind.UNSUPPORTED,
            "sample_rate=0 that must be",
        ),
    ],
)
def test_what_a_probe_says_becomes_a_typed_error(
    tmp_path: Path,
    script: str,
    kind: AudioErrorKind,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in(tmp_path, "ffprobe", script)
    stand_in(tmp_path, "ffmpeg", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\x00\x00\x00\x20ftypM4A " + bytes(100))
    fault = fault_of(path)
    assert fault.kind is kind
    assert message in fault.message


def test_a_coding_that_libsndfile_does_not_know_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = write(tmp_path / "a.caf", tone(1.0, 44100), **FORMATS["caf"])
    path.write_bytes(path.read_bytes().replace(b"lpcm", b"ima4"))
    fault = fault_of(path)
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert "install ffmpeg" in fault.message


def length_of(path: str) -> float:
    decoder = open_audio(Path(path))
    return sum(map(len, decoder.blocks())) / decoder.sample_rate


@needs_ffmpeg
def test_a_worker_with_little_memory_can_use_ffmpeg(encoded: Path) -> None:
    units = [str(file_of(encoded, name)) for name in ("m4a-aac", "mp4-video", "wma")]
    config = ExecutionConfig(n_workers=1, memory_mb=500)
    outcomes = list(run_units(length_of, units, config=config))
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert all(outcome.result == pytest.approx(2.0, abs=0.1) for outcome in outcomes)


def test_what_libsndfile_reads_does_not_go_to_ffmpeg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    for name, options in FORMATS.items():
        rate = 48000 if name == "ogg-opus" else 44100
        assert (
            load_waveform(write(tmp_path / name, tone(0.5, rate), rate, **options)).facts.flags
            == ()
        )
