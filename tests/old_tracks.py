"""The tracks that `written_before/` was learned from: the same bytes on every machine."""

import wave
from pathlib import Path

SAMPLE_RATE = 8000
N_SAMPLES = 8000
PERIODS = {"high": 8, "low": 64}  # in samples, of a square wave
N_ARTISTS = 5


def write_old_tracks(root: Path) -> None:
    """Write a second of a square wave for each genre and artist."""
    for genre, period in PERIODS.items():
        (root / genre).mkdir(parents=True)
        for artist in range(N_ARTISTS):
            half, level = period + artist, 4000 + 1000 * artist
            values = [level if index // half % 2 else -level for index in range(N_SAMPLES)]
            with wave.open(str(root / genre / f"Artist {artist} - {genre}.wav"), "wb") as file:
                file.setparams((1, 2, SAMPLE_RATE, N_SAMPLES, "NONE", ""))
                file.writeframes(
                    b"".join(value.to_bytes(2, "little", signed=True) for value in values)
                )
