"""Names of genres in one spelling: genre.spelling."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre import spelling
from genre.spelling import canonical_genre, genre_texts, names_no_genre, split_genres


@pytest.mark.parametrize(
    ("text", "genres"),
    [
        (r"Rock\\Pop", ("pop", "rock")),  # as a tag editor writes several values
        (r"Rock\\Pop\\Hip-Hop/Rap", ("hiphop", "pop", "rock")),
        ("Rock • Pop•Jazz · Folk", ("folk", "jazz", "pop", "rock")),
        ("Rock\uff1bPop\u3001Jazz\uff0fFolk", ("folk", "jazz", "pop", "rock")),
        ("Rock w/ Strings", ("rock_with_strings",)),
        ("Rock W/Strings/Pop", ("pop", "rock_with_strings")),
        ("Rock w/o Drums|w/ Choir", ("rock_without_drums", "with_choir")),
        ("New/Old", ("new", "old")),  # only a w that stands alone is a word
        ("l·l", ("l·l",)),
        ("R&B/Soul", ("rnb", "soul")),
        ("Techno (Peak Time / Driving)", ("techno_(peak_time_/_driving)",)),
        ("Trance (Raw, Deep), House", ("house", "trance_(raw,_deep)")),
        ("['rock', 'pop']", ("pop", "rock")),  # as programs write lists into a cell
        ('["jazz"]', ("jazz",)),
        ("Drum &amp; Bass", ("drum_and_bass",)),
        ("[Rock]", ("rock",)),
        ("#rock #pop", ("pop", "rock")),
        ("jazz.", ("jazz",)),
        ("Electronic > Techno", ("electronic", "techno")),
        ("Electronic---Techno", ("electronic", "techno")),
        ("N/A", ()),
        ("#N/A|nan|NaN|<NA>|null", ()),
        ("Rock, nan", ("rock",)),
        ("Nant", ("nant",)),
    ],
)
def test_one_text_and_its_genres(text: str, genres: tuple[str, ...]) -> None:
    """A separator parts genres wherever labels come from; what is one genre's name stays whole."""
    assert split_genres(text) == genres


@given(st.text(alphabet="aRw/o &+,|;\\•·_- nN#[]().>'\"", max_size=14))
def test_a_name_that_was_found_is_found_again(text: str) -> None:
    for genre in split_genres(text):
        assert canonical_genre(genre) == genre
        assert split_genres(genre) == (genre,)


@given(st.text(max_size=14))
def test_the_pieces_are_the_genres(text: str) -> None:
    pieces = genre_texts(text)
    assert tuple(sorted({canonical_genre(piece) for piece in pieces})) == split_genres(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Unknown", "Other", "misc.", "None", "No Genre", "<no genre>", "Unclassifiable", "nan"),
        *("#N/A", "N/A", "n/a", "[Unknown Genre]", "Unbekannt", "Sonstige", "Inconnu", "不明"),
        *("", " ", "-", "?"),
    ],
)
def test_what_stands_for_nothing(text: str) -> None:
    assert names_no_genre(text)


@pytest.mark.parametrize("text", ["Rock", "Otherworldly", "Nu", "Noise", "Genre Rock", "80s"])
def test_what_is_a_genre(text: str) -> None:
    assert not names_no_genre(text)


def test_the_examples_are_true() -> None:
    found = doctest.testmod(spelling)
    assert found.attempted > 0
    assert found.failed == 0
