"""Answers a part at a time, and what joins them: genre.tagging.parts."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from genre.addresses import here
from genre.errors import ConfigError
from genre.execution.shards import Shard
from genre.tagging.parts import PartFile, find_parts

ASKED = {"bundle_sha256": "a" * 64, "top": None}
PATHS = [Path(f"music/{number}.wav") for number in range(20)]


@contextmanager
def part(folder: Path, shard: str, **changed: object) -> Iterator[PartFile]:
    with closing(PartFile(folder, Shard.parse(shard), ASKED | changed)) as opened:
        yield opened


def line(path: Path, **more: object) -> str:
    return f"{json.dumps({'path': str(path), **more})}\n"


def fill(folder: Path, shard: str, *, n_most: int = 99, **changed: object) -> None:
    """Answer the files of a part; finish where that is all of them."""
    with part(folder, shard, **changed) as opened:
        left = opened.left(PATHS)
        for path in left[:n_most]:
            opened.write(line(here(path), genres=["a"]))
        if len(left) <= n_most:
            opened.finish()


def paths_in(folder: Path) -> list[str]:
    return [json.loads(text)["path"] for text in find_parts(folder).lines()]


def test_parts_in_any_order_are_the_whole_sorted(tmp_path: Path) -> None:
    for number in (2, 0, 1):
        fill(tmp_path / "parts", f"{number}/3")
    fill(tmp_path / "whole", "0/1")
    parts = find_parts(tmp_path / "parts")
    assert (parts.count, parts.missing, parts.others) == (3, (), ())
    assert [*parts.lines()] == [*find_parts(tmp_path / "whole").lines()]
    assert paths_in(tmp_path / "parts") == sorted(map(str, PATHS))
    names = [path.name for path in parts.whole]
    assert names == [f"tags-0000{number}-of-00003.jsonl" for number in range(3)]


@pytest.mark.parametrize("torn", [b"", b'{"path": "music/9', b'{"path": "x"}', b"\0" * 50, b"[]\n"])
def test_whole_lines_are_kept_and_a_torn_one_is_dropped(tmp_path: Path, torn: bytes) -> None:
    fill(tmp_path, "0/1", n_most=7)
    partial = tmp_path / "tags-00000-of-00001.jsonl.part"
    kept = partial.read_bytes()
    partial.write_bytes(kept + torn)
    with part(tmp_path, "0/1") as opened:
        assert opened.left(PATHS) == PATHS[7:]
        assert not opened.is_whole
    fill(tmp_path, "0/1")
    assert not partial.exists()
    assert partial.with_suffix("").read_bytes().startswith(kept)
    assert paths_in(tmp_path) == sorted(map(str, PATHS))


def test_a_finished_part_that_was_cut_goes_on_too(tmp_path: Path) -> None:
    fill(tmp_path, "0/1")
    whole = tmp_path / "tags-00000-of-00001.jsonl"
    before = whole.read_bytes()
    whole.write_bytes(before[:-5])
    with pytest.raises(ConfigError, match="is damaged; tag this part again"):
        paths_in(tmp_path)
    fill(tmp_path, "0/1")
    assert whole.read_bytes() == before


def test_what_is_whole_is_left_alone_until_files_are_added(tmp_path: Path) -> None:
    with part(tmp_path, "0/1") as opened:
        opened.write(line(PATHS[0], error={"kind": "empty"}))
        opened.finish()
    with part(tmp_path, "0/1") as opened:
        assert (opened.is_whole, opened.n_bad, opened.left(PATHS[:1])) == (True, 1, [])
        assert opened.left(PATHS) == PATHS[1:]
    fill(tmp_path, "0/1", n_most=1)
    assert find_parts(tmp_path).missing == (0,)
    fill(tmp_path, "0/1")
    assert len(paths_in(tmp_path)) == len(PATHS)


def test_a_part_without_files_is_finished_too(tmp_path: Path) -> None:
    with part(tmp_path, "0/1") as opened:
        opened.write("")
        assert opened.left([]) == []
        opened.finish()
    assert find_parts(tmp_path).missing == ()
    assert paths_in(tmp_path) == []


@pytest.mark.parametrize("changed", [{"bundle_sha256": "b" * 64}, {"top": 3}])
def test_another_question_does_not_go_on(tmp_path: Path, changed: dict[str, object]) -> None:
    fill(tmp_path, "0/1", n_most=3)
    (name,) = changed
    with (
        pytest.raises(ConfigError, match=f"has another {name}; name another folder with --out$"),
        part(tmp_path, "0/1", **changed),
    ):
        pass
    fill(tmp_path, "0/1")  # the lock went with the refusal


def test_two_processes_are_not_at_one_part(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with part(tmp_path, "1/2"):
        with pytest.raises(ConfigError, match="shard=1/2 must be in the hands of one"):
            PartFile(tmp_path, Shard(1, 2), ASKED)
        fill(tmp_path, "0/2")


def test_missing_and_foreign_parts_are_named(tmp_path: Path) -> None:
    for shard in ("0/6", "2/6", "5/6"):
        fill(tmp_path, shard)
    fill(tmp_path, "1/6", bundle_sha256="b" * 64)
    fill(tmp_path, "3/6", n_most=1)
    fill(tmp_path, "4/6")
    (tmp_path / "tags-00004-of-00006.json").unlink()
    parts = find_parts(tmp_path)
    assert (parts.missing, parts.others) == ((3,), (1, 4))
    mine = [path for path in PATHS if any(Shard(k, 6).holds(f"{path}") for k in (0, 2, 5))]
    assert paths_in(tmp_path) == sorted(map(str, mine))
    fill(tmp_path, "0/2")
    with pytest.raises(ConfigError, match=r"one division, and there are some of \[2, 6\]"):
        find_parts(tmp_path)


def test_a_folder_without_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="which genre tag --out writes"):
        find_parts(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="names are bytes only on POSIX")
def test_a_name_that_is_no_text_is_kept(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(b"\xff\n.wav"))
    with part(tmp_path, "0/1") as opened:
        opened.write(line(odd))
    with part(tmp_path, "0/1") as opened:
        assert opened.left([odd]) == []
        opened.finish()
    assert paths_in(tmp_path) == [str(odd)]
