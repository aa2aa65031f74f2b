"""genre.review.answers: what each answer leaves of a track's genres, and whom it is for."""

import pytest

from genre.review.answers import Answer, after, scope_of
from tests.dataset_examples import make_track


@pytest.mark.parametrize(
    ("action", "label", "genre", "expected"),
    [
        ("add", "", "Ska", ("jazz", "rock", "Ska")),
        ("add", "", "Rock", ("jazz", "rock")),
        ("remove", "jazz", "", ("rock",)),
        ("change", "jazz", "pop", ("rock", "pop")),
        ("change", "jazz", "Rock", ("rock",)),
        ("change", "blues", "pop", ("jazz", "rock")),
        ("not music", "", "", None),
    ],
)
def test_each_answer_leaves_what_it_says(
    action: str, label: str, genre: str, expected: tuple[str, ...] | None
) -> None:
    answer = Answer(key="", action=action, before=("jazz", "rock"), label=label, genre=genre)
    assert after(("jazz", "rock"), answer) == expected


def test_an_answer_is_for_a_track_its_album_or_its_artist() -> None:
    tracks = [
        make_track("rock/Best/1.wav", "rock", "Bob"),
        make_track("rock/Best/2.wav", "rock", "Bob"),
        make_track("rock/Best/3.wav", "rock", "Ann"),
        make_track("pop/4.wav", "pop", "Bob"),
    ]
    assert scope_of(tracks[0], tracks, "track") == tracks[:1]
    assert scope_of(tracks[0], tracks, "album") == tracks[:2]
    assert scope_of(tracks[0], tracks, "artist") == [*tracks[:2], tracks[3]]
