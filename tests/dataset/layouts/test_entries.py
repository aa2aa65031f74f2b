"""What a layout is and finds."""

from pathlib import Path

from genre.dataset.layouts.entries import Layout, Listing, never, part_of_split


def test_a_layout_applies_nowhere_and_advises_with_the_folders_name(tmp_path: Path) -> None:
    layout = Layout(
        name="none",
        option="none",
        source="nothing",
        advice="look into {root}/<genre>/ {and} {root}",
        find=lambda _root: Listing(entries=()),
    )
    assert layout.applies is never
    assert not layout.applies(tmp_path)
    # whatever braces the folder's name has
    assert layout.advice_for(Path("/a{root}b/{0}")) == (
        "look into /a{root}b/{0}/<genre>/ {and} /a{root}b/{0}"
    )


def test_a_listing_may_have_found_nothing() -> None:
    assert Listing(entries=()) == Listing(entries=(), problems=(), notes=())


def test_a_set_is_called_after_its_part_with_or_without_that_word() -> None:
    names = ("Train", "train_set", "TESTSET", "val data", "dev-split", "set", "trains", "testament")
    assert [part_of_split(name) for name in names] == [
        *("train", "train", "test", "val", "val"),
        *(None, None, None),
    ]
