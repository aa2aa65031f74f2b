"""How genres are written for people: genre.taxonomy."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre import taxonomy
from genre.errors import ConfigError
from genre.spelling import canonical_genre, genre_texts
from genre.taxonomy import check_display_names, display_names, usual_spellings


def test_the_most_frequent_spelling_counts() -> None:
    """The owner's spelling, not the machine's; among equally frequent ones the first by letters."""
    texts = [
        "ROCK",
        "Rock",
        "Rock",
        "D&B",
        "Drum & Bass",
        "dog_bark",
        "\ufeffJazz",
        "Jazz\t",
        "jazz",
    ]
    assert usual_spellings(texts) == {
        "dog_bark": "dog bark",
        "drum_and_bass": "D&B",
        "jazz": "Jazz",
        "rock": "Rock",
    }


@given(st.lists(st.text(max_size=10)))
def test_a_display_name_means_its_genre_and_fits_a_line(texts: list[str]) -> None:
    found = usual_spellings(piece for text in texts for piece in genre_texts(text))
    assert check_display_names(found, found) == found
    assert {canonical_genre(name) for name in found.values()} == set(found)


def test_without_a_spelling_words_get_capitals() -> None:
    names = display_names(["drum_and_bass", "hiphop", "80s_pop", "son_de_la_tierra", "äther"], {})
    assert list(names.values()) == [
        "Drum & Bass",
        "Hip-Hop",
        "80s Pop",
        "Son de La Tierra",
        "Äther",
    ]
    assert all(canonical_genre(name) == genre for genre, name in names.items())
    usual = display_names(taxonomy._USUAL, {})
    assert {canonical_genre(name): name for name in usual.values()} == usual


def test_names_that_a_user_chooses() -> None:
    spelled = {"Drum & Bass": " Jungle ", "jazz": "JAZZ"}
    assert check_display_names(spelled, ("drum_and_bass", "jazz", "pop")) == {
        "drum_and_bass": "Jungle",
        "jazz": "JAZZ",
    }


@pytest.mark.parametrize(
    ("spelled", "message"),
    [
        (["jazz"], "display_names must map genres"),
        ({"funk": "Funk"}, "display_names='funk' must be one of: jazz"),
        ({"jazz": 3}, "display_names of 'jazz' must be a line of text, not 3"),
        ({"jazz": "a\nb"}, "must be a line of text"),
        ({"jazz": "--"}, "must be a line of text"),
    ],
)
def test_what_is_no_choice_of_names(spelled: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check_display_names(spelled, ("jazz",))


def test_the_examples_are_true() -> None:
    found = doctest.testmod(taxonomy)
    assert found.attempted > 0
    assert found.failed == 0
