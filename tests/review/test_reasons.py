"""genre.review.reasons: doubts in words, with the scores and counts that they rest on."""

import pytest

from genre.genre_tree import GenreTree
from genre.review.reasons import (
    CONFLICT,
    DOUBTFUL,
    THIN,
    UNDECIDED,
    conflicts,
    doubtful,
    thin,
    undecided,
    unlike_copies,
)
from tests.dataset_examples import make_track
from tests.review.examples import judged_of

JAZZ = [make_track(f"{n}", "jazz", f"Ann {n}") for n in range(4)]
ROCK = [make_track(f"r{n}", "rock", f"Bob {n}") for n in range(4)]
SCORES = {track.track_id: (0.9, 0.1, 0.1) for track in JAZZ} | {
    track.track_id: (0.1, 0.1, 0.9) for track in ROCK
}


def test_a_doubtful_label_names_the_runs_and_their_scores() -> None:
    judged = judged_of(SCORES | {"2": (0.2, 0.1, 0.8)}, n_runs=3)
    found = doubtful([*JAZZ, *ROCK], judged, str.title)
    assert set(found) == {"2"}
    assert found["2"].kind == DOUBTFUL
    assert (found["2"].label, found["2"].suggested) == ("jazz", "rock")
    assert found["2"].words == (
        "3 of 3 runs that never heard it in training hear Rock (0.80) rather than its label Jazz "
        "(0.20)"
    )


def test_what_no_run_can_judge_or_the_model_never_learned_is_not_doubted() -> None:
    odd = make_track("2", "polka", "Ann 2")
    scores = SCORES | {"2": (0.2, 0.1, 0.8), "3": ()}
    assert doubtful([odd, *JAZZ[:2], JAZZ[3], *ROCK], judged_of(scores), str) == {}
    assert doubtful([], judged_of(scores), str) == {}


def test_what_is_above_a_label_or_below_it_does_not_speak_against_it() -> None:
    tree = GenreTree(parents={"rock": ("pop",)})
    # no parent scores below its child; what is labelled rock is pop as well
    scores = {track.track_id: (0.9, 0.1, 0.1) for track in JAZZ}
    scores |= {track.track_id: (0.1, 0.9, 0.8) for track in ROCK[1:]} | {"r0": (0.9, 0.2, 0.1)}
    pop = make_track("p0", "pop", "Cy")
    judged = judged_of(scores | {"p0": (0.1, 0.7, 0.7)})
    assert set(doubtful([*JAZZ, *ROCK, pop], judged, str)) == {"r0", "r1", "r2", "r3"}
    found = doubtful([*JAZZ, *ROCK, pop], judged, str, tree)
    assert set(found) == {"r0"}
    assert found["r0"].suggested == "jazz"


def test_undecided_is_near_what_decides() -> None:
    found = undecided(JAZZ, judged_of(SCORES | {"1": (0.52, 0.1, 0.1)}), str)
    assert set(found) == {"1"}
    assert found["1"].kind == UNDECIDED
    assert found["1"].words == "its score for jazz, 0.52, lies at what decides, 0.50"
    assert found["1"].weight == pytest.approx(-0.02)


def test_a_thin_genre_counts_tracks_and_artists() -> None:
    polka = make_track("p", "jazz|polka", "Cy")
    more = [make_track(f"m{n}", "jazz", f"Dee {n}") for n in range(3)]
    found = thin([*JAZZ, *more, polka], str)
    assert set(found) == {"p"}
    assert found["p"].kind == THIN
    assert found["p"].words.startswith("polka has only 1 track by 1 artist;")
    assert thin([*JAZZ, *more, polka], str, GenreTree(parents={"jazz": ("polka",)})) == {}


def test_copies_with_different_genres_name_each_other() -> None:
    by_id = {track.track_id: track for track in (*JAZZ, *ROCK)}
    found = conflicts(by_id, [("0", "r0"), ("1", "2"), ("3", "gone")], str)
    assert set(found) == {"0", "r0"}
    assert found["0"].kind == CONFLICT
    assert found["0"].words == "labelled jazz, but it is the same recording as r0 (rock)"
    assert (found["r0"].label, found["r0"].suggested) == ("rock", "jazz")


def test_one_file_listed_twice_with_different_genres_is_named_with_both() -> None:
    copies = {"a": {"a": ("jazz",), "b": ("rock",)}, "c": {"c": ("pop",), "d": ("pop",)}}
    found = unlike_copies(copies, str)
    assert set(found) == {"a"}
    assert found["a"].kind == CONFLICT
    assert found["a"].words == (
        "the same file lies there 2 times with different labels, which count together: "
        "a (jazz), b (rock)"
    )
