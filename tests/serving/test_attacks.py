"""Whatever bytes come, a server answers below 500, or says that it is busy: genre.serving.server.

The rule: a client's fault is 4xx with a problem document, 501 what HTTP has and this server has
not; what is cut off gets no answer, and afterwards the server answers as before.
"""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from genre.serving import server as server_module
from tests.serving_examples import Listening, listening, offered

FORM = b"Content-Type: multipart/form-data; boundary=b\r\n"
JSON = b"Content-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n%s\r\n--b--\r\n'
METHODS = b"GET HEAD POST PUT PATCH DELETE TRACE OPTIONS CONNECT PROPFIND get".split()
PATHS = (
    b"/", b"/health", b"/livez", b"/readyz", b"/info", b"/classes", b"/metrics", b"/predict",
    b"/predict_text", b"/openapi.json", b"/page/app.js", b"/static/x", b"/static/", b"/static/../x",
    b"/static/%00", b"/page/../app.py", b"/page/%2e%2e%2fapp.py", b"/page/%00", b"/page/a%0d%0ab",
    b"/page/%ff%fe", b"/page//etc/passwd", b"/page/C:\\x", b"/page/" + b"a" * 5000, b"/%ff",
    b"//evil.example/x", b"*", b"http://evil.example/livez", b"livez", b"/livez?" + b"a=b&" * 5000,
    b"/livez?" + b"%" * 100, b"/livez;x=1", b"/LIVEZ", b"/docs",
)  # fmt: skip
HEADERS = (
    b"Range: bytes=0-1", b"Range: bytes=5-1,,x", b"Range: bytes=" + b"0-1," * 3000,
    b"If-Modified-Since: Thu, 99 Jan 99999999999 00:00:00 GMT", b"If-Modified-Since: nonsense",
    b"If-Unmodified-Since: Thu, 01 Jan 99999999999 00:00:00 GMT", b"If-None-Match: \"\xff",
    b"If-Range: Thu, 01 Jan 99999999999 00:00:00 GMT\r\nRange: bytes=0-", b"Accept: \xff",
    b"Accept: " + b"a/b;q=9e999," * 500, b"Accept: */*;q=nan", b"Cookie: " + b"a=b;" * 4000,
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==", b"Origin: \xff",
    b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", b"Authorization: \xff",
    b"Authorization: Basic =", b"Authorization: Digest a=b,", b"X-Request-ID: \xff",
    b"Content-Length: 0\r\nContent-Length: 5", b"Content-Length: +5", b"Content-Length: -1",
    b"Content-Length: " + b"9" * 30, b"Transfer-Encoding: gzip", b"Expect: nonsense",
    b"X: a\r\n b", b" X: y", b"X y", b"X : y", b": y", b"\x00: y", b"A: b\r\n" * 3000 + b"A: b",
    b"Host: evil.example", b"X-Forwarded-Host: evil.example", b"X-HTTP-Method-Override: DELETE",
)  # fmt: skip
BODIES = (
    *((FORM, PART % (name, b"x" * 100)) for name in (
        b"\xff\xfe", b"\x00", b"../../etc/passwd", b"a" * 30_000, b"", b'\\"', b"a\r\nX: y",
    )),
    *((b"Content-Type: " + kind + b"\r\n", PART % (b"a", b"x" * 100)) for kind in (
        b"multipart/form-data", b"multipart/form-data; boundary=",
        b"multipart/form-data; boundary=" + b"x" * 3000, b"multipart/form-data; boundary=\xff",
        b'multipart/form-data; boundary="a b', b"multipart/form-data; boundary=b; charset=nope",
        b"multipart/form-data; boundary*=nope''%ff", b"multipart/mixed; boundary=b", b"",
        b"application/x-www-form-urlencoded", b"\xff", b"a/b;c=d;;;=",
    )),
    (FORM, b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n' * 10_000),
    (FORM, b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + b"x" * 600_000),
    (FORM, b"--b\r\nX: " + b"x" * 600_000 + b"\r\n\r\nx\r\n--b--\r\n"),
    (FORM, b"--b\r\n\r\nx\r\n--b--\r\n"),
    (FORM, b"--b\r\nContent-Disposition: \xff; ;;=\r\n\r\nx\r\n--b--\r\n"),
    (FORM, PART.replace(b"\r\n\r\n", b"\r\nContent-Length: many\r\n\r\n", 1) % (b"a", b"x")),
    (FORM, (PART % (b"a", b"x"))[:-7] + PART % (b"b", b"y")),
    (FORM + b"Content-Encoding: gzip\r\n", PART % (b"a", b"x")),
    *((JSON, text) for text in (
        b"[" * 30_000, b"[" * 200_000, b'{"genre":' * 5000, b"null", b"NaN", b'{"genre": NaN}',
        b'{"genre": "\\ud800"}', b'{"genre": ["jazz"]}', b"\xff", b"9" * 5000, b"true", b'""',
        b'{"genre": "jazz", "genre": "rock"}', b'{"\xed\xa0\x80": 1}', b'{"genre": 1e999}',
    )),
)  # fmt: skip
CHUNKS = (
    b"-5\r\nabc\r\n0\r\n\r\n", b"0x5\r\nabcde\r\n0\r\n\r\n", b"5\r\nabcdeXX0\r\n\r\n",
    b"5;" + b"x" * 70_000 + b"\r\nabcde\r\n0\r\n\r\n", b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n",
    b"0\r\n" + b"T: x\r\n" * 20_000 + b"\r\n", b" 5\r\nabcde\r\n0\r\n\r\n", b"xyz\r\n",
)  # fmt: skip
NO_HTTP = (
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /\r\n\r\n", bytes(5000) + b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) + b"\r\n\r\n",
    b"GET /" + b"a" * 2**20 + b" HTTP/1.1\r\n\r\n", b"GET /livez HTTP/x\r\n\r\n",
    b"G\x00T / HTTP/1.1\r\n\r\n", b"\r\n" * 5000 + b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
)  # fmt: skip


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    folder = tmp_path_factory.mktemp("running")
    with offered(folder, max_body_mb=1) as service, listening(service) as running:
        yield running


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_LINGER_SECONDS", 0.1)


def request(method: bytes, path: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    head = b"%s %s HTTP/1.1\r\nHost: localhost\r\n%s%sConnection: close\r\n\r\n"
    return head % (method, path, headers, length) + body


def statuses_of(running: Listening, words: bytes, *, rest_seconds: float = 0.1) -> list[int]:
    """Send bytes and list what is answered before the connection rests or closes."""
    port = int(running.server.effective_port)
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        try:
            sock.sendall(words)
            while piece := sock.recv(65536):
                answer += piece
                sock.settimeout(rest_seconds)
        except OSError:
            pass
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def refused(running: Listening, words: bytes) -> None:
    statuses = statuses_of(running, words)
    assert statuses, words[:200]
    assert all(status < 500 or status == 501 for status in statuses), (statuses, words[:200])


@pytest.mark.parametrize("path", PATHS)
def test_every_method_on_every_path(path: bytes, running: Listening) -> None:
    running.service.engine.is_ready = True
    for method in METHODS:
        refused(running, request(method, path))


@pytest.mark.parametrize("header", HEADERS)
def test_any_header(header: bytes, running: Listening) -> None:
    for path in (b"/", b"/page/app.js", b"/info"):
        refused(running, request(b"GET", path, header + b"\r\n"))


@pytest.mark.parametrize(("headers", "body"), BODIES)
def test_any_body(headers: bytes, body: bytes, running: Listening) -> None:
    for path in (b"/predict", b"/predict_text", b"/predict?picture=%ff"):
        words = request(b"POST", path, headers, body)
        assert all(400 <= status < 500 for status in statuses_of(running, words))


@pytest.mark.parametrize("body", CHUNKS)
def test_any_chunks(body: bytes, running: Listening) -> None:
    for path, kind in ((b"/predict", FORM), (b"/predict_text", JSON)):
        refused(running, request(b"POST", path, kind + CHUNKED) + body)


@pytest.mark.parametrize(
    "lengths", [b"Content-Length: 5\r\n" + CHUNKED, CHUNKED + CHUNKED, CHUNKED + b"TE: x\r\n"]
)
def test_a_body_that_says_twice_how_long_it_is(lengths: bytes, running: Listening) -> None:
    words = request(b"POST", b"/predict", FORM + lengths)
    refused(running, words + b"0\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")


@pytest.mark.parametrize("words", NO_HTTP)
def test_what_is_no_http(words: bytes, running: Listening) -> None:
    refused(running, words)


def test_many_requests_at_once(running: Listening) -> None:
    one = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
    few = one * 15 + request(b"GET", b"/livez")
    assert statuses_of(running, few, rest_seconds=10) == [200] * 16
    # and of a flood the first, so that no thread and no memory is held by what nobody reads
    *answered, refused_one = statuses_of(running, one * 500, rest_seconds=10)
    assert set(answered) == {200}
    assert len(answered) < 500
    assert refused_one == 503


def test_nothing_is_left_behind(running: Listening, tmp_path: Path) -> None:
    """Runs last: no file, no connection, and an answer."""
    assert requests.get(f"{running.url}/livez", timeout=5).status_code == 200
    deadline = time.monotonic() + 10
    while list(running.service.uploads.iterdir()) or len(running.server.active_channels) > 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []
