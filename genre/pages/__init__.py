"""Pages that need nothing from elsewhere, and names that cannot act.

``shell.html`` is for pages that only show, without scripts; ``tagging`` takes music, for a server
and for an exported folder.
"""

from collections.abc import Iterable
from pathlib import Path

import jinja2

from genre.wording import printable

__all__ = ["page_templates", "review_page", "tagging_page"]

_FOLDER = Path(__file__).parent
# What shows one track, and all that it needs.
_OF_RESULTS = ("icon.svg", "player.js", "plots.js", "result.js", "save.js", "style.css", "words.js")


def page_templates(folder: Path) -> jinja2.Environment:
    """Load the templates of a folder, which may extend ``shell.html``.

    Parameters
    ----------
    folder : Path
        Where the page's own template lies.

    Returns
    -------
    Environment
        Whatever is filled in is escaped, and what cannot be seen is written out.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, _FOLDER]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        # not what is HTML already, which is a subclass of str
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def tagging_page(own: Path) -> tuple[str, dict[str, Path]]:
    """Put together the page that takes music and shows its genres.

    Parameters
    ----------
    own : Path
        A folder with what differs by where the answers come from: ``index.html``, which extends
        ``tagging/index.html``, and ``source.js`` with all that it needs.

    Returns
    -------
    html : str
        The page, which names its files as ``page/<name>``.
    files : dict of str to Path
        These files by name.
    """
    html = page_templates(own).get_template("index.html").render()
    found = (path for folder in (_FOLDER / "tagging", own) for path in sorted(folder.iterdir()))
    return html, {path.name: path for path in found if path.suffix != ".html"}


def review_page(own: Path, *, also: Iterable[Path] = ()) -> tuple[str, dict[str, Path]]:
    """Put together the page that reviews labels, with the player and pictures of the other.

    Parameters
    ----------
    own : Path
        A folder with ``index.html`` and its own modules and styles.
    also : iterable of Path
        Further modules that it shares.

    Returns
    -------
    html : str
        The page, which names its files as ``page/<name>``.
    files : dict of str to Path
        These files by name: of those for tagging, only the ones that it shares.
    """
    html = page_templates(own).get_template("index.html").render()
    shared = [_FOLDER / "tagging" / name for name in _OF_RESULTS]
    found = (path for path in sorted(own.iterdir()) if path.suffix != ".html")
    files = (*shared, *also, *found)
    return html, {path.name: path for path in files}
