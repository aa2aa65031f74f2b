"""A headless Chromium to look at the web page with, and a sound file to give it."""

import contextlib
import itertools
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
import soundfile

from tests.server_process import PATIENCE_SECONDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FileChooser
    from playwright.sync_api import Page as PlaywrightPage

# Without a sandbox, as root needs; and nothing that calls home.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@contextlib.contextmanager
def chromium() -> Iterator["Browser"]:
    """Start Debian's Chromium; skip where it or Playwright is absent."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Page:
    """A page of the server, what its console said, and the choosers it opened."""

    tab: "PlaywrightPage"
    complaints: list[str] = field(default_factory=list)
    choosers: list["FileChooser"] = field(default_factory=list)

    def choose(self, *files: Path) -> None:
        """Give files to the chooser."""
        self.tab.set_input_files("#choose", [str(path) for path in files])

    def wait(self, state: str, n: int = 1) -> None:
        """Wait until so many rows are in a state."""
        self.until(f"document.querySelectorAll('[data-state={state}]').length === {n}")

    def until(self, condition: str | Callable[[], bool]) -> None:
        """Wait until a condition holds; Playwright's own way needs eval, which the page forbids."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (condition() if callable(condition) else self.tab.evaluate(condition)):
            assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} s: {condition}"
            self.tab.wait_for_timeout(30)

    def text(self, selector: str) -> str:
        """Read what an element says."""
        return str(self.tab.locator(selector).first.inner_text())

    def said(self) -> str:
        """Read what screen readers are told."""
        return str(self.tab.locator("#news").text_content())


@contextlib.contextmanager
def page_of(browser: "Browser", url: str, *, script: str = "", **options: Any) -> Iterator[Page]:  # noqa: ANN401
    """Open the page; it must not complain of anything but answers of the server."""
    context = browser.new_context(**{"viewport": {"width": 1400, "height": 900}} | options)
    context.set_default_timeout(1000 * PATIENCE_SECONDS)
    context.add_init_script(script)
    page = Page(context.new_page())
    page.tab.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.tab.on(
        "console",
        lambda line: page.complaints.append(line.text) if line.type == "error" else None,
    )
    # From the start: asked for later, it may miss a chooser that opens at once.
    page.tab.on("filechooser", lambda chooser: page.choosers.append(chooser))
    try:
        page.tab.goto(url)
        yield page
        own = [line for line in page.complaints if "Failed to load resource" not in line]
        assert not own, own
    finally:
        context.close()


def barriers(tab: "PlaywrightPage") -> list[str]:
    """List axe-core's serious and critical findings, light and dark, on a telephone and a desk."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    # What folds is examined too.
    tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = []
    for scheme, width in itertools.product(SCHEMES, (400, 1400)):
        tab.emulate_media(color_scheme=scheme)
        tab.set_viewport_size({"width": width, "height": 900})
        found += [
            f"{scheme}, {width}: {one['id']} ({one['impact']}): {node['html'][:150]}"
            for one in axe.run(tab).response["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
    return found


@contextlib.contextmanager
def file_server(folder: Path) -> Iterator[str]:
    """Offer a folder as `python -m http.server` does; gives its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def write_noise(path: Path, seconds: float = 9.0, *, seed: int = 0, level: float = 0.1) -> Path:
    """Write a sound file that gets louder every second, so that pictures of it differ."""
    rng = np.random.default_rng(seed)
    n = round(seconds * 22050)
    noise = rng.normal(0, level, n) * np.geomspace(0.001, 3, n)
    soundfile.write(path, noise, 22050)
    return path
