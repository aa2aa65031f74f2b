"""`genre export --int8`: the network in whole numbers of 8 bits, and what that costs."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.cli.export_music import Music, music_of
from genre.errors import BundleError, ConfigError
from genre.evaluation.metrics import macro_average_precision
from genre.evaluation.thresholds import decide
from genre.inference.bundle import Bundle
from genre.inference.scoring import window_logits
from genre.tagging.onnx_export import quantised
from genre.wording import counted

N_WINDOWS = 512
LARGEST_FALL = 0.005
"""Of macro average precision."""
# Rounding differs between machines; another track differs by far more.
_SAME_SCORE = 0.01


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What whole numbers change, on tracks that no scale was found on.

    Parameters
    ----------
    n_windows, n_calibrated, n_judged : int
        Windows and tracks that the scales were found on, and tracks that were judged by.
    macro_ap, macro_ap_int8 : float or None
        Macro average precision before and after; None without labels.
    largest_difference : float
        Of a track's score.
    changed_decisions : float, in [0, 1]
        Share of all tracks and genres.
    """

    n_windows: int
    n_calibrated: int
    n_judged: int
    macro_ap: float | None
    macro_ap_int8: float | None
    largest_difference: float
    changed_decisions: float

    def lines(self) -> list[str]:
        """Describe it for people."""
        judged = counted(self.n_judged, "track")
        windows = counted(self.n_windows, "window")
        lines = [f"int8: scales from {windows} of {counted(self.n_calibrated, 'track')}"]
        if self.macro_ap is not None:
            lines.append(
                f"macro AP of {judged} for validation: {self.macro_ap:.4f} in float32, "
                f"{self.macro_ap_int8:.4f} in int8"
            )
        lines.append(
            f"largest difference of scores from float32: {self.largest_difference:.2g}; "
            f"{self.changed_decisions:.2%} of the decisions changed, over {judged}"
        )
        return lines

    def objection(self) -> str:
        """Why the model should not be used, in words; empty where it may."""
        if self.macro_ap is None or self.macro_ap_int8 is None:
            return "without labels there is no macro AP to judge int8 by"
        fall = self.macro_ap - self.macro_ap_int8
        if not fall <= LARGEST_FALL:
            return f"macro AP must fall by at most {LARGEST_FALL} in int8, and falls by {fall:.4f}"
        return ""


def int8_network(
    bundle: Bundle, place: Path, *, cache: Path, force: bool
) -> tuple[bytes, dict[str, str]]:
    """Write the network of a bundle in whole numbers of 8 bits, print what that costs, and judge.

    Parameters
    ----------
    bundle : Bundle
        With a network as ONNX.
    place : Path
        The experiment that it comes from, or a folder with audio files.
    cache : Path
        Folder of computed spectrograms.
    force : bool
        Whether the network is wanted whatever it costs.

    Returns
    -------
    tuple of bytes and dict
        The network, and what is to be said of it in the metadata of a model.

    Raises
    ------
    GenreError
        Where the music cannot be used, or the network costs too much.
    """
    bundle.network().wait()  # what is wrong with it is said before any music is read
    music = music_of(place, bundle, cache=cache)
    windows = list(_windows(bundle, music))
    network = quantised(bundle.network_onnx or b"", windows)
    judgement = _judge(bundle, network, music, n_windows=sum(map(len, windows)))
    print("\n".join(judgement.lines()))
    objection = judgement.objection()
    if objection and not force:
        raise BundleError(f"{objection}; nothing was written, --force writes it all the same")
    return network, {"int8": json.dumps(asdict(judgement))}


def _windows(bundle: Bundle, music: Music) -> Iterator[NDArray[np.float32]]:
    """Draw some windows of each track, standardised."""
    rng = np.random.default_rng(0)
    n_each = -(-N_WINDOWS // len(music.calibrated))
    for mel in music.mels(music.calibrated):
        windows = bundle.windowing.cut(mel)
        drawn = rng.choice(len(windows), min(n_each, len(windows)), replace=False)
        yield bundle.standardisation(windows[drawn])


def _judge(bundle: Bundle, network: bytes, music: Music, *, n_windows: int) -> Judgement:
    before = _scores(bundle, music)
    if music.truth is not None and not _alike(before, music.truth.y_score):
        raise ConfigError(
            f"the tracks in the folder of {music.judged[0].track_id} must be those of the training:"
            " the model scores them otherwise now"
        )
    after = _scores(replace(bundle, network_onnx=network), music)
    decided = partial(decide, thresholds=np.array(bundle.thresholds), task=bundle.rule.task)
    y_true = None if music.truth is None else music.truth.y_true
    return Judgement(
        n_windows=n_windows,
        n_calibrated=len(music.calibrated),
        n_judged=len(music.judged),
        macro_ap=None if y_true is None else macro_average_precision(y_true, before),
        macro_ap_int8=None if y_true is None else macro_average_precision(y_true, after),
        largest_difference=float(np.abs(after - before).max()),
        changed_decisions=float((decided(after) != decided(before)).mean()),
    )


def _scores(bundle: Bundle, music: Music) -> NDArray[np.float64]:
    windows = window_logits(bundle.network(), music.mels(music.judged), bundle.windowing)
    return bundle.rule.track_scores(windows)


def _alike(scores: NDArray[np.float64], recorded: NDArray[np.floating]) -> bool:
    return scores.shape == recorded.shape and bool(np.abs(scores - recorded).max() <= _SAME_SCORE)
