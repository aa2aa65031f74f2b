"""Genres below genres: genre.genre_tree."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from genre.genre_tree import GenreTree, above, find_cycle, leaves, levels

PARENTS = {
    "jungle": ("drum_and_bass",),
    "drum_and_bass": ("electronic",),
    "jazz_rap": ("jazz", "hiphop"),
    "electro_jazz_rap": ("jazz_rap", "electronic"),
}


def test_everything_above_is_found_once() -> None:
    assert above(PARENTS, "electro_jazz_rap") == ("electronic", "hiphop", "jazz", "jazz_rap")
    assert above(PARENTS, "jazz") == ()


def test_a_genre_stands_below_the_deepest_of_its_parents() -> None:
    assert levels(PARENTS, ["electro_jazz_rap", "electronic", "jungle", "unheard"]) == {
        "electro_jazz_rap": 2,
        "electronic": 0,
        "jungle": 2,
        "unheard": 0,
    }


def test_a_long_line_of_parents_is_no_trouble() -> None:
    parents = {str(n): (str(n + 1),) for n in range(5000)}
    assert levels(parents, ["0", "5000"]) == {"0": 5000, "5000": 0}
    assert len(above(parents, "0")) == 5000
    assert find_cycle(parents) == ()


def test_leaves_are_those_that_nothing_asked_for_is_below() -> None:
    assert leaves(PARENTS, ["electronic", "jungle"]) == ("jungle",)
    assert leaves(PARENTS, ["electronic", "jazz"]) == ("electronic", "jazz")


def test_names_and_parents_are_added_to_labels() -> None:
    tree = GenreTree(parents=PARENTS, also={"amen": "jungle"})
    assert tree.whole(["amen", "rock"]) == ("drum_and_bass", "electronic", "jungle", "rock")
    assert tree.whole([]) == ()


def test_a_tree_is_cut_down_to_what_is_kept() -> None:
    tree = GenreTree(parents=PARENTS)
    kept = ["jungle", "electronic", "electro_jazz_rap", "jazz", "rock"]
    assert tree.among(kept) == {
        "jungle": ("electronic",),
        "electro_jazz_rap": ("electronic", "jazz"),
    }
    both = GenreTree(parents={"a": ("b", "c"), "b": ("c",)})  # c is above b already
    assert both.among("abc") == {"a": ("b",), "b": ("c",)}


def test_a_cycle_is_told_as_a_way_round() -> None:
    assert find_cycle(PARENTS) == ()
    assert find_cycle({"x": ["a"], "a": ["b"], "b": ["a"]}) == ("a", "b", "a")
    assert find_cycle({"a": ["a"]}) == ("a", "a")


@given(
    st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=3), max_size=10),
)
def test_a_way_round_follows_the_parents_and_none_is_missed(edges: dict[int, list[int]]) -> None:
    parents = {str(one): [str(other) for other in others] for one, others in edges.items()}
    found = find_cycle(parents)
    assert all(b in parents[a] for a, b in pairwise(found))
    assert bool(found) == any(genre in above(parents, genre) for genre in parents)
