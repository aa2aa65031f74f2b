"""The layouts that are known, and the choice among them."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.dataset.layouts import scan
from genre.dataset.layouts.entries import Entry, Layout, Listing
from genre.dataset.layouts.registry import (
    FALL_BACK,
    LAYOUTS,
    check_labels,
    choose_layout,
    describe_options,
    label_options,
)
from genre.errors import ConfigError
from genre.grid.configurations import GridConfig
from tests.dataset_examples import genres_of, write_labels, write_sound


def find_by_prefix(root: Path) -> Listing:
    """Label files by the letters before the first dash."""
    paths = sorted(root.glob("*-*.wav"))
    return Listing(
        entries=tuple(
            Entry(track_id=path.name, path=path, genres=(path.name.split("-")[0],))
            for path in paths
        )
    )


PREFIXES = Layout(
    name="prefixes",
    option="prefix",
    source="the files' prefixes",
    advice="name them <genre>-<title>.wav in {root}",
    find=find_by_prefix,
    applies=lambda root: any(root.glob("*-*.wav")),
)

COLLECTIONS = ("gtzan", "fma", "mtg_jamendo", "magnatagatune", "speech_commands", "esc50")


@pytest.fixture
def prefixes(monkeypatch: pytest.MonkeyPatch) -> Layout:
    """Register another layout, as a plug-in does, for one test."""
    monkeypatch.setitem(LAYOUTS, PREFIXES.name, PREFIXES)
    return PREFIXES


def test_the_options_are_those_of_the_entries() -> None:
    assert label_options() == ("auto", "csv", "folders", "tags", *COLLECTIONS)
    assert FALL_BACK == "folder-per-genre"


def test_auto_asks_in_order_and_falls_back(tmp_path: Path) -> None:
    assert choose_layout(tmp_path).name == "folder-per-genre"
    write_labels(tmp_path, "path,genres\n")
    assert choose_layout(tmp_path).name == "labels-csv"
    assert choose_layout(tmp_path, "folders").name == "folder-per-genre"
    assert choose_layout(tmp_path, "tags").name == "embedded-tags"


def test_one_registration_adds_a_layout_everywhere(tmp_path: Path, prefixes: Layout) -> None:
    assert label_options() == ("auto", "csv", "folders", "tags", *COLLECTIONS, "prefix")
    assert "prefix (the files' prefixes)" in describe_options()
    assert GridConfig(labels="prefix").labels == "prefix"
    write_sound(tmp_path / "jazz-a.wav")
    assert choose_layout(tmp_path) is prefixes  # before the fall-back
    found = scan(tmp_path)
    assert (found.layout, genres_of(found)) == ("prefixes", {"jazz-a.wav": ("jazz",)})
    write_labels(tmp_path, "path,genres\njazz-a.wav,rock\n")
    assert scan(tmp_path).layout == "labels-csv"  # after those registered before
    assert scan(tmp_path, labels="prefix").layout == "prefixes"


def test_an_entry_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"layout='{FALL_BACK}' must have another name"):
        LAYOUTS[FALL_BACK] = replace(LAYOUTS[FALL_BACK], source="another")
    assert choose_layout(tmp_path).source != "another"
    assert label_options() == ("auto", "csv", "folders", "tags", *COLLECTIONS)


def test_an_option_that_no_layout_has_is_an_error(prefixes: Layout) -> None:
    known = ", ".join(["auto", "csv", "folders", "tags", *COLLECTIONS, prefixes.option])
    legal = f"labels='x' must be one of: {known}"
    with pytest.raises(ConfigError, match=legal):
        check_labels("x")
    with pytest.raises(ConfigError, match=legal):
        GridConfig(labels="x")


def test_unknown_labels_option(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="labels='x' must be one of: auto, csv, folders, tags"):
        scan(tmp_path, labels="x")


@pytest.mark.parametrize(
    ("labels", "form"),
    [
        ("fma:tiny", "fma:small|medium|large|full:top|all"),
        ("fma:small:medium", "fma:small|medium|large|full:top|all"),
        ("fma:small:", "fma:small|medium|large|full:top|all"),
        ("esc50:esc50:esc10", "esc50:esc50|esc10"),
        ("csv:small", "csv"),
    ],
)
def test_what_cannot_be_chosen_is_one_line_with_the_forms(labels: str, form: str) -> None:
    with pytest.raises(ConfigError) as caught:
        GridConfig(labels=labels)
    assert str(caught.value) == f"labels={labels!r} must be of the form {form}"


def test_what_is_chosen_is_in_the_option(tmp_path: Path) -> None:
    chosen = choose_layout(tmp_path, "fma:all:small")
    assert (chosen.name, chosen.option) == ("fma", "fma:all:small")
