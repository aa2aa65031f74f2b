"""How much sound an MPEG stream holds: on frames built by hand, then on files."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.audio.decode import load_waveform, open_audio
from genre.audio.readers import mpeg_stream
from genre.audio.readers.mpeg import find_first_frame
from tests.mpeg_frames import FRAME, HEAD, PADDED, ape_tag, scan_stream
from tests.sounds import FORMATS, tone, write


def test_a_stream_is_counted_to_its_last_whole_frame() -> None:
    stream = scan_stream(FRAME * 3 + PADDED * 2 + FRAME[:400])
    assert stream is not None
    assert (stream.start, stream.n_frames, stream.n_samples) == (0, 5, 5 * 1152)
    assert stream.n_declared_frames is None


def test_counting_goes_on_behind_damage() -> None:
    stream = scan_stream(FRAME * 3 + b"\xff\x00junk" * 50 + FRAME * 4 + b"TAG".ljust(128))
    assert stream is not None
    assert stream.n_frames == 7


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"<html>" * 999, b"\xff\xfe\x0a\x00h\x00", HEAD, FRAME[:-1], b"\xff" * 5000],
    ids=["nothing", "byte", "html", "utf-16", "head", "piece", "ones"],
)
def test_what_is_no_stream_is_none(data: bytes) -> None:
    assert find_first_frame(data) is None
    assert scan_stream(data) is None


# Free format: 900 bytes a frame and 901 with padding, which no bit rate has.
FREE = bytes([0xFF, 0xFB, 0x00, 0x00]).ljust(900, b"\x01")
FREE_PADDED = bytes([0xFF, 0xFB, 0x02, 0x00]).ljust(901, b"\x01")


def test_frames_of_free_format_are_counted_by_their_distance() -> None:
    stream = scan_stream(FREE * 3 + FREE_PADDED * 2 + FREE * 5 + FREE[:500])
    assert stream is not None
    assert (stream.first.n_bytes, stream.n_frames) == (0, 10)


def test_a_lone_frame_of_free_format_is_recognised_and_not_counted() -> None:
    assert find_first_frame(FREE) == 0
    assert scan_stream(FREE) is None


def test_the_frame_count_of_a_vbri_header_is_read() -> None:
    vbri = bytearray(FRAME)
    vbri[36:40] = b"VBRI"
    vbri[50:54] = (3210).to_bytes(4, "big")
    stream = scan_stream(bytes(vbri) + FRAME * 5)
    assert stream is not None
    assert (stream.n_declared_frames, stream.n_frames, stream.sound_start) == (3210, 5, 417)


def test_what_looks_like_frames_in_a_tag_is_not_counted() -> None:
    picture = ape_tag(FRAME * 20, has_header=True)
    id3 = b"ID3\x04\x00\x00" + bytes([0, 0, 65, 18]) + (FRAME * 20)[: 65 * 128 + 18]
    for tail in (picture, id3, picture + b"TAG" + FRAME[:125], id3 + picture):
        stream = scan_stream(FRAME * 7 + tail + FRAME * 4)
        assert stream is not None
        assert stream.n_frames == 11


@pytest.mark.parametrize("n_bytes", [20_000, 300_000, 1_000_000])
def test_counting_does_not_depend_on_how_the_file_is_cut_into_pieces(
    n_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_frames = n_bytes // 417
    data = FRAME * n_frames + b"junk" * 700 + PADDED * n_frames + bytes(200_000) + FRAME * 3
    stream = scan_stream(data)
    assert stream is not None
    assert stream.n_frames == 2 * n_frames + 3
    monkeypatch.setattr(mpeg_stream, "_PIECE_BYTES", 20_000)
    assert scan_stream(data) == stream


def test_the_search_for_frames_gives_up_behind_much_junk() -> None:
    data = FRAME * 5 + bytes(5 * 2**20) + FRAME * 5
    stream = scan_stream(data)
    assert stream is not None
    assert stream.n_frames == 5


def without_first_frame(mp3: bytes) -> bytes:
    return mp3[mp3.find(mp3[:2], 4) :]


def varying_mp3(path: Path) -> bytes:
    # silence first makes the decoder's estimate too long, noise first too short
    rng = np.random.default_rng(4)
    samples = np.concatenate([rng.normal(0, 0.3, 4 * 44100), np.zeros(16 * 44100)])
    options = {**FORMATS["mp3"], "bitrate_mode": "VARIABLE", "compression_level": 0.1}
    written = write(path, samples, **options)
    return written.read_bytes()


def test_an_mp3_file_without_a_length_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(without_first_frame(varying_mp3(path)))
    with soundfile.SoundFile(path) as file:
        assert file.frames < 15 * 44100  # what libsndfile would stop at
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(20.0, abs=0.1)
    assert waveform.facts.flags == ()


def test_the_padding_of_an_encoder_is_no_fault(tmp_path: Path) -> None:
    # 13,230 samples in 14 frames of 1152: taking the padding off leaves 18 % less than counted
    path = write(tmp_path / "a.mp3", tone(0.3, 44100), **FORMATS["mp3"])
    waveform = load_waveform(path)
    assert waveform.facts.flags == ()
    assert waveform.duration_seconds == pytest.approx(0.3, abs=1e-3)  # and it is taken off


def test_mp3_files_behind_each_other_are_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(3.0, 44100), **FORMATS["mp3"])
    path.write_bytes(path.read_bytes() * 2)
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(6.0, abs=0.15)
    assert waveform.facts.flags == ("truncated",)  # that is: the header says another length


@pytest.mark.parametrize("name", ["a.mp3", "a.x"])  # libsndfile goes by the name here
def test_an_mp3_file_behind_other_bytes_is_read(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, tone(2.0, 44100), **FORMATS["mp3"])
    path.write_bytes(b"leftovers of a tag" * 50 + path.read_bytes())
    assert load_waveform(path).duration_seconds == pytest.approx(2.0, abs=0.1)


@pytest.mark.real
def test_conformance_streams_have_the_length_of_their_frames(shared_data: Path) -> None:
    folder = shared_data / "hostile" / "mpeg_vectors"
    # 476 frames of 576 samples and 410 of 1152; libsndfile announces 9 and 4 times as much
    assert open_audio(folder / "l3-he_44khz.mp3").sample_rate == 44100
    for name, n_samples in (("M2L3_bitrate_24_all.mp3", 274176), ("l3-he_44khz.mp3", 472320)):
        decoder = open_audio(folder / name)
        assert sum(map(len, decoder.blocks())) == n_samples
        assert decoder.flags == ()
