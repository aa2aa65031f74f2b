"""The exported page in a browser, from a plain file server: what it hears, and what it says."""

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.inference import Bundle, ScoreRule
from genre.tagging.onnx_export import to_onnx
from genre.tagging.tagger import Tagger
from genre.tagging.track_tags import TrackTags
from genre.tagging.web_export import write_page
from genre.tagging.web_export.runtime import DEFAULT_FOLDER
from tests.browser import Page, chromium, file_server, page_of, write_noise
from tests.sounds import FORMATS, changing_sound, write
from tests.tagging.web_export.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

ASSETS = ROOT / DEFAULT_FOLDER
# Measured: scores differ by 0.0002 (0.001 where the rate is raised), those of windows by 0.006.
TOLERANCE = 0.01
Sound = NDArray[np.floating]
Opened = Callable[..., contextlib.AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, bundle: Bundle) -> Path:
    """Write the page into a folder within a folder."""
    if not ASSETS.is_dir():
        pytest.skip("`make web-assets` has not been run")
    folder = tmp_path_factory.mktemp("site")
    write_page(bundle, to_onnx(bundle), folder / "some where" / "page", assets=ASSETS)
    return folder


@pytest.fixture(scope="module")
def browser(exported: Path) -> Iterator["Browser"]:  # noqa: ARG001 - no browser without a page
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser: "Browser", exported: Path) -> Opened:
    """Open the page once its model is ready; every request must have gone to its own server."""

    @contextlib.contextmanager
    def _opened(site: Path = exported, **options: Any) -> Iterator[Page]:  # noqa: ANN401
        with file_server(site) as server, page_of(browser, "about:blank", **options) as page:
            asked: list[str] = []
            page.tab.context.on("request", lambda request: asked.append(request.url))
            page.tab.goto(f"{server}/some%20where/page/")
            yield page
            assert len(asked) > 10
            own = (f"{server}/some%20where/page/", f"blob:{server}/", "about:")
            assert [url for url in asked if not url.startswith(own)] == []

    return _opened


@pytest.fixture
def page(opened: Opened) -> Iterator[Page]:
    with opened() as page:
        page.until("document.body.classList.contains('is-ready')")
        yield page


@pytest.fixture(scope="module")
def tagger(bundle: Bundle) -> Tagger:
    return Tagger(bundle)


def kept(page: Page, path: Path) -> Any:  # noqa: ANN401 - JSON
    """Save what the page knows of its one track."""
    with page.tab.expect_download() as saved:
        page.tab.get_by_role("button", name="Save JSON").click()
    saved.value.save_as(path)
    return json.loads(path.read_text(encoding="utf-8"))


def differences(answer: Any, tags: TrackTags) -> tuple[float, float]:  # noqa: ANN401 - JSON
    """Find the largest differences of the track's scores and of its windows'."""
    assert answer["timeline"]["genres"] == list(tags.timeline.genres)
    assert answer["timeline"]["starts_seconds"] == list(tags.timeline.starts_seconds)
    of_track = {entry["name"]: entry["score"] for entry in answer["scores"]}
    windows = np.abs(np.array(answer["timeline"]["scores"]) - tags.timeline.scores).max()
    return max(abs(of_track[name] - score) for name, score in tags.scores.items()), float(windows)


def at(rate: int, seconds: float = 11.3) -> Sound:
    """Play a changing sound that ends in noise, so that windows differ."""
    sound = changing_sound(round(seconds * rate))
    late = sound[len(sound) // 2 :]
    late[:] = np.random.default_rng(5).normal(0, 0.3, len(late))
    return sound


def stereo(rate: int, other: float) -> Sound:
    return np.stack([at(rate), other * at(rate)], 1)


@pytest.mark.parametrize(
    ("name", "sound", "rate", "form"),
    [
        ("plain.wav", at(22050), 22050, "wav"),
        ("stereo.mp3", stereo(44100, 0.5), 44100, "mp3"),
        ("low.wav", at(16000), 16000, "wav-24"),
        ("half.wav", at(11025), 11025, "wav-24"),
        ("high.flac", stereo(48000, 0.7), 48000, "flac"),
        ("opposed.wav", stereo(44100, -1.0), 44100, "wav-float"),
        ("short.ogg", at(44100, 0.5), 44100, "ogg-vorbis"),
    ],
)
def test_it_hears_what_genre_tag_hears(
    page: Page, tagger: Tagger, tmp_path: Path, name: str, sound: Sound, rate: int, form: str
) -> None:
    path = write(tmp_path / name, sound, rate, **FORMATS[form])
    page.choose(path)
    page.wait("done")
    answer, tags = kept(page, tmp_path / "answer.json"), tagger.tag(path)
    of_track, of_windows = differences(answer, tags)
    assert max(of_track, of_windows) < TOLERANCE
    assert answer["genres"] == list(tags.genres)
    assert answer["answer"] == next(iter(tags.genres), None)
    assert page.tab.locator(".strip").count() == (3 if len(tags.timeline.scores) > 1 else 0)
    assert answer["flags"] == list(tags.flags)
    assert answer["duration_seconds"] == pytest.approx(tags.duration_seconds, abs=1e-4)
    assert answer["names"] == {"hiphop": "Hip Hop", "jazz": "Jazz", "rock": "Rock"}
    # or nothing would be compared
    if len(tags.timeline.scores) > 1:
        assert np.ptp(tags.timeline.scores, axis=0).max() > 3 * TOLERANCE


def test_of_exclusive_genres_it_answers_with_one(
    opened: Opened, bundle: Bundle, tmp_path: Path
) -> None:
    which = replace(bundle, rule=ScoreRule(task="exclusive"), thresholds=(0.0,) * 3)
    write_page(which, to_onnx(which), tmp_path / "some where" / "page", assets=ASSETS)
    path = write(tmp_path / "plain.wav", at(22050), 22050, **FORMATS["wav"])
    with opened(tmp_path) as page:
        page.until("document.body.classList.contains('is-ready')")
        page.choose(path)
        page.wait("done")
        answer, tags = kept(page, tmp_path / "answer.json"), Tagger(which).tag(path)
        assert page.tab.locator(".scores .mark").count() == 0
        assert "says which one of 3 genres it hears." in page.text("#lead")
    assert max(differences(answer, tags)) < TOLERANCE
    assert answer["genres"] == list(tags.genres)
    assert [answer["answer"]] == list(tags.genres)
    assert answer["task"] == "exclusive"


def test_it_shows_what_it_hears(page: Page, tagger: Tagger, tmp_path: Path) -> None:
    path = write(tmp_path / "song.wav", at(22050), 22050)
    page.choose(path)
    page.wait("done")
    tags = tagger.tag(path)
    shown = page.tab.locator(".scores tbody tr").all()
    expected = [[tags.names[name], f"{score:.2f}"] for name, score in tags.scores.items()]
    assert [row.locator("th, .number:not(.needed)").all_inner_texts() for row in shown] == expected
    assert page.text("#model") == "Hip Hop · Jazz · Rock"
    assert "Nothing leaves this machine" in page.text("#limits") or page.text("#limits") == ""
    assert page.tab.locator(".strip").count() == 3
    page.tab.locator(".play").click()
    page.until("document.querySelector('.now').textContent === '0:01'")


def test_silence_has_no_genre(page: Page, tmp_path: Path) -> None:
    page.choose(write_noise(tmp_path / "silence.wav", level=0.0))
    page.wait("done")
    answer = kept(page, tmp_path / "answer.json")
    assert (answer["genres"], answer["flags"]) == ([], ["silent"])
    assert {entry["score"] for entry in answer["scores"]} == {0}
    assert {score for row in answer["timeline"]["scores"] for score in row} == {0}
    assert page.text(".remark") == "Silence has no genre."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "This file is empty."),
        (b"no sound at all" * 99, "This browser cannot decode this file. WAV, MP3, FLAC and OGG"),
    ],
)
def test_what_is_no_sound_is_told(page: Page, tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "notes.mp3").write_bytes(content)
    page.choose(tmp_path / "notes.mp3", write(tmp_path / "song.wav", at(22050), 22050))
    page.wait("failed")
    assert page.text(".problem p").startswith(told)
    page.wait("done")  # and the next is heard


def test_what_is_too_short_or_damaged_is_told(page: Page, tmp_path: Path) -> None:
    page.choose(write(tmp_path / "short.wav", at(22050, 0.09), 22050))
    page.wait("failed")
    assert page.text(".problem p") == "This recording is too short. It must last 0.1 s at least."
    damaged = at(22050)
    damaged[5000] = np.inf
    page.choose(write(tmp_path / "damaged.wav", damaged, 22050, **FORMATS["wav-float"]))
    page.wait("failed", 2)
    assert page.tab.locator(".problem-title").last.inner_text() == "This file is damaged."


def test_what_is_too_long_is_told_before_it_is_decoded(opened: Opened, tmp_path: Path) -> None:
    # a machine of so little memory that seven seconds are too much
    little = 'Object.defineProperty(navigator, "deviceMemory", { value: 6 * 8 / 3600 });'
    watch = """window.n_decoded = 0;
    const decode = OfflineAudioContext.prototype.decodeAudioData;
    OfflineAudioContext.prototype.decodeAudioData = function (content) {
      n_decoded += 1;
      return decode.call(this, content);
    };"""
    with opened(script=little + watch) as page:
        page.choose(write_noise(tmp_path / "long.wav", 7.0))
        page.wait("failed")
        assert page.text(".problem p") == (
            "This recording is too long. It lasts 0:07; this page takes up to 0:06. "
            "Cut it into shorter pieces, or use the command genre tag."
        )
        assert page.tab.evaluate("n_decoded") == 0
        page.choose(write_noise(tmp_path / "short.wav", 5.0))
        page.wait("done")
        assert page.tab.evaluate("n_decoded") == 1


def test_files_are_heard_one_by_one_and_can_be_given_up(page: Page, tmp_path: Path) -> None:
    long = write_noise(tmp_path / "long.wav", 600)
    page.choose(long, write_noise(tmp_path / "1.wav"), write_noise(tmp_path / "2.wav", seed=1))
    page.until("document.querySelector('.state').textContent === 'Listening'")
    assert page.tab.evaluate("[...document.querySelectorAll('.state')][1].textContent") == "Waiting"
    (worker,) = page.tab.workers
    page.tab.get_by_role("button", name="Remove long.wav").click()
    page.until(lambda: worker not in page.tab.workers)  # it does not go on for nobody
    page.wait("done", 2)
    with page.tab.expect_download() as saved:
        page.tab.locator("#keep [data-save=csv]").click()
    saved.value.save_as(tmp_path / "all.csv")
    lines = (tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "file,genres,duration_seconds,flags,hiphop,jazz,rock"
    assert [line.split(",")[0] for line in lines[1:]] == ["1.wav", "2.wav"]


def test_it_works_without_a_network_once_it_is_there(page: Page, tmp_path: Path) -> None:
    page.tab.context.set_offline(True)
    page.choose(write_noise(tmp_path / "song.wav"))
    page.wait("done")


def test_nothing_can_be_sent_elsewhere(page: Page, tmp_path: Path) -> None:
    """Neither by the page nor by its worker, whatever runs in them."""
    code = "(url) => fetch(url, { mode: 'no-cors' }).then(() => 'sent', (error) => String(error))"
    page.until(lambda: bool(page.tab.workers))
    with file_server(tmp_path) as elsewhere:
        for place in (page.tab, page.tab.workers[0]):
            assert place.evaluate(code, elsewhere) == "TypeError: Failed to fetch"
    # which the browser tells, and no error of ours
    page.complaints[:] = [line for line in page.complaints if "violates" not in line]


def test_a_model_that_is_not_there_is_told(opened: Opened, exported: Path, tmp_path: Path) -> None:
    shutil.copytree(exported, tmp_path / "site")
    model = tmp_path / "site/some where/page/model"
    (model / "model.onnx").rename(model / "away.onnx")
    with opened(tmp_path / "site") as page:
        page.until("!document.querySelector('#broken').hidden")
        assert "../model/model.onnx could not be loaded (404)" in page.text("#broken")
        page.choose(write_noise(tmp_path / "song.wav"))
        page.wait("failed")
        assert page.text(".problem-title") == "The model could not be loaded."
        (model / "away.onnx").rename(model / "model.onnx")
        page.tab.get_by_role("button", name="Try again").click()
        page.wait("done")
        assert page.tab.locator("#broken").is_hidden()


def test_without_a_server_it_says_what_it_needs(browser: "Browser", exported: Path) -> None:
    with contextlib.suppress(AssertionError), page_of(browser, "about:blank") as page:
        page.tab.goto((exported / "some where" / "page" / "index.html").as_uri())
        page.until(page.tab.locator("#asleep").is_visible)
        assert "python -m http.server" in page.text("#asleep")
        told = page.text("#asleep")
    assert told.startswith("This page must come from a web server.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_nothing_is_wider_than_the_window(
    opened: Opened, tmp_path: Path, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 800}
    with opened(viewport=size, color_scheme=scheme) as page:
        page.choose(write_noise(tmp_path / f"{'a very long name_' * 10}.wav"))
        page.wait("done")
        assert page.tab.evaluate("document.documentElement.scrollWidth") <= width
