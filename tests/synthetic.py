"""Small artificial corpora: features without files, learnable in a few epochs."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from genre.audio.frontend import FrontEndConfig
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.labels import Vocabulary
from genre.dataset.packing import PackedFeatures
from genre.dataset.splits import Split
from genre.dataset.tracks import Track

GENRES = ("noise", "pulse", "tone")
N_MELS = 96


def corpus(*, n_artists: int = 6, n_frames: int = 301, seed: int = 0) -> Corpus:
    """Make two tracks per artist; a genre shows as pulses in time, as tones, or as neither."""
    rng = np.random.default_rng(seed)
    tracks, mels = [], []
    for number in range(3 * n_artists * 2):
        genre = GENRES[number % 3]
        artist = f"artist {number % (3 * n_artists)}"
        mel = rng.normal(-50, 5, (n_frames, N_MELS))
        if genre == "pulse":
            mel[::8] += 15
        if genre == "tone":
            mel[:, ::8] += 15
        mels.append(mel.astype(np.float16))
        tracks.append(
            Track(
                track_id=f"{genre}/{number:03}.wav",
                path=Path(f"{genre}/{number:03}.wav"),
                genres=(genre,),
                artist=artist,
                artist_source="labels",
                sha256=f"{number:064x}",
            )
        )
    lengths = np.array([len(mel) for mel in mels], dtype=np.int64)
    return Corpus(
        tracks=tuple(tracks),
        vocabulary=Vocabulary(GENRES),
        features=PackedFeatures(
            mel=np.concatenate(mels), starts=np.cumsum(lengths) - lengths, lengths=lengths
        ),
        front_end=FrontEndConfig(),
    )


def corpus_with_tree(*, n_artists: int = 4) -> Corpus:
    """Make the same tracks, where pulses and tones are kinds of sound, and noise is not."""
    data = corpus(n_artists=n_artists)
    above = {"noise": ("noise",), "pulse": ("pulse", "sound"), "tone": ("sound", "tone")}
    return replace(
        data,
        tracks=tuple(replace(track, genres=above[track.genres[0]]) for track in data.tracks),
        vocabulary=Vocabulary(("noise", "pulse", "sound", "tone"), ((), (2,), (), (2,))),
        display_names={"sound": "Sounds"},
    )


def split_of(data: Corpus) -> Split:
    """Divide by artist number: the first half trains, then validation, then test."""
    artists = list(dict.fromkeys(track.artist for track in data.tracks))
    n = len(artists)
    part = {artist: (2 * i >= n) + (4 * i >= 3 * n) for i, artist in enumerate(artists)}
    ids = [
        tuple(sorted(t.track_id for t in data.tracks if part[t.artist] == which))
        for which in range(3)
    ]
    return Split(train=ids[0], val=ids[1], test=ids[2])


def labelled(lengths: list[int], y_true: list[list[bool]]) -> LabelledTracks:
    """Make tracks of given lengths in frames; frame i of the whole holds the value i / 16."""
    total = sum(lengths)
    mel = (np.arange(total) / 16).astype(np.float16)[:, None].repeat(N_MELS, axis=1)
    counts = np.array(lengths, dtype=np.int64)
    return LabelledTracks(
        features=PackedFeatures(mel=mel, starts=np.cumsum(counts) - counts, lengths=counts),
        y_true=np.array(y_true),
        track_id=tuple(f"track {i}" for i in range(len(lengths))),
    )
