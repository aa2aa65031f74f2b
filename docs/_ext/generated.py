"""Puts what is generated into pages: a comment marks the place.

`<!-- generated: NAME ARGUMENT -->` is Markdown of that name, `<!-- picture: TITLE -->` what the
code above it drew.

On a code host the comment is invisible; in the site Markdown made from the code stands there, so
that the reference cannot say anything else than the program does.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx

from api_reference import api_of
from command_reference import commands
from gallery import drawn
from rest_reference import openapi_document, rest

_PLACE = re.compile(r"^<!-- generated: (\S+)(?: (\S+))? -->$", flags=re.MULTILINE)
_MAKERS: dict[str, Callable[..., str]] = {"api": api_of, "commands": commands, "rest": rest}


def filled(text: str) -> str:
    """Replace the marks of a page.

    Parameters
    ----------
    text : str
        Markdown with marks.

    Returns
    -------
    str
        Markdown of the site.
    """
    return _PLACE.sub(lambda mark: _MAKERS[mark[1]](*filter(None, [mark[2]])), text)


def _fill(app: Sphinx, name: str, source: list[str]) -> None:
    source[0] = filled(source[0])
    if "<!-- picture: " in source[0]:
        folder = Path(app.outdir).parent / "pictures"
        source[0] = drawn(source[0], name, folder=folder, sources=Path(app.srcdir))


def _write_openapi(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        text = json.dumps(openapi_document(), indent=1)
        (Path(app.outdir) / "reference" / "openapi.json").write_text(text + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Join the site's builder."""
    app.connect("source-read", _fill)
    app.connect("build-finished", _write_openapi)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
