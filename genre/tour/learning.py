"""A tour's second room: the network, what a mistake costs it, and how it learned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from genre.config import from_mapping
from genre.dataset.doctor.sound import band_centres_hz
from genre.evaluation import plots
from genre.models import (
    SpectrogramCNN,
    SpectrogramCNNConfig,
    count_parameters,
    outline,
    standardised,
)
from genre.tour.shown import Shown
from genre.tour.subject import Subject
from genre.training import LOSSES, AugmentConfig, MultiLabelLoss, augmented, random_masks
from genre.training.losses import LossConfig
from genre.wording import counted

_EASY = 3.0  # a logit: a probability of 95 %


@dataclass(frozen=True)
class Learning:
    """Pictures of the network and of its training.

    Parameters
    ----------
    subject : Subject
        What the tour is about.
    """

    subject: Subject

    def network(self) -> Shown:
        """Draw the network stage by stage."""
        windowing = self.subject.bundle.windowing
        stages = outline(
            self.subject.network, n_mels=windowing.mel.n_mels, n_frames=windowing.n_frames
        )
        picture = plots.plot_network(
            [stage.name for stage in stages],
            [stage.shape for stage in stages],
            [stage.layers for stage in stages],
            [stage.n_parameters for stage in stages],
        )
        n_all = count_parameters(self.subject.network)
        heaviest = max(stages, key=lambda stage: stage.n_parameters)
        words = (
            f"`{self.subject.best.place.name}`: {n_all:,} parameters, {heaviest.n_parameters:,} of "
            f"them in {heaviest.name}. {' × '.join(map(str, stages[0].shape))} numbers go in, "
            f"{stages[-1].shape[-1]} come out."
        )
        return Shown(words, (picture,))

    def attention(self) -> Shown:
        """Count what attention costs."""
        options = from_mapping(SpectrogramCNNConfig, self._options())
        arms = {
            arm: count_parameters(
                SpectrogramCNN(
                    replace(options, channel_attention=has, spatial_attention=has),
                    n_labels=len(self.subject.genres),
                )
            )
            for arm, has in (("with attention", True), ("without attention", False))
        }
        more = arms["with attention"] - arms["without attention"]
        words = f"Attention adds {more:,} parameters, {more / arms['without attention']:.1%}."
        return Shown(words, (pd.Series(arms, name="parameters").to_frame(),))

    def _options(self) -> Mapping[str, object]:
        """Look up the shape of a SpectrogramCNN that was trained; its own where there is none."""
        of_cnn = (
            run.record.config.get("model", {})
            for run in self.subject.experiment.records
            if run.place.configuration.startswith("attn")
        )
        found: Mapping[str, object] = next(of_cnn, {})
        return found

    def losses(self) -> Shown:
        """Draw what an answer costs under each loss, without weights for rare genres."""
        logits = np.linspace(-6, 6, 121)
        losses = {
            name: loss
            for name in ("bce", "focal", "asl")
            if isinstance(loss := LOSSES[name], LossConfig)
        }
        curves = {name: _costs(loss, logits) for name, loss in losses.items()}
        easy, wrong = (
            {name: float(_costs(loss, np.array([logit]))[1, 0]) for name, loss in losses.items()}
            for logit in (-_EASY, _EASY)
        )
        words = (
            f"Where the genre is absent and the logit −{_EASY:.0f}, the answer costs "
            f"{_each(easy)}; at +{_EASY:.0f}, {_each(wrong)}."
        )
        return Shown(words, (plots.plot_losses(logits, curves),))

    def augmentation(self, *, seed: int = 4) -> Shown:
        """Draw what training makes of a window and one of another track.

        Parameters
        ----------
        seed : int
            Of the four draws.
        """
        subject, windowing = self.subject, self.subject.bundle.windowing
        example = subject.example
        others = (t for t in subject.test_tracks if not set(t.genres) & set(example.genres))
        tracks = (example, next(others, subject.test_tracks[-1]))
        cut = [windowing.cut(subject.mel_of(track)) for track in tracks]
        pair = torch.from_numpy(np.stack([windows[len(windows) // 2] for windows in cut]))
        options = AugmentConfig()
        scale = subject.bundle.standardisation
        with torch.random.fork_rng(devices=[]):  # the training draws from what all share
            torch.default_generator.manual_seed(seed)
            draws, shares = augmented(
                pair.repeat(2, 1, 1),
                torch.eye(2).repeat(2, 1),
                options,
                floor=subject.mel_config.power_floor,
            )
            hidden = random_masks(standardised(draws, scale), options)
        whole = standardised(pair, scale)[:, 0].mT.numpy()
        shown = dict(zip(map(subject.genres_of, tracks), whole, strict=True)) | {
            f"draw {number}: {share[0]:.0%} first, {share[1]:.0%} second": inputs[0].T.numpy()
            for number, (inputs, share) in enumerate(zip(hidden, shares, strict=True), start=1)
        }
        picture = plots.plot_windows(
            shown,
            band_centres_hz(subject.mel_config),
            frames_per_second=windowing.mel.frames_per_second,
            label="From the band's mean (deviations)",
            limits=(-2.5, 2.5),
        )
        n_mixed = int(((shares > 0).sum(dim=1) > 1).sum())
        share = float((hidden == 0).float().mean())
        words = f"{n_mixed} of the four are mixed; {share:.0%} of their cells are hidden."
        return Shown(words, (picture,))

    def curves(self) -> Shown:
        """Draw the training of the best run, epoch by epoch."""
        history = self.subject.best.folder.read_history()
        if history is None:
            return Shown("Of this training no epochs are recorded.")
        record = self.subject.best.record
        first, last = history.iloc[0], history.iloc[-1]
        words = (
            f"Epoch {record.best_epoch} of {len(history)} was kept. From the first to the last "
            f"epoch the loss went from {first['train_loss']:.3f} to {last['train_loss']:.3f} in "
            f"training and from {first['val_loss']:.3f} to {last['val_loss']:.3f} in validation."
        )
        title = self.subject.best.place.name
        return Shown(words, (plots.plot_training_curves(history, title=title),))

    def all_curves(self) -> Shown:
        """Draw all trainings of the grid, a line for each seed."""
        records = self.subject.experiment.records
        histories = {run.place.name: run.folder.read_history() for run in records}
        known = {name: history for name, history in histories.items() if history is not None}
        if not known:
            return Shown("No epochs are recorded.")
        highest = {name: float(history["val_macro_ap"].max()) for name, history in known.items()}
        best, worst = max(highest, key=highest.__getitem__), min(highest, key=highest.__getitem__)
        words = (
            f"{counted(len(known), 'training')}: the highest AP on validation is "
            f"{highest[best]:.3f}, of `{best}`; that of `{worst}` is {highest[worst]:.3f}."
        )
        return Shown(words, (plots.plot_grid_curves(known),))


def _costs(loss: LossConfig, logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute what each logit costs: first where the genre is present, then where it is absent."""
    asked = MultiLabelLoss(replace(loss, class_weights=False), torch.ones(1))
    points = torch.from_numpy(logits)[:, None, None]
    return np.array([[float(asked(x, torch.tensor([[y]]))) for x in points] for y in (1.0, 0.0)])


def _each(costs: Mapping[str, float]) -> str:
    return ", ".join(f"{cost:.2g} under `{name}`" for name, cost in costs.items())
