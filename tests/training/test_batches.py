"""Balanced drawing of windows, and gathering by frame index."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.dataset.corpus import LabelledTracks
from genre.errors import ConfigError
from genre.inference.windowing import Windowing
from genre.training.batches import WindowPool, standardisation_of
from tests.synthetic import N_MELS, labelled

ONLY_A, ONLY_B, BOTH = [True, False], [False, True], [True, True]


def pool(tracks: LabelledTracks) -> WindowPool:
    windowing = Windowing(
        mel=MelConfig(), windows=WindowConfig(), standardisation=standardisation_of(tracks)
    )
    return WindowPool(tracks, windowing, device=torch.device("cpu"))


def draw(
    windows: WindowPool, *, cap: int = 0, of_a_track: int = 0, seed: int = 0
) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    return windows.draw_epoch(windows_per_genre=cap, windows_per_track=of_a_track, rng=rng)


def test_every_window_of_every_track_is_in_the_pool() -> None:
    windows = pool(labelled([301, 200, 460], [ONLY_A, ONLY_B, BOTH]))
    assert windows.track.tolist() == [0, 0, 1, 2, 2, 2, 2]
    assert windows.start.tolist() == [0, 100, 301, 501, 601, 701, 761]


def test_gather_gives_the_frames_and_labels_of_the_windows() -> None:
    windows = pool(labelled([301, 200], [ONLY_A, ONLY_B]))
    mel, targets = windows.gather(np.array([2, 1]))
    assert mel.dtype == torch.float32
    assert mel.shape == (2, 200, N_MELS)
    # frame i holds i / 16, exact in float16
    assert (16 * mel[:, [0, 199], 5]).tolist() == [[301, 500], [100, 299]]
    assert targets.tolist() == [[0, 1], [1, 0]]


def test_mapped_features_stay_in_their_file_and_give_the_same_batches(tmp_path: Path) -> None:
    tracks = labelled([301, 200], [ONLY_A, ONLY_B])
    np.save(tmp_path / "mel.npy", tracks.features.mel)
    mel = np.load(tmp_path / "mel.npy", mmap_mode="c")
    mapped = pool(replace(tracks, features=replace(tracks.features, mel=mel)))
    assert mapped._mel.data_ptr() == mel.ctypes.data  # not a copy
    for ours, theirs in zip(
        mapped.gather(np.array([2, 1])), pool(tracks).gather(np.array([2, 1])), strict=True
    ):
        assert torch.equal(ours, theirs)


def test_random_starts_lie_anywhere_in_the_track_and_wrap_round_its_end() -> None:
    torch.manual_seed(0)
    windows = pool(labelled([301, 250], [ONLY_A, ONLY_B]))
    of_the_second = np.full(2000, 2)
    mel, targets = windows.gather(of_the_second, random_starts=True)
    frames = 16 * mel[:, :, 5]
    # each window is 200 frames in a row of a circle of 250, the second track
    first = frames[:, :1]
    torch.testing.assert_close(frames, 301 + (first - 301 + torch.arange(200)) % 250)
    # 2000 draws from 250 starts miss a given one with probability 0.0003
    assert len(set(first.flatten().tolist())) > 245
    assert (targets == torch.tensor([0.0, 1.0])).all()


def test_a_track_of_one_window_is_rolled() -> None:
    torch.manual_seed(0)
    windows = pool(labelled([200, 301], [ONLY_A, ONLY_B]))
    mel, _ = windows.gather(np.zeros(50, dtype=int), random_starts=True)
    plain, _ = windows.gather(np.zeros(50, dtype=int))
    assert torch.equal(mel.sort(dim=1).values, plain)
    assert not torch.equal(mel, plain)


def test_the_cap_holds_for_every_genre() -> None:
    windows = pool(labelled([2000] * 6 + [301], [ONLY_A] * 6 + [ONLY_B]))
    drawn = draw(windows, cap=10)
    labels = windows.y_true[windows.track[drawn]]
    assert labels.sum(axis=0).tolist() == [10, 2]  # B has two windows only
    assert len(set(drawn.tolist())) == len(drawn)


def test_by_default_the_cap_is_the_median_of_the_genres() -> None:
    a, b, c = np.eye(3, dtype=bool).tolist()
    windows = pool(labelled([2001, 1001, 301], [a, b, c]))  # 19, 9 and 2 windows
    labels = windows.y_true[windows.track[draw(windows)]]
    assert labels.sum(axis=0).tolist() == [9, 9, 2]


@pytest.mark.parametrize("most", [1, 3, 8])
def test_of_a_track_no_more_windows_are_drawn_than_may_be(most: int) -> None:
    windows = pool(labelled([2001, 1001, 301, 200], [ONLY_A, ONLY_B, ONLY_A, ONLY_B]))
    drawn = [windows.track[draw(windows, cap=100, of_a_track=most, seed=seed)] for seed in (0, 1)]
    for tracks in drawn:  # of 19, 9, 2 and 1 windows
        assert np.bincount(tracks).tolist() == [most, most, min(most, 2), 1]


def test_a_track_shows_others_of_its_windows_in_each_epoch() -> None:
    windows = pool(labelled([9001, 301], [ONLY_A, ONLY_B]))
    epochs = [draw(windows, cap=100, of_a_track=8, seed=seed) for seed in range(200)]
    # a window of 89 is missed 200 times with probability 7e-9
    assert len(set(np.concatenate(epochs).tolist())) == len(windows.track)


def test_the_cap_of_a_genre_follows_that_of_its_tracks() -> None:
    a, b, c = np.eye(3, dtype=bool).tolist()
    windows = pool(labelled([2001, 1001, 1001, 301], [a, b, b, c]))
    labels = windows.y_true[windows.track[draw(windows, of_a_track=5)]]
    assert labels.sum(axis=0).tolist() == [5, 5, 2]  # the median of 5, 10 and 2


def test_a_window_of_two_genres_counts_for_both() -> None:
    windows = pool(labelled([1001, 1001, 1001], [BOTH, ONLY_A, ONLY_B]))  # nine windows each
    labels = windows.y_true[windows.track[draw(windows, cap=9)]]
    assert labels.sum(axis=0).max() <= 10
    assert labels.sum(axis=0).min() == 9


def test_a_long_track_does_not_crowd_out_short_ones() -> None:
    windows = pool(labelled([9001] + [301] * 8, [ONLY_A] * 9))
    tracks = windows.track[draw(windows, cap=9)]
    assert sorted(tracks.tolist()) == list(range(9))


def test_epochs_differ_and_seeds_repeat() -> None:
    windows = pool(labelled([3001] * 3, [ONLY_A, ONLY_B, BOTH]))
    np.testing.assert_array_equal(draw(windows, cap=5), draw(windows, cap=5))
    assert draw(windows, cap=5).tolist() != draw(windows, cap=5, seed=1).tolist()


def test_standardisation_by_hand() -> None:
    tracks = labelled([4, 4], [ONLY_A, ONLY_B])
    statistics = standardisation_of(tracks)
    values = np.arange(8) / 16
    assert statistics.mean == pytest.approx([values.mean()] * N_MELS)
    assert statistics.deviation == pytest.approx([values.std()] * N_MELS)


def test_a_silent_band_stays_finite() -> None:
    tracks = labelled([4], [ONLY_A])
    tracks.features.mel[:] = -80
    assert standardisation_of(tracks).deviation == pytest.approx([1e-3] * N_MELS)


def test_a_window_never_runs_on_into_the_next_track() -> None:
    with pytest.raises(ConfigError, match="must not be longer than the tracks were padded to"):
        pool(labelled([301, 199], [ONLY_A, ONLY_B]))
