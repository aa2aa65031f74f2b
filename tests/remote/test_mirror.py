"""A folder and an address kept alike: genre.remote.mirror."""

import os
import time
from pathlib import Path

import pytest

from genre.addresses import Address
from genre.remote import mirror
from genre.remote.copying import put
from tests.far import at


def names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_what_is_there_comes_and_what_is_new_goes(tmp_path: Path) -> None:
    far, here = tmp_path / "far", tmp_path / "here"
    (far / "runs").mkdir(parents=True)
    (far / "runs" / "old").write_text("1")
    (far / "gone").write_text("2")
    with mirror.mirrored(at(far), here):
        assert names(here) == ["gone", "runs/old"]
        (here / "gone").unlink()
        (here / "runs" / "old").write_text("changed")
        (here / "runs" / "new").write_text("3")
        (here / "runs" / ".half.tmp").write_text("4")
    assert names(far) == ["runs/new", "runs/old"]
    assert (far / "runs" / "old").read_text() == "changed"


def test_states_are_pushed_while_work_goes_on_and_the_record_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "SECONDS_BETWEEN", 0.05)
    order: list[str] = []

    def _put(path: Path, to: Address) -> None:
        order.append(path.name)
        put(path, to)

    monkeypatch.setattr(mirror, "put", _put)
    far, here = tmp_path / "far", tmp_path / "here"
    here.mkdir()

    def _work() -> None:
        for second, name in enumerate(("state", "weights", "record.json")):
            (tmp_path / name).write_text(name)
            os.utime(tmp_path / name, (second, second))
            (tmp_path / name).rename(here / name)
        deadline = time.monotonic() + 10
        wanted = ["record.json", "state", "weights"]
        while names(far) != wanted and time.monotonic() < deadline:
            time.sleep(0.05)
        assert names(far) == wanted
        (here / "last").write_text("")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), mirror.mirrored(at(far), here):
        _work()
    assert order == ["state", "weights", "record.json", "last"]
    assert names(far) == ["last", "record.json", "state", "weights"]


def test_only_what_is_wanted_and_not_here_is_brought(tmp_path: Path) -> None:
    far, here = tmp_path / "far", tmp_path / "here"
    far.mkdir()
    here.mkdir()
    for name in ("tags-1", "tags-2", "other"):
        (far / name).write_text("far")
    (here / "tags-2").write_text("here")
    mirror.bring_files(at(far), here, is_wanted=lambda name: name.startswith("tags"))
    assert names(here) == ["tags-1", "tags-2"]
    assert (here / "tags-2").read_text() == "here"
