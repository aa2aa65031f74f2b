"""Pages that need nothing else: one shell, no scripts, no network, and names that cannot act."""

from pathlib import Path

import jinja2

from genre.wording import printable

__all__ = ["page_templates"]

_FOLDER = Path(__file__).parent


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
