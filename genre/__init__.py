"""Learn and tag music genres: honest splits, honest comparisons, a bundle that tags new music."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from genre.tagging.tagger import Tagger

__version__ = "0.1.0"
__all__ = ["__version__", "load_tagger"]


def load_tagger(folder: "Path | str", *, device: str = "auto") -> "Tagger":
    """Load a trained bundle for tagging.

    Parameters
    ----------
    folder : Path or str
        A bundle's folder, for example results/demo/best.
    device : str
        auto, cpu, cuda, cuda:1, mps.

    Returns
    -------
    genre.tagging.tagger.Tagger
        Its `tag(path)` gives genres and scores.
    """
    # Here and not above: torch takes seconds to import, `import genre` should not.
    from genre.tagging.tagger import Tagger

    return Tagger.load(folder, device=device)
