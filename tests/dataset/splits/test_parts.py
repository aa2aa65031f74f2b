"""What a split is: checked for leaks, named by its parts, kept in a file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from genre.dataset.splits.parts import Split, check_leaks, load_split, save_split
from genre.errors import DatasetError
from tests.dataset_examples import make_track
from tests.split_examples import with_copies


def test_check_leaks() -> None:
    tracks = [
        make_track("a", "jazz", "X"),
        make_track("b", "jazz", "X"),
        make_track("c", "jazz", "Y", content="same"),
        make_track("d", "jazz", "Z", content="same"),
    ]
    check_leaks(tracks, Split(train=("a", "b"), val=("c",), test=()))
    with pytest.raises(
        DatasetError, match="artist='X' must be in one part only, is in train and val"
    ):
        check_leaks(tracks, Split(train=("a",), val=("b",), test=()))
    check_leaks(tracks, Split(train=("a",), val=("b",), test=(), by="track"))
    with pytest.raises(DatasetError, match=r"recording \(sha256\)='.*' must .* in val and test"):
        check_leaks(tracks, Split(train=(), val=("c",), test=("d",), by="track"))
    copies = with_copies(tracks, "a b")
    with pytest.raises(DatasetError, match=r"recording \(by its sound\)='a' must .* train and val"):
        check_leaks(copies, Split(train=("a",), val=("b",), test=(), by="track"))
    with pytest.raises(
        DatasetError, match="track='a' must be in one part only, is in train and te"
    ):
        check_leaks(tracks, Split(train=("a",), val=(), test=("a",)))
    with pytest.raises(DatasetError, match="the val part must list each track once"):
        check_leaks(tracks, Split(train=(), val=("a", "a"), test=()))
    with pytest.raises(DatasetError, match="track_id='e' of the test part must be among the 4 tra"):
        check_leaks(tracks, Split(train=("a",), val=(), test=("e",)))


def test_the_hash_names_the_parts() -> None:
    split = Split(train=("a", "b"), val=("c",), test=("d",))
    assert split.hash == replace(split, train=("b", "a"), warnings=("x",)).hash
    others = [
        replace(split, by="track"),
        replace(split, fold=0),
        replace(split, val=("d",), test=("c",)),
        replace(split, train=("a",), val=("b", "c")),
    ]
    assert len({split.hash, *(other.hash for other in others)}) == 5
    assert len(split.hash) == 16


def test_a_split_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "split.json"
    split = Split(train=("ü",), val=("b",), test=("c",), by="track", fold=3, warnings=("w",))
    save_split(split, path)
    assert load_split(path) == split
    assert [file.name for file in path.parent.iterdir()] == ["split.json"]


def test_a_changed_split_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    save_split(Split(train=("a",), val=("b",), test=("c",)), path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"test": ["d"]}))
    with pytest.raises(DatasetError, match=r"split=.* must have the hash .*: it was changed"):
        load_split(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train": "a"}, "must hold lists of track ids"),
        ({"val": [1]}, "must hold lists of track ids"),
        ({"by": "song"}, "by='song' must be one of: artist, track"),
        ({"more": 1}, "must be an object with the keys train, val, test, by"),
    ],
)
def test_a_file_that_is_no_split(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "split.json"
    save_split(Split(train=("a",), val=("b",), test=("c",)), path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DatasetError, match=message):
        load_split(path)


def test_a_split_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    with pytest.raises(DatasetError, match=r"split=.* must be a readable file: No such file"):
        load_split(path)
    path.write_bytes(b"{\xff")
    with pytest.raises(DatasetError, match=r"split=.* must be JSON"):
        load_split(path)
    path.write_text("[]")
    with pytest.raises(DatasetError, match="must be an object"):
        load_split(path)
