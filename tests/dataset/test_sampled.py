"""Windows in the place of whole spectrograms: genre.dataset.sampled."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.addresses import here
from genre.audio.frontend import FrontEndConfig, extract
from genre.audio.windows import WindowConfig
from genre.dataset.collection import decode_tracks, mark_duplicates, read_folder
from genre.dataset.features import FeatureStore
from genre.dataset.sampled import SampledFrontEnd, front_end_of, kept_of
from genre.dataset.tracks import Track
from genre.errors import ConfigError
from genre.execution import ExecutionConfig
from tests.dataset_examples import track_of
from tests.doctor_examples import noise

ONE = ExecutionConfig(n_workers=1)
WHOLE = FrontEndConfig()
EIGHT = SampledFrontEnd(front_end=WHOLE, n_frames=200, n_windows=8)


def few(n_windows: int) -> SampledFrontEnd:
    return SampledFrontEnd(front_end=WHOLE, n_frames=4, n_windows=n_windows)


def track_with(folder: Path, seconds: float) -> Track:
    path = folder / f"{seconds}.wav"
    soundfile.write(path, noise(seconds), 22050)
    return track_of(path)


@pytest.mark.parametrize(
    ("n_rows", "starts"),
    [
        (13, [0, 4, 8]),  # one frame more than three windows: parts of 4 1/3 frames
        (24, [2, 10, 18]),  # parts of 8 frames, and 4 in the middle of each
        (25, [2, 10, 18]),
        (29, [2, 12, 22]),
    ],
)
def test_the_window_in_the_middle_of_each_equal_part_is_kept(
    n_rows: int, starts: list[int]
) -> None:
    kept = [start + frame for start in starts for frame in range(4)]
    assert few(3).rows(n_rows).tolist() == kept


def test_windows_never_overlap_nor_leave_the_track_and_a_short_one_is_kept_whole() -> None:
    for n_windows in range(1, 9):
        config = few(n_windows)
        for n_rows in range(1, 150):
            kept = config.rows(n_rows)
            assert len(kept) == min(n_rows, 4 * n_windows)
            assert kept[0] >= 0
            assert kept[-1] < n_rows
            assert (np.diff(kept) > 0).all()
            if n_rows > config.most_rows:
                assert (np.diff(kept.reshape(n_windows, 4)) == 1).all()
                # as much is left out before the first as behind the last, to a frame
                assert abs(int(kept[0]) - (n_rows - 1 - int(kept[-1]))) <= 1


def test_what_is_kept_is_of_the_whole_spectrogram_and_no_larger_than_promised(
    tmp_path: Path,
) -> None:
    tracks = [track_with(tmp_path, seconds) for seconds in (40.0, 32.5, 9.0)]
    stores = [FeatureStore(tmp_path / "cache", kept) for kept in (EIGHT, WHOLE)]
    for store in stores:
        assert store.fill(tracks, execution=ONE).n_new == 3
    sampled, whole = stores
    assert sampled.folder != whole.folder
    for track in tracks[:2]:
        mel = extract(here(track.path)).mel
        assert np.array_equal(sampled.load(track), mel[EIGHT.rows(len(mel))])
        n_bytes = sampled.path(track.sha256).stat().st_size
        assert n_bytes == 8 * 200 * 96 * 2 + 128
    # 9 s are less than eight windows: the same bytes as in the store of whole ones
    assert sampled.path(tracks[2].sha256).read_bytes() == whole.path(tracks[2].sha256).read_bytes()
    for track in tracks:
        assert sampled.facts(track) == whole.facts(track)
    assert sampled.contents() == {track.sha256 for track in tracks}
    assert sampled.pack(is_all=True) == 3
    again = FeatureStore(tmp_path / "cache", EIGHT)
    assert again.fill(tracks, execution=ONE).n_cached == 3
    assert np.array_equal(again.load(tracks[0]), sampled.load(tracks[0]))


def test_another_way_of_keeping_has_another_name() -> None:
    ways = [few(3), few(4), EIGHT, kept_of(WHOLE, WindowConfig(), 0)]
    assert len({way.features_fingerprint for way in ways}) == 4
    assert kept_of(WHOLE, WindowConfig(), 8) == EIGHT
    assert kept_of(WHOLE, WindowConfig(), 0) == WHOLE
    assert front_end_of(EIGHT) == front_end_of(WHOLE) == WHOLE
    with pytest.raises(ConfigError, match="n_windows=0 must be at least 1"):
        few(0)


def test_no_windows_are_taken_for_the_same_recording(tmp_path: Path) -> None:
    # A copy that was trimmed at the start: whole spectrograms show it, windows need not.
    sound = noise(12.0)
    for number, samples in enumerate((sound, sound[22050:])):
        path = tmp_path / "music" / "rock" / f"Artist {number} - Song.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, 22050)
    reading = read_folder(tmp_path / "music", cache=tmp_path / "cache")
    found = {}
    for kept in (WHOLE, SampledFrontEnd(front_end=WHOLE, n_frames=200, n_windows=2)):
        music = decode_tracks(reading, front_end=kept, execution=ONE)
        found[type(kept)] = mark_duplicates(music).duplicates.groups
    assert len(found[FrontEndConfig]) == 1
    assert found[SampledFrontEnd] == ()
