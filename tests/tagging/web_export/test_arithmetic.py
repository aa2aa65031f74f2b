"""The arithmetic that the page does itself, in a browser beside the package's own in Python."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from genre.audio.downmix import Downmix
from genre.audio.mel import MelConfig
from genre.audio.picture import Peaks, draw
from genre.audio.silence import SilenceMeter
from genre.tagging.web_export.writing import PAGE
from tests.browser import chromium, file_server
from tests.sounds import FORMATS, changing_sound, tone, write

pytestmark = pytest.mark.slow

RATE = 8000
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def call() -> Iterator[Call]:
    """Call a function of a module of the page; typed arrays come back as lists."""
    with chromium() as browser, file_server(PAGE) as url:
        tab = browser.new_page()
        tab.goto(f"{url}/silence.js")  # any file: modules are imported from beside it

        def _call(module: str, code: str, *arguments: object) -> Any:  # noqa: ANN401
            return tab.evaluate(
                f"""async (given) => {{
                  const page = await import("./{module}.js");
                  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
                  const floats = (all) => all.map((one) => new Float32Array(bytes(one).buffer));
                  const plain = (_, one) => (ArrayBuffer.isView(one) ? [...one] : one);
                  const found = ({code})(page, floats, bytes, ...given);
                  return JSON.parse(JSON.stringify(found, plain));
                }}""",
                list(arguments),
            )

        yield _call


def packed(channels: NDArray[np.floating]) -> list[str]:
    """Write columns as the page's `floats` reads them."""
    return [base64.b64encode(channel.tobytes()).decode() for channel in channels.astype("<f4").T]


def channels_of(*factors: float) -> NDArray[np.floating]:
    """Repeat a sound in channels, with a little noise of each channel's own."""
    sound = changing_sound(5 * RATE)
    noise = np.random.default_rng(1).normal(0, 1e-3, (len(sound), len(factors)))
    return np.asarray(sound[:, None] * np.array(factors) + noise)


def half_turned() -> NDArray[np.floating]:
    """Make two channels of which one is turned over half-way."""
    both = channels_of(1.0, 0.9)
    both[len(both) // 2 :, 1] *= -1
    return both


def turned_at_the_end() -> NDArray[np.floating]:
    """Turn one of two channels over in a last piece that is shorter than those that are judged."""
    both = channels_of(1.0, 0.9)[: 2 * 4096 + 2000]
    both[2 * 4096 :, 1] *= -1
    return both


@pytest.mark.parametrize(
    "channels",
    [
        channels_of(1.0),
        channels_of(1.0, 0.8),
        channels_of(1.0, -1.0),
        channels_of(0.2, -0.3, 0.9, -0.9, 0.1, 0.0),
        half_turned(),
        half_turned()[::-1],
        turned_at_the_end(),
        np.random.default_rng(2).normal(0, 0.1, (2 * RATE + 5, 2)),
        channels_of(1.0, -1.0)[:100],
        np.zeros((RATE, 2)),
    ],
    ids=["one", "two", "opposed", "six", "turns", "turns back", "end", "apart", "short", "silent"],
)
def test_channels_become_one(call: Call, channels: NDArray[np.floating]) -> None:
    downmix = Downmix(channels.shape[1], RATE)
    expected = np.concatenate([downmix.push(channels.astype(np.float32)), downmix.finish()])
    code = "({ downmix }, floats, bytes, channels, rate) => downmix(floats(channels), rate)"
    found = call("downmix", code, packed(channels), RATE)
    assert found["nTurned"] == downmix.n_turned_frames
    # float64 there, float32 here
    np.testing.assert_allclose(found["mono"], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("channels", "is_silent"),
    [
        (np.zeros((100, 2)), True),
        (np.full((100, 1), 0.3), True),  # an offset
        (np.random.default_rng(0).normal(0, 5e-5, (1000, 1)), True),  # a converter's noise
        (np.random.default_rng(0).normal(0, 2e-4, (1000, 1)), False),
        (np.stack([np.zeros(4000), tone(0.5, RATE)], 1), False),
    ],
    ids=["nothing", "offset", "noise", "louder noise", "one channel"],
)
def test_silence_is_silence(call: Call, channels: NDArray[np.floating], is_silent: bool) -> None:
    meter = SilenceMeter(channels.shape[1])
    meter.push(channels.astype(np.float32))
    assert meter.is_silent is is_silent
    code = "({ examine }, floats, bytes, channels) => examine(floats(channels))"
    found = call("silence", code, packed(channels))
    assert found == {"isSilent": is_silent, "isSound": True}


@pytest.mark.parametrize("sample", ["NaN", "Infinity", "-Infinity", "2 ** 33"])
def test_what_is_no_sound_is_found(call: Call, sample: str) -> None:
    code = f"({{ examine }}, floats) => examine([Float32Array.of(0, 1, {sample}, 0)]).isSound"
    assert call("silence", code) is False


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 32000, 44100, 48000])
def test_resampling_is_that_of_the_front_end(call: Call, rate: int) -> None:
    noise = np.random.default_rng(0).normal(0, 0.2, rate).astype(np.float32)
    code = "({ resample }, floats, bytes, [x], from, to) => resample(floats([x])[0], from, to)"
    found = np.array(call("resample", code, packed(noise[:, None]), rate, 22050))
    expected = soxr.resample(noise, rate, 22050, quality="HQ")
    assert abs(len(found) - len(expected)) <= 1
    n = min(len(found), len(expected))
    # noise fills the narrow band between what passes and what does not, where filters may differ;
    # below it soxr itself is 62 dB off the exact sine where the ratio is no whole number
    error = (found[:n] - expected[:n])[200:-200]
    spectrum = np.abs(np.fft.rfft(error * np.hanning(len(error))))
    frequency = np.fft.rfftfreq(len(error), 1 / 22050)
    loud = np.abs(np.fft.rfft(expected[200 : n - 200] * np.hanning(len(error)))).max()
    passed = frequency < 0.9 * min(rate, 22050) / 2
    assert spectrum[passed].max() < 10 ** (-58 / 20) * loud
    assert np.sqrt((error**2).mean()) < 0.03 * 0.2


def test_the_band_that_was_empty_stays_so(call: Call) -> None:
    code = "({ resample }, floats, bytes, [x], from, to) => resample(floats([x])[0], from, to)"
    found = np.array(call("resample", code, packed(tone(1.0, 11025)[:, None]), 11025, 22050))
    spectrum = np.abs(np.fft.rfft(found * np.blackman(len(found)) ** 2))
    assert spectrum[len(spectrum) // 2 :].max() < 10 ** (-115 / 20) * spectrum.max()


def test_the_same_rate_changes_nothing(call: Call) -> None:
    code = "({ resample }, _, __, x) => resample(x, 9, 9) === x"
    assert call("resample", code, [1.0]) is True


@pytest.mark.parametrize("n_hops", [1, 7, 1000, 2500])
def test_the_picture_is_that_of_the_server(call: Call, n_hops: int) -> None:
    config = MelConfig(n_mels=8)
    rng = np.random.default_rng(3)
    mono = rng.uniform(-1, 1, n_hops * config.hop_length).astype(np.float32)
    mel = rng.uniform(-80, 20, (n_hops + 1, 8)).astype(np.float32)
    peaks = Peaks(config.hop_length)
    peaks.push(mono)
    expected = draw(mel, peaks.all(), config)
    code = """({ draw }, floats, bytes, mono, mel) => {
      const config = { sampleRate: 22050, hopLength: 441, nMels: 8, floorDb: -80 };
      return draw(floats(mono)[0], mel && floats(mel)[0], config);
    }"""
    columns = packed(mel.reshape(-1, 1))
    found = call("picture", code, packed(mono[:, None]), columns)
    assert (found["nColumns"], found["nMels"]) == (len(expected.peaks), 8)
    assert found["secondsPerColumn"] == pytest.approx(expected.seconds_per_column)
    # halves are rounded otherwise
    np.testing.assert_allclose(found["peaks"], expected.peaks, atol=1)
    np.testing.assert_allclose(np.reshape(found["mel"], expected.mel.shape), expected.mel, atol=1)
    assert call("picture", code, packed(mono[:, None]), None)["mel"] is None


def in_base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def with_tags(path: Path) -> Path:
    """Put an ID3v2 tag of 300 bytes before a file."""
    tag = b"ID3\x04\0\0" + bytes([0, 0, 2, 44]) + b"\xff\xfb\x90\x00" * 75
    path.write_bytes(tag + path.read_bytes())
    return path


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 32000, 44100, 48000])
@pytest.mark.parametrize("form", ["wav", "wav-float", "wav-24", "flac", "ogg-vorbis", "mp3"])
def test_the_rate_of_a_file_is_read(call: Call, tmp_path: Path, form: str, rate: int) -> None:
    path = write(tmp_path / "x", tone(1.0, rate), rate, **FORMATS[form])
    assert soundfile.info(path).samplerate == rate
    code = "({ rateOf }, floats, bytes, file) => rateOf(bytes(file).buffer)"
    assert call("rate", code, in_base64(path)) == rate
    if form in ("mp3", "flac"):
        assert call("rate", code, in_base64(with_tags(path))) == rate


def test_a_rate_that_is_not_told_is_none(call: Call, tmp_path: Path) -> None:
    code = "({ rateOf }, floats, bytes, file) => rateOf(bytes(file).buffer)"
    for content in (b"", b"RIFF", b"ID3\x04\0\0\x7f\x7f\x7f\x7f", b"x" * 70000, b"\xff\xfb" * 99):
        assert call("rate", code, base64.b64encode(content).decode()) is None
    opus = write(tmp_path / "x", tone(1.0, 48000), 48000, **FORMATS["ogg-opus"])
    assert call("rate", code, in_base64(opus)) == 48000
