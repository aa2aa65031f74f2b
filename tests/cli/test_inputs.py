"""Files, folders and manifests that commands are told to read: genre.cli.inputs."""

from pathlib import Path

import pytest

from genre.addresses import Address, Place
from genre.cli.inputs import find_files, find_named, renamed
from genre.errors import ConfigError
from genre.execution import Outcome
from genre.execution.shards import Shard


def test_a_manifests_files_are_called_as_it_calls_them(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("path\na/b.mp3\n/music/c.mp3\ns3://x/d.mp3\n")
    assert find_named([tmp_path / "m.csv", Path("e.mp3")]) == {
        tmp_path / "a" / "b.mp3": Path("a/b.mp3"),
        Path("/music/c.mp3"): Path("/music/c.mp3"),
        Address("s3://x/d.mp3"): Address("s3://x/d.mp3"),
        Path("e.mp3"): Path("e.mp3"),
    }


def test_only_a_parts_rows_become_files(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("path\n" + "".join(f"{number}.mp3\n" for number in range(50)))
    parts = [find_named([tmp_path / "m.csv"], Shard(number, 3)) for number in range(3)]
    assert sum(map(len, parts)) == 50
    assert len({path for part in parts for path in part}) == 50
    assert all(Shard(1, 3).holds(str(name)) for name in parts[1].values())


def test_folders_must_hold_sound(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must hold at least one audio file"):
        find_files([tmp_path])


def test_outcomes_carry_names() -> None:
    place, name = Path("/music/a"), Path("a")
    outcomes = (Outcome[Place, int](path, 1, None) for path in (place,))
    assert [outcome.unit for outcome in renamed(outcomes, {place: name})] == [name]
