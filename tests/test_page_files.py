"""The page that takes music, without a browser: all there, nothing inline or from elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import genre
from genre.pages import tagging_page

ROOT = Path(genre.__file__).parent
SHARED = ROOT / "pages" / "tagging"
STYLE = (SHARED / "style.css").read_text(encoding="utf-8")
PAGES = {
    "of a server": ROOT / "serving" / "page",
    "in the browser alone": ROOT / "tagging" / "web_export" / "page",
}
FOLDERS = [SHARED, *PAGES.values()]
MODULES = sorted(module for folder in FOLDERS for module in folder.glob("*.js"))


class Tags(HTMLParser):
    """All tags of a page with their attributes, and the text inside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] in ("script", "style"):
            self.inline += data.strip()


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> tuple[str, dict[str, Path]]:
    return tagging_page(PAGES[request.param])


def tags(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    return parser


def test_nothing_is_inline(page: tuple[str, dict[str, Path]]) -> None:
    parsed = tags(page[0])
    assert parsed.inline == ""
    for _, attributes in parsed.found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


def test_everything_named_is_a_file_of_the_page(page: tuple[str, dict[str, Path]]) -> None:
    html, files = page
    named = [
        attributes.get("src") or attributes.get("href")
        for tag, attributes in tags(html).found
        if tag in ("script", "link")
    ]
    assert len(named) == 3
    assert {name for name in named if name} <= {f"page/{name}" for name in files}
    imported = {"app.js"}
    for path in files.values():
        if path.suffix == ".js":
            imported |= set(re.findall(r'"\./(.+?\.js)"', path.read_text(encoding="utf-8")))
    assert imported <= set(files)
    # and nothing lies there that no module asks for
    assert {name for name in files if name.endswith(".js")} <= imported


def test_nothing_comes_from_elsewhere(page: tuple[str, dict[str, Path]]) -> None:
    html, files = page
    for text in (html, *(path.read_text(encoding="utf-8") for path in files.values())):
        text = text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|url\(|@import", text)
        assert not re.search(r"(?<!-)\beval\b|innerHTML|insertAdjacentHTML|document\.write", text)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_modules_stay_short(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 300


def test_whatever_the_modules_look_for_is_on_the_page(page: tuple[str, dict[str, Path]]) -> None:
    html, files = page
    modules = (path for path in files.values() if path.suffix == ".js")
    text = "".join(module.read_text(encoding="utf-8") for module in modules)
    ids = set(re.findall(r'(?:find|getElementById)\("([a-z-]+)"\)', text))
    assert {"choose", "list", "track-template"} <= ids
    for name in ids:
        assert f'id="{name}"' in html
    classes = set(re.findall(r'(?:find|querySelector)\("\.([a-z-]+)', text))
    assert {"toggle", "scrub", "verdict"} <= classes
    for name in classes:
        assert re.search(rf'class="[^"]*\b{name}\b', html), name


def colours(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", part))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_defined() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_in_both_themes(theme: str) -> None:
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")[:2]
    inks = colours(light) | (colours(dark) if theme == "dark" else {})
    pairs = [
        (ink, paper)
        for ink in ("ink", "soft", "accent")
        for paper in ("paper", "raised", "error-paper")
    ]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-deep"), ("error", "error-paper")]
    for ink, paper in pairs:
        assert contrast(inks[ink], inks[paper]) >= 4.5, (ink, paper)
    # what is drawn and must be told from the ground: 3 to 1
    for ink in ("wave", "strip", "mark", "accent"):
        assert contrast(inks[ink], inks["paper"]) >= 3, ink
