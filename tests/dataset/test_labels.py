"""Genre names, the vocabulary, and which genres are kept."""

import numpy
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from genre.dataset.labels import (
    SelectionConfig,
    Vocabulary,
    canonical_genre,
    check_one_genre_each,
    describe_question,
    select_genres,
    split_genres,
)
from genre.dataset.tracks import Track
from genre.errors import ConfigError, DatasetError
from genre.genre_tree import GenreTree
from tests.dataset_examples import make_track


@pytest.mark.parametrize(
    ("spellings", "canonical"),
    [
        (("Hip-Hop", "hip hop", "hiphop", "HIP_HOP", "Hip\u2010Hop", " hip  hop "), "hiphop"),
        (("R&B", "rnb", "R & B", "r'n'b", "Rhythm and Blues", "Rhythm & Blues"), "rnb"),
        (("Drum & Bass", "drum and bass", "D&B", "dnb", "Drum'n'Bass"), "drum_and_bass"),
        (("Rock 'n' Roll", "rock & roll", "Rock and Roll"), "rock_and_roll"),
        (("dog_bark", "Dog Bark", "dog-bark"), "dog_bark"),
        (("Ópera", "o\u0301pera", "ÓPERA"), "ópera"),
        (("クラシック", "ｸﾗｼｯｸ"), "クラシック"),
        (("Folk & Country", "folk and country"), "folk_and_country"),
        (("\ufeffjazz", "Jazz\u200b", "jazz\t"), "jazz"),
        (("🎸",), "🎸"),
        (("0",), "0"),
        (("80's",), "80's"),
    ],
)
def test_spellings_of_one_genre(spellings: tuple[str, ...], canonical: str) -> None:
    assert {canonical_genre(spelling) for spelling in spellings} == {canonical}


@pytest.mark.parametrize("name", ["", " ", "--", "_", "\0", "&", "!?"])
def test_a_genre_needs_a_name(name: str) -> None:
    with pytest.raises(DatasetError, match=r"genre=.* must hold at least one letter or digit"):
        canonical_genre(name)


@given(st.text(max_size=12))
def test_canonical_genre_leaves_a_canonical_name_alone(name: str) -> None:
    try:
        once = canonical_genre(name)
    except DatasetError:
        reject()
    assert canonical_genre(once) == once
    assert once


@given(st.text(alphabet="abR&Bdn |;+,/-_\0é", max_size=12))
def test_split_genres_gives_sorted_unique_canonical_names(text: str) -> None:
    genres = split_genres(text)
    assert list(genres) == sorted(set(genres))
    assert all(canonical_genre(genre) == genre for genre in genres)


@pytest.mark.parametrize(
    ("text", "genres"),
    [
        ("jazz", ("jazz",)),
        ("jazz|hiphop", ("hiphop", "jazz")),
        ("jazz+hiphop", ("hiphop", "jazz")),
        ("Jazz; Hip Hop", ("hiphop", "jazz")),
        ("Rock/Pop", ("pop", "rock")),
        ("Folk, World, & Country", ("country", "folk", "world")),
        ("Hip-Hop/Rap|Jazz", ("hiphop", "jazz")),
        ("R&B/Soul", ("rnb", "soul")),
        ("drum+bass", ("drum_and_bass",)),
        ("hip hop|Hip-Hop", ("hiphop",)),
        ("jazz||", ("jazz",)),
        ("jazz\0pop", ("jazz", "pop")),
        ("", ()),
        (" | -- ;", ()),
    ],
)
def test_split_genres(text: str, genres: tuple[str, ...]) -> None:
    assert split_genres(text) == genres


def test_encode_is_multi_hot_in_the_order_of_the_vocabulary() -> None:
    tracks = [make_track("a", "pop|jazz"), make_track("b", "folk")]
    y_true = Vocabulary(("jazz", "folk", "pop")).encode(tracks)
    assert y_true.dtype == bool
    numpy.testing.assert_array_equal(y_true, [[True, False, True], [False, True, False]])
    assert Vocabulary(("jazz",)).encode([]).shape == (0, 1)


def test_encode_names_the_track_with_an_unknown_genre() -> None:
    with pytest.raises(DatasetError, match=r"genre='pop' of track a must be one of: folk, jazz"):
        Vocabulary(("folk", "jazz")).encode([make_track("a", "pop")])


def test_a_vocabulary_names_each_genre_once() -> None:
    with pytest.raises(DatasetError, match="must name each genre once"):
        Vocabulary(("jazz", "jazz"))


def _set() -> list[Track]:
    # folk: 3 tracks, 3 artists; jazz: 4, 3; pop: 3, 1; ska: 1, 1
    return [
        make_track("1", "jazz|pop", "A"),
        make_track("2", "jazz|pop", "A"),
        make_track("3", "jazz|folk", "B"),
        make_track("4", "jazz|folk", "C"),
        make_track("5", "folk", "A"),
        make_track("6", "pop", "A"),
        make_track("7", "ska", "D"),
    ]


def test_select_keeps_what_has_enough_and_says_why_not() -> None:
    selection = select_genres(_set())
    assert selection.vocabulary.genres == ("folk", "jazz")
    assert selection.dropped == {
        "pop": "3 tracks but 1 artist, needs 3",
        "ska": "1 track, needs 3",
    }
    assert [track.track_id for track in selection.tracks] == ["1", "2", "3", "4", "5"]
    assert selection.tracks[0].genres == ("jazz",)
    assert selection.n_tracks_dropped == 2


def test_select_by_track_counts_no_artists() -> None:
    selection = select_genres(_set(), split_by="track")
    assert selection.vocabulary.genres == ("folk", "jazz", "pop")
    assert selection.n_tracks_dropped == 1


def test_every_option_of_the_selection_counts() -> None:
    by_tracks = select_genres(_set(), SelectionConfig(min_tracks=1, min_artists=1))
    assert by_tracks.vocabulary.genres == ("folk", "jazz", "pop", "ska")
    limited = select_genres(_set(), SelectionConfig(min_artists=1, max_genres=2))
    # jazz has the most tracks; folk and pop tie, the alphabet decides
    assert limited.vocabulary.genres == ("folk", "jazz")
    assert limited.dropped["pop"] == "3 tracks: not among the 2 genres with the most"


def test_too_few_genres_left_says_what_was_dropped_and_what_to_do() -> None:
    with pytest.raises(
        DatasetError,
        match=r"genres=1 must be at least 2, only jazz is left \(dropped: folk: 3 tracks, needs 4; "
        r".*ska: 1 track, needs 4\); .*--split-by track",
    ):
        select_genres(_set(), SelectionConfig(min_tracks=4))
    with pytest.raises(DatasetError, match="genres=0 must be at least 2, none is left") as caught:
        select_genres(_set(), SelectionConfig(min_tracks=9), split_by="track")
    assert "--split-by" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_tracks": 0}, "min_tracks=0 must be at least 1"),
        ({"min_artists": 0}, "min_artists=0 must be at least 1"),
        ({"max_genres": -1}, "max_genres=-1 must be at least 0"),
        ({"max_genres": 1}, r"max_genres=1 must be 0 \(no limit\) or at least 2"),
    ],
)
def test_selection_options_out_of_range(options: dict[str, int], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SelectionConfig(**options)


def test_where_each_track_has_one_genre_which_one_can_be_asked() -> None:
    single = [make_track("a", "rock"), make_track("b", "jazz")]
    assert "--task exclusive" in describe_question(single)
    check_one_genre_each(single)
    several = [make_track(f"{n}.mp3", "jazz|rock") for n in range(6)]
    assert describe_question([*single, *several]) == describe_question([]) == ""
    message = r"6 of 8 tracks have several: 0.mp3 \(jazz, rock\); .*; 4.mp3 \(jazz, rock\) …$"
    with pytest.raises(DatasetError, match=message):
        check_one_genre_each([*single, *several])


def _of_a_tree() -> list[Track]:
    """Four tracks of techno, one of jungle, three of rock, each by its own artist."""
    names = ["techno"] * 4 + ["jungle"] + ["rock"] * 3
    return [make_track(f"{i}.wav", name, f"artist{i}") for i, name in enumerate(names)]


TREE = GenreTree(
    parents={"jungle": ("drum_and_bass",), "drum_and_bass": ("electronic",), "electro": ("techno",)}
    | {"techno": ("electronic",)},
    also={"rock": "rock_music"},
    names={"electronic": "Electronic Music"},
)


def test_a_label_brings_all_that_is_above_it() -> None:
    selection = select_genres(_of_a_tree(), SelectionConfig(min_tracks=1, min_artists=1), tree=TREE)
    assert selection.vocabulary.genres == (
        "drum_and_bass",
        "electronic",
        "jungle",
        "rock_music",
        "techno",
    )
    assert selection.vocabulary.parents == ((1,), (), (0,), (), (1,))
    assert selection.tracks[4].genres == ("drum_and_bass", "electronic", "jungle")
    assert selection.tracks[7].genres == ("rock_music",)


def test_a_rare_genre_becomes_its_parents() -> None:
    selection = select_genres(_of_a_tree(), SelectionConfig(), tree=TREE)
    assert selection.vocabulary.genres == ("electronic", "rock_music", "techno")
    assert selection.vocabulary.parents == ((), (), (0,))
    assert selection.tracks[4].genres == ("electronic",)
    assert selection.n_tracks_dropped == 0
    assert selection.dropped == {
        "drum_and_bass": "1 track, needs 3; its tracks count as Electronic Music",
        "jungle": "1 track, needs 3; its tracks count as Electronic Music",
    }


def test_a_vocabulary_without_kinship_has_no_tree() -> None:
    tree = GenreTree(parents={"jungle": ("electronic",)})
    tracks = [track for track in _of_a_tree() if track.genres != ("jungle",)]
    assert select_genres(tracks, tree=tree).vocabulary.parents == ()
    assert select_genres(tracks) == select_genres(tracks, tree=GenreTree())
