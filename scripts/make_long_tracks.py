"""Make whole songs of the sample dataset's: for every artist one track, minutes long.

Of the same synthesiser, each song is several of an artist's tracks in a row, none of them twice. To
see what long tracks cost in training, and what they are worth.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import soundfile

from genre.cli.options import OptionParser
from genre.sample import SampleConfig, TrackPlan, plan_tracks, render_track

RATE = 22_050


def main() -> None:
    """Write the songs, a folder per genre, as FLAC."""
    parser = OptionParser(prog="make_long_tracks.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("data/long"), help="Folder to write.")
    parser.add_argument("--n-artists-per-genre", type=int, default=7, help="Songs of each genre.")
    parser.add_argument("--seconds", type=float, default=180.0, help="Length of a song.")
    words = parser.parse_args()
    shortest = SampleConfig().min_seconds
    config = SampleConfig(
        n_artists_per_genre=words.n_artists_per_genre,
        n_tracks_per_artist=int(np.ceil(words.seconds / shortest)),
    )
    for artist, plans in groupby(plan_tracks(config), key=lambda plan: plan.artist):
        folder = words.out / artist.genre
        folder.mkdir(parents=True, exist_ok=True)
        song = np.concatenate(list(played(plans)))[: round(words.seconds * RATE)]
        soundfile.write(folder / f"{artist.name} - all night.flac", song, RATE)
        print(f"{artist.genre}: {artist.name}", flush=True)


def played(plans: Iterator[TrackPlan]) -> Iterator[np.ndarray]:
    """Play tracks in mono, at one rate."""
    for plan in plans:
        yield render_track(replace(plan, sample_rate=RATE, n_channels=1)).reshape(-1)


if __name__ == "__main__":
    main()
