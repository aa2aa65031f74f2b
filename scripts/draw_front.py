"""Draw the two pictures of the README from the demo, in a headless Chromium.

The page of `genre serve` with a test track in it, and the first screen of the report, go to
docs/pictures as WebP.
"""

import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from genre.cli.options import OptionParser
from genre.errors import GenreError

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1000, 760
"""Of the window; on a code host the pictures stand side by side at half of this."""
PATIENCE_MS = 120_000
_SERVE = "import sys; from genre.cli import main; sys.exit(main(['serve', *sys.argv[1:]]))"


def draw(experiment: Path, track: Path, out: Path) -> list[Path]:
    """Draw both pictures.

    Parameters
    ----------
    experiment : Path
        With a report and a model.
    track : Path
        What the page is given.
    out : Path
        Where the pictures go.

    Returns
    -------
    list of Path
    """
    from playwright.sync_api import sync_playwright  # not everybody who asks for --help has it

    out.mkdir(parents=True, exist_ok=True)
    # Without a sandbox, as root needs; and nothing that calls home.
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with served(experiment / "best") as url, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        size = {"width": WIDTH, "height": HEIGHT}
        tab = browser.new_page(viewport=size, color_scheme="light")  # type: ignore[arg-type]
        tab.set_default_timeout(PATIENCE_MS)
        tab.goto(url)
        tab.set_input_files("#choose", str(track))
        tab.locator("[data-state=done]").wait_for()
        tab.wait_for_timeout(1000)  # until what moves stands still
        # from the track on: the question above it is no news
        tab.locator("#tracks").evaluate("one => one.scrollIntoView()")
        pictures = [photograph(tab, out / "page.webp")]
        tab.goto((experiment / "report.html").resolve().as_uri())
        pictures.append(photograph(tab, out / "report.webp"))
        browser.close()
    return pictures


@contextlib.contextmanager
def served(bundle: Path) -> Iterator[str]:
    """Run `genre serve` on a free port; gives the address of its page.

    Parameters
    ----------
    bundle : Path
        The model.
    """
    with subprocess.Popen(  # noqa: S603 - our own server
        [sys.executable, "-c", _SERVE, str(bundle), "--port", "0", "--n-workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # its log
        text=True,
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://\S+", line)
            if found is None:
                raise GenreError(f"experiment={bundle.parent} must hold a model that can be served")
            yield f"{found[0]}/"
        finally:
            process.terminate()


def photograph(tab: "Page", path: Path) -> Path:
    """Keep what the window shows, small.

    Parameters
    ----------
    tab : Page
        What is looked at.
    path : Path
        A file that ends in .webp.

    Returns
    -------
    Path
        The same.
    """
    from matplotlib.image import imread, imsave

    pixels = imread(io.BytesIO(tab.screenshot()), format="png")
    imsave(path, pixels, format="webp", pil_kwargs={"quality": 80, "method": 6})
    return path


def first_test_track(experiment: Path, data: Path) -> Path:
    """Choose a track that the model was not trained on.

    Parameters
    ----------
    experiment : Path
        Knows its division.
    data : Path
        The folder that it was trained on.

    Returns
    -------
    Path
    """
    split = json.loads((experiment / "split.json").read_text(encoding="utf-8"))
    return data / str(next(name for name in split["test"] if name.endswith(".mp3")))


def main() -> None:
    """Draw, and say where."""
    parser = OptionParser(prog="draw_front.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--experiment", type=Path, default=ROOT / "results/demo", help="Results of the demo."
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT / "data/sample", help="What it was trained on."
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "docs/pictures", help="Where the pictures go."
    )
    words = parser.parse_args(sys.argv[1:])
    track = first_test_track(words.experiment, words.data)
    for path in draw(words.experiment, track, words.out):
        print(f"{path}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
