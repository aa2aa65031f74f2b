"""The card of a track on the page of the real server, in a browser."""

import json
from pathlib import Path

import pytest

from tests.browser import chromium, page_of, write_noise
from tests.bundles import varying_bundle
from tests.describe.llm_servers import answering, ollama
from tests.describe_models import settings_file
from tests.server_process import serving

EVIL = "<img src=x onerror=document.title='evil'>"


@pytest.mark.slow
def test_a_card_is_shown_as_text_and_saved_with_the_track(tmp_path: Path) -> None:
    song = write_noise(tmp_path / f"{EVIL}.wav")
    with (
        chromium() as browser,
        answering("/api/chat", ollama("A song. ", f"{EVIL} is loud.")) as llm,
    ):
        file = settings_file(
            tmp_path / "describe.toml", words={"url": llm.url}, heard={"model": tmp_path / "none"}
        )
        with (
            serving(tmp_path / "bundle", varying_bundle(), "--describe", str(file)) as url,
            page_of(browser, url) as page,
        ):
            page.until("document.querySelector('#model').textContent !== ''")
            page.choose(song)
            page.wait("done")
            page.tab.click(".make-card")
            page.until("document.querySelectorAll('.part').length === 2")
            assert page.tab.locator(".part h4").all_inner_texts() == ["Genres", "In words"]
            assert page.text(".part:last-child .said") == f"A song. {EVIL} is loud."
            assert page.text(".part .by").startswith("spectrogram_cnn · cpu · ")
            assert page.tab.locator(".make-card").is_hidden()
            assert page.tab.locator(".part img").count() == 0
            assert "evil" not in page.tab.title()
            assert "described" in page.said()
            for width in (1400, 400):
                page.tab.set_viewport_size({"width": width, "height": 900})
                page.until(f"document.documentElement.scrollWidth <= {width}")
            with page.tab.expect_download() as saved:
                page.tab.click(".facts-box [data-save=json]")
            kept = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert list(kept["card"]["parts"]) == ["genres", "words"]
    assert kept["card"]["title"] == song.name
    facts = json.loads(llm.asked[0][1]["messages"][1]["content"])
    assert facts["file_name"] == song.name


@pytest.mark.slow
def test_where_no_cards_are_made_none_is_offered_and_a_failure_can_be_tried_again(
    tmp_path: Path,
) -> None:
    song = write_noise(tmp_path / "a.wav")
    with chromium() as browser:
        file = settings_file(tmp_path / "describe.toml", heard={"model": tmp_path / "none"})
        with (
            serving(tmp_path / "bundle", varying_bundle(), "--describe", str(file)) as url,
            page_of(browser, url) as page,
        ):
            page.until("document.querySelector('#model').textContent !== ''")
            page.choose(song)
            page.wait("done")
            page.tab.route("**/describe", lambda route: route.fulfill(status=503))
            page.tab.click(".make-card")
            page.until("document.querySelector('.card-state').textContent.includes('busy')")
            page.tab.unroute("**/describe")
            page.tab.click(".make-card")
            page.until("document.querySelectorAll('.part').length === 1")
        with serving(tmp_path / "other", varying_bundle()) as url, page_of(browser, url) as page:
            page.until("document.querySelector('#model').textContent !== ''")
            page.choose(song)
            page.wait("done")
            assert page.text(".verdict")
            assert page.tab.locator(".make-card").count() == 0
