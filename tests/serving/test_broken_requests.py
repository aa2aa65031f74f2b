"""Requests that no client would send, to genre.serving.server and all its views.

The rule: whatever bytes come, the answer is the client's fault (4xx), a lack of room (503) or a
method that is not there (501), never a fault of the server (500) and never silence; the log has no
traceback, no file stays, and the next client is served.
"""

import io
import logging
import re
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from genre.serving import server as server_module
from tests.serving_examples import Listening, listening, music, offered

HOST = b"Host: localhost\r\n"
CLOSE = HOST + b"Connection: close\r\n"
MULTIPART = b"Content-Type: multipart/form-data; boundary=b\r\n"
JSON = b"Content-Type: application/json\r\n"
FILE = b'Content-Disposition: form-data; name="file"; filename='
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "OPTIONS", "FOO"]
PATHS = ["/", "/page/app.js", "/page/..%2f..%2fapp.py", "/page/%00", "/static/x", "/predict"]
PATHS += ["/predict_text", "/health", "/livez", "/readyz", "/info", "/classes", "/metrics", "/%ff"]
PATHS += ["/openapi.json", "/nothing", "*", "//evil/x", "/page/../app.py", "/?" + "a" * 20000]
PATHS += ["http://[bad/", "http://localhost:x/", "/?a=" + "%" * 1000, "/page/" + "a" * 5000]


def request(line: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return line + b" HTTP/1.1\r\n" + CLOSE + headers + length + b"\r\n" + body


def form(*parts: bytes, boundary: bytes = b"b") -> bytes:
    """Write a form; a part is its headers, an empty line and its content."""
    return (
        b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts) + b"--%b--\r\n" % boundary
    )


def sent(form: bytes, headers: bytes = MULTIPART) -> bytes:
    return request(b"POST /predict", headers, form)


def upload(name: bytes, more: bytes = b"", content: bytes = b"no sound") -> bytes:
    return FILE + name + more + b"\r\n\r\n" + content


def field(content_type: bytes, content: bytes) -> bytes:
    head = b'Content-Disposition: form-data; name="x"\r\nContent-Type: ' + content_type
    return head + b"\r\n\r\n" + content


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.mp3", bytes(50_000_000))
    return file.getvalue()


FORMS = {
    "no boundary": sent(form(upload(b'"a"')), b"Content-Type: multipart/form-data\r\n"),
    "empty boundary": sent(form(upload(b'"a"')), MULTIPART.replace(b"=b", b"=")),
    "long boundary": sent(
        form(upload(b'"a"'), boundary=b"b" * 5000), MULTIPART.replace(b"=b", b"=" + b"b" * 5000)
    ),
    "odd boundary": sent(form(upload(b'"a"')), MULTIPART.replace(b"=b", b'="\x01\xe4"')),
    "boundary in pieces": sent(
        form(upload(b'"a"')), MULTIPART.replace(b"boundary=b", b"boundary*0=b; boundary*1*=x''%ff")
    ),
    "two types": sent(form(upload(b'"a"')), MULTIPART + JSON),
    "no type": sent(form(upload(b'"a"')), b""),
    "no such type": sent(b"x", b"Content-Type: \xff/\xfe;;;=\r\n"),
    "mixed": sent(form(upload(b'"a"')), b"Content-Type: multipart/mixed; boundary=b\r\n"),
    "urlencoded": sent(b"file=x", b"Content-Type: application/x-www-form-urlencoded\r\n"),
    "gzip": sent(form(upload(b'"a"')), MULTIPART + b"Content-Encoding: gzip\r\n"),
    "many files": sent(form(*[upload(b'"a"')] * 3000)),
    "eight files": sent(form(*[upload(b'"a"')] * 8)),
    "many fields": sent(form(*[field(b"text/plain", b"y")] * 3000)),
    "a long field": sent(form(field(b"text/plain", b"y" * 900_000), upload(b'"a"'))),
    "a long header of a part": sent(form(upload(b'"a"', b"\r\nX: " + b"y" * 100_000))),
    "many headers of a part": sent(form(upload(b'"a"', b"\r\nX: y" * 20_000))),
    "no name": sent(form(b'Content-Disposition: form-data; filename="a"\r\n\r\nx')),
    "a name of no text": sent(form(b'Content-Disposition: form-data; name="\xff"\r\n\r\nx')),
    "no disposition": sent(form(b"X: y\r\n\r\nx")),
    "no end": sent(b"--b\r\n" + upload(b'"a"')),
    "only an end": sent(b"--b--\r\n"),
    "bare newlines": sent(form(upload(b'"a"')).replace(b"\r\n", b"\n")),
    "returns": sent(form(upload(b'"a"', content=b"\r" * 900_000))),
    "almost boundaries": sent(form(upload(b'"a"', content=b"\r\n--" * 200_000))),
    "a negative part": sent(form(upload(b'"a"', b"\r\nContent-Length: -5"))),
    "an endless part": sent(form(upload(b'"a"', b"\r\nContent-Length: " + b"9" * 5000))),
    "zip bomb": sent(form(upload(b'"x.mp3"', content=bomb()))),
}
FORMS |= {
    f"file name {name!r}": sent(form(upload(name)))
    for name in (b'"a\x00b"', b'"\xff\xfe"', '"\u202e日本/../../etc/passwd"'.encode(), b'""', b'"a')
}
FORMS |= {
    f"file name* {name!r}": sent(form(FILE[:-9] + b"filename" + name + b"\r\n\r\nx"))
    for name in (b"*=utf-8''%ff%00", b"*=none''%ff", b"*=punycode''%ff", b"*0*=a; filename*9=b")
}
FORMS |= {
    f"charset {name!r}": sent(
        form(field(b"text/plain; charset=" + name, b"\xff" * 9), upload(b'"a"'))
    )
    for name in (b"nonsense", b"idna", b"zlib", b"undefined", b"utf-7", b"\xff")
}
ORDERS = {
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "lists": b"[" * 900 + b"]" * 900,
    "deep objects": b'{"genre":' * 30_000 + b"1" + b"}" * 30_000,
    "many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(60_000)) + b"}",
    "a long word": b'{"genre":"' + b"x" * 900_000 + b'"}',
    "NaN": b'{"genre":NaN}',
    "infinity": b'{"genre":1e999}',
    "digits": b'{"genre":' + b"9" * 4000 + b"}",
    "twice": b'{"genre":"jazz","genre":"pop"}',
    "utf-16": '{"genre":"jazz"}'.encode("utf-16"),
    "latin-1": b'{"genre":"\xff"}',
    "half a letter": b'{"genre":"\\ud800","\\ud800":1}',
    "nothing": b" ",
    "a list": b'["jazz"]',
    "null": b"null",
}
CHUNKED = b"POST /predict HTTP/1.1\r\n" + CLOSE + MULTIPART + b"Transfer-Encoding: chunked\r\n\r\n"
POST = b"POST /predict HTTP/1.1\r\n" + CLOSE + MULTIPART
HEADS = {
    "chunks of a byte": CHUNKED + b"1\r\nx\r\n" * 500 + b"0\r\n\r\n",
    "an extended chunk": CHUNKED + b"5;" + b"x" * 30_000 + b"\r\nabcde\r\n0\r\n\r\n",
    "a negative chunk": CHUNKED + b"-5\r\nabcde\r\n0\r\n\r\n",
    "a chunk of a long size": CHUNKED + b"0" * 100_000 + b"5\r\nabcde\r\n0\r\n\r\n",
    "trailers": CHUNKED + b"5\r\nabcde\r\n0\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a blank before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a signed length": POST + b"Content-Length: +5\r\n\r\nabcde",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "a length of many digits": POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "a length of other digits": POST + b"Content-Length: \xb2\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100) + b"\r\n\r\n",
    "zeros": bytes(1000) + b"\r\n\r\n",
    "tabs": b"GET\t/livez\tHTTP/1.1\r\n" + CLOSE + b"\r\n",
    "small letters": b"get /livez HTTP/1.1\r\n" + CLOSE + b"\r\n",
    "blank lines before": b"\r\n" * 1000 + request(b"GET /livez"),
    "many at once": b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n" + request(b"GET /livez") * 500,
    "two in one": b"POST /predict_text HTTP/1.1\r\n"
    + HOST
    + JSON
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + request(b"GET /livez"),
}
HEADERS = [
    b"nonsense",
    b"X: a\r\n b",
    b"X: \0",
    b"X: " + b"y" * 40_000,
    b"X: y\r\n" * 5000 + b"X: y",
    b"Accept: ;;;q=nan,*/*;q=1e999",
    b"Accept: " + b"a/b;q=0.1," * 2500,
    b"Cookie: a=\xff",
    b"Range: bytes=99999999-",
    b"Range: bytes=-0",
    b"Range: bytes=0-5",
    b"Range: x=\xff",
    b"Range: bytes=0-" + b"9" * 5000,
    b"Range: bytes=" + b"0-1," * 3000 + b"0-1",
    b"If-Range: \xff\r\nRange: bytes=0-1",
    b'If-None-Match: "x',
    b"If-Modified-Since: Sat, 99 Nov 99999 99:99:99 GMT",
    b"If-Modified-Since: Mon, 01 Jan 0001 00:00:00 +9999",
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13",
    b"Upgrade: h2c",
    b"Expect: nonsense",
    b"Authorization:",
    b"Authorization: " + b"\xff" * 100,
    b'Authorization: Digest username="a',
    b"Authorization: Bearer a\r\nAuthorization: Bearer b",
    b"X-Request-ID: \xff\xfe",
    b"X-Forwarded-For: \xff, 1\r\nX-Forwarded-Host: evil",
    b"X-HTTP-Method-Override: POST",
    b"Content-Length: 0\r\nContent-Type: \xff",
]

EVERYTHING = {f"{m} {p[:30]}": request(f"{m} {p}".encode()) for m in METHODS for p in PATHS}
EVERYTHING |= FORMS | HEADS
EVERYTHING |= {name: request(b"POST /predict_text", JSON, body) for name, body in ORDERS.items()}
EVERYTHING |= {
    f"{head[:40]!r} {path!r}": request(b"GET " + path, head + b"\r\n")
    for head in HEADERS
    for path in (b"/page/app.js", b"/info", b"/")
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    folder = tmp_path_factory.mktemp("running")
    with offered(folder, max_body_mb=1) as service, listening(service) as running:
        yield running


def statuses(running: Listening, words: bytes) -> list[int]:
    """Send bytes, and nothing after them, and read the status of every answer."""
    answer = b""
    with socket.create_connection(("127.0.0.1", int(running.server.effective_port)), 20) as sock:
        try:
            sock.sendall(words)
            sock.shutdown(socket.SHUT_WR)
            while piece := sock.recv(65536):
                answer += piece
        except ConnectionError:  # closed while we were still sending
            pass
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def test_nothing_that_comes_is_a_fault_of_the_server(
    running: Listening,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_module, "_LINGER_SECONDS", 0.2)
    caplog.set_level(logging.WARNING)
    answers = {name: statuses(running, words) for name, words in EVERYTHING.items()}
    assert {name: found for name, found in answers.items() if not found} == {}
    fine = {*range(200, 500), 501, 503}
    assert {name: found for name, found in answers.items() if not fine.issuperset(found)} == {}
    wanted = {name: {400, 413, 415, 422} for name in FORMS}
    wanted |= {name: {400, 413, 422} for name in ORDERS}
    wanted |= {f"GET {path}": {404} for path in ("/static/x", "/nothing", "/%ff", "/page/%00")}
    other = {name: answers[name] for name, these in wanted.items() if set(answers[name]) - these}
    assert other == {}
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    files = {"file": music(tmp_path)}
    assert requests.post(f"{running.url}/predict", files=files, timeout=30).status_code == 200
    assert list(running.service.uploads.iterdir()) == []
