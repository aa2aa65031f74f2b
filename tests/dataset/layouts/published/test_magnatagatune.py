"""MagnaTagATune's 50 tags: genre.dataset.layouts.published.magnatagatune."""

from pathlib import Path

import pytest

from genre.dataset.faults import Fault
from genre.dataset.layouts import choose_layout, scan
from genre.dataset.layouts.published.magnatagatune import KNOWN, find_magnatagatune
from genre.errors import DatasetError
from tests.published_examples import by_id, only_note, write_quoted, write_sounds

# The first fifty are on two clips each, the last ones on one; the order of the columns decides no
# more than between equals.
RARE, FREQUENT = ["rare a", "no voice"], [f"tag {number}" for number in range(49)]
TAGS = [RARE[0], *FREQUENT, RARE[1]]
CLIPS = {
    "0/ann-one-01-x-0-29": ("2", ["tag 0", "rare a"]),
    "b/bob-two-02-y-0-29": ("6", FREQUENT),
    "c/bob-two-02-y-29-58": ("10", FREQUENT[1:]),
    "d/cy-three-03-z-0-29": ("11", ["no voice"]),
    "f/ann-one-01-x-29-58": ("12", []),
}
ARTISTS = {"2": "Ann", "6": "Bob", "10": "Bob", "11": "Cy", "12": "Ann"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write both tables and the clips but one."""
    write_quoted(
        tmp_path / "annotations_final.csv",
        [
            ["clip_id", *TAGS, "mp3_path"],
            *(
                [number, *("1" if tag in tags else "0" for tag in TAGS), f"{place}.mp3"]
                for place, (number, tags) in CLIPS.items()
            ),
        ],
    )
    names = ["clip_id", "track_number", "title", "artist", "album", "url", "segmentStart"]
    names += ["segmentEnd", "original_url", "mp3_path"]
    write_quoted(
        tmp_path / "clip_info_final.csv",
        [
            names,
            *(
                [clip, "1", 'A "title"', ARTISTS[clip], "x", "u", "0", "29", "u", f"{place}.mp3"]
                for place, (clip, _) in CLIPS.items()
            ),
        ],
    )
    write_sounds(tmp_path, [f"{place}.mp3" for place in CLIPS if place[0] != "b"])
    return tmp_path


def test_the_most_frequent_tags_the_folders_parts_and_the_artists(root: Path) -> None:
    found = by_id(find_magnatagatune(root))
    told = {name[0]: (entry.artist, entry.split) for name, entry in found.items()}
    assert told == {"0": ("Ann", "train"), "c": ("Bob", "val")}
    # 49 tags are on more clips; of the two that are on one, the first column is the fiftieth
    assert found["0/ann-one-01-x-0-29.mp3"].genres == ("rare_a", "tag_0")
    assert found["c/bob-two-02-y-29-58.mp3"].genres == tuple(
        sorted(f"tag_{number}" for number in range(1, 49))
    )


def test_what_is_left_out_is_said(root: Path) -> None:
    listing = find_magnatagatune(root)
    assert only_note(listing, "without a genre").endswith(
        "d/cy-three-03-z-0-29, f/ann-one-01-x-29-58"
    )
    assert "1 file of 5 listed not found in the folder: b/bob" in only_note(listing, "not found")


def test_clips_of_one_artist_on_both_sides_are_said(root: Path) -> None:
    write_sounds(root, ["b/bob-two-02-y-0-29.mp3"])
    assert only_note(find_magnatagatune(root), "--split-by track").startswith("1 artist of 2")


def test_it_is_found_by_itself_and_the_empty_clips_are_known(root: Path) -> None:
    empty = KNOWN.broken[0]
    lines = (root / "annotations_final.csv").read_text()
    row = lines.splitlines()[1].replace("0/ann-one-01-x-0-29", empty).replace('"2"', '"35"')
    (root / "annotations_final.csv").write_text(f"{lines}{row}\n")
    (root / empty).parent.mkdir()
    (root / f"{empty}.mp3").touch()
    found = scan(root)
    assert (found.layout, len(found.tracks)) == ("magnatagatune", 2)
    (fault,) = found.problems
    assert isinstance(fault, Fault)
    assert (fault.path, fault.kind) == (root / f"{empty}.mp3", "empty")
    assert f"known to be broken (empty as published): {empty}" in found.notes
    assert found.notes[0].startswith("MagnaTagATune (Law, West")


@pytest.mark.parametrize("name", ["annotations_final.csv", "clip_info_final.csv"])
def test_a_table_that_is_not_there_is_named(root: Path, name: str) -> None:
    (root / name).unlink()
    assert choose_layout(root).name == "folder-per-genre"
    with pytest.raises(DatasetError, match=f"must hold {name}, which MagnaTagATune is published"):
        find_magnatagatune(root)


def test_byte_order_mark_line_ends_and_a_row_again_change_nothing(root: Path) -> None:
    before = find_magnatagatune(root)
    for name in ("annotations_final.csv", "clip_info_final.csv"):
        lines = (root / name).read_bytes().splitlines()
        lines += [lines[4]] if name.startswith("ann") else []
        (root / name).write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines) + b"\r\n")
    after = find_magnatagatune(root)
    assert after.entries == before.entries
    assert only_note(after, "again").endswith(": d/cy-three-03-z-0-29")


def test_a_clip_in_another_folder_is_refused(root: Path) -> None:
    path = root / "annotations_final.csv"
    path.write_text(path.read_text().replace("c/bob", "g/bob"))
    with pytest.raises(DatasetError, match=r"annotations_final\.csv: mp3_path='g/bob.* 0 to f"):
        find_magnatagatune(root)
