"""`genre tag`: name the genres of audio files with a trained model."""

import sys
from collections.abc import Sequence
from pathlib import Path

from genre.cli.options import OptionParser
from genre.errors import AudioError, ConfigError
from genre.tagging.tagger import Tagger


def run(argv: Sequence[str]) -> int:
    """Tag files; one line each.

    Parameters
    ----------
    argv : sequence of str

    Returns
    -------
    int
        0 when every file was tagged, 1 when some could not be read.
    """
    parser = OptionParser(prog="genre tag", description="Name the genres of audio files.")
    parser.add_argument("bundle", type=Path, help="A model's folder, e.g. results/demo/best.")
    parser.add_argument("paths", type=Path, nargs="+", help="Audio files.")
    parser.add_argument("--top", type=int, default=3, help="Scores shown for each file.")
    parser.add_argument("--device", type=str, default="auto", help="auto, cpu, cuda or mps.")
    words = parser.parse_args(list(argv))
    if words.top < 1:
        raise ConfigError(f"top={words.top} must be at least 1")
    tagger = Tagger.load(words.bundle, device=words.device)
    n_bad = 0
    for path in words.paths:
        try:
            tags = tagger.tag(path)
        except AudioError as error:
            print(f"{path}: {error}", file=sys.stderr)
            n_bad += 1
            continue
        genres = ", ".join(tags.genres) or "no clear genre"
        scores = ", ".join(
            f"{name} {tags.scores[name]:.2f}" for name in [*tags.scores][: words.top]
        )
        flags = f" [{', '.join(tags.flags)}]" if tags.flags else ""
        print(f"{path}: {genres} ({scores}){flags}")
    return 1 if n_bad else 0
