"""What a step of a tour returns."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import soundfile
from matplotlib.figure import Figure
from numpy.typing import NDArray

MAX_SECONDS = 6
"""Of a sound: what is kept in a notebook is kept small."""


@dataclass(frozen=True)
class Sound:
    """The beginning of a recording.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,), in [-1, 1]
        One channel.
    sample_rate : int, in Hz
        Samples in a second.
    """

    samples: NDArray[np.float32]
    sample_rate: int

    @property
    def mp3(self) -> bytes:
        """Its first `MAX_SECONDS`, compressed."""
        packed = io.BytesIO()
        first = self.samples[: MAX_SECONDS * self.sample_rate]
        soundfile.write(packed, first, self.sample_rate, format="MP3")
        return packed.getvalue()


@dataclass(frozen=True)
class Shown:
    """Pictures, tables and sounds, and what they show here.

    Parameters
    ----------
    words : str
        In Markdown.
    parts : tuple of Figure, DataFrame, Sound or str
        In the order in which they are shown, before the words; text is a line above what follows.
    """

    words: str
    parts: tuple[Figure | pd.DataFrame | Sound | str, ...] = ()

    def _ipython_display_(self) -> None:
        """Show all of it, one below the other; Jupyter calls this."""
        from IPython.display import Audio, Markdown, display

        for part in self.parts:
            if isinstance(part, Sound):
                player = Audio(data=part.mp3)
                player.mimetype = "audio/mpeg"
                display(player)
            else:
                display(Markdown(part) if isinstance(part, str) else part)
        if self.words:
            display(Markdown(self.words))


def as_list(lines: Iterable[str]) -> str:
    """Write a list in Markdown.

    Parameters
    ----------
    lines : iterable of str
        Its points.
    """
    return "\n".join(f"* {line}" for line in lines)
