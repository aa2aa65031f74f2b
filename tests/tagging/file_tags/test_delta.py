"""What one file has and another has not: genre.tagging.file_tags.delta."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.tagging.file_tags.delta import Delta, difference, restore


def test_where_all_bytes_changed_the_original_is_kept(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(bytes(range(1, 101)))
    new.write_bytes(bytes(100))
    assert difference(old, new) == Delta(((100,),), bytes(range(1, 101)))


pieces = st.lists(st.binary(min_size=1, max_size=80), min_size=1, max_size=8)


@settings(max_examples=60)
@given(old=pieces, new=pieces, shared=st.binary(min_size=30, max_size=300))
def test_the_old_file_is_made_of_the_new_one(
    old: list[bytes], new: list[bytes], shared: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("delta")
    (folder / "old").write_bytes(shared.join(old))
    (folder / "new").write_bytes(shared.join(new))
    delta = difference(folder / "old", folder / "new")
    plain = json.loads(json.dumps(delta.to_plain()))
    made: list[bytes] = []
    with (folder / "new").open("rb") as file:
        restore(Delta.from_plain(plain["parts"], plain["kept"]), file, made.append)
    assert b"".join(made) == shared.join(old)
    assert len(delta.kept) <= len(shared.join(old))


def test_a_grown_head_and_a_changed_tail_cost_what_they_are(tmp_path: Path) -> None:
    sound = np.random.default_rng(0).bytes(10_000_000)  # longer than what is compared at once
    (tmp_path / "old").write_bytes(b"head" + sound + b"tail" * 8)
    (tmp_path / "new").write_bytes(b"another head" + sound + b"TAIL" * 8)
    delta = difference(tmp_path / "old", tmp_path / "new")
    assert delta.kept == b"tail" * 8 or delta.kept == b"head" + b"tail" * 8
    assert len(delta.parts) <= 3


def test_parts_by_hand(tmp_path: Path) -> None:
    sound = bytes(range(100, 200))
    (tmp_path / "old").write_bytes(b"tag" + sound)
    (tmp_path / "new").write_bytes(b"longer tag" + sound)
    # three bytes are kept, a hundred stand at place 10 of the new file
    assert difference(tmp_path / "old", tmp_path / "new") == Delta(((7, 103),), b"")
    assert difference(tmp_path / "new", tmp_path / "old") == Delta(((7,), (0, 103)), b"longer ")
    (tmp_path / "new").write_bytes(b"longer" + sound)
    assert difference(tmp_path / "old", tmp_path / "new") == Delta(((3,), (6, 100)), b"tag")
    assert difference(tmp_path / "old", tmp_path / "old") == Delta(((0, 103),), b"")


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        ([[4]], "dGFn"),  # three bytes
        ([[-1, 5], [3]], "dGFn"),
        ([[3]], "no base64!"),
    ],
)
def test_what_is_no_delta(parts: list[list[int]], kept: str) -> None:
    with pytest.raises(ValueError, match=r"do not belong together|base64|alphabet|padding"):
        Delta.from_plain(parts, kept)
    assert Delta.from_plain([[3]], "dGFn") == Delta(((3,),), b"tag")


@pytest.mark.parametrize(
    ("n_shared", "parts"), [(24, ((30,), (30, 24), (30,))), (23, ((30 + 23 + 30,),))]
)
def test_a_short_piece_costs_more_to_name_than_to_keep(
    n_shared: int, parts: tuple[tuple[int, ...], ...], tmp_path: Path
) -> None:
    shared = bytes(range(n_shared))
    (tmp_path / "old").write_bytes(b"a" * 30 + shared + b"b" * 30)
    (tmp_path / "new").write_bytes(b"c" * 30 + shared + b"d" * 30)
    assert difference(tmp_path / "old", tmp_path / "new").parts == parts
