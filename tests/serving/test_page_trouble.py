"""The web page where something goes wrong: wrong files, a busy server, none at all, a token."""

import contextlib
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import Page, chromium, page_of, write_noise
from tests.bundles import small_bundle
from tests.server_process import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request, Route

pytestmark = pytest.mark.slow

TOKEN = "a-token-of-the-tests"  # noqa: S105


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def url(
    tmp_path_factory: pytest.TempPathFactory,
    browser: "Browser",  # noqa: ARG001 - no server without a browser
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    with serving(folder / "bundle", small_bundle(), "--max-body-mb", "1") as address:
        yield address


@pytest.fixture
def page(browser: "Browser", url: str) -> Iterator[Page]:
    with page_of(browser, url) as opened:
        opened.until("document.querySelector('#model').textContent !== ''")
        yield opened


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_noise(tmp_path_factory.mktemp("music") / "song.wav", 5)


def predictions(page: Page) -> list[float]:
    """Collect the moments of requests for a prediction."""
    moments: list[float] = []

    def remember(request: "Request") -> None:
        if "predict" in request.url:
            moments.append(time.monotonic())

    page.tab.on("request", remember)
    return moments


def slow_down(page: Page, bytes_per_second: int) -> None:
    """Let uploads take time."""
    session = page.tab.context.new_cdp_session(page.tab)
    session.send("Network.enable")
    limits = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    session.send("Network.emulateNetworkConditions", {"offline": False, **limits})


def test_a_text_file_is_no_audio_and_does_not_stop_the_others(
    page: Page, song: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("<html>no sound")
    (tmp_path / "empty.mp3").write_bytes(b"")
    page.choose(tmp_path / "notes.txt", tmp_path / "empty.mp3", song)
    page.wait("failed", 2)
    page.wait("done")
    problems = page.tab.locator(".problem:visible")
    assert problems.all_inner_texts() == [
        "This is not an audio file. What it holds is no audio format that is known here.",
        "This file is empty.",
    ]
    # another try would end alike
    assert page.tab.get_by_role("button", name="Try again").count() == 0
    assert "notes.txt: This is not an audio file." in page.said()
    assert page.text("#count") == "3 files, 2 failed"
    assert page.tab.locator(".body").nth(2).is_visible()


def test_a_file_that_is_too_large_is_not_even_sent(page: Page, tmp_path: Path) -> None:
    moments = predictions(page)
    page.choose(write_noise(tmp_path / "long.wav", 40))
    page.wait("failed")
    assert page.text(".problem") == (
        "This file is too large. It has 1.7 MB; this server takes up to 1.0 MB."
    )
    assert moments == []


DROP_A_FOLDER = """(unreadable) => {
  const fails = (_, reject) => reject(new DOMException("gone", "NotFoundError"));
  const made = (name) => (take) => take(new File(["no sound"], name));
  const file = (name) => ({ name, isFile: true, file: made(name) });
  const folder = (name, children) => ({
    name,
    isFile: false,
    createReader: () => ({ readEntries: (take) => take(children.splice(0)) }),
  });
  const deep = { name: "deep", createReader: () => ({ readEntries: fails }) };
  const children = [file("a.wav"), file("z.wav"), deep];
  for (const name of unreadable) children.push({ name, isFile: true, file: fails });
  DataTransferItem.prototype.webkitGetAsEntry = () => folder("music", children);
  const transfer = new DataTransfer();
  transfer.items.add(new File([], "music"));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
}"""


def test_what_cannot_be_read_of_a_folder_does_not_keep_the_rest_out(page: Page, song: Path) -> None:
    page.tab.evaluate(DROP_A_FOLDER, ["b.wav"])
    page.wait("failed", 2)
    assert page.tab.locator(".name").all_inner_texts() == ["a.wav", "z.wav"]
    assert page.text("#unread") == "The browser cannot read b.wav and deep."
    page.tab.evaluate(DROP_A_FOLDER, [f"{number}.wav" for number in range(9)])
    page.wait("failed", 4)
    assert page.text("#unread") == (
        "The browser cannot read 0.wav, 1.wav, 2.wav, 3.wav, 4.wav and 5 more."
    )
    page.choose(song)
    page.wait("done")
    assert page.tab.locator("#unread").is_hidden()


def test_a_busy_server_is_asked_again_when_it_says(page: Page, song: Path) -> None:
    moments = predictions(page)
    refusals = iter([True, True, False])

    def answer(route: "Route") -> None:
        if next(refusals):
            body = '{"kind": "busy", "detail": "the queue is full"}'
            route.fulfill(status=503, headers={"Retry-After": "2"}, body=body)
        else:
            route.continue_()

    page.tab.route("**/predict**", answer)
    page.choose(song)
    page.until("document.querySelector('.state').textContent.includes('trying again in 2 s')")
    page.until("document.querySelector('.state').textContent.includes('trying again in 1 s')")
    page.wait("done")
    waited = [after - before for before, after in pairwise(moments)]
    assert len(waited) == 2
    assert all(1.9 <= seconds < 8 for seconds in waited)


def test_a_really_busy_server_answers_all_in_the_end(browser: "Browser", tmp_path: Path) -> None:
    # Long enough that a second one comes while the first is worked on.
    files = [write_noise(tmp_path / f"{number}.wav", 300, seed=number) for number in range(4)]
    statuses: list[int] = []
    options = ["--n-workers", "1", "--max-queue", "0"]
    with (
        serving(tmp_path / "bundle", small_bundle(), *options) as url,
        page_of(browser, url) as page,
    ):
        page.tab.on("response", lambda answer: statuses.append(answer.status))
        page.choose(*files)
        page.wait("done", 4)
    assert 503 in statuses


def test_a_server_that_is_gone_is_waited_for(
    browser: "Browser", tmp_path: Path, song: Path
) -> None:
    with contextlib.ExitStack() as open_page:
        with serving(tmp_path / "first", small_bundle()) as url:
            page = open_page.enter_context(page_of(browser, url))
        page.choose(song)
        page.until("!document.querySelector('#gone').hidden")
        assert "The server cannot be reached." in page.text("#gone")
        assert page.text(".state") == "Waiting for the server"
        with page.tab.expect_request("**/livez"):
            page.tab.get_by_role("button", name="Try now").click()
        port = int(re.findall(r":(\d+)/", url)[0])
        with serving(tmp_path / "second", small_bundle(), port=port):
            page.wait("done")
            assert page.tab.locator("#gone").is_hidden()


def test_a_broken_connection_can_be_tried_again(page: Page, song: Path) -> None:
    page.tab.route("**/predict**", lambda route: route.abort("connectionreset"))
    page.choose(song)
    page.wait("failed")
    assert page.text(".problem p") == (
        "The connection broke. The server closed it before the file was through."
    )
    page.tab.unroute("**/predict**")
    page.tab.get_by_role("button", name="Try again").click()
    page.wait("done")
    assert page.tab.evaluate("document.activeElement.ariaLabel") == "Remove song.wav"


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (502, "<html>Bad Gateway</html>", "The server answered 502."),
        (413, "<html>", "This file is too large."),
        (504, '{"kind": "timeout"}', "This took too long. A shorter file may work."),
        (
            500,
            '{"kind": "internal", "title": "x", "request_id": "1f0c"}',
            "The server made a mistake. Whoever runs it finds it in the log as 1f0c.",
        ),
        (
            422,
            '{"kind": "too_short", "detail": "the upload has 7 samples; take it out"}',
            "This recording is too short. The upload has 7 samples.",
        ),
        (418, '{"kind": "teapot", "title": "Teapot"}', "The server answered 418, Teapot."),
    ],
)
def test_whatever_the_answer_is_there_are_words_for_it(
    page: Page, song: Path, status: int, body: str, told: str
) -> None:
    page.tab.route("**/predict**", lambda route: route.fulfill(status=status, body=body))
    page.choose(song)
    page.wait("failed")
    assert page.text(".problem p").strip() == told


def test_the_upload_shows_how_far_it_is_and_can_be_given_up(page: Page, tmp_path: Path) -> None:
    slow_down(page, 100_000)
    gone: list[str] = []
    page.tab.on("requestfailed", lambda request: gone.append(request.url))
    page.choose(write_noise(tmp_path / "long.wav", 20))
    page.until("/Uploading, [1-9]\\d? %/.test(document.querySelector('.state').textContent)")
    assert 0 < page.tab.locator("progress").evaluate("(bar) => bar.value") < 1
    page.tab.get_by_role("button", name="Remove long.wav").click()
    assert page.tab.locator(".track").count() == 0
    page.tab.wait_for_timeout(200)
    assert len(gone) == 1


def test_nothing_moves_where_motion_is_not_wanted(browser: "Browser", url: str) -> None:
    code = """(() => {
      const bar = document.createElement("progress");
      document.body.append(bar);
      return getComputedStyle(bar).animationName;
    })()"""
    with page_of(browser, url) as page:
        assert page.tab.evaluate(code) == "listen"
    with page_of(browser, url, reduced_motion="reduce") as page:
        assert page.tab.evaluate(code) == "none"


def test_a_server_with_a_token_asks_for_it(browser: "Browser", tmp_path: Path, song: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    options = ["--token-file", str(tmp_path / "token")]
    with (
        serving(tmp_path / "bundle", small_bundle(), *options) as url,
        page_of(browser, url) as page,
    ):
        page.choose(song)
        page.tab.locator("#ask").wait_for()
        page.tab.keyboard.press("Escape")
        page.wait("failed")
        assert "The server wants a token." in page.text(".problem")
        page.tab.get_by_role("button", name="Try again").click()
        page.tab.locator("#token").fill("wrong")
        page.tab.keyboard.press("Enter")
        page.until("document.querySelector('#token').value === ''")  # it asks again
        page.tab.locator("#token").fill(TOKEN)
        page.tab.get_by_role("button", name="Continue").click()
        page.wait("done")
        page.until("document.querySelector('#model').textContent === 'A · B · C'")
