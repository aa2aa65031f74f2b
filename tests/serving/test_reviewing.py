"""genre.serving.reviewing: one person on this machine reviews; nobody else, and no other file."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from genre.review import LabelBook
from genre.review.session import Session
from genre.serving.config import ServingConfig
from genre.serving.review_ears import Ears
from genre.serving.reviewing import create_review_app
from genre.tagging.tagger import Tagger
from tests.bundles import completed, small_bundle
from tests.review.examples import small_folder, small_session

TOKEN = "a-token-of-a-test"  # noqa: S105 - of no real server
TWO = "jazz/Ann - Two.wav"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("review")
    return small_session(small_folder(folder / "music"), folder / "cache")


@pytest.fixture
def session(whole: Session) -> Session:
    for path in whole.book.root.glob("labels.*"):
        path.unlink()
    return replace(whole, _done=[])


def client_of(session: Session, loaded: list[Path] | None = None) -> FlaskClient:
    def load(folder: Path) -> Tagger:
        (loaded if loaded is not None else []).append(folder)
        return Tagger(completed(small_bundle()))

    ears = Ears(session, load, Path("best"))
    app = create_review_app(session, ears, ServingConfig(port=0), token=TOKEN)
    return app.test_client()


@pytest.fixture
def client(session: Session) -> FlaskClient:
    return client_of(session)


def key(session: Session, name: str) -> str:
    return session.key_of(session.book.root / name)


def said(session: Session, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    answer = {"key": key(session, TWO), "action": "change", "before": ["jazz"]}
    return answer | {"label": "jazz", "genre": "Rock"} | more


def post(client: FlaskClient, where: str, content: object, **headers: str) -> TestResponse:
    return client.post(f"/{TOKEN}/{where}", json=content, headers=headers)


def test_the_address_needs_its_token_and_a_name_of_this_machine(client: FlaskClient) -> None:
    assert client.get(f"/{TOKEN}/").status_code == 200
    for path in ("/", "/wrong/", "/wrong/queue", "/wrong/audio/x", f"/{TOKEN}x/queue", "/nothing"):
        assert client.get(path).status_code == 401, path
    stranger = client.get(f"/{TOKEN}/queue", headers={"Host": "evil.example"})
    assert stranger.status_code == 421


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_sites_page_changes_nothing(
    client: FlaskClient, session: Session, headers: dict[str, str]
) -> None:
    assert post(client, "table", {}, **headers).status_code == 403
    assert not session.book.is_there


def test_the_page_and_its_files_are_guarded_as_those_of_the_server(client: FlaskClient) -> None:
    page = client.get(f"/{TOKEN}/")
    policy = page.headers["Content-Security-Policy"]
    assert "media-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert page.headers["Cache-Control"] == "no-cache"
    assert client.get(f"/{TOKEN}/page/review.js").mimetype == "text/javascript"
    assert client.get(f"/{TOKEN}/page/player.js").status_code == 200
    for name in ("app.js", "index.html", "../reviewing.py", "%2e%2e%2freviewing.py"):
        assert client.get(f"/{TOKEN}/page/{name}").status_code in (401, 404), name


def test_audio_is_served_in_parts_by_key_and_no_other_file(
    client: FlaskClient, session: Session
) -> None:
    content = (session.book.root / TWO).read_bytes()
    address = f"/{TOKEN}/audio/{key(session, TWO)}"
    assert client.get(address).data == content
    part = client.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, content[100:200])
    assert part.mimetype == "audio/x-wav" or part.mimetype == "audio/wav"
    for other in ("0" * 16, "labels.csv", "..", "%2fetc%2fpasswd"):
        assert client.get(f"/{TOKEN}/audio/{other}").status_code in (401, 404), other


def test_the_queue_says_what_and_why(client: FlaskClient, session: Session) -> None:
    state = client.get(f"/{TOKEN}/queue").get_json()
    found = {item["name"]: item for item in state["items"]}
    assert found[TWO]["key"] == key(session, TWO)
    assert found[TWO]["reasons"][0]["suggested"] == "rock"
    assert state["lacks_table"]
    assert state["genres"]["jazz"] == "jazz"
    assert state["progress"]["of_genre"]["jazz"] == [2, 0, 2]


def test_a_track_is_heard_by_a_run_that_never_trained_on_it(session: Session) -> None:
    loaded: list[Path] = []
    client = client_of(session, loaded)
    answer = client.get(f"/{TOKEN}/heard/{key(session, TWO)}").get_json()
    assert loaded == [Path("runs/run0/bundle")]
    assert answer["is_judge"]
    assert answer["picture"]["n_columns"] > 0
    assert answer["telling_seconds"] in answer["timeline"]["starts_seconds"]
    client.get(f"/{TOKEN}/heard/{key(session, TWO)}")
    assert len(loaded) == 1
    assert client.get(f"/{TOKEN}/heard/nothing").status_code == 404


def test_an_answer_is_written_and_undone(client: FlaskClient, session: Session) -> None:
    refused = post(client, "answer", said(session))
    assert (refused.status_code, refused.get_json()["kind"]) == (422, "invalid")
    assert not post(client, "table", {}).get_json()["lacks_table"]
    answer = post(client, "answer", said(session)).get_json()
    assert answer["n_tracks"] == 1
    assert answer["progress"]["n_changed"] == 1
    assert f"{TWO},Rock,Ann,," in session.book.path.read_text()
    again = post(client, "answer", said(session))
    assert (again.status_code, again.get_json()["kind"]) == (409, "changed")
    assert post(client, "undo", {}).get_json()["progress"]["n_changed"] == 0
    assert f"{TWO},jazz,Ann,," in session.book.path.read_text()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({}, 422),
        ([], 400),
        ({"key": 1, "action": "accept", "before": []}, 422),
        ({"path": "/etc/passwd"}, 422),
    ],
)
def test_what_is_no_answer_is_refused(client: FlaskClient, content: object, status: int) -> None:
    post(client, "table", {})
    assert post(client, "answer", content).status_code == status
    assert client.post(f"/{TOKEN}/answer", data="x").status_code == 415


@pytest.mark.parametrize("genre", ["a|b", "a\nb", "\u202eevil", " ", "x" * 300])
def test_a_label_cannot_hold_what_a_table_cannot(
    client: FlaskClient, session: Session, genre: str
) -> None:
    post(client, "table", {})
    before = session.book.path.read_bytes()
    assert post(client, "answer", said(session, genre=genre)).status_code == 422
    assert session.book.path.read_bytes() == before


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, "full"), (errno.EROFS, "read_only")])
def test_a_disk_that_takes_nothing_is_said_and_nothing_is_lost(
    client: FlaskClient,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: str,
) -> None:
    post(client, "table", {})
    before = session.book.path.read_bytes(), session.book.history.path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(number, "no")

    write: Callable[..., None] = fail
    monkeypatch.setattr("genre.review.book.write_text", write)
    refused = post(client, "answer", said(session))
    assert (refused.status_code, refused.get_json()["kind"]) == (507, kind)
    assert (session.book.path.read_bytes(), session.book.history.path.read_bytes()) == before


def test_two_pages_do_not_overwrite_each_other(client: FlaskClient, session: Session) -> None:
    post(client, "table", {})
    other = replace(session, book=LabelBook(session.book.root, session.book.path), _done=[])
    assert post(client_of(other), "answer", said(session, genre="pop")).status_code == 200
    assert post(client, "answer", said(session)).status_code == 409
    assert f"{TWO},pop,Ann,," in session.book.path.read_text()
