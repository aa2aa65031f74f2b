"""The pages that are written shut nobody out: axe-core finds nothing serious on any of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from genre.dataset.doctor.page import page_text
from genre.describe.page import card_page, index_page
from genre.evaluation.report import compare_experiment
from tests.browser import barriers, chromium
from tests.describe.test_page import BARE, CARD
from tests.doctor_examples import examine_folder, make_ill_folder
from tests.report_examples import QUICK
from tests.synthetic_experiment import write_experiment

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tab() -> Iterator["Page"]:
    with chromium() as browser:
        yield browser.new_page()


def barriers_of(content: str, tab: "Page", folder: Path) -> list[str]:
    path = folder / "page.html"
    path.write_text(content, encoding="utf-8")
    tab.goto(path.as_uri())
    return barriers(tab)


def test_a_page_that_shuts_people_out_is_found(tab: "Page", tmp_path: Path) -> None:
    bad = '<html lang="en"><title>t</title><main><img src="x"><p style="color: #ccc">pale</p>'
    found = " ".join(barriers_of(bad, tab, tmp_path))
    assert "light, 400: image-alt (critical)" in found
    assert "dark, 1400: color-contrast (serious)" in found


def test_the_report(tab: "Page", tmp_path: Path) -> None:
    skills = {"attnTrue_lossbce": 1.5, "attnFalse_lossbce": 1.0}
    folder = write_experiment(tmp_path / "demo", skills=skills, seeds=(0,))
    compare_experiment(folder, QUICK)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert barriers_of(page, tab, tmp_path) == []


def test_the_check_of_a_folder(tab: "Page", tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    page = page_text(*examine_folder(tmp_path / "music", tmp_path / "cache"))
    assert "<image" in page
    assert barriers_of(page, tab, tmp_path) == []


def test_the_cards(tab: "Page", tmp_path: Path) -> None:
    for page in (card_page(CARD), card_page(BARE), index_page([("a-1", CARD)], name="music")):
        assert barriers_of(page, tab, tmp_path) == []
