"""A tour's fifth room: where the network looks in one window."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from matplotlib.figure import Figure
from numpy.typing import NDArray

from genre.dataset.doctor.sound import band_centres_hz
from genre.evaluation import plots
from genre.inference.bundle import load_bundle
from genre.models import block_attention, genre_evidence, load_network
from genre.models.explain import BlockAttention
from genre.tour.shown import Shown
from genre.tour.subject import Subject

_NO_ATTENTION = "No network here has attention of this kind."


@dataclass(frozen=True)
class Looking:
    """Pictures of attention and evidence, for the middle window of the example.

    Parameters
    ----------
    subject : Subject
        What the tour is about.
    """

    subject: Subject

    @cached_property
    def _window(self) -> NDArray[np.float32]:
        windows = self.subject.bundle.windowing.cut(self.subject.mel)
        middle: NDArray[np.float32] = windows[len(windows) // 2]
        return middle

    @cached_property
    def _inputs(self) -> torch.Tensor:
        return torch.from_numpy(self.subject.bundle.standardisation(self._window[None]))

    @cached_property
    def _blocks(self) -> tuple[BlockAttention, ...]:
        run = self.subject.attending
        if run is self.subject.best:
            return block_attention(self.subject.network, self._inputs)
        bundle = load_bundle(run.folder.bundle)
        inputs = torch.from_numpy(bundle.standardisation(self._window[None]))
        return block_attention(load_network(bundle, run.folder.bundle), inputs)

    def spatial(self) -> Shown:
        """Draw what each block multiplies each cell of time and frequency by."""
        maps = {
            f"spatial attention of block {block.block}": block.spatial_weights[0]
            for block in self._blocks
            if block.spatial_weights is not None
        }
        if not maps:
            return Shown(_NO_ATTENTION)
        last = list(maps.values())[-1]
        words = (
            f"`{self.subject.attending.place.name}`: in the last block the weights go from "
            f"{last.min():.2f} to {last.max():.2f}."
        )
        return Shown(words, (self._over_mel(maps, label="Weight (0 to 1)"),))

    def channels(self) -> Shown:
        """Draw the weights of the channels, and what they mean for the window."""
        found = {
            block.block: (block.channel_weights[0], block.channel_gain[0])
            for block in self._blocks
            if block.channel_weights is not None and block.channel_gain is not None
        }
        if not found:
            return Shown(_NO_ATTENTION)
        weights = {f"block {number}": each for number, (each, _) in found.items()}
        gains = {f"channel attention of block {n}": gain for n, (_, gain) in found.items()}
        spans = ", ".join(f"{each.min():.2f} to {each.max():.2f}" for each in weights.values())
        name = self.subject.attending.place.name
        words = f"`{name}`: from block to block the weights go from {spans}."
        pictures = (
            plots.plot_channel_weights(weights),
            self._over_mel(gains, label="Share let through (0 to 1)"),
        )
        return Shown(words, pictures)

    def evidence(self, *, n_genres: int = 3) -> Shown:
        """Draw what speaks for the genres with the highest logits.

        Parameters
        ----------
        n_genres : int
            How many of them.
        """
        inputs = self._inputs  # made outside, as a gradient will be asked of it
        with torch.inference_mode():
            logits = self.subject.network(inputs)[0].numpy()
        highest = [int(label) for label in np.argsort(-logits)[:n_genres]]
        called = [self.subject.experiment.called(self.subject.bundle.genres[n]) for n in highest]
        maps = {
            f"for {name} (logit {logits[label]:+.1f})": genre_evidence(
                self.subject.network, inputs, label=label
            )[0].clip(min=0)
            for name, label in zip(called, highest, strict=True)
        }
        has = self.subject.genres_of(self.subject.example)
        words = f"The highest logit is that of {called[0]}; the track has {has}."
        picture = self._over_mel(maps, label="Speaks for the genre (logit per cell)", title=has)
        return Shown(words, (picture,))

    def _over_mel(
        self, maps: Mapping[str, NDArray[np.float32]], *, label: str, title: str = ""
    ) -> Figure:
        mel = self.subject.mel_config
        return plots.plot_maps_over_mel(
            self._window,
            band_centres_hz(mel),
            maps,
            frames_per_second=mel.frames_per_second,
            label=label,
            title=title,
        )
