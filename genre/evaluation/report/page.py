"""``report.html``: the text and the pictures of REPORT.md on one page that needs nothing else."""

import base64
import html
import re
from pathlib import Path

import mistune

from genre.evaluation.inputs import ExperimentFolder
from genre.evaluation.plots.style import SAVED_DPI
from genre.pages import page_templates
from genre.wording import printable

CSS_PIXELS_PER_INCH = 96
SMALLEST_SCALE = 0.7
"""A picture is not made smaller than this, so that its text can be read: then it is moved."""

_FOLDER = Path(__file__).parent


def report_page(markdown: str, folder: Path) -> str:
    """Write the page.

    Parameters
    ----------
    markdown : str
        The report.
    folder : Path
        Where it lies: pictures are read from below.

    Returns
    -------
    str
        HTML without scripts or external files, and with nothing that a name could start.
    """
    renderer = _Renderer(folder)
    render = mistune.create_markdown(renderer=renderer, plugins=["table"])
    body = str(render("\n".join(map(printable, markdown.split("\n")))))
    return (
        page_templates(_FOLDER)
        .get_template("page.html")
        .render(
            title=html.unescape(next(iter(renderer.headings.values()))),
            body=_with_contents(body, renderer),
        )
    )


class _Renderer(mistune.HTMLRenderer):
    """Headings with ids, pictures as part of the page, tables that can be moved."""

    def __init__(self, folder: Path) -> None:
        super().__init__(escape=True)
        self.folder = folder
        self.headings: dict[str, str] = {}

    def heading(self, text: str, level: int, **_: object) -> str:
        """Write a heading that a link can name."""
        name = re.sub(r"\W+", "-", text.lower()).strip("-")
        self.headings[name] = text
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        """Write a paragraph, or the picture that it is."""
        # A picture stands by itself.
        return text if text.startswith("<figure") else super().paragraph(text)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Write a link into the folder; one that leads elsewhere is only its text."""
        # The report's own links stay in its folder; any other came with a name.
        return text if ":" in url else super().link(text, url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Write a picture of the folder with its bytes; any other is only its text."""
        path = self.folder / url
        inside = path.resolve().is_relative_to(ExperimentFolder(self.folder).pictures.resolve())
        if not inside or not path.is_file():
            return text
        content, label = path.read_bytes(), html.escape(html.unescape(title or text))
        width, height = (_css_pixels(content[start : start + 4]) for start in (16, 20))
        return (
            '<figure><div class="picture" tabindex="0" role="region" '
            f'aria-label="{label}"><img alt="{label}" width="{width}" height="{height}" '
            f'style="min-width: {round(SMALLEST_SCALE * width)}px" '
            f'src="data:image/png;base64,{base64.b64encode(content).decode("ascii")}"></div>'
            f"<figcaption>{label}</figcaption></figure>\n"
        )

    def table(self, text: str) -> str:
        """Write a table in a frame that moves where it is too wide."""
        return f'<div class="wide" tabindex="0" role="region"><table>\n{text}</table></div>\n'


def _css_pixels(field: bytes) -> int:
    """Read a length of a PNG's header, at the dots per inch that pictures are saved with."""
    return round(int.from_bytes(field, "big") * CSS_PIXELS_PER_INCH / SAVED_DPI)


def _with_contents(body: str, renderer: _Renderer) -> str:
    """Put links to the chapters behind the title."""
    _, *chapters = renderer.headings.items()
    links = "".join(f'<li><a href="#{name}">{text}</a></li>' for name, text in chapters)
    head, title, rest = body.partition("</h1>\n")
    contents = f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n'
    return f"{head}{title}{contents}{rest}" if title else body
