"""``report.html``: the text and the pictures of REPORT.md on one page that needs nothing else."""

import base64
import html
import re
from itertools import groupby
from pathlib import Path

import mistune

from genre.evaluation.inputs import ExperimentFolder
from genre.evaluation.plots.style import SAVED_DPI
from genre.pages import page_templates
from genre.wording import printable

CSS_PIXELS_PER_INCH = 96
LARGEST_SCALE = 1.35
"""A picture that has the width for itself grows to this; its dots would do for twice its size."""

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
    head, body = _laid_out(str(render("\n".join(map(printable, markdown.split("\n"))))))
    _, title = next(iter(renderer.headings.values()))
    chapters = [(name, text) for name, (level, text) in renderer.headings.items() if level == 2]
    return (
        page_templates(_FOLDER)
        .get_template("page.html")
        .render(title=html.unescape(title), head=head, chapters=chapters, body=body)
    )


class _Renderer(mistune.HTMLRenderer):
    """Headings with ids, pictures as part of the page, tables that can be moved."""

    def __init__(self, folder: Path) -> None:
        super().__init__(escape=True)
        self.folder = folder
        self.headings: dict[str, tuple[int, str]] = {}

    def heading(self, text: str, level: int, **_: object) -> str:
        """Write a heading that a link can name."""
        name = re.sub(r"\W+", "-", text.lower()).strip("-")
        self.headings[name] = (level, text)
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
            f'<figure style="max-width: {round(LARGEST_SCALE * width)}px">'
            f'<img alt="{label}" width="{width}" height="{height}" '
            f'src="data:image/png;base64,{base64.b64encode(content).decode("ascii")}">'
            f"<figcaption>{label}</figcaption></figure>\n"
        )

    def block_code(self, code: str, info: str | None = None) -> str:
        """Write code in a frame that the keyboard can move where it is too wide."""
        return super().block_code(code, info).replace("<pre>", '<pre tabindex="0">', 1)

    def table(self, text: str) -> str:
        """Write a table in a frame that moves where it is too wide."""
        above = next(reversed(self.headings))
        frame = f'<div class="wide" tabindex="0" role="region" aria-labelledby="{above}">'
        return f"{frame}<table>\n{text}</table></div>\n"


def _css_pixels(field: bytes) -> int:
    """Read a length of a PNG's header, at the dots per inch that pictures are saved with."""
    return round(int.from_bytes(field, "big") * CSS_PIXELS_PER_INCH / SAVED_DPI)


def _laid_out(body: str) -> tuple[str, str]:
    """Put pictures that follow each other side by side, and the answer beside its picture.

    Returns what stands before the first chapter, and the chapters.
    """
    parts = []
    for are_pictures, lines in groupby(body.split("\n"), lambda line: line.startswith("<figure")):
        text = "\n".join(lines)
        parts.append(f'<div class="pictures">\n{text}\n</div>' if are_pictures else text)
    head, *chapters = re.split(r"(?=<h2 )", "\n".join(parts))
    if chapters and "<figure" in chapters[0]:
        front = "".join(chapters[:2])
        chapters[:2] = [f'<div class="front">\n{front}</div>\n']
    return head, "".join(chapters)
