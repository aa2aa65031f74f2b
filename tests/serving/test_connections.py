"""Room for newcomers, and always for the probes: genre.serving.connections.

The rule: who asks for nothing, or is slow to say what it wants, gives way, first among the
connections of the client that has the most; what is in hand never does. The probes are answered
whatever lies open.
"""

import contextlib
import resource
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from genre.serving.config import ServingConfig
from genre.serving.connections import RESERVE, client_of, seat
from tests.serving_examples import Listening, listening, music, offered

CONFIG = ServingConfig(max_connections=8, max_client_connections=4)
BODY = (
    b"POST /predict HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n"
)


@dataclass(frozen=True)
class Open:
    client: str
    idle_since: float | None


def test_there_is_room() -> None:
    assert seat("a", [], CONFIG) == seat("a", [Open("a", 0.0)] * 3, CONFIG)
    place = seat("b", [Open("a", 0.0)] * 7, CONFIG)
    assert (place.is_there, place.instead_of, place.is_for_probes) == (True, (), False)


def test_the_client_s_own_oldest_gives_way() -> None:
    others = [Open("a", 3.0), Open("a", None), Open("a", 2.0), Open("b", 1.0), Open("a", 4.0)]
    place = seat("a", others, CONFIG)
    assert place.instead_of == (others[2],)
    assert place.is_there
    assert not place.is_for_probes
    assert seat("b", others, CONFIG).instead_of == ()


def test_where_all_is_full_the_client_with_the_most_gives_way() -> None:
    crowd = [Open("a", 9.0)] * 4 + [Open("b", 1.0)] * 3 + [Open("c", 0.0)]
    assert seat("d", crowd, CONFIG).instead_of == (Open("a", 9.0),)


def test_what_is_in_hand_stays_and_the_probes_still_get_in() -> None:
    for client, crowd in (("a", [Open("a", None)] * 4), ("b", [Open("a", None)] * 8)):
        place = seat(client, crowd, CONFIG)
        assert (place.is_there, place.instead_of, place.is_for_probes) == (True, (), True)
    assert not seat("a", [Open("a", None)] * (8 + RESERVE), CONFIG).is_there


def test_a_place_of_the_probes_is_no_way_in() -> None:
    """Who comes in place of one that came for the probes may ask for no more than it could."""
    crowd = [Open("a", None)] * 4 + [Open("a", 1.0)]
    place = seat("a", crowd, CONFIG)
    assert (place.instead_of, place.is_for_probes) == ((crowd[-1],), True)
    # and where all are idle again, there is room as before
    place = seat("a", [Open("a", 3.0), *[Open("a", 1.0)] * 5], CONFIG)
    assert (place.instead_of, place.is_for_probes) == ((Open("a", 1.0),) * 3, False)


def test_a_client_of_ipv6_is_a_network() -> None:
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:2")
    assert client_of("2001:db8::1") != client_of("2001:db8:0:1::1")
    assert client_of("::ffff:10.0.0.1") == client_of("10.0.0.1")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Listening]:
    with offered(tmp_path, max_client_connections=20) as service, listening(service) as running:
        yield running


def connect(running: Listening) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(running.server.effective_port)), timeout=10)


def probes_answer(running: Listening) -> None:
    for path in ("/livez", "/readyz"):
        answer = requests.get(f"{running.url}{path}", timeout=10)
        assert answer.status_code in (200, 503)
        assert "starting" in answer.text or answer.status_code == 200


@pytest.mark.parametrize(
    "said",
    [b"", b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n", b"\r\n\r\n"],
    ids=["nothing", "a word", "half a head", "blank lines"],
)
def test_five_hundred_idle_connections_keep_nobody_out(said: bytes, running: Listening) -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 800:
        pytest.skip("this process may not open so many files")
    with contextlib.ExitStack() as held:
        for _ in range(500):
            sock = held.enter_context(connect(running))
            with contextlib.suppress(OSError):  # given up for those behind it
                sock.sendall(said)
        probes_answer(running)
        assert requests.get(f"{running.url}/info", timeout=10).status_code == 200
        assert len(running.server.active_channels) <= 20 + 1


def test_bodies_that_trickle_leave_room_for_the_probes(running: Listening) -> None:
    """Slow bodies are requests in hand: they stay, and fill only what one client may have."""
    with contextlib.ExitStack() as held:
        slow = [held.enter_context(connect(running)) for _ in range(20)]
        for sock in slow:
            sock.sendall(BODY + b"Content-Length: 1000\r\n\r\n--b")
        deadline = time.monotonic() + 30
        while sum(c.idle_since is None for c in [*running.server.active_channels.values()]) < 20:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        probes_answer(running)
        # nor may the places of the probes be held with bodies that nobody asks for
        for _ in range(2 * RESERVE):
            sock = held.enter_context(connect(running))
            with contextlib.suppress(OSError):
                sock.sendall(BODY.replace(b"/predict", b"/livez") + b"Content-Length: 9\r\n\r\n-")
        probes_answer(running)
        answer = requests.get(f"{running.url}/info", timeout=10)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        slow[0].close()
        deadline = time.monotonic() + 30
        while requests.get(f"{running.url}/info", timeout=10).status_code != 200:
            assert time.monotonic() < deadline


def test_answers_that_nobody_takes_hold_little(running: Listening) -> None:
    """A thousand requests in one packet, and no answer read: few are worked at."""
    many = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1000
    with contextlib.ExitStack() as held:
        for _ in range(10):
            sock = held.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.settimeout(1)
            sock.connect(("127.0.0.1", int(running.server.effective_port)))
            with contextlib.suppress(OSError):
                sock.sendall(many)
        time.sleep(0.5)
        probes_answer(running)
        open_ones = [*running.server.active_channels.values()]
        assert all(len(one.requests) <= 17 for one in open_ones)
        assert sum(one.total_outbufs_len for one in open_ones) < 10 * 2**20


def test_a_connection_that_was_used_may_be_used_again(running: Listening, tmp_path: Path) -> None:
    """And a client with many requests at a time gets an answer to each."""
    content, statuses = music(tmp_path, seconds=1.0), []
    with requests.Session() as session:
        for _ in range(3):
            assert session.get(f"{running.url}/info", timeout=10).status_code == 200

    def ask() -> None:
        answer = requests.post(f"{running.url}/predict", files={"file": content}, timeout=60)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 16
