"""A manifest in memory: genre.dataset.manifest.columns."""

from pathlib import Path

import pytest

from genre.addresses import Address, Place
from genre.dataset.manifest.columns import Gathering, Manifest
from genre.errors import DatasetError

HASH = "ab" * 32


def gathered(place: Place, *paths: str, **texts: list[str]) -> Manifest:
    gathering = Gathering(place, ["path", *texts])
    gathering.add({"path": list(paths), **texts}, {"size": [5] * len(paths)})
    return gathering.done()


def test_paths_start_from_the_manifests_folder() -> None:
    texts = ("a/b.mp3", "/music/c.mp3", "s3://bucket/d.mp3")
    here = gathered(Path("lists/m.csv"), *texts)
    assert [here.place_of(row) for row in range(3)] == [
        Path("lists/a/b.mp3"),
        Path("/music/c.mp3"),
        Address("s3://bucket/d.mp3"),
    ]
    there = gathered(Address("sftp://host/lists/m.csv"), *texts)
    assert [there.place_of(row) for row in range(3)] == [
        Address("sftp://host/lists/a/b.mp3"),
        Path("/music/c.mp3"),
        Address("s3://bucket/d.mp3"),
    ]


def test_what_is_not_said_is_unknown() -> None:
    one = gathered(Path("m.csv"), "a")
    assert (one.sha256, one.genres, one.fold.tolist()) == ([""], [""], [-1])
    assert one.stamp(0) is None
    gathering = Gathering(Path("m.csv"), ["path"])
    gathering.add({"path": ["a"]}, {"size": [1], "modified": [2]})
    assert gathering.done().stamp(0) == (1, 2, -1)


def test_untidy_paths_are_tidied_and_addresses_are_left_alone() -> None:
    texts = ("./a", "b//c", "d/./e", "s3://x//y", "../f")
    assert gathered(Path("m.csv"), *texts).path == ["a", "b/c", "d/e", "s3://x//y", "../f"]


def test_a_part_keeps_its_rows_and_their_numbers() -> None:
    whole = gathered(Path("m.csv"), "a", "b", "c", sha256=[HASH, "", HASH.upper()])
    part = whole.only(lambda path: path != "b")
    assert (part.path, part.sha256, part.size.tolist()) == (["a", "c"], [HASH, HASH], [5, 5])
    assert part.where(1, "size") == "m.csv, row 3, column size"
    assert len(part) == 2


@pytest.mark.parametrize(
    ("paths", "texts", "words"),
    [
        (["a", "b", "a"], {}, "m.csv, row 3, column path: 'a' must be listed once, see row 1"),
        (["a", ""], {}, "m.csv, row 2, column path: must name a file"),
        (["a\0"], {}, "m.csv, row 1, column path: 'a\\x00' must be text without NUL"),
        (["a", "b"], {"sha256": [HASH, "x"]}, "m.csv, row 2, column sha256: 'x' must be 64 hexa"),
        ([], {}, "m.csv must list at least one file"),
    ],
)
def test_what_cannot_be_is_refused(
    paths: list[str], texts: dict[str, list[str]], words: str
) -> None:
    with pytest.raises(DatasetError) as caught:
        gathered(Path("m.csv"), *paths, **texts)
    assert str(caught.value).startswith(words)


def test_a_path_that_comes_twice_is_found_across_blocks() -> None:
    gathering = Gathering(Path("m.csv"), ["path"])
    gathering.add({"path": ["a", "b"]}, {})
    with pytest.raises(DatasetError, match=r"row 4, column path: 'b' must be .* see row 2"):
        gathering.add({"path": ["c", "b"]}, {})


def test_a_manifest_without_paths_is_none() -> None:
    with pytest.raises(DatasetError, match="row 0, column path: must be there; found: genres"):
        Gathering(Path("m.csv"), ["genres"])
