"""Hide what an explanation calls important, and see whether the network's answer falls.

One window of every test track: the tenth of the last block's cells that speak most for a genre of
the track, as many at random, and as many that speak least, are each set to the bands' mean. If the
explanation is true, the genre's logit falls most for the first, and least or rises for the last.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.functional import interpolate

from figures import figures_parser, tell_figures
from genre.addresses import here
from genre.audio.frontend import extract
from genre.dataset.layouts import scan
from genre.dataset.splits import load_split
from genre.inference.bundle import Bundle, load_bundle
from genre.models.bundle import load_network
from genre.models.explain import genre_evidence

SHARE = 0.1
HIDDEN = ("highest", "random", "lowest")


def main() -> None:
    """Measure and print."""
    parser = figures_parser("check_explanations.py", __doc__ or "")
    parser.add_argument("--data", type=Path, default=Path("data/sample"), help="The tracks.")
    parser.add_argument(
        "--run", type=Path, default=Path("results/demo/attnTrue_lossfocal/seed0"), help="The run."
    )
    parser.add_argument("--split", type=Path, help="By default that of the run's experiment.")
    words = parser.parse_args()
    bundle = load_bundle(words.run / "bundle")
    network = load_network(bundle, words.run / "bundle")
    split = load_split(words.split or words.run.parents[1] / "split.json")
    known = {track.track_id: track for track in scan(words.data).tracks}
    rng = np.random.default_rng(0)
    changes = [
        change
        for track_id in split.test
        for track in [known[track_id]]
        for change in changes_of(bundle, network, here(track.path), track.genres, rng)
    ]
    figures: dict[str, object] = {"n_genres_of_tracks": len(changes)}
    for name, values in zip(HIDDEN, np.array(changes).T, strict=True):
        figures[f"logit_change_{name}"] = round(float(values.mean()), 3)
        figures[f"standard_error_{name}"] = round(float(values.std() / len(values) ** 0.5), 3)
    tell_figures(figures, words.json)


def changes_of(
    bundle: Bundle,
    network: nn.Module,
    path: Path,
    genres: tuple[str, ...],
    rng: np.random.Generator,
) -> list[list[float]]:
    """Hide cells of the middle window, for each of the track's genres."""
    mel = extract(path, bundle.front_end).mel.astype(np.float32)
    windows = bundle.windowing.cut(mel)
    inputs = torch.from_numpy(bundle.standardisation(windows[len(windows) // 2][None]))
    changes = []
    for label in (bundle.genres.index(genre) for genre in genres if genre in bundle.genres):
        (evidence,) = genre_evidence(network, inputs, label=label)
        n_hidden = max(1, round(SHARE * evidence.size))
        order = np.argsort(evidence, axis=None)
        chosen = (order[-n_hidden:], rng.permutation(order)[:n_hidden], order[:n_hidden])
        before = logit(network, inputs, label)
        after = [logit(network, hide(inputs, cells, evidence.shape), label) for cells in chosen]
        changes.append([value - before for value in after])
    return changes


def hide(inputs: torch.Tensor, cells: NDArray[np.intp], shape: tuple[int, ...]) -> torch.Tensor:
    """Set what lies under some cells, numbered time first, to the bands' mean."""
    mask = np.zeros(shape, dtype=np.float32)
    mask.ravel()[cells] = 1
    over = interpolate(torch.from_numpy(mask.T.copy())[None, None], size=inputs.shape[2:])
    return torch.where(over > 0, 0.0, inputs)


def logit(network: nn.Module, inputs: torch.Tensor, label: int) -> float:
    """Ask the network for one genre."""
    with torch.inference_mode():
        return float(network(inputs)[0, label])


if __name__ == "__main__":
    main()
