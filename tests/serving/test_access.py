"""Who may ask, and bodies that are refused before they come: genre.serving.access."""

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
import requests
from flask.testing import FlaskClient
from waitress.buffers import TempfileBasedBuffer

from genre.serving.access import Refusal, is_token
from genre.serving.problems import busy
from tests.serving_examples import (
    TOKEN,
    Listening,
    client_of,
    listening,
    music,
    offered,
    problem_of,
)

HEAD = (
    b"POST /predict HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n"
)


LENGTH = b"Content-Length: 1000000\r\n"


CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    folder = tmp_path_factory.mktemp("running")
    with (
        offered(folder, max_body_mb=1, max_uploads_mb=2) as service,
        listening(service) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    folder = tmp_path_factory.mktemp("guarded")
    with offered(folder, token=TOKEN) as service, listening(service) as running:
        yield running


@contextlib.contextmanager
def begun(running: Listening, headers: bytes) -> Iterator[socket.socket]:
    """Send the head of an upload and wait until the server has taken it, or answers."""
    port = int(running.server.effective_port)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall(HEAD + headers + b"\r\n5\r\n--b\r\n\r\n")
        started = time.monotonic()
        while not any(
            channel.request is not None and channel.request.body_bytes_received
            for channel in [*running.server.active_channels.values()]
            if channel.addr == sock.getsockname()
        ):
            sock.settimeout(0.02)
            with contextlib.suppress(TimeoutError):
                if sock.recv(1, socket.MSG_PEEK):
                    break
            assert time.monotonic() - started < 10
        sock.settimeout(10)
        yield sock


def refusal_of(sock: socket.socket) -> tuple[http.client.HTTPResponse, dict[str, object]]:
    response = http.client.HTTPResponse(sock)
    response.begin()
    document = json.loads(response.read(int(response.headers["Content-Length"])))
    assert response.headers["Content-Type"] == "application/problem+json"
    assert document["status"] == response.status
    return response, document


@pytest.mark.parametrize("size", [LENGTH, CHUNKED])
@pytest.mark.parametrize(
    "authorization", ["", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer wr\xf6ng"]
)
def test_no_body_is_taken_without_the_token(
    authorization: str, size: bytes, guarded: Listening
) -> None:
    headers = size + f"Authorization: {authorization}\r\nX-Request-ID: mine\r\n".encode("latin1")
    with begun(guarded, headers) as sock:
        response, document = refusal_of(sock)
        assert (response.status, document["kind"]) == (401, "unauthorized")
        assert document["request_id"] == "mine"
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert response.headers["Connection"] == "close"


def test_with_the_token_it_is_taken_and_without_a_body_nothing_is_asked(
    guarded: Listening, tmp_path: Path
) -> None:
    headers = {"Authorization": f"bearer {TOKEN}"}
    files = {"file": music(tmp_path)}
    url = f"{guarded.url}/predict"
    assert requests.post(url, files=files, headers=headers, timeout=30).status_code == 200
    assert requests.get(f"{guarded.url}/livez", timeout=5).status_code == 200
    assert requests.get(f"{guarded.url}/info", timeout=5).status_code == 401


def test_who_waits_to_be_asked_for_a_body_is_not_asked_in_vain(guarded: Listening) -> None:
    headers = b"Content-Length: 1000\r\nExpect: 100-continue\r\n"
    with begun(guarded, headers) as sock:
        assert refusal_of(sock)[0].status == 401


def test_a_refused_body_is_not_taken_for_a_request(guarded: Listening) -> None:
    headers = b"Content-Length: 1000\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n"
    with begun(guarded, headers) as sock:
        assert refusal_of(sock)[0].status == 401
        sock.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        sock.settimeout(1.0)
        with pytest.raises(TimeoutError):
            sock.recv(1)


@pytest.mark.parametrize("size", [LENGTH, CHUNKED])
def test_bodies_in_hand_have_a_limit_together(
    size: bytes, running: Listening, tmp_path: Path
) -> None:
    small = {"file": music(tmp_path)}
    with begun(running, LENGTH), begun(running, size):
        with begun(running, b"Content-Length: 200000\r\n") as sock:
            response, document = refusal_of(sock)
            assert (response.status, document["kind"]) == (503, "busy")
            assert document["detail"] == (
                "the uploads in hand fill max_uploads_mb=2; try again in 2 seconds"
            )
            assert response.headers["Retry-After"] == "2"
        assert requests.get(f"{running.url}/livez", timeout=5).status_code == 200
    deadline = time.monotonic() + 10
    while requests.post(f"{running.url}/predict", files=small, timeout=30).status_code != 200:
        assert time.monotonic() < deadline, "what was given up is still counted"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full there")
def test_a_full_disk_is_told(running: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    def on_a_full_disk(_: object) -> IO[bytes]:
        return Path("/dev/full").open("w+b")

    monkeypatch.setattr(TempfileBasedBuffer, "newfile", on_a_full_disk)
    connection = http.client.HTTPConnection(running.url.removeprefix("http://"), timeout=30)
    connection.request("POST", "/predict", bytes(900_000))
    response = connection.getresponse()
    document = json.loads(response.read())
    assert (response.status, document["kind"]) == (503, "busy")
    assert document["detail"] == "the disk is full; try again in 2 seconds"
    assert response.headers["Retry-After"] == "2"
    connection.close()
    assert requests.get(f"{running.url}/livez", timeout=5).status_code == 200


def test_a_token_guards_the_model_and_its_time(tmp_path: Path) -> None:
    with offered(tmp_path, token=TOKEN) as service:
        client = client_of(service)
        right = {"Authorization": f"Bearer {TOKEN}"}
        for headers in (
            {},
            {"Authorization": f"Bearer {TOKEN}x"},
            {"Authorization": f"Basic {TOKEN}"},
        ):
            for path in ("/info", "/classes", "/metrics"):
                response = client.get(path, headers=headers)
                problem_of(response, 401, "unauthorized")
                assert response.headers["WWW-Authenticate"].startswith("Bearer")
            problem_of(client.post("/predict", headers=headers), 401, "unauthorized")
            problem_of(client.post("/predict_text", headers=headers), 401, "unauthorized")
        for path in ("/info", "/classes", "/metrics"):
            assert client.get(path, headers=right).status_code == 200
        problem_of(client.post("/predict", headers=right), 415, "unsupported_media_type")
        for path in ("/health", "/livez", "/openapi.json"):
            assert client.get(path).status_code == 200
        security = client.get("/openapi.json").get_json()["paths"]["/predict"]["post"]["security"]
        assert security == [{"BearerAuth": []}]


def test_the_token_is_compared_in_constant_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("genre.serving.access.hmac.compare_digest", compare)
    with offered(tmp_path, token=TOKEN) as service:
        client_of(service).get("/info", headers={"Authorization": "Bearer wröng"})
    assert compared == [("wröng".encode(), TOKEN.encode())]


def test_every_answer_has_its_headers(client: FlaskClient) -> None:
    for path in ("/", "/info", "/nope", "/metrics", "/page/app.js"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_a_refusal_is_the_problem_that_the_application_would_answer_with() -> None:
    refusal = Refusal(busy("the disk is full"))
    assert (refusal.code, refusal.body) == (503, "the disk is full; try again in 2 seconds")
    assert refusal.headers == {"Retry-After": "2"}


def test_only_the_whole_token_is_right() -> None:
    assert is_token("schön", "schön")
    for given in ("", "schö", "schön ", "schon"):
        assert not is_token(given, "schön")
