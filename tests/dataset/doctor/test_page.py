"""The page: complete, small, and safe with any name."""

import re
import typing
from pathlib import Path

import numpy as np
import pytest

from genre.audio.decoder import LENGTH_TOLERANCE
from genre.dataset.doctor.advice import steps
from genre.dataset.doctor.artists import SOURCES
from genre.dataset.doctor.page import MAX_THUMBNAILS, capped, page_text
from genre.dataset.doctor.tables import summary_text
from genre.dataset.features import FeatureStore
from genre.dataset.layouts import LAYOUTS
from genre.dataset.recordings import RecordingPair
from genre.dataset.tracks import ArtistSource
from tests.doctor_examples import (
    SCRIPT,
    examine_folder,
    huge_examination,
    make_hostile_folder,
    make_ill_folder,
    noise,
)
from tests.page_reader import Reader
from tests.sounds import write

TAGS = """
    html head meta title style body main header h1 h2 h3 p br span strong a ol ul li table thead
    tbody tr th td div svg rect line text image figure figcaption bdi dl dt dd
    details summary
"""
ATTRIBUTES = """
    lang charset name content http-equiv id class href scope tabindex role aria-label
    aria-labelledby aria-hidden viewbox width height x y x1 x2 y1 y2 fill stroke text-anchor
    preserveaspectratio style
"""


def assert_safe(content: str) -> Reader:
    """Check that the page has no script, no external file and nothing unknown, and read it."""
    content.encode()
    reader = Reader(content)
    assert set(reader.tags) <= set(TAGS.split())
    assert set(reader.attributes) <= set(ATTRIBUTES.split())
    for target in reader.attributes.get("href", []):
        assert re.match(r"#\w+$|data:image/png;base64,[A-Za-z0-9+/=]+$", target), target[:80]
    links = {target[1:] for target in reader.attributes.get("href", []) if target[0] == "#"}
    assert links <= set(reader.attributes["id"])
    assert "url(" not in content
    assert "://" not in content.replace("Content-Security-Policy", "")
    return reader


def test_no_name_can_do_anything(tmp_path: Path) -> None:
    make_hostile_folder(tmp_path / "music")
    examination, store = examine_folder(tmp_path / "music", tmp_path / "cache")
    reader = assert_safe(page_text(examination, store))
    for name in ("<img src=x onerror=alert(1)>", "line\\nbreak", "turned \\u202egnp", "שיר"):
        assert name in reader.text
    for name in ("{{ 7 * 7 }}{% raw %}", "\\x1b[31mred", "not utf-8 \\udcff", "&lt;b&gt;"):
        assert name in reader.text
    assert "<i>Artist" in reader.text
    assert "\u202e" not in reader.text
    assert reader.tags["image"] == 10


def test_a_hostile_artist_from_the_labels(tmp_path: Path) -> None:
    root = tmp_path / "music"
    root.mkdir()
    lines = [f"{SCRIPT}|x,{SCRIPT}" for _ in range(3)]
    for number in range(3):
        write(root / f"{number}.wav", noise(0.5, seed=number), 22050)
    rows = "".join(f"{number}.wav,{line}\n" for number, line in enumerate(lines))
    (root / "labels.csv").write_text("path,genres,artist\n" + rows)
    examination, store = examine_folder(root, tmp_path / "cache")
    assert SCRIPT in assert_safe(page_text(examination, store)).text


@pytest.mark.parametrize("n_genres", [0, 1, 50])
def test_the_page_of_none_one_and_fifty_genres(n_genres: int, tmp_path: Path) -> None:
    root = tmp_path / "music"
    root.mkdir()
    (root / "a.wav").touch()
    for number in range(n_genres):
        (root / f"genre{number}").mkdir()
        write(root / f"genre{number}" / "nobody.wav", noise(0.5, seed=number), 22050)
    examination, store = examine_folder(root, tmp_path / "cache")
    reader = assert_safe(page_text(examination, store))
    assert ("No usable file has a genre." in reader.text) == (n_genres == 0)
    assert "No artist is known" in reader.text
    assert reader.tags["image"] == min(n_genres, MAX_THUMBNAILS)
    assert ("genre49" in reader.text) == (n_genres == 50)
    assert f"{n_genres} genre" in summary_text(examination)


def test_the_page_of_ten_thousand_tracks_is_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud = np.random.default_rng(0).uniform(-80, 30, (2000, 96)).astype(np.float16)
    monkeypatch.setattr(FeatureStore, "load", lambda *_: loud)  # the worst case for a PNG
    content = page_text(huge_examination(10_000), FeatureStore(tmp_path))
    reader = assert_safe(content)
    assert reader.tags["image"] == MAX_THUMBNAILS
    assert len(content.encode()) < 3_000_000
    assert "… and 4980 more, see doctor.csv." in reader.text


def test_same_recordings_are_named_together(tmp_path: Path) -> None:
    root = tmp_path / "music"
    (root / "jazz").mkdir(parents=True)
    for number in range(3):
        write(root / "jazz" / f"X - {number}.wav", noise(5, seed=number), 22050)
    pair = RecordingPair(
        first="jazz/X - 0.wav", second="jazz/X - 2.wav", offset_seconds=1.0, similarity=0.9
    )
    examination, store = examine_folder(root, tmp_path / "cache", pairs=[pair])
    text = " ".join(assert_safe(page_text(examination, store)).text.split())
    assert "jazz/X - 0.wav (jazz) = jazz/X - 2.wav (jazz)" in text
    assert "2 files: the same recording, encoded anew or trimmed" in text


def test_the_words_are_those_of_the_layout_and_the_limits_those_of_the_program(
    tmp_path: Path,
) -> None:
    content = page_text(huge_examination(0), FeatureStore(tmp_path))
    text = " ".join(assert_safe(content).text.split())
    assert f"Genres from {LAYOUTS['folder-per-genre'].source}." in text
    assert f"differ by over {100 * LENGTH_TOLERANCE:g} %" in text
    assert "within 2 mel bands" in text
    # the seventh band from the top is at 8,920 Hz
    assert "only cutoffs between 2.5 and about 9 kHz can be seen" in text
    assert "nothing moves by more than 0.01 % of full scale" in text
    assert "more than 50 % of the tracks of a genre" in text


def test_a_thing_is_said_once(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    examination, store = examine_folder(tmp_path / "music", tmp_path / "cache")
    text = assert_safe(page_text(examination, store)).text
    found = steps(examination)
    assert len(found) > 10
    for step in found:
        assert text.count(step.what_to_do) == 1
        assert text.count(f"{step.count}: {step.title}") == 1
    # Named where they are to be mended.
    for name in ("rock/A - empty.mp3", "folk/A - surround.wav"):
        assert text.count(name) == 1
    assert "too few for training" not in text


def test_every_source_of_an_artist_has_its_words(tmp_path: Path) -> None:
    """Whatever `ArtistSource` may be, the page names it."""
    for number in range(3):
        path = tmp_path / "music" / "jazz" / f"Foxes {number}" / "One" / "song.wav"
        path.parent.mkdir(parents=True)
        write(path, noise(0.5, seed=number), 22050)
    examination, store = examine_folder(tmp_path / "music", tmp_path / "cache")
    page = page_text(examination, store)
    assert page.count(">folders</td>") == 3
    assert {*SOURCES, "track"} == set(typing.get_args(ArtistSource))


def test_a_long_list_is_cut_and_counted() -> None:
    assert (capped("abcde", 3).shown, capped("abcde", 3).n_more) == ("abc", 2)
    assert (capped("abc", 3).shown, capped("abc", 3).n_more) == ("abc", 0)
