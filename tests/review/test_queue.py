"""genre.review.queue: one item per track, the worst first, filtered, with what cannot be judged."""

from genre.review.queue import albums_of, make_queue
from genre.review.reasons import CONFLICT, DOUBTFUL
from tests.dataset_examples import make_track
from tests.review.examples import judged_of

TRACKS = [
    *(make_track(f"jazz/{n}.wav", "jazz", f"Ann {n}") for n in range(6)),
    *(make_track(f"rock/{n}.wav", "rock", f"Bob {n}") for n in range(6)),
]
SCORES: dict[str, tuple[float, ...]] = {
    track.track_id: (0.9, 0.1, 0.1) if track.genres == ("jazz",) else (0.1, 0.1, 0.9)
    for track in TRACKS
}
WRONG = SCORES | {"jazz/1.wav": (0.1, 0.0, 0.8), "jazz/2.wav": (0.1, 0.0, 0.95), "rock/0.wav": ()}


def test_the_worst_come_first_each_once_with_all_reasons() -> None:
    queue = make_queue(TRACKS, judged_of(WRONG), pairs=[("jazz/1.wav", "rock/3.wav")])
    assert [item.track_id for item in queue.items] == ["jazz/1.wav", "rock/3.wav", "jazz/2.wav"]
    kinds = [[reason.kind for reason in item.reasons] for item in queue.items]
    assert kinds == [[CONFLICT, DOUBTFUL], [CONFLICT], [DOUBTFUL]]
    assert queue.not_judged == ("rock/0.wav",)
    assert queue.n_tracks == 12


def test_filters_choose_by_genre_artist_and_reason() -> None:
    queue = make_queue(TRACKS, judged_of(WRONG), pairs=[("jazz/1.wav", "rock/3.wav")])
    assert len(queue.filtered()) == 3
    assert [item.track_id for item in queue.filtered(reason=DOUBTFUL)] == [
        *("jazz/1.wav", "jazz/2.wav")
    ]
    assert [item.track_id for item in queue.filtered(artist="Bob 3")] == ["rock/3.wav"]
    assert len(queue.filtered(genre="rock")) == 3
    assert queue.filtered(genre="pop") == ()


def test_what_somebody_answered_is_not_asked_again() -> None:
    queue = make_queue(TRACKS, judged_of(WRONG), settled={"jazz/1.wav", "jazz/2.wav"})
    assert queue.items == ()


def test_an_album_is_a_folder_of_one_artist() -> None:
    tracks = [
        make_track("rock/Best of/1.wav", "rock", "Bob"),
        make_track("rock/Best of/2.wav", "rock", "Bob"),
        make_track("rock/1.wav", "rock", "Bob"),
        make_track("rock/2.wav", "rock", "Ann"),
    ]
    assert albums_of(tracks) == {
        "rock/Best of/1.wav": "rock/Best of",
        "rock/Best of/2.wav": "rock/Best of",
    }
