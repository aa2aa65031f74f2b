"""The pages of cards: genre.describe.page."""

from pathlib import Path

import pytest

from genre.describe.card import Card, Model, Part
from genre.describe.page import card_page, index_page
from tests.browser import chromium

EVIL = "<script>alert(1)</script>\u202e"
MODEL = Model(name="m", version="1", device="cpu")


def there(**result: object) -> Part:
    return Part(state="there", seconds=1.5, model=MODEL, result=result)


CARD = Card(
    track="/music/" + EVIL,
    title=EVIL,
    parts={
        "heard": there(tags=[{"tag": EVIL, "score": 0.87}]),
        "genres": there(
            genres=[EVIL],
            scores={EVIL: 0.9},
            duration_seconds=9.0,
            timeline={"scores": {EVIL: [0.1, 0.9]}},
        ),
        "mood": there(
            mood="NEUTRAL",
            confidence=0.5,
            language="en",
            source="USLT",
            verses=[
                {"text": f"{EVIL}\ntwo", "mood": "NEUTRAL", "confidence": 0.5, "start_seconds": 7.0}
            ],
        ),
        "cover": there(classes=[{"tag": EVIL, "score": 0.1}], source="APIC", width=3, height=4),
        "video": there(
            most_at_once={"person": 2},
            n_looked_at=5,
            n_frames=50,
            file='a"b_detected.mp4',
            counts=[{"seconds": 0.0, "objects": {"person": 2}}, {"seconds": 1.0, "objects": {}}],
        ),
        "words": there(text=EVIL, first_token_seconds=0.2, tokens_per_second=9.0),
    },
)
BARE = Card(
    track="b.mp3",
    title="b.mp3",
    parts=dict.fromkeys(CARD.parts, Part(state="absent", reason="no <b>", advice="hf download x")),
)


def test_a_page_shows_every_part_and_starts_nothing() -> None:
    page = card_page(CARD)
    assert "<script" not in page
    assert "\u202e" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 8
    assert "default-src 'none'" in page
    assert 'href="a%22b_detected.mp4"' in page
    for text in ("over 9 s", "7 s", "2 <bdi>person</bdi>", "9.0 tokens a second", "3 × 4"):
        assert text in page


def test_what_is_absent_is_said_in_its_place() -> None:
    page = card_page(BARE)
    assert page.count("no &lt;b&gt;") == 6
    assert page.count("<code>hf download x</code>") == 6


def test_an_index_leads_to_the_cards() -> None:
    page = index_page([("a-1", CARD), ("b 2", BARE)], name="music")
    assert 'href="a-1/card.html"' in page
    assert 'href="b%202/card.html"' in page
    assert "its card says why" in page
    assert "<script" not in page


@pytest.mark.slow
def test_a_card_fits_a_phone_and_a_desk_in_the_dark_and_in_the_light(tmp_path: Path) -> None:
    (tmp_path / "card.html").write_text(card_page(CARD), encoding="utf-8")
    (tmp_path / "index.html").write_text(index_page([("a-1", CARD)], name="x"), encoding="utf-8")
    with chromium() as browser:
        for width in (360, 1280):
            for scheme, ground in (("dark", "rgb(20, 20, 20)"), ("light", "rgb(255, 255, 255)")):
                tab = browser.new_page(
                    viewport={"width": width, "height": 800},
                    color_scheme=scheme,  # type: ignore[arg-type]  # one of the two
                )
                for name in ("card.html", "index.html"):
                    tab.goto((tmp_path / name).as_uri())
                    assert tab.evaluate("document.documentElement.scrollWidth") <= width
                    style = "getComputedStyle(document.body).backgroundColor"
                    assert tab.evaluate(style) == ground
                tab.close()
