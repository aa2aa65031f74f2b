"""Parts of a job: genre.execution.shards."""

import hashlib

import pytest

from genre.errors import ConfigError
from genre.execution.shards import Shard


def test_every_unit_is_of_one_part_and_parts_are_of_a_size() -> None:
    names = [f"rock/track {number}.mp3" for number in range(4000)]
    parts = [Shard(number, 16) for number in range(16)]
    owners = [[part.number for part in parts if part.holds(name)] for name in names]
    assert all(len(owner) == 1 for owner in owners)
    counts = [owners.count([number]) for number in range(16)]
    # 250 each, give or take five deviations of the binomial
    assert min(counts) > 170
    assert max(counts) < 330


def test_the_rule_is_the_documented_one() -> None:
    name = "jazz/Ann - So.mp3"
    number = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 7
    assert Shard(number, 7).holds(name)
    assert Shard().holds(name)


def test_a_name_that_is_no_text_belongs_somewhere() -> None:
    assert sum(Shard(number, 3).holds("a\udcff.mp3") for number in range(3)) == 1


def test_reads_what_it_writes() -> None:
    assert Shard.parse("3/16") == Shard(3, 16)
    assert str(Shard(3, 16)) == "3/16"


@pytest.mark.parametrize("text", ["16/16", "-1/4", "1", "a/b", "1/0", "", "1/2/3", "²/4"])
def test_refuses(text: str) -> None:
    with pytest.raises(ConfigError, match="must be I/N"):
        Shard.parse(text)
