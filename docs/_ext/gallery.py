"""Draws the pictures of a page: `<!-- picture: TITLE -->` shows what the code above it drew.

The blocks of Python of such a page run in order and in one namespace; a picture is the `figure`
of that moment.
"""

import contextlib
import io
import os
import re
from pathlib import Path

from genre.evaluation.plots import save_figure

_BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```$|^<!-- picture: (?P<title>[^>]+) -->$",
    flags=re.MULTILINE | re.DOTALL,
)


def drawn(text: str, name: str, *, folder: Path, sources: Path) -> str:
    """Draw a page's pictures, and put them in place of their marks.

    Parameters
    ----------
    text : str
        The page.
    name : str
        Of the page; pictures are called after it.
    folder : Path
        Where pictures go.
    sources : Path
        What links are relative to.

    Returns
    -------
    str
        The page with pictures.
    """
    space: dict[str, object] = {"__name__": name}
    n_drawn = 0

    def _done(found: re.Match[str]) -> str:
        nonlocal n_drawn
        if found["code"] is not None:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(found["code"], f"{name}.md", "exec"), space)  # noqa: S102 - ours
            return found[0]
        n_drawn += 1
        path = folder / f"{name}-{n_drawn}.png"
        save_figure(space["figure"], path)  # type: ignore[arg-type]  # a figure, or it is told
        address = Path(os.path.relpath(path, (sources / name).parent)).as_posix()
        return f"![{found['title']}]({address})"

    return _BLOCK.sub(_done, text)
