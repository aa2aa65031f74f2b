"""Balanced batches of windows, gathered on the training device.

Windows are drawn afresh every epoch with a cap per track and per genre, and within a genre evenly
over its tracks, so that neither a frequent genre nor a long track dominates an epoch, whose time
grows with the number of tracks and not with their length.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from genre.audio.windows import window_starts
from genre.dataset.corpus import LabelledTracks
from genre.errors import ConfigError
from genre.inference.windowing import Standardisation, Windowing


def standardisation_of(tracks: LabelledTracks, *, by_band: bool = True) -> Standardisation:
    """Measure each mel band's mean and deviation over all frames of the training tracks.

    Parameters
    ----------
    tracks : LabelledTracks
        The training part.
    by_band : bool
        False takes one mean and deviation for all, those of all bands together.

    Returns
    -------
    Standardisation
        In dB; deviations are at least 1e-3, so that an always silent band stays finite.
    """
    n_mels = tracks.features.mel.shape[1]
    total, squares, n_frames = np.zeros(n_mels), np.zeros(n_mels), 0
    for mel in tracks.mels():
        decibels = mel.astype(np.float64)
        total += decibels.sum(axis=0)
        squares += np.square(decibels).sum(axis=0)
        n_frames += len(decibels)
    mean, square = total / n_frames, squares / n_frames
    if not by_band:
        mean, square = (np.full(n_mels, of_bands.mean()) for of_bands in (mean, square))
    variance = np.maximum(square - np.square(mean), 1e-6)
    return Standardisation(mean=tuple(mean.tolist()), deviation=tuple(np.sqrt(variance).tolist()))


class WindowPool:
    """Every window of the training tracks, from which an epoch is drawn.

    Parameters
    ----------
    tracks : LabelledTracks
        The training part.
    windowing : Windowing
        Length and step of the windows.
    device : torch.device
        Where the features are kept, unless they are memory-mapped, and the batches handed out.

    Raises
    ------
    ConfigError
        Where a track is shorter than a window: its window would run on into the next track.
    """

    def __init__(
        self, tracks: LabelledTracks, windowing: Windowing, *, device: torch.device
    ) -> None:
        if int(tracks.features.lengths.min()) < windowing.n_frames:
            raise ConfigError(
                f"windows={windowing.windows} must not be longer than the tracks were padded to"
            )
        per_track = [
            window_starts(int(length), windowing.windows, windowing.mel)
            for length in tracks.features.lengths
        ]
        self.track = np.repeat(np.arange(len(per_track)), [len(starts) for starts in per_track])
        self.start = np.concatenate(per_track) + tracks.features.starts[self.track]
        self.y_true = tracks.y_true
        self._first, self._length = tracks.features.starts, tracks.features.lengths
        self._windowing = windowing
        self._mel = torch.from_numpy(tracks.features.mel)
        # What is mapped from a file is so because it is large: batches go to the device, not all.
        if not isinstance(tracks.features.mel, np.memmap):
            self._mel = self._mel.to(device)
        self._targets = torch.from_numpy(tracks.y_true.astype(np.float32)).to(device)

    def draw_epoch(
        self, *, windows_per_track: int, windows_per_genre: int, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw the windows of one epoch.

        Parameters
        ----------
        windows_per_track : int
            Most windows of a track; 0 takes all of them.
        windows_per_genre : int
            Most windows of a genre; 0 takes the median over the genres of what their tracks have.
        rng : numpy.random.Generator
            Where the draw comes from: same state, same epoch.

        Returns
        -------
        ndarray of shape (n_drawn,), int64
            Indices of windows, each at most once, in random order.
        """
        labels = self.y_true[self.track]  # (n_windows, n_labels)
        order = self._even_order(rng, most=windows_per_track)
        counts = labels[order].sum(axis=0)
        cap = windows_per_genre or int(np.median(counts[counts > 0]))
        chosen = np.zeros(len(self.track), dtype=bool)
        # Rare genres first: what they choose also counts for the frequent ones they go with.
        for label in np.argsort(counts, kind="stable"):
            missing = cap - int(np.count_nonzero(chosen & labels[:, label]))
            candidates = order[labels[order, label] & ~chosen[order]]
            chosen[candidates[: max(missing, 0)]] = True
        return rng.permutation(np.flatnonzero(chosen))

    def _even_order(self, rng: np.random.Generator, *, most: int) -> NDArray[np.int64]:
        """Order windows at random, but every track's first before any track's second."""
        shuffled = rng.permutation(len(self.track))
        by_track = shuffled[np.argsort(self.track[shuffled], kind="stable")]
        counts = np.bincount(self.track)
        turn = np.arange(len(by_track)) - np.repeat(np.cumsum(counts) - counts, counts)
        order = np.lexsort((rng.random(len(by_track)), turn))
        return by_track[order[turn[order] < most] if most else order]

    def gather(
        self, windows: NDArray[np.int64], *, random_starts: bool = False
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Gather a batch on the device by frame index.

        Parameters
        ----------
        windows : ndarray of shape (batch,), int64
            Numbers of windows.
        random_starts : bool
            Start anywhere in the window's track instead, and go on at its beginning where it ends;
            drawn from torch's default generator.

        Returns
        -------
        mel : Tensor of shape (batch, window_frames, n_mels), float32, in dB
        targets : Tensor of shape (batch, n_labels), float32
        """
        device = self._targets.device
        n_frames, track = self._windowing.n_frames, self.track[windows]
        starts = torch.from_numpy(self.start[windows]).to(device)
        frames = starts[:, None] + torch.arange(n_frames, device=device)
        if random_starts:
            first = torch.from_numpy(self._first[track]).to(device)[:, None]
            length = torch.from_numpy(self._length[track]).to(device)[:, None]
            chance = torch.rand(len(windows), 1, device=device)
            frames = first + (frames - starts[:, None] + (chance * length).long()) % length
        targets = self._targets[torch.from_numpy(track).to(device)]
        return self._mel[frames.to(self._mel.device)].to(device).float(), targets
