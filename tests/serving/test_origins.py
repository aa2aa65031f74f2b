"""A stranger's page cannot have a server without a token work, nor read it: genre.serving.origins.

The rule: without a token, a request must call the server by a name that is its own (421), and one
that changes or costs something must come from its own page or from no page at all (403).
"""

import socket
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient

from genre.cli.options import take
from genre.cli.serve import make_parser
from genre.errors import ConfigError
from genre.serving.config import ServingConfig
from genre.serving.origins import Origins, parse_authority
from tests.serving_examples import TOKEN, client_of, listening, music, offered, problem_of

STRANGERS = (
    "evil.example",
    "evil.example:8000",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost:8000.evil.example",
    "evil.example, localhost",
    "localhost, evil.example",
    "localhost@evil.example",
    "evil.example@localhost",
    "localhost:port",
    "local host",
    "localhost..",
    "192.168.1.5",
    "0.0.0.0",  # noqa: S104 - nobody listens
    "[2001:db8::1]:8000",
    "[::1",
    "::1",
    "2130706433",
    "lоcalhost",  # noqa: RUF001 - a Cyrillic letter
)
OWN = (
    "localhost", "LOCALHOST:8000", "localhost.", "localhost.:80", "127.0.0.1", "127.0.0.1:65535",
    "127.0.0.2", "[::1]", "[::1]:8000", "[::ffff:127.0.0.1]:8000", "localhost:",
)  # fmt: skip


def status_of(origins: Origins, method: str = "GET", **headers: str) -> int:
    """Return what a request is answered with, 200 where nothing is wrong."""
    found = {name.replace("_", "-"): value for name, value in headers.items()}
    problem = origins.problem(method, found.get)
    return 200 if problem is None else problem.status_code


def of(*, has_token: bool = False, **changes: object) -> Origins:
    return Origins(ServingConfig(**changes), has_token=has_token)  # type: ignore[arg-type]


@pytest.mark.parametrize("listens", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_on_this_machine_only_its_own_names_are_answered(listens: str, method: str) -> None:
    for host in STRANGERS:
        assert status_of(of(host=listens), method, Host=host) == 421, host
    for host in OWN:
        assert status_of(of(host=listens), method, Host=host) == 200, host
    assert status_of(of(host=listens), method) == 200  # no browser leaves it out


def test_a_name_is_allowed_by_an_option() -> None:
    origins = of(allow_host=("music.example.org", "10.0.0.7"))
    for host in ("music.example.org", "Music.Example.org.:8443", "10.0.0.7:80", *OWN):
        assert status_of(origins, Host=host) == 200
    for host in ("example.org", "x.music.example.org", "music.example.org.evil.example"):
        assert status_of(origins, Host=host) == 421
    assert all(status_of(of(allow_host=("*",)), Host=host) == 200 for host in STRANGERS)


@pytest.mark.parametrize("listens", ["0.0.0.0", "::", "192.168.1.5", "mybox.example.org"])  # noqa: S104
def test_on_a_network_addresses_and_the_machine_s_own_name_are_answered(listens: str) -> None:
    name = socket.gethostname()
    own = ["192.168.1.5:8000", "[2001:db8::1]", f"{name}:8000", f"{name}.local", *OWN]
    for host in own:
        assert status_of(of(host=listens), Host=host) == 200, host
    for host in ("evil.example", f"{name}.evil.example", "music.example.org"):
        assert status_of(of(host=listens), Host=host) == 421, host
        assert status_of(of(host=listens, allow_host=(host,)), Host=host) == 200
    assert status_of(of(host="mybox.example.org"), Host="mybox.example.org:1") == 200


def test_with_a_token_names_are_free_until_some_are_named() -> None:
    assert status_of(of(has_token=True), Host="music.example.org") == 200
    cross = {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"}
    assert status_of(of(has_token=True), "POST", Host="localhost", **cross) == 200
    named = of(has_token=True, allow_host=("music.example.org",))
    assert status_of(named, Host="evil.example") == 421
    assert status_of(named, Host="music.example.org") == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "ANYTHING"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "none"}, 200),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),  # another port of this machine
        ({"Sec_Fetch_Site": "anything"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "http://localhost:8000"}, 403),
        # behind a proxy that calls the server by another name than the browser does
        ({"Sec_Fetch_Site": "same-origin", "Origin": "https://music.example.org"}, 200),
        ({"Origin": "http://localhost:8000"}, 200),
        ({"Origin": "http://LOCALHOST:8000"}, 200),
        ({"Origin": "http://localhost:8001"}, 403),
        ({"Origin": "http://localhost"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:8000.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://localhost:8000, http://evil.example"}, 403),
    ],
)
def test_what_costs_time_is_done_for_no_other_site(
    headers: dict[str, str], status: int, method: str
) -> None:
    assert status_of(of(), method, Host="localhost:8000", **headers) == status
    for safe in ("GET", "HEAD", "OPTIONS"):  # nothing is done, and no other site may read it
        assert status_of(of(), safe, Host="localhost:8000", **headers) == 200


def test_ports_that_the_scheme_says_are_the_same() -> None:
    origins = of(allow_host=("music.example.org",))
    for host, origin in (
        ("music.example.org", "https://music.example.org"),
        ("localhost", "http://localhost"),
        ("localhost:80", "http://localhost"),
        ("[::1]", "http://[::1]:80"),
        ("localhost:8000", "https://music.example.org"),  # named, so its page is ours
    ):
        assert status_of(origins, "POST", Host=host, Origin=origin) == 200, host
    assert status_of(origins, "POST", Origin="http://localhost") == 403


def test_an_address_is_read_or_is_none() -> None:
    for text in ("", " ", ":80", "a b", "a/b", "a:b", "[::1", "a@b", "a:123456", "[]"):
        assert parse_authority(text) is None
    authority = parse_authority("[::FFFF:127.0.0.1]:80")
    assert authority is not None
    assert str(authority.address) == "127.0.0.1"


@pytest.mark.parametrize("name", ["http://a", "a:80/", "a b", "", "*.example.org", "a/b"])
def test_what_is_no_name_is_refused_as_an_option(name: str) -> None:
    with pytest.raises(ConfigError, match=r"allow_host='.*' must be a name"):
        ServingConfig(allow_host=(name,))


def test_the_command_line_takes_names() -> None:
    words = make_parser().read(["bundle", "--allow-host", "a.example", "b.example", "::1"])
    assert take(ServingConfig, words).allow_host == ("a.example", "b.example", "::1")


def test_the_application_refuses_too(client: FlaskClient) -> None:
    """Whatever server it runs in, on every path, with problem documents."""
    for path in ("/", "/info", "/livez", "/nope", "/page/app.js", "/openapi.json"):
        answer = client.get(path, headers={"Host": "evil.example"})
        document = problem_of(answer, 421, "misdirected")
        assert "--allow-host" in document["detail"]
    for path in ("/predict", "/predict_text", "/nope"):
        answer = client.post(path, headers={"Sec-Fetch-Site": "cross-site"}, json={"genre": "jazz"})
        problem_of(answer, 403, "forbidden")
    answer = client.options("/predict", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 200
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_stranger_s_upload_is_refused_before_it_comes(tmp_path: Path) -> None:
    content = music(tmp_path)
    with offered(tmp_path) as service, listening(service) as running:
        for headers, status in (
            ({"Host": "evil.example"}, 421),
            ({"Origin": "http://evil.example"}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Origin": running.url}, 200),
            ({"Host": "localhost"}, 200),
        ):
            answer = requests.post(
                f"{running.url}/predict", files={"file": content}, headers=headers, timeout=30
            )
            assert answer.status_code == status
            assert (answer.headers.get("Connection") == "close") == (status != 200)


def test_a_token_makes_the_server_s_name_free(tmp_path: Path) -> None:
    with offered(tmp_path, token=TOKEN) as service:
        headers = {"Host": "music.example.org", "Authorization": f"Bearer {TOKEN}"}
        assert client_of(service).get("/info", headers=headers).status_code == 200
