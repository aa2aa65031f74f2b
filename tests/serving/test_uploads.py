"""Uploads on disk: private, gone when the request is over, cleared where a server was killed."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from genre.serving.uploads import private_folder
from genre.serving.views import Service
from genre.tagging.reading import ReadTrack
from tests.serving_examples import (
    music,
    problem_of,
    send,
)


def test_no_name_of_a_client_and_no_file_stays_on_disk(
    service: Service,
    client: FlaskClient,
    held_files: list[object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    work = service.engine.work

    def watched(function: Callable[[object], ReadTrack], job: object) -> object:
        seen.extend(path.name for path in service.uploads.iterdir())
        return work(function, job)

    monkeypatch.setattr(service.engine, "work", watched)
    assert send(client, music(tmp_path), "../../evil name\0.mp3").status_code == 200
    assert send(client, b"no sound").status_code == 415
    (first, second) = seen
    assert len(held_files) == 2
    assert "evil" not in first + second
    assert list(service.uploads.iterdir()) == []


def test_a_form_that_breaks_off_leaves_no_file(
    service: Service, client: FlaskClient, held_files: list[object]
) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(
        10**6
    )
    response = client.post("/predict", data=body, content_type="multipart/form-data; boundary=b")
    problem_of(response, 422, "invalid")
    assert len(held_files) == 1
    assert list(service.uploads.iterdir()) == []


@pytest.fixture
def temp_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let an empty folder stand for the one of temporary files."""
    pytest.importorskip("fcntl")
    root = tmp_path / "tmp"
    root.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(root))
    return root


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder as a server that runs does."""
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def test_the_folder_of_a_killed_server_is_removed_by_the_next(temp_root: Path) -> None:
    killed, alive = temp_root / "genre-serve-killed", temp_root / "genre-serve-alive"
    for folder in (killed, alive):
        folder.mkdir()
        (folder / "upload").write_bytes(b"x")
    with locked(alive):
        with private_folder() as folder:
            assert folder.stat().st_mode & 0o077 == 0
            assert sorted(temp_root.iterdir()) == sorted([folder, alive])
            with private_folder() as another:
                assert sorted(temp_root.iterdir()) == sorted([folder, another, alive])
        assert list(temp_root.iterdir()) == [alive]


def test_what_others_put_in_the_shared_folder_is_not_touched(
    temp_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "lock").write_bytes(b"mine")
    (temp_root / "genre-serve-link").symlink_to(precious)
    os.mkfifo(temp_root / "genre-serve-pipe")
    (temp_root / "genre-serve-file").write_bytes(b"x")
    theirs = temp_root / "genre-serve-theirs"
    theirs.mkdir()
    (theirs / "lock").symlink_to(precious / "lock")
    is_me, status_of = os.getuid(), os.fstat

    def of_a_stranger(descriptor: int) -> os.stat_result:
        status = status_of(descriptor)
        fields = list(status)
        if os.path.samestat(status, theirs.stat()):
            fields[4] = is_me + 1
        return os.stat_result(fields)

    monkeypatch.setattr("genre.serving.uploads.os.fstat", of_a_stranger)
    before = sorted(temp_root.iterdir())
    with private_folder():
        pass
    assert sorted(temp_root.iterdir()) == before
    assert (precious / "lock").read_bytes() == b"mine"


def test_a_folder_that_is_removed_before_it_is_locked_is_made_anew(
    temp_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = tempfile.mkdtemp
    made: list[Path] = []
    with contextlib.ExitStack() as held:

        def beside_another_server(**options: Any) -> str:  # noqa: ANN401 - those of mkdtemp
            made.append(Path(make(**options)))
            if len(made) == 1:
                made[0].rmdir()
            if len(made) == 2:
                held.enter_context(locked(made[1]))
            return str(made[-1])

        monkeypatch.setattr(tempfile, "mkdtemp", beside_another_server)
        with private_folder() as folder:
            assert [folder] == made[2:]
            assert folder.is_dir()
            assert folder.parent == temp_root
