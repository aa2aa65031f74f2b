"""The sockets of genre.serving.server: what is too large, too slow or cut off, and how it ends."""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from genre.serving import server as server_module
from tests.misbehaving import hang
from tests.serving_examples import (
    Listening,
    listening,
    music,
    offered,
)

# A part named file, of a megabyte, whose end never comes.
HEAD = (
    b"POST /predict HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n"
)


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
