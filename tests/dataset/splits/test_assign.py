"""One split: nothing leaks, every genre is everywhere it can be, the seed decides."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.dataset.labels import SelectionConfig, Vocabulary, select_genres
from genre.dataset.layouts import scan
from genre.dataset.splits import PARTS, Split, check_leaks, make_folds
from genre.dataset.splits.assign import SplitConfig, make_split, recut
from genre.dataset.tracks import Track
from genre.errors import ConfigError, DatasetError
from tests.dataset_examples import make_set, make_track
from tests.split_examples import everyone, n_artists_of, split_tracks, vocabulary_of


@settings(max_examples=40)
@given(n_artists=st.integers(6, 30), seed=st.integers(0, 1000))
def test_artists_stay_together_and_genres_are_everywhere(n_artists: int, seed: int) -> None:
    tracks = make_set(n_artists, seed=seed)
    split = split_tracks(tracks, seed=seed)
    check_leaks(tracks, split)
    assert everyone(split) == sorted(track.track_id for track in tracks)
    missing = 0
    for genre, counts in n_artists_of(tracks, split).items():
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
    split = split_tracks(tracks, seed=seed)
    for counts in n_artists_of(tracks, split).values():
        assert counts == {"train": 1, "val": 1, "test": 1}
    assert split.warnings == ()


def test_artists_with_several_genres_are_placed_so_that_all_parts_have_all_genres() -> None:
    # A has everything and the others one genre each: B, C; D, E; F, G must be apart, and not with A
    tracks = [make_track("a", "folk|jazz|pop", "A")]
    for artist, genre in zip("BCDEFG", ("folk", "folk", "jazz", "jazz", "pop", "pop"), strict=True):
        tracks.append(make_track(artist.lower(), genre, artist))
    for seed in range(20):
        split = split_tracks(tracks, seed=seed)
        assert split.warnings == ()
        assert sorted(map(len, (split.train, split.val, split.test))) == [1, 3, 3]


def test_what_cannot_be_is_said_and_train_comes_first() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", f"A{n}") for n in range(12)]
    tracks += [
        make_track("p", "pop", "P"),
        make_track("s1", "ska", "S"),
        make_track("s2", "ska", "T"),
    ]
    split = split_tracks(tracks)
    assert set(split.warnings) == {
        "genre pop: no track in val (1 artist in all)",
        "genre pop: no track in test (1 artist in all)",
        "genre ska: no track in val (2 artists in all)",
    }


def test_sizes_and_genres_are_near_what_was_asked_for() -> None:
    tracks = make_set(200, seed=3)
    split = split_tracks(tracks, shares=(0.5, 0.2, 0.3))
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
    once = split_tracks(tracks, seed=1)
    assert once == split_tracks(tracks[::-1], seed=1)
    hashes = {split_tracks(tracks, seed=seed).hash for seed in range(5)}
    assert len(hashes) == 5


def test_by_track_divides_an_artist() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", "X") for n in range(20)]
    with pytest.raises(DatasetError, match=r"artists=1 must be at least 3 .*--split-by track"):
        split_tracks(tracks)
    split = split_tracks(tracks, by="track")
    assert (len(split.train), len(split.val), len(split.test)) == (12, 4, 4)
    assert split.by == "track"
    check_leaks(tracks, split)
    with pytest.raises(DatasetError, match=r"tracks=2 must be at least 3 .*; add tracks"):
        split_tracks(tracks[:2], by="track")


def test_given_parts_are_kept() -> None:
    tracks = make_set(30, seed=5)
    given_parts = {f"artist{n}": PARTS[n % 3] for n in range(30)}
    tracks = [replace(track, split=given_parts[track.artist]) for track in tracks]
    split = split_tracks(tracks)
    for part in PARTS:
        assert set(getattr(split, part)) == {t.track_id for t in tracks if t.split == part}
    assert split == split_tracks(tracks, seed=9)


def test_a_missing_validation_part_is_cut_from_training() -> None:
    tracks = [
        replace(track, split="test" if int(track.artist[-1]) < 5 else "train")
        for track in make_set(60, seed=6)
    ]
    split = split_tracks(tracks)
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
    split = split_tracks(tracks)
    assert set(split.test) == {track.track_id for track in tracks if track.artist == "artist0"}
    assert len(split.train) > 2 * len(split.val) > 0


def test_the_rest_of_an_artist_follows_a_given_track() -> None:
    tracks = make_set(20, seed=8)
    marked = [replace(tracks[0], split="val"), *tracks[1:]]
    split = split_tracks(marked)
    assert {track.artist for track in tracks if track.track_id in set(split.val)} == {"artist0"}


def test_an_artist_given_in_two_parts_is_an_error() -> None:
    tracks = make_set(10, seed=9)
    tracks.append(make_track("extra", "jazz", "artist0", split="test"))
    tracks[0] = replace(tracks[0], split="train")
    with pytest.raises(
        DatasetError,
        match=r"artist='artist0' must be in one split, the labels have tracks in train and test",
    ):
        split_tracks(tracks)
    assert "extra" in split_tracks(tracks, by="track").test


def test_a_part_without_tracks_is_an_error() -> None:
    tracks = [replace(track, split="test") for track in make_set(10, seed=1)]
    tracks[-1] = make_track("v", "jazz", "V", split="val")
    with pytest.raises(DatasetError, match=r"the train part must .*; check column split of labels"):
        split_tracks(tracks)


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
def test_split_options_out_of_range(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SplitConfig(**options)


@pytest.mark.real
@pytest.mark.parametrize("seed", range(5))
def test_open_music_has_every_genre_in_every_part(shared_data: Path, seed: int) -> None:
    selection = select_genres(scan(shared_data / "open_music").tracks, SelectionConfig())
    split = make_split(selection.tracks, selection.vocabulary, SplitConfig(seed=seed))
    check_leaks(selection.tracks, split)
    assert split.warnings == ()
    for counts in n_artists_of(selection.tracks, split).values():
        assert counts == {"train": 1, "val": 1, "test": 1}
    assert len(split.train) == 7
    assert {len(split.val), len(split.test)} == {4, 5}


@pytest.mark.real
def test_fsdd_is_divided_by_speaker(shared_data: Path) -> None:
    tracks = scan(shared_data / "fsdd").tracks
    split = make_split(tracks, vocabulary_of(tracks))
    check_leaks(tracks, split)
    assert (len(split.train), len(split.val), len(split.test)) == (2000, 500, 500)


VOCABULARY = Vocabulary(("jazz", "rock"))


def tracks() -> list[Track]:
    return [
        make_track(f"{artist}-{number}", VOCABULARY.genres[artist % 2], f"artist {artist}")
        for artist in range(20)
        for number in range(2)
    ]


def cuts(data: list[Track], split: Split) -> list[Split]:
    return [recut(data, VOCABULARY, split, seed=seed) for seed in range(4)]


@pytest.mark.parametrize("with_folds", [True, False])
def test_the_test_part_stays_and_the_rest_is_cut_by_artist_in_the_same_proportion(
    with_folds: bool,
) -> None:
    data = tracks()
    made = make_folds(data, VOCABULARY)[1] if with_folds else make_split(data, VOCABULARY)
    for cut in cuts(data, made):
        assert cut.test == made.test
        assert sorted(cut.train + cut.val) == sorted(made.train + made.val)
        assert abs(len(cut.val) - len(made.val)) <= 2
        assert cut.fold == made.fold
        check_leaks(data, cut)
        for part in (cut.train, cut.val):
            assert {t.genres for t in data if t.track_id in part} == {("jazz",), ("rock",)}


def test_every_seed_has_a_cut_of_its_own_and_repeats_it() -> None:
    data = tracks()
    split = make_split(data, VOCABULARY)
    first, again = cuts(data, split), cuts(data, split)
    assert first == again
    assert first[0] == split
    assert len({cut.hash for cut in first}) == 4


def test_a_validation_part_that_the_labels_name_stays() -> None:
    data = [
        make_track(f"{part}{number}", "jazz", f"{part}{number}", split=part)
        for part in ("train", "val", "test")
        for number in range(4)
    ]
    split = make_split(data, VOCABULARY)
    assert all(cut == split for cut in cuts(data, split))
