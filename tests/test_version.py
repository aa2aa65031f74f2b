"""One version for the package, its installed metadata and the citation: genre.version."""

from importlib.metadata import version
from pathlib import Path

import yaml

import genre
from genre.version import __version__

ROOT = Path(__file__).resolve().parents[1]


def test_all_say_the_same() -> None:
    assert genre.__version__ == __version__
    assert version("genre") == __version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
