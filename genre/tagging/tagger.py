"""Tag new tracks with a bundle: the same front end and the same scoring as in evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre.audio.frontend import extract
from genre.evaluation.thresholds import decide
from genre.models.bundle import Bundle, load_bundle
from genre.models.devices import pick_device
from genre.models.scoring import window_logits


@dataclass(frozen=True, kw_only=True)
class TrackTags:
    """What a model says of a track.

    Parameters
    ----------
    path : Path
    genres : tuple of str
        The genres whose score reaches their threshold, best first; may be empty.
    scores : mapping of str to float in [0, 1]
        Every genre of the vocabulary, best first.
    duration_seconds : float
        Of the audio that was decoded.
    flags : tuple of str
        What the intake noticed: silent, partial, truncated …
    """

    path: Path
    genres: tuple[str, ...]
    scores: Mapping[str, float]
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
        bundle = self.bundle
        extracted = extract(Path(path), bundle.front_end)
        windows = window_logits(
            self._network, [extracted.mel], bundle.windowing, device=self._device
        )
        scores = windows.track_scores(bundle.temperature)
        decided = decide(scores, np.array(bundle.thresholds))[0]
        order = np.argsort(-scores[0], kind="stable")
        return TrackTags(
            path=Path(path),
            genres=tuple(bundle.genres[i] for i in order if decided[i]),
            scores={bundle.genres[i]: float(scores[0, i]) for i in order},
            duration_seconds=extracted.facts.duration_seconds,
            flags=extracted.facts.flags,
        )
