"""The review page in Chromium, by keyboard alone, at 390 pixels, in the dark."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from genre.review import LabelBook
from genre.review.session import Session
from genre.serving.config import ServingConfig
from genre.serving.review_ears import Ears
from genre.serving.reviewing import create_review_app
from genre.serving.server import Server
from genre.tagging.tagger import Tagger
from tests.browser import Page, barriers, chromium, page_of
from tests.bundles import completed, varying_bundle
from tests.review.examples import GENRES, small_folder, small_session

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow
TOKEN = "a-token-of-a-test"  # noqa: S105 - of no real server
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
READY = "document.querySelector('#body .wave') !== null"
TITLE = "#title"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("review")
    return small_session(small_folder(folder / "music"), folder / "cache")


@pytest.fixture
def session(whole: Session) -> Session:
    for path in whole.book.root.glob("labels.*"):
        path.unlink()
    return replace(whole, _done=[])


@contextlib.contextmanager
def reviewing(session: Session) -> Iterator[str]:
    def load(_: Path) -> Tagger:
        return Tagger(completed(replace(varying_bundle(), genres=GENRES)))

    config = ServingConfig(port=0)
    ears = Ears(session, load, Path("best"))
    server = Server(create_review_app(session, ears, config, token=TOKEN), config, n_workers=2)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/{TOKEN}/"
    finally:
        server.end()
        thread.join(20)


@pytest.fixture
def page(session: Session, browser: "Browser") -> Iterator[Page]:
    with reviewing(session) as url, page_of(browser, url, **PHONE) as page:
        page.until(READY)
        yield page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.tab.keyboard.press(key)


def dialog_is_open(name: str) -> str:
    return f"document.querySelector('#{name}').open"


def go_to(page: Page, title: str) -> None:
    """Skip until a track is shown."""
    for _ in range(6):
        page.until(READY)
        if page.text(TITLE) == title:
            return
        press(page, "s")
    raise AssertionError(title)


def test_by_keyboard_alone(page: Page, session: Session) -> None:
    go_to(page, "Ann - Two.wav")
    assert "rather than its label" in page.text("#reasons")
    press(page, " ")
    page.until("!document.querySelector('.sound').paused")
    press(page, " ")
    page.until("document.querySelector('.sound').paused")
    press(page, "c")
    page.until(dialog_is_open("ask-table"))
    assert not session.book.is_there
    assert "5 tracks" in page.text("#ask-table-text")
    press(page, "Enter")
    page.until(lambda: session.book.is_there and "Two.wav,rock" in session.book.path.read_text())
    page.until(lambda: "jazz is now rock" in page.said())
    assert "1 label changed" in page.text("#learned")
    press(page, "u")
    page.until(lambda: "The last answer is taken back" in page.said())
    assert "Two.wav,jazz" in session.book.path.read_text()
    go_to(page, "Ann - Two.wav")
    press(page, "g")
    page.until(dialog_is_open("ask-genre"))
    page.tab.keyboard.type("Free Jazz")
    press(page, "Enter")
    page.until(lambda: "Two.wav,jazz|Free Jazz" in session.book.path.read_text())


def test_a_table_without_parts_gets_them_only_where_somebody_wants_it(
    session: Session, browser: "Browser"
) -> None:
    session.make_table()
    path = session.book.path
    path.write_text(path.read_text().replace(",split,fold", "").replace(",,", ""))
    before = path.read_text()
    parts: dict[Path | None, str] = {track.file: "test" for track in session.music.tracks}
    book = LabelBook(session.book.root, path, column=("split", parts))
    session = replace(session, book=book, _done=[])
    with reviewing(session) as url, page_of(browser, url, **PHONE) as page:
        go_to(page, "Ann - Two.wav")
        press(page, "c")
        page.until(dialog_is_open("ask-table"))
        assert "divides them as before" in page.text("#ask-table-text")
        press(page, "Escape")
        page.until(f"!{dialog_is_open('ask-table')}")
        assert path.read_text() == before
        press(page, "c", "Tab", "Enter")
        page.until(lambda: path.read_text() == before.replace("Two.wav,jazz", "Two.wav,rock"))
        page.until(lambda: "jazz is now rock" in page.said())
        press(page, "u")  # and nobody is asked again
        page.until(lambda: path.read_text() == before)
        page.tab.reload()
        go_to(page, "Ann - Two.wav")
        press(page, "c", "Enter")
        page.until(lambda: "Two.wav,rock,Ann,test" in path.read_text())
    assert path.read_text().startswith("path,genres,artist,split\n")


def test_it_plays_from_the_telling_window(page: Page) -> None:
    go_to(page, "Ann - Two.wav")
    page.until("document.querySelector('#from').textContent !== ''")
    start = page.text("#from").removeprefix(", at ")
    press(page, " ")
    page.until("!document.querySelector('.sound').paused")
    position = page.tab.evaluate("document.querySelector('.sound').currentTime")
    minutes, seconds = start.split(":")
    assert 0 <= position - (60 * int(minutes) + int(seconds)) < 2


def test_a_whole_artist_at_once_and_a_change_by_another_page(page: Page, session: Session) -> None:
    session.make_table()
    page.tab.reload()
    go_to(page, "Ann - Two.wav")
    press(page, "3", "a")
    page.until(lambda: len(session.book.answered()) == 2)
    page.until(lambda: "The label is right, 2 tracks" in page.said())
    text = session.book.path.read_text()
    go_to(page, "Bob - <b>.wav")
    session.book.path.write_text(text.replace("<b>.wav,rock", "<b>.wav,polka"))
    press(page, "c")
    page.until("!document.querySelector('#problem').hidden")
    assert "changed meanwhile: it is now Polka" in page.text("#problem")
    assert "<b>.wav,polka" in session.book.path.read_text()


def test_names_are_shown_and_never_acted_on(page: Page) -> None:
    go_to(page, "Bob - <b>.wav")
    assert page.tab.locator("#title b, #queue b").count() == 0


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [390, 1400])
def test_it_fits_and_every_control_has_a_name(
    session: Session, browser: "Browser", width: int, scheme: str
) -> None:
    options: dict[str, Any] = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    with reviewing(session) as url, page_of(browser, url, **options) as page:
        page.until(READY)
        assert not page.tab.evaluate(TOO_WIDE)
        unnamed = """[...document.querySelectorAll("button, input, select, [role=slider]")].filter(
          (one) => one.checkVisibility() &&
            !(one.ariaLabel || one.textContent.trim() || one.labels?.length)).length"""
        assert page.tab.evaluate(unnamed) == 0


def test_it_shuts_nobody_out(page: Page) -> None:
    page.until(READY)
    assert barriers(page.tab) == []


def test_filters_choose_and_the_end_is_said(page: Page, session: Session) -> None:
    session.make_table()
    page.tab.reload()
    page.until(READY)
    page.tab.select_option("#by-artist", "Cy")
    page.until(f"document.querySelector('{TITLE}').textContent === 'Cy - Three.wav'")
    press(page, "s")
    page.until("!document.querySelector('#empty').hidden")


def test_a_picture_that_goes_before_it_is_drawn_is_no_trouble(page: Page) -> None:
    page.tab.select_option("#by-artist", "Cy")
    page.until(f"document.querySelector('{TITLE}').textContent === 'Cy - Three.wav'")
    page.until(READY)
    moved = "new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })"
    page.tab.evaluate(
        f"""document.querySelector('.scrub').dispatchEvent({moved});
        document.querySelector('#skip').click();
        new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"""
    )
    assert page.complaints == []


def test_a_review_that_ended_is_said(session: Session, browser: "Browser") -> None:
    session.make_table()
    with reviewing(session) as url, page_of(browser, url, **PHONE) as page:
        page.until(READY)
        page.tab.route("**/answer", lambda route: route.abort())
        press(page, "a")
        page.until("!document.querySelector('#problem').hidden")
        assert "cannot be reached" in page.text("#problem")
    assert LabelBook(session.book.root, session.book.path).answered() == {}
