"""The sockets of genre.serving: what is too large, too slow or cut off, and how a server ends."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from genre.errors import GenreError
from genre.models.bundle import save_bundle
from genre.serving import server as server_module
from genre.serving.engine import DeadlineError
from genre.serving.uploads import private_folder
from tests.bundles import small_bundle
from tests.misbehaving import doze, hang
from tests.serving_examples import Listening, listening, music, offered

ROOT = Path(__file__).resolve().parents[2]
# A part named file, of a megabyte, whose end never comes.
HEAD = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    folder = tmp_path_factory.mktemp("running")
    with (
        offered(folder, max_body_mb=1, upload_seconds=1.0, max_connections=60) as service,
        listening(service) as running,
    ):
        yield running


def connect(running: Listening) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(running.server.effective_port)), timeout=10)


def said_to(running: Listening, words: bytes) -> bytes:
    """Send bytes and read until the server closes."""
    with connect(running) as sock:
        sock.sendall(words)
        answer = b""
        while piece := sock.recv(65536):
            answer += piece
    return answer


def test_a_prediction_over_a_socket(running: Listening, tmp_path: Path) -> None:
    content = music(tmp_path)
    answer = requests.post(f"{running.url}/predict", files={"file": content}, timeout=30)
    assert answer.status_code == 200
    assert sorted(answer.json()["genres"]) == ["a", "b"]
    assert list(running.service.uploads.iterdir()) == []


@pytest.mark.parametrize("n_bytes", [2**20 + 1000, 40 * 2**20])
def test_a_body_that_is_too_large_is_refused_and_the_client_hears_it(
    n_bytes: int, running: Listening
) -> None:
    # http.client sends the whole body before it reads: a connection closed at once would break it
    connection = http.client.HTTPConnection(running.url.removeprefix("http://"), timeout=30)
    connection.request("POST", "/predict", bytes(n_bytes), {"X-Request-ID": "mine"})
    response = connection.getresponse()
    document = json.loads(response.read())
    assert (response.status, document["kind"], document["request_id"]) == (413, "too_large", "mine")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "max_body_mb=1" in document["detail"]
    assert "Content-Security-Policy" in response.headers
    connection.close()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"rubbish\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: many\r\n\r\n", b"400"),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", b"501"),
        (HEAD + b"X: " + b"x" * 40_000 + b"\r\n\r\n", b"431"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", b"400"),
    ],
)
def test_what_is_no_http_is_a_problem(
    words: bytes, status: bytes, running: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_LINGER_SECONDS", 0.1)
    head, _, body = said_to(running, words).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == int(status)


def test_a_body_longer_than_it_says_is_not_taken_for_the_next_request(running: Listening) -> None:
    words = HEAD + b"Content-Length: 5\r\n\r\n--b\r\n" + b"x" * 100 + b"\r\n\r\n"
    answers = said_to(running, words)
    assert answers.count(b"HTTP/1.") == 2
    assert b" 422 " in answers
    assert b" 400 " in answers


def test_a_body_shorter_than_it_says_is_given_up(running: Listening) -> None:
    started = time.monotonic()
    assert said_to(running, HEAD + b"Content-Length: 900000\r\n\r\n" + PART) == b""
    assert time.monotonic() - started < 8
    assert list(running.service.uploads.iterdir()) == []


def test_a_slow_client_is_given_up_however_steadily_it_sends(
    running: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_HEADER_SECONDS", 1.0)
    with connect(running) as sock:
        sock.sendall(b"GET /livez HTTP/1.1\r\n")
        started = time.monotonic()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while time.monotonic() - started < 20:
                sock.sendall(b"X: y\r\n")
                time.sleep(0.1)
    assert 1 < time.monotonic() - started < 10


def test_many_connections_that_say_nothing_keep_nobody_out(running: Listening) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(50):
            held.enter_context(connect(running)).sendall(HEAD)
        for _ in range(5):
            assert requests.get(f"{running.url}/livez", timeout=5).status_code == 200


def test_a_client_that_leaves_costs_nothing(running: Listening, tmp_path: Path) -> None:
    content = PART + music(tmp_path) + b"\r\n--b--\r\n"
    for _ in range(3):
        with connect(running) as sock:
            sock.sendall(HEAD + f"Content-Length: {len(content)}\r\n\r\n".encode() + content)
    assert requests.get(f"{running.url}/livez", timeout=5).status_code == 200
    deadline = time.monotonic() + 10
    while list(running.service.uploads.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(running.service.uploads.iterdir()) == []


def test_head_and_options(running: Listening) -> None:
    for path in ("/health", "/", "/info"):
        answer = requests.head(f"{running.url}{path}", timeout=5)
        assert answer.content == b""
    answer = requests.options(f"{running.url}/predict", timeout=5)
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert "Access-Control-Allow-Origin" not in answer.headers  # other sites may not read answers


def test_the_end_waits_for_what_is_in_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genre.serving.views.read_track", hang)
    with offered(tmp_path, deadline_seconds=3.0) as service, listening(service) as running:
        statuses: list[int] = []

        def ask() -> None:
            answer = requests.post(f"{running.url}/predict", files={"file": b"x"}, timeout=30)
            statuses.append(answer.status_code)
            assert answer.headers["Connection"] == "close"

        idle = connect(running)
        asking = threading.Thread(target=ask)
        asking.start()
        while not service.engine._n_in_hand:
            time.sleep(0.01)
        running.server.end()
        time.sleep(0.8)
        with pytest.raises(OSError, match="refused"):
            connect(running)
        assert idle.recv(1) == b""  # closed, as it asks for nothing
        assert statuses == []
        asking.join()
        running.thread.join(5)
        assert not running.thread.is_alive()
        assert statuses == [504]


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


def test_a_taken_port_and_a_failing_worker_are_one_line(tmp_path: Path) -> None:
    save_bundle(small_bundle(), tmp_path / "bundle")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_serve(tmp_path, "--port", str(port))
    assert done.returncode == 1
    message = f"host='127.0.0.1' and port={port} must be free to listen on"
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1


def run_serve(
    folder: Path, *words: str, before: str = "pass"
) -> "subprocess.CompletedProcess[str]":
    code = f"import sys; {before}; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", str(folder / "bundle"), *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )


def test_without_its_libraries_it_says_what_to_install(tmp_path: Path) -> None:
    done = run_serve(tmp_path, before="sys.modules['apiflask'] = None")
    assert done.returncode == 1
    assert done.stderr == (
        "error: genre serve must find apiflask: install what it needs with "
        "`pip install 'genre[serve]'`\n"
    )


def test_a_server_of_its_own_ends_with_sigterm(tmp_path: Path) -> None:
    save_bundle(small_bundle(), tmp_path / "bundle")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "token").write_text("0123456789abcdef\n")
    code = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    words = [
        "serve",
        str(tmp_path / "bundle"),
        "--port",
        "0",
        "--n-workers",
        "1",
        "--device",
        "cpu",
    ]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words, "--token-file", str(tmp_path / "token")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path / "tmp")},
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[2]
        assert url.startswith("http://127.0.0.1:")
        deadline = time.monotonic() + 60
        while requests.get(f"{url}/readyz", timeout=5).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert requests.get(f"{url}/info", timeout=5).status_code == 401
        headers = {"Authorization": "Bearer 0123456789abcdef"}
        sent = requests.post(
            f"{url}/predict", files={"file": music(tmp_path)}, headers=headers, timeout=30
        )
        assert sent.status_code == 200
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)
        assert process.returncode == 0
    lines = [json.loads(line) for line in log.splitlines()]
    assert any(line.get("path") == "/predict" and line["status"] == 200 for line in lines)
    assert "0123456789abcdef" not in log
    assert list((tmp_path / "tmp").iterdir()) == []


def fails_to_start(folder: Path, **options: Any) -> str:  # noqa: ANN401 - of ServingConfig
    """Serve a bundle that cannot be served; gives the reason."""
    from genre.serving.config import ServingConfig
    from genre.serving.running import serve

    save_bundle(small_bundle(), folder / "bundle")
    config = ServingConfig(port=0, n_workers=1, **options)
    heard: list[str] = []
    with pytest.raises(GenreError, match="the first track could not be classified: ") as caught:
        serve(folder / "bundle", config, device="cpu", announce=heard.append)
    assert len(heard) == 1
    return str(caught.value).partition("classified: ")[2]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(GenreError("no worker"), "no worker"), (ValueError("odd"), "odd"), (OSError(), "OSError")],
)
def test_a_warm_up_that_fails_ends_the_server(
    error: Exception,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("genre.serving.engine.Engine.warm_up", fail)
    monkeypatch.setattr("genre.serving.running.log_as_json", lambda: None)
    assert fails_to_start(tmp_path) == reason
    (record,) = [entry for entry in caplog.records if entry.levelname == "ERROR"]
    assert record.exc_info is not None
    assert record.exc_info[1] is error


def test_a_first_track_that_cannot_be_written_ends_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.contextmanager
    def absent() -> Iterator[Path]:
        yield tmp_path / "absent"

    monkeypatch.setattr("genre.serving.running.private_folder", absent)
    monkeypatch.setattr("genre.serving.running.log_as_json", lambda: None)
    assert "absent" in fails_to_start(tmp_path)


def test_the_first_track_has_a_limit_of_its_own_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with offered(tmp_path, deadline_seconds=1.0) as service:
        # longer than the deadline: a worker must start first
        monkeypatch.setattr("genre.serving.engine.read_excerpt", doze)
        service.engine.warm_up(service.uploads / "warm-up.wav")
        assert service.engine.is_ready
        with pytest.raises(DeadlineError, match=r"^not done within deadline_seconds=1$"):
            service.engine.work(hang, None)
        monkeypatch.setattr("genre.serving.engine.WARM_UP_SECONDS", 1.0)
        with pytest.raises(DeadlineError, match="within the 1 s that a first track may"):
            service.engine.warm_up(service.uploads / "warm-up.wav")
        assert list(service.uploads.iterdir()) == []
