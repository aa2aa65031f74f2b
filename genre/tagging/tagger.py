"""Tag new tracks with a bundle: the same front end and the same scoring as in evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.audio.frontend import Extracted, extract
from genre.evaluation.thresholds import decide
from genre.models.bundle import Bundle, load_bundle
from genre.models.devices import pick_device
from genre.models.scoring import window_logits


@dataclass(frozen=True, kw_only=True, eq=False)
class Timeline:
    """What a model says of each window of a track, in the order of time.

    Parameters
    ----------
    genres : tuple of str
        The vocabulary, in the order of the columns of `scores`.
    starts_seconds : ndarray of shape (n_windows,), in seconds
        Where each window begins.
    window_seconds : float, in seconds
        How long a window is; a track that is shorter is one window, padded with silence.
    scores : ndarray of shape (n_windows, n_labels), in [0, 1]
        Of every window as if it were a track of its own.
    """

    genres: tuple[str, ...]
    starts_seconds: NDArray[np.float64]
    window_seconds: float
    scores: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class TrackTags:
    """What a model says of a track.

    Parameters
    ----------
    path : Path
    genres : tuple of str
        The genres whose score reaches their threshold, best first; may be empty.
    scores : mapping of str to float in [0, 1]
        Every genre of the vocabulary, best first.
    thresholds : mapping of str to float
        What each genre's score must reach, in the order of `scores`.
    timeline : Timeline
        The scores of every window.
    duration_seconds : float
        Of the audio that was decoded.
    flags : tuple of str
        What the intake noticed: silent, partial, truncated …
    """

    path: Path
    genres: tuple[str, ...]
    scores: Mapping[str, float]
    thresholds: Mapping[str, float]
    timeline: Timeline
    duration_seconds: float
    flags: tuple[str, ...]


class Tagger:
    """A loaded bundle.

    Parameters
    ----------
    bundle : Bundle
    device : str
        auto, cpu, cuda, cuda:1, mps.
    """

    def __init__(self, bundle: Bundle, *, device: str = "auto") -> None:
        self.bundle = bundle
        self._device = pick_device(device)
        self._network = bundle.network.to(self._device)

    @classmethod
    def load(cls, folder: Path | str, *, device: str = "auto") -> "Tagger":
        """Load a bundle's folder.

        Raises
        ------
        BundleError
            Where the folder is not a usable bundle.
        """
        return cls(load_bundle(Path(folder)), device=device)

    def tag(self, path: Path | str) -> TrackTags:
        """Score and decide one file.

        Parameters
        ----------
        path : Path or str
            Any audio file the front end reads.

        Raises
        ------
        AudioError
            Where the file cannot be decoded; its `kind` says why.
        """
        return self.tag_features(Path(path), extract(Path(path), self.bundle.front_end))

    def tag_features(self, path: Path, extracted: Extracted) -> TrackTags:
        """Score and decide a file that has been through the front end already.

        Parameters
        ----------
        path : Path
            Only named in the result.
        extracted : Extracted
            What `genre.audio.frontend.extract` made of it with the bundle's settings.
        """
        bundle = self.bundle
        windows = window_logits(
            self._network, [extracted.mel], bundle.windowing, device=self._device
        )
        scores = bundle.rule.track_scores(windows)
        decided = decide(scores, np.array(bundle.thresholds))[0]
        order = np.argsort(-scores[0], kind="stable")
        return TrackTags(
            path=path,
            genres=tuple(bundle.genres[i] for i in order if decided[i]),
            scores={bundle.genres[i]: float(scores[0, i]) for i in order},
            thresholds={bundle.genres[i]: bundle.thresholds[i] for i in order},
            timeline=Timeline(
                genres=bundle.genres,
                starts_seconds=bundle.windowing.starts_seconds(len(extracted.mel)),
                window_seconds=bundle.windows.window_seconds,
                scores=bundle.rule.window_scores(windows),
            ),
            duration_seconds=extracted.facts.duration_seconds,
            flags=extracted.facts.flags,
        )
