"""Splits and folds: nothing leaks, every genre is everywhere it can be, the seed decides."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.dataset.labels import SelectionConfig, Vocabulary, select_genres
from genre.dataset.layouts import scan
from genre.dataset.splits import (
    PARTS,
    Split,
    SplitConfig,
    check_leaks,
    load_split,
    make_folds,
    make_split,
    save_split,
)
from genre.dataset.splits.stratify import Groups, stratify
from genre.dataset.tracks import Track
from genre.errors import ConfigError, DatasetError
from tests.dataset_examples import make_set, make_track


def _vocabulary(tracks: Sequence[Track]) -> Vocabulary:
    return Vocabulary(tuple(sorted({genre for track in tracks for genre in track.genres})))


def _split(tracks: Sequence[Track], **options: object) -> Split:
    return make_split(tracks, _vocabulary(tracks), SplitConfig(**options))  # type: ignore[arg-type]


def _folds(
    tracks: Sequence[Track], n_folds: int | None = None, **options: object
) -> tuple[Split, ...]:
    config = SplitConfig(**options)  # type: ignore[arg-type]
    return make_folds(tracks, _vocabulary(tracks), config, n_folds=n_folds)


def _n_artists(tracks: Sequence[Track], split: Split) -> dict[str, dict[str, int]]:
    """Count the artists of each genre in each part."""
    by_id = {track.track_id: track for track in tracks}
    artists: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for part in PARTS:
        for track_id in getattr(split, part):
            for genre in by_id[track_id].genres:
                artists[genre, part].add(by_id[track_id].artist)
    genres = {genre for track in tracks for genre in track.genres}
    return {genre: {part: len(artists[genre, part]) for part in PARTS} for genre in genres}


def _everyone(split: Split) -> list[str]:
    return sorted(split.train + split.val + split.test)


# stratify: arrays


def _groups(counts: list[list[int]], **options: object) -> Groups:
    array = numpy.array(counts, dtype=float)
    defaults: dict[str, object] = {
        "counts": array,
        "sizes": array.sum(axis=1),
        "fixed": numpy.full(len(array), -1, dtype=numpy.int64),
        "ratios": numpy.array([0.6, 0.2, 0.2]),
        "is_open": numpy.ones(3, dtype=bool),
        "priorities": numpy.ones(3),
    }
    return Groups(**(defaults | options))  # type: ignore[arg-type]


def test_the_largest_group_goes_where_most_is_wanted() -> None:
    parts = stratify(_groups([[6], [2], [2]]), rng=numpy.random.default_rng(0))
    assert parts[0] == 0
    assert set(parts[1:]) == {1, 2}


def test_ten_equal_groups_of_two_labels_are_divided_exactly() -> None:
    # 10 groups of each label: 6, 2, 2 is exact
    parts = stratify(_groups([[1, 0]] * 10 + [[0, 1]] * 10), rng=numpy.random.default_rng(1))
    for label in (parts[:10], parts[10:]):
        assert numpy.bincount(label, minlength=3).tolist() == [6, 2, 2]


def test_the_part_that_matters_most_is_covered_first() -> None:
    for best in range(3):
        priorities = numpy.array([1.0, 1.0, 1.0])
        priorities[best] = 4.0
        # label 1 has one artist only
        groups = _groups([[5, 1], [5, 0], [5, 0], [5, 0]], priorities=priorities)
        assert stratify(groups, rng=numpy.random.default_rng(0))[0] == best


def test_fixed_groups_stay_and_closed_parts_take_no_others() -> None:
    fixed = numpy.array([2, 1, -1, -1, -1, -1])
    is_open = numpy.array([True, True, False])
    groups = _groups([[1]] * 6, fixed=fixed, is_open=is_open)
    parts = stratify(groups, rng=numpy.random.default_rng(0))
    assert parts[:2].tolist() == [2, 1]
    assert 2 not in parts[2:]


def test_a_closed_part_stays_empty_however_much_it_wants() -> None:
    is_open = numpy.array([True, True, False])
    groups = _groups([[1]] * 9, ratios=numpy.array([0.1, 0.1, 0.8]), is_open=is_open)
    assert set(stratify(groups, rng=numpy.random.default_rng(0))) == {0, 1}


def test_large_problems_take_the_short_way() -> None:
    rng = numpy.random.default_rng(0)
    # a few groups are hundreds of times larger than most, as in a real collection
    sizes = numpy.ceil(1 + rng.pareto(1.5, size=(3000, 1)))
    counts = (rng.random((3000, 40)) < 0.1) * sizes
    counts[:, 0] = 0
    counts[:3, 0] = 1  # a rare label among many groups
    parts = stratify(_groups(counts.tolist()), rng=rng)
    assert set(parts[:3]) == {0, 1, 2}
    for part, ratio in enumerate((0.6, 0.2, 0.2)):
        shares = counts[parts == part].sum(axis=0)[1:] / counts.sum(axis=0)[1:]
        # largest group first gives 0.03 at worst, in any other order it is 0.05 to 0.08
        numpy.testing.assert_allclose(shares, ratio, atol=0.04)


# make_split


@settings(max_examples=40)
@given(n_artists=st.integers(6, 30), seed=st.integers(0, 1000))
def test_artists_stay_together_and_genres_are_everywhere(n_artists: int, seed: int) -> None:
    tracks = make_set(n_artists, seed=seed)
    split = _split(tracks, seed=seed)
    check_leaks(tracks, split)
    assert _everyone(split) == sorted(track.track_id for track in tracks)
    missing = 0
    for genre, counts in _n_artists(tracks, split).items():
        missing += sum(counts[part] == 0 for part in PARTS)
        assert counts["train"] > 0, genre
    assert len(split.warnings) == missing


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_three_artists_are_enough_for_a_genre(seed: int) -> None:
    # every genre has exactly three artists, none of whom has another genre
    rng = numpy.random.default_rng(seed)
    tracks = [
        make_track(f"{genre}{artist}{take}", genre, f"{genre}{artist}")
        for genre in ("folk", "jazz", "pop")
        for artist in range(3)
        for take in range(rng.integers(1, 20))
    ]
    split = _split(tracks, seed=seed)
    for counts in _n_artists(tracks, split).values():
        assert counts == {"train": 1, "val": 1, "test": 1}
    assert split.warnings == ()


def test_artists_with_several_genres_are_placed_so_that_all_parts_have_all_genres() -> None:
    # A has everything and the others one genre each: B, C; D, E; F, G must be apart, and not with A
    tracks = [make_track("a", "folk|jazz|pop", "A")]
    for artist, genre in zip("BCDEFG", ("folk", "folk", "jazz", "jazz", "pop", "pop"), strict=True):
        tracks.append(make_track(artist.lower(), genre, artist))
    for seed in range(20):
        split = _split(tracks, seed=seed)
        assert split.warnings == ()
        assert sorted(map(len, (split.train, split.val, split.test))) == [1, 3, 3]


def test_what_cannot_be_is_said_and_train_comes_first() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", f"A{n}") for n in range(12)]
    tracks += [
        make_track("p", "pop", "P"),
        make_track("s1", "ska", "S"),
        make_track("s2", "ska", "T"),
    ]
    split = _split(tracks)
    assert set(split.warnings) == {
        "genre pop: no track in val (1 artist in all)",
        "genre pop: no track in test (1 artist in all)",
        "genre ska: no track in val (2 artists in all)",
    }


def test_sizes_and_genres_are_near_what_was_asked_for() -> None:
    tracks = make_set(200, seed=3)
    split = _split(tracks, train=0.5, val=0.2, test=0.3)
    for part, share in (("train", 0.5), ("val", 0.2), ("test", 0.3)):
        members = [track for track in tracks if track.track_id in set(getattr(split, part))]
        # an artist has at most 5 of about 600 tracks: under 1 %
        assert len(members) / len(tracks) == pytest.approx(share, abs=0.02)
        for genre in ("blues", "folk", "jazz", "pop"):
            n_all = sum(genre in track.genres for track in tracks)
            n_here = sum(genre in track.genres for track in members)
            assert n_here / n_all == pytest.approx(share, abs=0.03)


def test_the_seed_decides_and_the_order_does_not() -> None:
    tracks = make_set(40, seed=4)
    once = _split(tracks, seed=1)
    assert once == _split(tracks[::-1], seed=1)
    hashes = {_split(tracks, seed=seed).hash for seed in range(5)}
    assert len(hashes) == 5


def test_by_track_divides_an_artist() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", "X") for n in range(20)]
    with pytest.raises(DatasetError, match=r"artists=1 must be at least 3 .*--split-by track"):
        _split(tracks)
    split = _split(tracks, by="track")
    assert (len(split.train), len(split.val), len(split.test)) == (12, 4, 4)
    assert split.by == "track"
    check_leaks(tracks, split)
    with pytest.raises(DatasetError, match=r"tracks=2 must be at least 3 .*; add tracks"):
        _split(tracks[:2], by="track")


def test_given_parts_are_kept() -> None:
    tracks = make_set(30, seed=5)
    given_parts = {f"artist{n}": PARTS[n % 3] for n in range(30)}
    tracks = [replace(track, split=given_parts[track.artist]) for track in tracks]
    split = _split(tracks)
    for part in PARTS:
        assert set(getattr(split, part)) == {t.track_id for t in tracks if t.split == part}
    assert split == _split(tracks, seed=9)


def test_a_missing_validation_part_is_cut_from_training() -> None:
    tracks = [
        replace(track, split="test" if int(track.artist[-1]) < 5 else "train")
        for track in make_set(60, seed=6)
    ]
    split = _split(tracks)
    n_test = sum(track.split == "test" for track in tracks)
    assert set(split.test) == {track.track_id for track in tracks if track.split == "test"}
    # train : val as 0.6 : 0.2 of what is left; an artist has at most 5 tracks
    assert len(split.val) == pytest.approx((len(tracks) - n_test) / 4, abs=5)
    check_leaks(tracks, split)


def test_tracks_without_a_part_go_to_the_parts_that_are_not_given() -> None:
    tracks = [
        replace(track, split="test" if track.artist == "artist0" else None)
        for track in make_set(30, seed=7)
    ]
    split = _split(tracks)
    assert set(split.test) == {track.track_id for track in tracks if track.artist == "artist0"}
    assert len(split.train) > 2 * len(split.val) > 0


def test_the_rest_of_an_artist_follows_a_given_track() -> None:
    tracks = make_set(20, seed=8)
    marked = [replace(tracks[0], split="val"), *tracks[1:]]
    split = _split(marked)
    assert {track.artist for track in tracks if track.track_id in set(split.val)} == {"artist0"}


def test_an_artist_given_in_two_parts_is_an_error() -> None:
    tracks = make_set(10, seed=9)
    tracks.append(make_track("extra", "jazz", "artist0", split="test"))
    tracks[0] = replace(tracks[0], split="train")
    with pytest.raises(
        DatasetError,
        match=r"artist='artist0' must be in one split, labels.csv has tracks in train and test",
    ):
        _split(tracks)
    assert "extra" in _split(tracks, by="track").test


def test_a_part_without_tracks_is_an_error() -> None:
    tracks = [replace(track, split="test") for track in make_set(10, seed=1)]
    tracks[-1] = make_track("v", "jazz", "V", split="val")
    with pytest.raises(DatasetError, match=r"the train part must .*; check column split of labels"):
        _split(tracks)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "song"}, "by='song' must be one of: artist, track"),
        ({"train": 0.9}, r"train \+ val \+ test=1.3 must be 1"),
        ({"train": 0.8, "val": 0.0}, "val=0.0 must be above 0 and below 1"),
        ({"test": -0.2}, "test=-0.2 must be above 0"),
        ({"train": float("nan")}, "train=nan must be above 0"),
        ({"seed": -1}, "seed=-1 must be 0 or above"),
    ],
)
def test_split_options_out_of_range(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SplitConfig(**options)  # type: ignore[arg-type]


# make_folds


@settings(max_examples=25)
@given(n_artists=st.integers(8, 30), n_folds=st.integers(2, 6), seed=st.integers(0, 1000))
def test_every_track_is_tested_once_and_nothing_leaks(
    n_artists: int, n_folds: int, seed: int
) -> None:
    tracks = make_set(n_artists, seed=seed)
    folds = _folds(tracks, n_folds, seed=seed)
    assert [split.fold for split in folds] == list(range(n_folds))
    tested = sorted(track_id for split in folds for track_id in split.test)
    assert tested == sorted(track.track_id for track in tracks)
    for split in folds:
        check_leaks(tracks, split)
        assert _everyone(split) == tested


def test_folds_are_balanced_and_follow_the_seed() -> None:
    tracks = make_set(100, seed=11)
    folds = _folds(tracks)
    assert len(folds) == 5
    for split in folds:
        # an artist has at most 5 of about 300 tracks
        assert len(split.test) / len(tracks) == pytest.approx(0.2, abs=0.03)
        assert len(split.val) / len(tracks) == pytest.approx(0.2, abs=0.03)
    assert folds == _folds(tracks[::-1])
    assert folds != _folds(tracks, seed=1)


def test_published_folds_are_honoured() -> None:
    tracks = [
        replace(track, fold=10 + int(track.artist.removeprefix("artist")) % 3)
        for track in make_set(30, seed=12)
    ]
    folds = _folds(tracks, 3)
    assert [split.fold for split in folds] == [10, 11, 12]
    assert _folds(tracks) == folds
    for split in folds:
        assert set(split.test) == {t.track_id for t in tracks if t.fold == split.fold}
        check_leaks(tracks, split)
    other = _folds(tracks, 3, seed=1)
    assert [split.test for split in other] == [split.test for split in folds]
    assert all(a.val != b.val for a, b in zip(other, folds, strict=True))
    with pytest.raises(ConfigError, match=r"n_folds=5 must be 3, the folds that labels.csv gives"):
        _folds(tracks, 5)


def test_tracks_without_a_fold_join_the_published_ones() -> None:
    tracks = [
        replace(track, fold=int(track.artist[-1]) % 2) if int(track.artist[-1]) < 5 else track
        for track in make_set(30, seed=13)
    ]
    folds = _folds(tracks, 2)
    for split in folds:
        assert {t.track_id for t in tracks if t.fold == split.fold} <= set(split.test)
    assert len(folds[0].test) + len(folds[1].test) == len(tracks)


def test_an_artist_in_two_published_folds_is_an_error() -> None:
    tracks = [make_track(f"{n}", "jazz|pop", "X", fold=n % 2) for n in range(4)]
    tracks += [make_track(f"{n}", "jazz", f"A{n}", fold=0) for n in range(5, 9)]
    with pytest.raises(DatasetError, match=r"artist='X' must be in one fold, .* in 0 and 1"):
        _folds(tracks, 2)


def test_a_fold_without_enough_artists_says_what_to_mend() -> None:
    # fold 1 is tested: the others have many artists; fold 0 is tested: only X is left
    given = [make_track(f"{n}", "jazz|pop", f"A{n}", fold=0, split="train") for n in range(4)]
    given.append(make_track("x", "jazz", "X", fold=1))
    with pytest.raises(DatasetError, match=r"part of fold 0 must .*; check column fold of labels"):
        _folds(given)
    # no column at all: three artists in two folds leave one artist to learn and choose on
    found = [make_track(f"{n}", "jazz|pop", f"A{n}", split="train") for n in range(3)]
    with pytest.raises(DatasetError, match=r"of fold \d must .*; add artists, or use --split-by t"):
        _folds(found, 2)
    with pytest.raises(DatasetError, match=r"of fold \d must have at least one track; add tracks$"):
        _folds(found, 2, by="track")


def test_a_fold_without_a_genre_says_so() -> None:
    tracks = make_set(20, seed=14, genres="folk jazz")
    tracks += [make_track(f"p{n}", "pop", f"P{n}") for n in range(3)]
    lines = [line for split in _folds(tracks) for line in split.warnings if "genre pop" in line]
    # three artists in five folds: two folds cannot test it
    tested = [line for line in lines if "in test of fold" in line]
    assert len(tested) == 2
    assert "(3 artists in all)" in tested[0]
    assert not any("in train" in line for line in lines)


def test_too_few_folds_or_artists() -> None:
    tracks = make_set(4, seed=1)
    with pytest.raises(ConfigError, match="n_folds=1 must be at least 2"):
        _folds(tracks, 1)
    with pytest.raises(ConfigError, match="n_folds=1 must be at least 2"):
        _folds([replace(track, fold=7) for track in tracks])
    with pytest.raises(DatasetError, match="artists=4 must be at least 5"):
        _folds(tracks, 5)


# one recording in several tracks


def _with_copies(tracks: Sequence[Track], *groups: str) -> list[Track]:
    """Mark tracks as one recording; each group is the ids of its tracks, joined by blanks."""
    name = {track_id: group.split()[0] for group in groups for track_id in group.split()}
    return [replace(track, recording=name.get(track.track_id)) for track in tracks]


def _part_of(split: Split, *track_ids: str) -> set[str]:
    return {part for part in PARTS for name in getattr(split, part) if name in track_ids}


@settings(max_examples=25)
@given(seed=st.integers(0, 1000))
def test_one_recording_is_never_on_two_sides(seed: int) -> None:
    tracks = make_set(12, seed=seed)
    rng = numpy.random.default_rng(seed)
    chosen = rng.choice([track.track_id for track in tracks], size=6, replace=False).tolist()
    marked = _with_copies(tracks, " ".join(chosen[:2]), " ".join(chosen[2:5]))
    artists = {track.track_id: track.artist for track in tracks}
    for split in (_split(marked, seed=seed), _split(marked, by="track", seed=seed)):
        check_leaks(marked, split)
        for copies in (chosen[:2], chosen[2:5]):
            assert len(_part_of(split, *copies)) == 1
    for fold in _folds(marked, 3, seed=seed):
        check_leaks(marked, fold)
        # and all tracks of their artists with them
        mates = {t.track_id for t in tracks if t.artist in {artists[c] for c in chosen[:2]}}
        assert len(_part_of(fold, *mates)) == 1


def test_a_chain_of_recordings_and_artists_is_one_unit() -> None:
    # X and Y share a recording, Y and Z another
    tracks = [make_track(f"{artist}{n}", "jazz", artist) for artist in "XYZABC" for n in range(2)]
    marked = _with_copies(tracks, "X0 Y0", "Y1 Z1")
    for seed in range(10):
        assert len(_part_of(_split(marked, seed=seed), "X1", "Y0", "Z0")) == 1
    # 6 artists, of which three are one
    with pytest.raises(DatasetError, match="artists=4 must be at least 5"):
        _folds(marked, 5)
    # by track only the copies stay together: 10 units
    assert len(_folds(marked, 10, by="track")) == 10
    with pytest.raises(DatasetError, match="tracks=10 must be at least 11"):
        _folds(marked, 11, by="track")


def test_without_copies_nothing_changes() -> None:
    tracks = make_set(20, seed=3)
    alone = [replace(tracks[0], recording=tracks[0].track_id), *tracks[1:]]
    assert _split(alone) == _split(tracks)
    assert _folds(alone) == _folds(tracks)


def test_copies_in_two_given_parts_go_where_the_first_is() -> None:
    tracks = [
        make_track(f"{part}{n}", "jazz", f"{part}{n % 3}", split=part)
        for part in PARTS
        for n in range(6)
    ]
    marked = _with_copies(tracks, "train1 test2")
    split = _split(marked, by="track")
    check_leaks(marked, split)
    assert _part_of(split, "train1", "test2") == {"test"}  # the first in order of the ids
    assert split.warnings == (
        (
            "test2 = train1: the same recording, and the labels give more than one split; test is "
            "used for all 2 tracks of test2, train1"
        ),
    )
    by_artist = _split(marked)
    check_leaks(marked, by_artist)
    assert _part_of(by_artist, "train1", "train4", "test2", "test5") == {"test"}
    assert by_artist.warnings[0].endswith("test is used for all 4 tracks of test2, train1")
    others = {t.track_id for t in tracks} - {"train1", "train4"}
    assert all(_part_of(by_artist, name) == {name[:-1]} for name in others)


def test_copies_in_two_given_folds_go_where_the_first_is() -> None:
    tracks = [make_track(f"{n:02}", "jazz", f"A{n}", fold=n % 3) for n in range(12)]
    marked = _with_copies(tracks, "04 05")
    splits = _folds(marked)
    assert [_part_of(split, "04", "05") == {"test"} for split in splits] == [False, True, False]
    assert splits[0].warnings[0].startswith("04 = 05: the same recording, and the labels give more")


# leaks and files


def test_check_leaks() -> None:
    tracks = [
        make_track("a", "jazz", "X"),
        make_track("b", "jazz", "X"),
        make_track("c", "jazz", "Y", content="same"),
        make_track("d", "jazz", "Z", content="same"),
    ]
    check_leaks(tracks, Split(train=("a", "b"), val=("c",), test=()))
    with pytest.raises(
        DatasetError, match="artist='X' must be in one part only, is in train and val"
    ):
        check_leaks(tracks, Split(train=("a",), val=("b",), test=()))
    check_leaks(tracks, Split(train=("a",), val=("b",), test=(), by="track"))
    with pytest.raises(DatasetError, match=r"recording \(sha256\)='.*' must .* in val and test"):
        check_leaks(tracks, Split(train=(), val=("c",), test=("d",), by="track"))
    copies = _with_copies(tracks, "a b")
    with pytest.raises(DatasetError, match=r"recording \(by its sound\)='a' must .* train and val"):
        check_leaks(copies, Split(train=("a",), val=("b",), test=(), by="track"))
    with pytest.raises(
        DatasetError, match="track='a' must be in one part only, is in train and te"
    ):
        check_leaks(tracks, Split(train=("a",), val=(), test=("a",)))
    with pytest.raises(DatasetError, match="the val part must list each track once"):
        check_leaks(tracks, Split(train=(), val=("a", "a"), test=()))
    with pytest.raises(DatasetError, match="track_id='e' of the test part must be among the 4 tra"):
        check_leaks(tracks, Split(train=("a",), val=(), test=("e",)))


def test_the_hash_names_the_parts() -> None:
    split = Split(train=("a", "b"), val=("c",), test=("d",))
    assert split.hash == replace(split, train=("b", "a"), warnings=("x",)).hash
    others = [
        replace(split, by="track"),
        replace(split, fold=0),
        replace(split, val=("d",), test=("c",)),
        replace(split, train=("a",), val=("b", "c")),
    ]
    assert len({split.hash, *(other.hash for other in others)}) == 5
    assert len(split.hash) == 16


def test_a_split_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "split.json"
    split = Split(train=("ü",), val=("b",), test=("c",), by="track", fold=3, warnings=("w",))
    save_split(split, path)
    assert load_split(path) == split
    assert [file.name for file in path.parent.iterdir()] == ["split.json"]


def test_a_changed_split_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    save_split(Split(train=("a",), val=("b",), test=("c",)), path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"test": ["d"]}))
    with pytest.raises(DatasetError, match=r"split=.* must have the hash .*: it was changed"):
        load_split(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train": "a"}, "must hold lists of track ids"),
        ({"val": [1]}, "must hold lists of track ids"),
        ({"by": "song"}, "by='song' must be one of: artist, track"),
        ({"more": 1}, "must be an object with the keys train, val, test, by"),
    ],
)
def test_a_file_that_is_no_split(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "split.json"
    save_split(Split(train=("a",), val=("b",), test=("c",)), path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DatasetError, match=message):
        load_split(path)


def test_a_split_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    with pytest.raises(DatasetError, match=r"split=.* must be a readable file: No such file"):
        load_split(path)
    path.write_bytes(b"{\xff")
    with pytest.raises(DatasetError, match=r"split=.* must be JSON"):
        load_split(path)
    path.write_text("[]")
    with pytest.raises(DatasetError, match="must be an object"):
        load_split(path)


# the real sets


@pytest.mark.real
@pytest.mark.parametrize("seed", range(5))
def test_open_music_has_every_genre_in_every_part(shared_data: Path, seed: int) -> None:
    selection = select_genres(scan(shared_data / "open_music").tracks, SelectionConfig())
    split = make_split(selection.tracks, selection.vocabulary, SplitConfig(seed=seed))
    check_leaks(selection.tracks, split)
    assert split.warnings == ()
    for counts in _n_artists(selection.tracks, split).values():
        assert counts == {"train": 1, "val": 1, "test": 1}
    assert len(split.train) == 7
    assert {len(split.val), len(split.test)} == {4, 5}


@pytest.mark.real
def test_esc10_keeps_its_published_folds(shared_data: Path) -> None:
    tracks = scan(shared_data / "esc10").tracks
    vocabulary = _vocabulary(tracks)
    for split in make_folds(tracks, vocabulary):
        check_leaks(tracks, split)
        assert split.warnings == ()
        assert set(split.test) == {t.track_id for t in tracks if t.fold == split.fold}
        validation = [track for track in tracks if track.track_id in set(split.val)]
        # 8 clips of each class in a fold; a source has several clips, so one more or fewer
        n_val = vocabulary.encode(validation).sum(axis=0)
        assert n_val.min() >= 7
        assert n_val.max() <= 9


@pytest.mark.real
def test_fsdd_is_divided_by_speaker(shared_data: Path) -> None:
    tracks = scan(shared_data / "fsdd").tracks
    split = make_split(tracks, _vocabulary(tracks))
    check_leaks(tracks, split)
    assert (len(split.train), len(split.val), len(split.test)) == (2000, 500, 500)
