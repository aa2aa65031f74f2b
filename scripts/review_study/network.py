"""The same swaps, found by a network that is trained as `genre train` trains it."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from genre import train
from genre.review.judged import load_judged
from genre.review.table import new_table
from review_study.material import Material, Truth
from review_study.swaps import error_rate, precisions, swapped

CONFIGURATION = "attnFalse_lossbce"
SHARE, UNIT, SEED = 0.10, "track", 0


def network_swaps(material: Material, *, epochs: int, cache: Path) -> dict[str, Any]:
    """Train one configuration with one seed on swapped labels and rank what it doubts.

    Parameters
    ----------
    material : Material
        The collection, with its tracks.
    epochs : int
        Of each of the five folds' trainings; every track is tested in one fold, and may validate
        in others.
    cache : Path
        The spectrograms.

    Returns
    -------
    dict
        As one of `review_study.swaps.swaps`.
    """
    rng = np.random.default_rng([SEED, round(100 * SHARE), 0])
    y_true, is_swapped = swapped(material, share=SHARE, unit=UNIT, rng=rng)
    with tempfile.TemporaryDirectory() as folder:
        music, out = Path(folder, "music"), Path(folder, "exp")
        _link(material, y_true, music)
        train(
            music,
            configs=(CONFIGURATION,),
            seeds=1,
            folds="all",
            epochs=epochs,
            labels="csv",
            out=out,
            cache=cache,
        )
        judged = load_judged(out)
    rows = [judged.row[track.track_id] for track in material.tracks]
    runs = judged.y_score[:, rows]
    return {
        "share": SHARE,
        "unit": UNIT,
        "seed": SEED,
        "epochs": epochs,
        "n_swapped": int(is_swapped.sum()),
        "precision": precisions(y_true, runs, is_swapped),
        "random_order": float(is_swapped.mean()),
        "model_errs": error_rate(material.y_true, runs, ~is_swapped),
    }


def told(found: dict[str, Any]) -> str:
    """Write the figures in a sentence.

    Parameters
    ----------
    found : dict
        From `network_swaps`.
    """
    rules = ", ".join(f"{name} {100 * value:.0f} %" for name, value in found["precision"].items())
    return (
        f"network, {found['epochs']} epochs, {100 * found['share']:.0f} % swapped by "
        f"{found['unit']}, seed {found['seed']}: {rules}; random order "
        f"{100 * found['random_order']:.0f} %, the model errs on {100 * found['model_errs']:.0f} %"
    )


def _link(material: Material, y_true: Truth, music: Path) -> None:
    """Lay the tracks out as links beside a labels.csv with the swaps."""
    rows = []
    for track, has in zip(material.tracks, y_true, strict=True):
        place = music / track.track_id
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(track.file.resolve())
        genres = "|".join(genre for genre, one in zip(material.genres, has, strict=True) if one)
        rows.append((track.track_id, genres, track.artist, "", ""))
    (music / "labels.csv").write_text(new_table(rows), encoding="utf-8")
