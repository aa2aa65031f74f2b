"""Opening file systems, and what is said where one cannot be had: genre.remote.systems."""

from pathlib import Path

import pytest
from fsspec.registry import known_implementations

from genre.addresses import Address
from genre.errors import AddressError, MissingPackageError
from genre.remote import systems
from tests.far import at


def test_the_file_system_of_an_address_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    system, path = systems.open_system(at(tmp_path / "a"))
    assert systems.ask_size(system, path) == 3
    systems.check_reachable(at(tmp_path / "nothing yet"), option="out")


def test_an_unknown_scheme_is_one_line() -> None:
    with pytest.raises(AddressError, match=r"^cache=nope://x cannot be reached: .*nope") as caught:
        systems.check_reachable(Address("nope://x"), option="cache")
    assert "\n" not in str(caught.value)


def test_a_lacking_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {"class": "no_such_package.X", "err": "Install no_such_package"}
    monkeypatch.setitem(known_implementations, "lacking", lacking)
    with pytest.raises(MissingPackageError, match=r"^out=lacking://x needs .* no_such_package"):
        systems.check_reachable(Address("lacking://x"), option="out")


def test_nobody_there_is_one_line() -> None:
    address = Address("http://127.0.0.1:9/x")  # the port that discards
    with pytest.raises(AddressError, match=r"^data=http://127.0.0.1:9/x cannot be reached: "):
        systems.check_reachable(address, option="data")


def test_reasons_are_one_line() -> None:
    assert systems.reason(OSError("a\n b")) == "a b"
    assert systems.reason(KeyError()) == "KeyError"
