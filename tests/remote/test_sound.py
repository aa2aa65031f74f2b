"""A sound file at hand, wherever it lies: genre.remote.sound."""

import hashlib
from pathlib import Path

import pytest

from genre.addresses import Address
from genre.errors import AudioError, AudioErrorKind
from genre.remote.scratch import own_folder
from genre.remote.sound import at_hand
from tests.far import FlakyFileSystem, at, flaky

__all__ = ["flaky"]


def left() -> list[str]:
    return sorted(path.name for path in own_folder().iterdir())


def test_a_path_stays_where_it_is(tmp_path: Path) -> None:
    with at_hand(tmp_path / "a.wav", max_bytes=1) as sound:
        assert (sound.path, sound.sha256) == (tmp_path / "a.wav", "")


def test_what_lies_elsewhere_is_here_for_as_long_as_the_block_runs(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    with at_hand(at(tmp_path / "a.wav"), max_bytes=5) as sound:
        assert sound.path.read_bytes() == b"sound"
        assert sound.path.suffix == ".wav"
        assert sound.sha256 == hashlib.sha256(b"sound").hexdigest()
    assert left() == ["lock"]


def test_an_error_names_the_address_and_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    far = at(tmp_path / "a.wav")
    with pytest.raises(AudioError) as caught, at_hand(far, max_bytes=5) as sound:
        raise AudioError(AudioErrorKind.CORRUPT, f"{sound.path} is bad")
    assert str(caught.value) == f"corrupt: {far} is bad"
    assert left() == ["lock"]


def test_what_does_not_come_is_a_fault_of_that_file(
    flaky: type[FlakyFileSystem],
) -> None:
    flaky().pipe_file("/a.wav", b"x" * 5000)
    far = Address("flaky://a.wav")
    with pytest.raises(AudioError, match="more than max_bytes=100") as caught:
        at_hand(far, max_bytes=100).__enter__()
    assert caught.value.kind is AudioErrorKind.TOO_LARGE
    flaky.n_cuts = 99
    with pytest.raises(AudioError, match="tried 3 times") as caught:
        at_hand(far, max_bytes=9999).__enter__()
    assert caught.value.kind is AudioErrorKind.MISSING
    assert left() == ["lock"]
