"""Folds: every track is tested once, and nothing leaks."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.dataset.layouts import scan
from genre.dataset.splits import SplitConfig, check_leaks, make_split
from genre.dataset.splits.folds import (
    MOST_ARTISTS,
    describe_folds,
    leave_one_artist_out,
    make_folds,
)
from genre.errors import ConfigError, DatasetError
from tests.dataset_examples import make_set, make_track
from tests.split_examples import (
    everyone,
    fold_tracks,
    one_artist_at_a_time,
    vocabulary_of,
    with_copies,
)


@settings(max_examples=25)
@given(n_artists=st.integers(8, 30), n_folds=st.integers(2, 6), seed=st.integers(0, 1000))
def test_every_track_is_tested_once_and_nothing_leaks(
    n_artists: int, n_folds: int, seed: int
) -> None:
    tracks = make_set(n_artists, seed=seed)
    folds = fold_tracks(tracks, n_folds, seed=seed)
    assert [split.fold for split in folds] == list(range(n_folds))
    tested = sorted(track_id for split in folds for track_id in split.test)
    assert tested == sorted(track.track_id for track in tracks)
    for split in folds:
        check_leaks(tracks, split)
        assert everyone(split) == tested


def test_folds_are_balanced_and_follow_the_seed() -> None:
    tracks = make_set(100, seed=11)
    folds = fold_tracks(tracks)
    assert len(folds) == 5
    for split in folds:
        # an artist has at most 5 of about 300 tracks
        assert len(split.test) / len(tracks) == pytest.approx(0.2, abs=0.03)
        assert len(split.val) / len(tracks) == pytest.approx(0.2, abs=0.03)
    assert folds == fold_tracks(tracks[::-1])
    assert folds != fold_tracks(tracks, seed=1)


def test_published_folds_are_honoured() -> None:
    tracks = [
        replace(track, fold=10 + int(track.artist.removeprefix("artist")) % 3)
        for track in make_set(30, seed=12)
    ]
    folds = fold_tracks(tracks, 3)
    assert [split.fold for split in folds] == [10, 11, 12]
    assert fold_tracks(tracks) == folds
    for split in folds:
        assert set(split.test) == {t.track_id for t in tracks if t.fold == split.fold}
        check_leaks(tracks, split)
    other = fold_tracks(tracks, 3, seed=1)
    assert [split.test for split in other] == [split.test for split in folds]
    assert all(a.val != b.val for a, b in zip(other, folds, strict=True))
    with pytest.raises(ConfigError, match=r"n_folds=5 must be 3, the folds that labels.csv gives"):
        fold_tracks(tracks, 5)


def test_tracks_without_a_fold_join_the_published_ones() -> None:
    tracks = [
        replace(track, fold=int(track.artist[-1]) % 2) if int(track.artist[-1]) < 5 else track
        for track in make_set(30, seed=13)
    ]
    folds = fold_tracks(tracks, 2)
    for split in folds:
        assert {t.track_id for t in tracks if t.fold == split.fold} <= set(split.test)
    assert len(folds[0].test) + len(folds[1].test) == len(tracks)


def test_an_artist_in_two_published_folds_is_an_error() -> None:
    tracks = [make_track(f"{n}", "jazz|pop", "X", fold=n % 2) for n in range(4)]
    tracks += [make_track(f"{n}", "jazz", f"A{n}", fold=0) for n in range(5, 9)]
    with pytest.raises(DatasetError, match=r"artist='X' must be in one fold, .* in 0 and 1"):
        fold_tracks(tracks, 2)


def test_a_fold_without_enough_artists_says_what_to_mend() -> None:
    # fold 1 is tested: the others have many artists; fold 0 is tested: only X is left
    given = [make_track(f"{n}", "jazz|pop", f"A{n}", fold=0, split="train") for n in range(4)]
    given.append(make_track("x", "jazz", "X", fold=1))
    with pytest.raises(DatasetError, match=r"part of fold 0 must .*; check column fold of labels"):
        fold_tracks(given)
    # no column at all: three artists in two folds leave one artist to learn and choose on
    found = [make_track(f"{n}", "jazz|pop", f"A{n}", split="train") for n in range(3)]
    with pytest.raises(DatasetError, match=r"of fold \d must .*; add artists, or use --split-by t"):
        fold_tracks(found, 2)
    with pytest.raises(DatasetError, match=r"of fold \d must have at least one track; add tracks$"):
        fold_tracks(found, 2, by="track")


def test_a_fold_without_a_genre_says_so() -> None:
    tracks = make_set(20, seed=14, genres="folk jazz")
    tracks += [make_track(f"p{n}", "pop", f"P{n}") for n in range(3)]
    lines = [
        line for split in fold_tracks(tracks) for line in split.warnings if "genre pop" in line
    ]
    # three artists in five folds: two folds cannot test it
    tested = [line for line in lines if "in test of fold" in line]
    assert len(tested) == 2
    assert "(3 artists in all)" in tested[0]
    assert not any("in train" in line for line in lines)


def test_too_few_folds_or_artists() -> None:
    tracks = make_set(4, seed=1)
    with pytest.raises(ConfigError, match="n_folds=1 must be at least 2"):
        fold_tracks(tracks, 1)
    with pytest.raises(ConfigError, match="n_folds=1 must be at least 2"):
        fold_tracks([replace(track, fold=7) for track in tracks])
    with pytest.raises(DatasetError, match="artists=4 must be at least 5"):
        fold_tracks(tracks, 5)


@settings(max_examples=15)
@given(n_artists=st.integers(3, 20), seed=st.integers(0, 1000))
def test_each_artist_is_tested_once_on_its_own(n_artists: int, seed: int) -> None:
    tracks = make_set(n_artists, seed=seed)
    folds = one_artist_at_a_time(tracks, seed=seed)
    artists = sorted({track.artist for track in tracks})
    assert [split.fold for split in folds] == list(range(n_artists))
    for split, artist in zip(folds, artists, strict=True):
        assert set(split.test) == {t.track_id for t in tracks if t.artist == artist}
        check_leaks(tracks, split)
        assert everyone(split) == sorted(track.track_id for track in tracks)
        assert not any("in test" in line for line in split.warnings)
    alone = f"{n_artists} folds: each of the {n_artists} artists tested once, on its own"
    assert describe_folds(tracks, folds) == alone


def test_one_artist_at_a_time_follows_the_seed_and_not_the_labels_own_division() -> None:
    tracks = make_set(12, seed=3)
    folds = one_artist_at_a_time(tracks)
    told = [replace(track, fold=n % 2, split="train") for n, track in enumerate(tracks)]
    assert one_artist_at_a_time(told[::-1]) == folds
    other = one_artist_at_a_time(tracks, seed=1)
    assert [split.test for split in other] == [split.test for split in folds]
    assert [split.val for split in other] != [split.val for split in folds]


def test_artists_who_share_a_recording_are_tested_together() -> None:
    tracks = [make_track(f"{a}{n}", "jazz|pop", a) for a in "ABCDE" for n in range(2)]
    folds = one_artist_at_a_time(with_copies(tracks, "A0 D1"))
    assert [set(split.test) for split in folds] == [
        {"A0", "A1", "D0", "D1"},
        *({f"{a}0", f"{a}1"} for a in "BCE"),
    ]
    assert describe_folds(tracks, folds) == "4 folds: each of the 5 artists tested once"


def test_too_many_or_too_few_artists_for_a_fold_each() -> None:
    many = [make_track(f"{n}", "jazz|pop", f"A{n}") for n in range(MOST_ARTISTS + 1)]
    assert len(one_artist_at_a_time(many[1:])) == 50
    with pytest.raises(DatasetError, match=r"artists=51 must be 3 to 50 .* use --folds all"):
        one_artist_at_a_time(many)
    with pytest.raises(DatasetError, match=r"artists=2 must be 3 to 50 .*; add artists"):
        one_artist_at_a_time(many[:2])
    with pytest.raises(ConfigError, match="by='track' must be artist"):
        leave_one_artist_out(many[:9], vocabulary_of(many), SplitConfig(by="track"))


def test_folds_in_words() -> None:
    tracks = make_set(20, seed=4)
    words = describe_folds(tracks, fold_tracks(tracks))
    assert words == "5 folds: each of the 20 artists tested once"
    by_track = describe_folds(tracks, fold_tracks(tracks, by="track"))
    assert by_track == f"5 folds: each of the {len(tracks)} tracks tested once"
    assert describe_folds(tracks, [make_split(tracks, vocabulary_of(tracks))]) == ""


@pytest.mark.real
def test_esc10_keeps_its_published_folds(shared_data: Path) -> None:
    tracks = scan(shared_data / "esc10").tracks
    vocabulary = vocabulary_of(tracks)
    for split in make_folds(tracks, vocabulary):
        check_leaks(tracks, split)
        assert split.warnings == ()
        assert set(split.test) == {t.track_id for t in tracks if t.fold == split.fold}
        validation = [track for track in tracks if track.track_id in set(split.val)]
        # 8 clips of each class in a fold; a source has several clips, so one more or fewer
        n_val = vocabulary.encode(validation).sum(axis=0)
        assert n_val.min() >= 7
        assert n_val.max() <= 9
