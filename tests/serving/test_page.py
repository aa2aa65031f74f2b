"""The web page in a browser, over the real server: upload, result, playing, keeping, keyboard."""

import base64
import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile

from genre.config import to_mapping
from genre.inference import ScoreRule
from genre.inference.writing import write_bundle as write_backbone
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.tagging.tagger import Tagger
from genre.tagging.track_tags import TrackTags
from tests.browser import Page, barriers, chromium, page_of, write_noise
from tests.bundles import completed, varying_bundle
from tests.pretrained_examples import small_backbone
from tests.server_process import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

COUNT_COLOURS = """(canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 4).join());
  return seen.size;
}"""
LATE_PIXEL = """(canvas) => {
  const { width, height } = canvas;
  return canvas.getContext("2d").getImageData(width - 3, 0.6 * height, 1, 1).data.join();
}"""
COUNT_UPLOADS = """
window.uploads = { now: 0, most: 0, all: 0 };
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) {
  uploads.all += 1;
  uploads.now += 1;
  uploads.most = Math.max(uploads.most, uploads.now);
  this.addEventListener("readystatechange", () => {
    if (this.readyState === XMLHttpRequest.DONE) uploads.now -= 1;
  });
  send.call(this, body);
};
"""
COUNT_UNNAMED = """[...document.querySelectorAll("button, input, [role=slider]")].filter((one) =>
  one.checkVisibility() && !(one.ariaLabel || one.textContent.trim() || one.labels?.length)
).length"""
COUNT_SMALL = """[...document.querySelectorAll("button, label.button")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && (box.height < 40 || box.width < 40);
}).length"""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, browser: "Browser") -> Iterator[str]:  # noqa: ARG001 - no server without a browser
    with serving(tmp_path_factory.mktemp("served") / "bundle", varying_bundle()) as address:
        yield address


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_noise(tmp_path_factory.mktemp("music") / 'a "song", by me.wav')


@pytest.fixture(scope="module")
def tags(song: Path) -> TrackTags:
    tags = Tagger(varying_bundle()).tag(song)
    # or nothing would be seen of which window is shown
    assert (abs(tags.timeline.scores[0] - tags.timeline.scores[-1]) > 0.01).all()
    return tags


@pytest.fixture
def page(browser: "Browser", url: str) -> Iterator[Page]:
    with page_of(browser, url) as opened:
        yield opened


@pytest.fixture
def result(page: Page, song: Path) -> Page:
    page.choose(song)
    page.wait("done")
    return page


def slider(page: Page) -> float:
    value = page.tab.locator(".scrub").get_attribute("aria-valuenow")
    assert value is not None
    return float(value)


def shares(page: Page, selector: str, side: str) -> list[float]:
    found = page.tab.locator(selector).evaluate_all(
        "(all, side) => all.map((one) => parseFloat(one.style[side]))", side
    )
    return [float(value) for value in found]


def click_at(page: Page, share: float) -> None:
    box = page.tab.locator(".scrub").bounding_box()
    assert box is not None
    page.tab.mouse.click(box["x"] + share * box["width"], box["y"] + 20)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_empty_page_says_what_it_takes(page: Page) -> None:
    page.until("document.querySelector('#model').textContent !== ''")
    assert page.text("h1") == "What are we listening to?"
    assert page.text("#model") == "A · B · C"
    assert "up to 50 MB and 60 minutes each" in page.text("#limits")
    assert page.tab.locator("#tracks").is_hidden()


def test_a_result_says_what_the_tagger_says(result: Page, tags: TrackTags) -> None:
    first, second = (tags.names[name] for name in tags.genres)
    assert result.text(".verdict") == f"{first} and {second}"
    rows = result.tab.locator(".scores tbody tr")
    assert rows.count() == 3
    expected = [
        [tags.names[name], f"{value:.2f}", f"{tags.thresholds[name]:.2f}"]
        for name, value in tags.scores.items()
    ]
    cells = [row.locator("th, .number").all_inner_texts() for row in rows.all()]
    assert cells == expected
    decided = result.tab.locator(".scores .decided th").all_inner_texts()
    assert decided == [first, second]
    assert result.text(".facts") == "Length\n0:09\nWindows\n4 of 4 s\nAnalysed in\n" + result.text(
        ".facts dd:last-child"
    )
    assert f'a "song", by me.wav: {first} and {second}' in result.said()


def test_bars_are_as_long_as_scores_and_marks_stand_at_thresholds(
    result: Page, tags: TrackTags
) -> None:
    expected = [100 * value for value in tags.scores.values()]
    assert shares(result, ".scores .fill", "width") == pytest.approx(expected, abs=0.01)
    marks = [min(100.0, 100 * value) for value in tags.thresholds.values()]
    assert shares(result, ".scores .mark", "left") == pytest.approx(marks, abs=0.01)


def test_the_picture_is_drawn(result: Page) -> None:
    for selector in (".wave", ".mel", ".strip >> nth=0"):
        n_colours = result.tab.locator(selector).evaluate(COUNT_COLOURS)
        assert n_colours > (100 if "mel" in selector else 1)
    assert result.tab.locator(".axis span").all_inner_texts()[:2] == ["0:00", "0:01"]


def test_playing_moves_the_head_and_the_scores_below_it(result: Page, tags: TrackTags) -> None:
    button = result.tab.locator(".play")
    assert button.get_attribute("aria-label") == "Play"
    button.click()
    result.until("document.querySelector('.now').textContent === '0:01'")
    assert button.get_attribute("aria-label") == "Pause"
    assert 1.0 <= slider(result) < 3.0
    button.click()
    result.tab.wait_for_timeout(300)  # the last step that it was drawing
    stopped = slider(result)
    assert shares(result, ".head", "left") == pytest.approx([100 * stopped / 9], abs=0.7)
    result.tab.wait_for_timeout(300)
    assert slider(result) == stopped
    assert button.get_attribute("aria-label") == "Play"
    in_first_window = tags.timeline.scores[0]
    by_name = dict(zip(tags.timeline.genres, in_first_window, strict=True))
    shown = result.tab.locator(".value").all_inner_texts()
    assert shown == [f"{by_name[name]:.2f}" for name in tags.scores]


def test_a_click_on_the_picture_goes_there(result: Page, tags: TrackTags) -> None:
    click_at(result, 0.75)
    assert slider(result) == pytest.approx(6.75, abs=0.06)
    heard = result.tab.locator("audio").evaluate("(audio) => audio.currentTime")
    assert heard == pytest.approx(6.75, abs=0.06)
    # windows begin at 0, 2, 4 and 5 s and are 4 s long: 6.75 s is nearest to the middle of the last
    by_name = dict(zip(tags.timeline.genres, tags.timeline.scores[3], strict=True))
    shown = result.tab.locator(".value").all_inner_texts()
    assert shown == [f"{by_name[name]:.2f}" for name in tags.scores]


def test_dragging_follows_the_pointer_to_the_end(result: Page) -> None:
    box = result.tab.locator(".scrub").bounding_box()
    assert box is not None
    result.tab.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 20)
    result.tab.mouse.down()
    result.tab.mouse.move(box["x"] + 2 * box["width"], box["y"] + 20)
    result.tab.mouse.up()
    assert slider(result) == pytest.approx(9.0, abs=0.05)


def test_json_and_csv_hold_the_answer(result: Page, tags: TrackTags, tmp_path: Path) -> None:
    with result.tab.expect_download() as saved:
        result.tab.get_by_role("button", name="Save JSON").click()
    saved.value.save_as(tmp_path / "answer.json")
    answer = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    assert answer["file"] == 'a "song", by me.wav'
    assert answer["genres"] == list(tags.genres)
    assert len(answer["timeline"]["scores"]) == 4
    assert "picture" not in answer
    with result.tab.expect_download() as saved:
        result.tab.get_by_role("button", name="Save CSV").click()
    saved.value.save_as(tmp_path / "answer.csv")
    (row,) = rows_of(tmp_path / "answer.csv")
    assert row["file"] == 'a "song", by me.wav'
    assert row["genres"] == "|".join(tags.genres)
    for name, value in tags.scores.items():
        assert float(row[name]) == pytest.approx(value, abs=1e-4)


def test_files_in_a_row_go_up_two_at_a_time(
    browser: "Browser", url: str, song: Path, tmp_path: Path
) -> None:
    files = [write_noise(tmp_path / f"{number}.wav", 5, seed=number) for number in range(5)]
    with page_of(browser, url, script=COUNT_UPLOADS) as page:
        page.choose(*files)
        assert page.tab.locator(".track").count() == 5
        page.wait("done", 5)
        assert page.tab.evaluate("[uploads.all, uploads.most]") == [5, 2]
        names = [path.name for path in files]
        assert page.tab.locator(".name").all_inner_texts() == names
        # the first unfolds by itself, and it alone
        code = "(all) => all.map((one) => one.ariaExpanded)"
        folded = page.tab.locator(".toggle").evaluate_all(code)
        assert folded == ["true", "false", "false", "false", "false"]
        # and what somebody folded away stays so
        page.tab.locator(".toggle").first.click()
        page.choose(song)
        page.wait("done", 6)
        assert page.tab.locator(".track.open").count() == 0
        with page.tab.expect_download() as saved:
            page.tab.locator("#keep [data-save=csv]").click()
        saved.value.save_as(tmp_path / "all.csv")
        assert [row["file"] for row in rows_of(tmp_path / "all.csv")] == [*names, song.name]
        page.tab.get_by_role("button", name="Clear").click()
        assert page.tab.locator(".track").count() == 0
        assert page.tab.evaluate("document.activeElement.id") == "choose"


def test_no_cell_of_the_table_is_a_formula(page: Page, tmp_path: Path) -> None:
    """Numbers stay numbers; the name of a file is somebody else's."""
    names = ["=1+1.wav", "+1.wav", "-x.wav", "@SUM(A1).wav", "a=1.wav"]
    page.choose(*(write_noise(tmp_path / name) for name in names))
    page.wait("done", len(names))
    with page.tab.expect_download() as saved:
        page.tab.locator("#keep [data-save=csv]").click()
    saved.value.save_as(tmp_path / "all.csv")
    rows = rows_of(tmp_path / "all.csv")
    assert [row["file"] for row in rows] == [f"'{name}" for name in names[:4]] + names[4:]
    assert all(float(row["duration_seconds"]) > 0 for row in rows)


def test_only_one_track_plays(page: Page, tmp_path: Path) -> None:
    page.choose(write_noise(tmp_path / "1.wav"), write_noise(tmp_path / "2.wav", seed=1))
    page.wait("done", 2)
    page.tab.locator(".toggle").nth(1).click()
    page.tab.locator(".play").nth(0).click()
    page.tab.locator(".play.playing").wait_for()
    page.tab.locator(".play").nth(1).click()
    page.until("document.querySelectorAll('audio')[0].paused")
    labels = page.tab.locator(".play").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    assert labels == ["Play", "Pause"]
    # what is folded away is silent
    page.tab.locator(".toggle").nth(1).click()
    assert page.tab.evaluate("document.querySelectorAll('audio')[1].paused")


def test_dropped_files_are_taken(page: Page, song: Path) -> None:
    content = base64.b64encode(song.read_bytes()).decode()
    transfer = page.tab.evaluate_handle(
        """(content) => {
          const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], "dropped.wav"));
          return transfer;
        }""",
        content,
    )
    page.tab.dispatch_event("body", "dragenter", {"dataTransfer": transfer})
    assert page.tab.locator("#curtain").is_visible()
    page.tab.dispatch_event("body", "drop", {"dataTransfer": transfer})
    assert page.tab.locator("#curtain").is_hidden()
    page.wait("done")
    assert page.text(".name") == "dropped.wav"


def test_the_keyboard_is_enough(page: Page, song: Path) -> None:
    keys = page.tab.keyboard
    keys.press("Tab")
    keys.press("Enter")
    page.until(lambda: bool(page.choosers))
    page.choosers[0].set_files(str(song))
    page.wait("done")
    keys.press("Tab")
    keys.press("Enter")
    assert page.tab.locator(".body").is_hidden()
    keys.press("Enter")
    assert page.tab.locator(".body").is_visible()
    keys.press("Tab")  # past the button that removes the track
    keys.press("Tab")
    keys.press("Space")
    page.tab.locator(".play.playing").wait_for()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Home")
    for key, seconds in [
        ("ArrowRight", 2),
        ("PageUp", 9),
        ("ArrowDown", 7),
        ("End", 9),
        ("Home", 0),
    ]:
        keys.press(key)
        assert slider(page) == seconds
    keys.press("Space")
    page.tab.locator(".play.playing").wait_for()
    keys.press("Space")
    keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    assert page.tab.evaluate("document.activeElement.ariaLabel") == f"Remove {song.name}"
    keys.press("Enter")
    assert page.tab.evaluate("document.activeElement.id") == "choose"


def test_what_screen_readers_get(result: Page, song: Path, tags: TrackTags) -> None:
    tree = result.tab.locator("body").aria_snapshot()
    for part in ("banner", "main", "contentinfo"):
        assert re.search(rf"^- {part}:", tree, flags=re.MULTILINE)
    assert '- heading "What are we listening to?" [level=1]' in tree
    name = json.dumps(song.name)[1:-1]
    assert f'- heading "{name}" [level=3]' in tree
    assert '- button "Play"' in tree
    assert re.search(rf'- slider "Position in {re.escape(name)}"', tree)
    strongest = tags.names[tags.timeline.genres[int(tags.timeline.scores[0].argmax())]]
    spoken = result.tab.locator(".scrub").get_attribute("aria-valuetext")
    assert spoken == f"0 seconds, {strongest}"
    assert f"Strongest: {strongest} from 0:00" in result.tab.locator("figcaption").inner_text()
    assert result.tab.evaluate(COUNT_UNNAMED) == 0


@pytest.mark.parametrize("width", [320, 400, 1400])
def test_nothing_is_wider_than_the_window(
    browser: "Browser", url: str, tmp_path: Path, width: int
) -> None:
    long = write_noise(tmp_path / f"{'a very long name_' * 10}.wav", 5)
    notes = tmp_path / f"{'unbroken' * 20}.txt"
    notes.write_text("no sound")
    with page_of(browser, url, viewport={"width": width, "height": 800}) as page:
        page.choose(long, notes)
        page.wait("done")
        page.wait("failed")
        assert page.tab.evaluate("document.documentElement.scrollWidth") <= width
        box = page.tab.locator(".mel").bounding_box()
        assert box is not None
        assert box["width"] > 0.5 * width
        assert page.tab.evaluate(COUNT_SMALL) == 0  # for fingers


def test_dark_and_light_follow_the_system_at_once(result: Page) -> None:
    def colours() -> tuple[str, str]:
        paper = result.tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        loudest = result.tab.locator(".mel").evaluate(LATE_PIXEL)
        return str(paper), str(loudest)

    light = colours()
    assert light[0] == "rgb(251, 248, 243)"
    result.tab.emulate_media(color_scheme="dark")
    result.tab.wait_for_timeout(100)
    dark = colours()
    assert dark[0] == "rgb(22, 19, 18)"
    assert light[1] != dark[1]


def test_it_shuts_nobody_out(page: Page, song: Path) -> None:
    assert barriers(page.tab) == []
    page.choose(song)
    page.wait("done")
    assert barriers(page.tab) == []


def test_a_track_without_a_genre_says_so(browser: "Browser", tmp_path: Path, song: Path) -> None:
    strict = replace(varying_bundle(), thresholds=(0.99, 1.0, 1.0))
    with serving(tmp_path / "b", strict) as url, page_of(browser, url) as page:
        page.choose(song)
        page.wait("done")
        assert page.text(".verdict") == "No clear genre"
        assert re.search(r"Nearest is A, with 0\.\d\d of 0\.99\.", page.text(".remark"))
        assert page.tab.locator(".scores .decided").count() == 0
        page.tab.locator(".toggle").click()
        assert page.text(".outcome") == "no clear genre"


def test_of_exclusive_genres_it_shows_one_answer_and_shares_of_one_whole(
    browser: "Browser", tmp_path: Path, song: Path
) -> None:
    which = replace(varying_bundle(), rule=ScoreRule(task="exclusive", temperature=0.1))
    which = replace(which, thresholds=(0.0,) * 3)
    tags = Tagger(which).tag(song)
    with serving(tmp_path / "b", which) as url, page_of(browser, url) as page:
        page.until("document.querySelector('#model').textContent !== ''")
        assert "says which one of 3 genres it hears." in page.text("#lead")
        page.choose(song)
        page.wait("done")
        assert page.text(".verdict") == tags.names[tags.genres[0]]
        assert page.text(".scores caption") == "Scores of the whole track: shares of one whole"
        widths = shares(page, ".scores .fill", "width")
        assert sum(widths) == pytest.approx(100, abs=0.01)
        assert page.tab.locator(".scores .mark, .scores .needed").count() == 0
        assert page.tab.locator(".scores thead th:visible").count() == 3
        assert page.tab.locator(".strip").count() == 3
        for share, window in ((0.0, 0), (0.75, 3)):  # windows begin at 0, 2, 4 and 5 s
            click_at(page, share)
            best = tags.timeline.genres[int(tags.timeline.scores[window].argmax())]
            row = page.tab.locator(".strip-row", has=page.tab.locator(".value.reached"))
            assert row.locator(".strip-label").all_inner_texts() == [tags.names[best]]


def test_of_exclusive_genres_there_may_be_no_answer(
    browser: "Browser", tmp_path: Path, song: Path
) -> None:
    which = replace(varying_bundle(), rule=ScoreRule(task="exclusive", temperature=0.1))
    (best, score), *_ = Tagger(which).tag(song).scores.items()
    with (
        serving(tmp_path / "b", which, "--min-score", "0.99") as url,
        page_of(browser, url) as page,
    ):
        page.choose(song)
        page.wait("done")
        assert page.text(".verdict") == "No clear genre"
        told = f"The best is {best.upper()}, with {score:.2f} of the 0.99 that an answer needs."
        assert page.text(".remark") == told
        assert page.text(".scores caption").endswith("the best must reach the mark")
        assert shares(page, ".scores .mark", "left") == pytest.approx([99.0] * 3)
        assert page.tab.locator(".value.reached").count() == 0


def test_a_clip_of_one_window_has_no_time_line(page: Page, tmp_path: Path) -> None:
    page.choose(write_noise(tmp_path / "word.wav", 0.64))
    page.wait("done")
    assert page.tab.locator(".strip, .value").count() == 0
    assert page.tab.locator(".more").is_hidden()
    assert page.text("figcaption") == "Waveform and mel spectrogram over time."
    assert page.tab.locator(".scores tbody tr").count() == 3
    assert page.text(".facts").startswith("Length\n0.6 s\nWindows\n1 of 4 s\n")
    assert page.text(".length") == "0.6 s"
    for selector in (".wave", ".mel"):
        assert page.tab.locator(selector).evaluate(COUNT_COLOURS) > 1
    page.tab.locator(".play").click()
    page.tab.locator(".play:not(.playing)").wait_for()
    page.until("Number(document.querySelector('.scrub').ariaValueNow) > 0.5")


def test_a_format_that_only_the_server_reads_has_its_picture(page: Page, tmp_path: Path) -> None:
    sound, sample_rate = soundfile.read(write_noise(tmp_path / "song.wav"))
    soundfile.write(tmp_path / "song.aiff", sound, sample_rate)
    page.choose(tmp_path / "song.aiff")
    page.wait("done")
    page.tab.locator(".unplayable").wait_for()
    assert page.tab.locator(".play").is_disabled()
    click_at(page, 0.5)
    assert slider(page) == pytest.approx(4.5, abs=0.06)


def test_what_another_network_hears_is_a_row_of_the_facts(
    browser: "Browser", song: Path, tmp_path: Path
) -> None:
    write_backbone(small_backbone(), tmp_path / "shelf" / "ears")
    words = ["--heard", "ears", "--backbones", str(tmp_path / "shelf")]
    expected = Tagger(small_backbone()).tag(song).scores
    with (
        serving(tmp_path / "bundle", varying_bundle(), *words) as address,
        page_of(browser, address) as page,
    ):
        page.choose(song)
        page.wait("done")
        told = page.tab.locator(".facts dd").all_inner_texts()
        assert told[-1] == ", ".join(f"{tag} {score:.2f}" for tag, score in expected.items())
        with page.tab.expect_download() as saved:
            page.tab.locator(".body [data-save=csv]").click()
        saved.value.save_as(tmp_path / "x.csv")
    (row,) = csv.DictReader((tmp_path / "x.csv").open(encoding="utf-8", newline=""))
    assert row["heard"] == "|".join(expected)


def test_silence_is_told(page: Page, tmp_path: Path) -> None:
    page.choose(write_noise(tmp_path / "silence.wav", level=0.0))
    page.wait("done")
    assert page.text(".flags") == "There is nothing but silence."
    assert page.text(".remark") == "Silence has no genre."


def test_many_genres_are_shown_when_asked_for(
    browser: "Browser", tmp_path: Path, song: Path
) -> None:
    genres = tuple(f"genre number {number}" for number in range(13))
    config = SpectrogramCNNConfig(channels=(4, 8), hidden=8)
    many = replace(
        varying_bundle(),
        model_config=to_mapping(config),
        genres=genres,
        thresholds=(0.99,) * 13,
    )
    with serving(tmp_path / "b", completed(many)) as url, page_of(browser, url) as page:
        page.choose(song)
        page.wait("done")
        page.until("document.querySelector('#model').textContent === '13 genres'")
        assert page.tab.locator(".strip").count() == 8
        page.tab.get_by_role("button", name="Show 5 more genres").click()
        assert page.tab.locator(".strip").count() == 13
        shown = sorted(page.tab.locator(".strip-label").all_inner_texts())
        assert shown == sorted(many.names.values())
        assert page.tab.locator(".value").last.inner_text() != ""
        assert page.tab.locator(".strip").last.evaluate(COUNT_COLOURS) > 1
        assert page.tab.evaluate("document.activeElement.role") == "slider"
