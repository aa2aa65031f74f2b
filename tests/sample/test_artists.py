"""Invented artists: different, and the same again from the same seed."""

from dataclasses import asdict

import numpy as np
import pytest

from genre.sample.artists import invent_artist, invent_names, invent_title, pick
from genre.sample.genres import STYLES
from tests.sample_examples import artist_of


def test_names_are_different() -> None:
    assert len(set(invent_names(600, rng=np.random.default_rng(0)))) == 600


def test_names_follow_from_the_seed() -> None:
    first, again, other = (invent_names(20, rng=np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert first == again
    assert first != other
    assert invent_names(0, rng=np.random.default_rng(0)) == ()


def test_a_title_joins_two_words() -> None:
    words = invent_title(rng=np.random.default_rng(0)).split(" in ")
    assert len(words) == 2
    assert all(word.istitle() for word in words)


def test_each_of_several_values_is_as_likely() -> None:
    rng = np.random.default_rng(0)
    drawn = [pick(("a", "b", "c", "d"), rng=rng) for _ in range(4000)]
    # 1,000 of each; the standard deviation is 27
    assert all(abs(drawn.count(letter) - 1000) < 120 for letter in "abcd")


def test_an_artist_is_the_same_again_from_the_same_seed() -> None:
    assert artist_of("rock", "jazz", seed=3) == artist_of("rock", "jazz", seed=3)
    assert artist_of("rock", "jazz", seed=3) != artist_of("rock", "jazz", seed=4)


@pytest.mark.parametrize("genre", STYLES)
def test_an_artist_plays_what_the_genre_has(genre: str) -> None:
    artists = [artist_of(genre, "pop", seed) for seed in range(40)]
    style = STYLES[genre]
    for artist in artists:
        assert (artist.genre, artist.second_genre) == (genre, "pop")
        assert artist.habits.meter in style.meters
        assert set(artist.habits.progressions) <= set(style.progressions)
        assert len(set(artist.habits.progressions)) == 2
        assert 0 <= artist.tonic <= 11
        for level, usual in zip(artist.balance_db, style.balance_db, strict=True):
            assert abs(level - usual) <= 2.0
    # One part in 25 is borrowed from any genre: of 40 artists nearly all keep their own.
    n_own = sum(artist.habits.bass in style.basses for artist in artists)
    assert n_own >= 34


def test_the_first_choice_of_a_genre_is_its_commonest() -> None:
    rng = np.random.default_rng(0)
    lines = [
        invent_artist("", genre="jazz", second_genre="pop", rng=rng).habits.lead for _ in range(400)
    ]
    counts = [lines.count(line) for line in STYLES["jazz"].leads]
    # weights 8 : 4 : 2 : 1, less what is borrowed: about 206, 103, 51 and 26 of 400
    assert counts == sorted(counts, reverse=True)
    assert 160 < counts[0] < 250


def test_a_recording_is_finished_within_its_bounds() -> None:
    for seed in range(30):
        sound = asdict(artist_of("pop", "jazz", seed).sound)
        assert abs(sound["tilt_db"] - STYLES["pop"].tilt_db) <= 0.8
        assert 2.0 <= abs(sound["peak_db"]) <= 7.0
        assert -62.0 <= sound["noise_db"] <= -40.0
        assert 0.2 <= sound["width"] <= 0.9
