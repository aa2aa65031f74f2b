"""One version for the package and its installed metadata: genre.version."""

from importlib.metadata import version

import genre
from genre.version import __version__


def test_all_say_the_same() -> None:
    assert genre.__version__ == __version__
    assert version("genre") == __version__
