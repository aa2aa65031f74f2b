"""What `import genre` offers: a few names, each documented, and next to no time."""

import inspect
import pydoc
import subprocess
import sys

import pytest

import genre


def test_the_names_are_offered_and_documented() -> None:
    assert {"open_folder", "train", "compare", "load_tagger", "load_plugins"} <= set(dir(genre))
    assert set(genre.__all__) <= set(dir(genre))
    words = pydoc.plain(pydoc.render_doc(genre))
    for name in ("open_folder", "train", "compare", "load_tagger"):
        assert getattr(genre, name).__doc__.strip().splitlines()[0] in words


def test_another_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="module 'genre' has no attribute 'open'"):
        getattr(genre, "open")  # noqa: B009 - what a type checker would refuse


def test_importing_takes_next_to_no_time() -> None:
    """Under 0.05 s (about 0.01): of several tries the best, since machines are busy."""
    code = "import time; t = time.perf_counter(); import genre; print(time.perf_counter() - t)"
    seconds = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(5)
    ]
    assert min(seconds) < 0.05


def test_no_signature_is_longer_than_a_person_reads() -> None:
    for name in ("open_folder", "train", "compare", "load_tagger", "load_plugins"):
        assert len(str(inspect.signature(getattr(genre, name)))) < 560
