"""A seed cuts training and validation anew; what is tested stays."""

import pytest

from genre.dataset.labels import Vocabulary
from genre.dataset.splits import Split, check_leaks, make_folds, make_split
from genre.dataset.splits.recut import recut
from genre.dataset.tracks import Track
from tests.dataset_examples import make_track

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
