"""Tracks as arrays, and the groups that stay in one part."""

from dataclasses import replace

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.dataset.labels import Vocabulary
from genre.dataset.splits import PARTS, check_leaks
from genre.dataset.splits.table import fixed_groups, tabulate, to_split
from genre.errors import DatasetError
from tests.dataset_examples import make_set, make_track
from tests.split_examples import fold_tracks, part_of, split_tracks, with_copies

VOCABULARY = Vocabulary(("folk", "jazz"))


def test_tracks_as_arrays_by_hand() -> None:
    tracks = [
        make_track("c", "jazz", "Y"),
        make_track("a", "folk|jazz", "X"),
        make_track("b", "folk", "Y"),
    ]
    table = tabulate(tracks, VOCABULARY, "artist", min_groups=2)
    assert [track.track_id for track in table.tracks] == ["a", "b", "c"]
    assert table.y_true.tolist() == [[True, True], [True, False], [False, True]]
    assert table.names == ["X", "Y"]
    assert table.index.tolist() == [0, 1, 1]
    assert table.counts.tolist() == [[1, 1], [1, 1]]
    assert table.sizes.tolist() == [1, 2]
    by_track = tabulate(tracks, VOCABULARY, "track", min_groups=3)
    assert (by_track.names, by_track.sizes.tolist()) == (["a", "b", "c"], [1, 1, 1])
    with pytest.raises(DatasetError, match=r"artists=2 must be at least 3 .*; add artists, or use"):
        tabulate(tracks, VOCABULARY, "artist", min_groups=3)


def test_groups_that_share_a_recording_have_the_first_name() -> None:
    tracks = with_copies([make_track(name, "jazz", name.upper()) for name in "abcd"], "d b")
    table = tabulate(tracks, VOCABULARY, "artist", min_groups=3)
    assert table.names == ["A", "B", "C"]
    assert table.index.tolist() == [0, 1, 2, 1]


def test_what_the_labels_give_holds_for_the_group() -> None:
    tracks = [make_track(f"{artist}{n}", "jazz", artist) for artist in "XYZ" for n in range(2)]
    table = tabulate(tracks, VOCABULARY, "artist", min_groups=3)
    given: list[str | int | None] = [None, "test", "val", "val", None, None]
    fixed, notes = fixed_groups(table, given, PARTS, column="split")
    assert fixed.tolist() == [PARTS.index("test"), PARTS.index("val"), -1]
    assert notes == ()
    with pytest.raises(DatasetError, match=r"artist='Y' must be in one split, .* in val and test"):
        fixed_groups(table, [None, None, "val", "test", None, None], PARTS, column="split")


def test_a_division_becomes_a_split_with_a_warning_per_missing_genre() -> None:
    tracks = [make_track("a", "folk|jazz", "X"), make_track("b", "jazz", "Y")]
    tracks += [make_track("c", "folk|jazz", "Z"), make_track("d", "folk", "Z")]
    table = tabulate(tracks, VOCABULARY, "artist", min_groups=3)
    split = to_split(table, numpy.array([0, 1, 2]), fold=7)
    assert (split.train, split.val, split.test) == (("a",), ("b",), ("c", "d"))
    assert (split.by, split.fold) == ("artist", 7)
    assert split.warnings == ("genre folk: no track in val of fold 7 (2 artists in all)",)
    with pytest.raises(DatasetError, match="the val part must have at least one track; add artis"):
        to_split(table, numpy.array([0, 0, 2]))


@settings(max_examples=25)
@given(seed=st.integers(0, 1000))
def test_one_recording_is_never_on_two_sides(seed: int) -> None:
    tracks = make_set(12, seed=seed)
    rng = numpy.random.default_rng(seed)
    chosen = rng.choice([track.track_id for track in tracks], size=6, replace=False).tolist()
    marked = with_copies(tracks, " ".join(chosen[:2]), " ".join(chosen[2:5]))
    artists = {track.track_id: track.artist for track in tracks}
    for split in (split_tracks(marked, seed=seed), split_tracks(marked, by="track", seed=seed)):
        check_leaks(marked, split)
        for copies in (chosen[:2], chosen[2:5]):
            assert len(part_of(split, *copies)) == 1
    for fold in fold_tracks(marked, 3, seed=seed):
        check_leaks(marked, fold)
        # and all tracks of their artists with them
        mates = {t.track_id for t in tracks if t.artist in {artists[c] for c in chosen[:2]}}
        assert len(part_of(fold, *mates)) == 1


def test_a_chain_of_recordings_and_artists_is_one_unit() -> None:
    # X and Y share a recording, Y and Z another
    tracks = [make_track(f"{artist}{n}", "jazz", artist) for artist in "XYZABC" for n in range(2)]
    marked = with_copies(tracks, "X0 Y0", "Y1 Z1")
    for seed in range(10):
        assert len(part_of(split_tracks(marked, seed=seed), "X1", "Y0", "Z0")) == 1
    # 6 artists, of which three are one
    with pytest.raises(DatasetError, match="artists=4 must be at least 5"):
        fold_tracks(marked, 5)
    # by track only the copies stay together: 10 units
    assert len(fold_tracks(marked, 10, by="track")) == 10
    with pytest.raises(DatasetError, match="tracks=10 must be at least 11"):
        fold_tracks(marked, 11, by="track")


def test_without_copies_nothing_changes() -> None:
    tracks = make_set(20, seed=3)
    alone = [replace(tracks[0], recording=tracks[0].track_id), *tracks[1:]]
    assert split_tracks(alone) == split_tracks(tracks)
    assert fold_tracks(alone) == fold_tracks(tracks)


def test_copies_in_two_given_parts_go_where_the_first_is() -> None:
    tracks = [
        make_track(f"{part}{n}", "jazz", f"{part}{n % 3}", split=part)
        for part in PARTS
        for n in range(6)
    ]
    marked = with_copies(tracks, "train1 test2")
    split = split_tracks(marked, by="track")
    check_leaks(marked, split)
    assert part_of(split, "train1", "test2") == {"test"}  # the first in order of the ids
    assert split.warnings == (
        (
            "test2 = train1: the same recording, and the labels give more than one split; test is "
            "used for all 2 tracks of test2, train1"
        ),
    )
    by_artist = split_tracks(marked)
    check_leaks(marked, by_artist)
    assert part_of(by_artist, "train1", "train4", "test2", "test5") == {"test"}
    assert by_artist.warnings[0].endswith("test is used for all 4 tracks of test2, train1")
    others = {t.track_id for t in tracks} - {"train1", "train4"}
    assert all(part_of(by_artist, name) == {name[:-1]} for name in others)


def test_copies_in_two_given_folds_go_where_the_first_is() -> None:
    tracks = [make_track(f"{n:02}", "jazz", f"A{n}", fold=n % 3) for n in range(12)]
    marked = with_copies(tracks, "04 05")
    splits = fold_tracks(marked)
    assert [part_of(split, "04", "05") == {"test"} for split in splits] == [False, True, False]
    assert splits[0].warnings[0].startswith("04 = 05: the same recording, and the labels give more")
