"""An experiment of a handful of tracks and a model without training, as `genre train` leaves it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from genre.audio.frontend import extract
from genre.dataset.splits import Split, save_split
from genre.evaluation.inputs import Description, ExperimentFolder, RunPlace, RunRecord
from genre.evaluation.scores import PartScores, RunScores, save_scores
from genre.inference import Bundle, WindowLogits, window_logits
from tests.bundles import varying_bundle, write_bundle
from tests.sounds import changing_sound, write

SPLIT = Split(
    train=("a/1.wav", "a/2.wav", "b/3.wav"),
    val=("a/4.wav", "b/5.wav", "b/6.wav"),
    test=("a/7.wav",),
)
PLACE = RunPlace(configuration="attnTrue_lossbce", seed=1)


def write_music(root: Path, names: Sequence[str] = (*SPLIT.train, *SPLIT.val)) -> None:
    """Write 5 s of sound for each name, three windows of which no two are alike."""
    sound = changing_sound(22050 * (2 + 5 * len(names)))
    for number, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        start = 22050 * (1 + 5 * number)
        write(root / name, sound[start : start + 22050 * 5].astype(np.float64), 22050)


def write_experiment(root: Path) -> Bundle:
    """Write music, an experiment and its best model: music, results/x, and results/x/best."""
    write_music(root / "music")
    folder = ExperimentFolder(root / "results" / "x")
    save_split(SPLIT, folder.split(None))
    folder.description.write_text(json.dumps(Description(data=str(root / "music")).to_json()))
    record = RunRecord(
        finished=True,
        config_name=PLACE.configuration,
        seed=PLACE.seed,
        identity="one",
        data_hash="two",
        split_hash=SPLIT.hash,
    )
    run = folder.run(PLACE)
    run.path.mkdir(parents=True)
    run.record.write_text(json.dumps(record.to_json()))
    bundle = replace(varying_bundle(), provenance=record.to_json())
    write_bundle(bundle, folder.best)
    save_scores(run.scores, _scores(root / "music", bundle))
    return bundle


def _scores(data: Path, bundle: Bundle) -> RunScores:
    mels = [extract(data / name, bundle.front_end).mel for name in SPLIT.val]
    windows = window_logits(bundle.network(), mels, bundle.windowing)
    val = PartScores(
        track_id=np.array(SPLIT.val),
        artist=np.array(SPLIT.val),
        # of "c" nothing is known
        y_true=np.array([[True, False, False], [False, True, False], [False, True, False]]),
        y_score=bundle.rule.track_scores(windows),
        window_score=bundle.rule.window_scores(windows),
        window_track=windows.track,
    )
    one = WindowLogits(windows.logits[windows.track == 0], windows.track[windows.track == 0])
    test = PartScores(
        track_id=np.array(SPLIT.test),
        artist=np.array(SPLIT.test),
        y_true=val.y_true[:1],
        y_score=bundle.rule.track_scores(one),
        window_score=bundle.rule.window_scores(one),
        window_track=one.track,
    )
    return RunScores(
        genres=bundle.genres,
        thresholds=np.array(bundle.thresholds),
        train_prior=np.full(3, 0.5),
        val=val,
        test=test,
    )
