"""What a worker does for tagging: one file to features, in a process that holds no torch."""

from dataclasses import dataclass
from pathlib import Path

from genre.audio.containers import shown
from genre.audio.frontend import Extracted, FrontEndConfig, extract


@dataclass(frozen=True)
class DecodingWork:
    """One file that is to become features.

    Parameters
    ----------
    number : int
        Its place among the files.
    path : Path
        The file.
    front_end : FrontEndConfig
        How features are computed.
    """

    number: int
    path: Path
    front_end: FrontEndConfig

    def __str__(self) -> str:
        return shown(self.path)


def decode_file(work: DecodingWork) -> Extracted:
    """Turn one file into features; errors as `genre.audio.frontend.extract`.

    Parameters
    ----------
    work : DecodingWork
    """
    return extract(work.path, work.front_end)
