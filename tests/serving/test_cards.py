"""Cards over HTTP: genre.serving.cards."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from genre.describe import Describer, Settings
from genre.describe.lyrics import Lyrics
from genre.describe.settings import HeardSettings, WordsSettings
from genre.describe.workers import Deadline
from genre.errors import ConfigError
from genre.serving.cards import Cards, open_cards
from genre.serving.config import ServingConfig
from genre.serving.views import Service
from tests.describe.llm_servers import answering, ollama
from tests.serving_examples import TOKEN, client_of, music, offered, problem_of, send
from tests.tagged_files import id3, make

EVIL = "<img src=x onerror=alert(1)>\x1b[31m\u202e"


@contextmanager
def with_cards(folder: Path, settings: Settings, **changes: Any) -> Iterator[Service]:  # noqa: ANN401 - of `offered`
    """Offer cards by whatever can be had without models: the genres, and a language model."""
    with offered(folder, **changes) as service, Describer(settings) as describer:
        yield replace(service, cards=Cards(describer))


def ask(client: FlaskClient, content: bytes, name: str = "x.mp3", **more: Any) -> TestResponse:  # noqa: ANN401 - of the client
    form = {"file": (BytesIO(content), name)}
    return client.post("/describe", data=form, content_type="multipart/form-data", **more)


def nowhere(words: WordsSettings | None = None) -> Settings:
    """Name a model that is not on this machine, and perhaps a language model's server."""
    heard = HeardSettings(model="nobody/x")
    return Settings(heard=heard, words=words or WordsSettings())


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    from genre.describe.card import Absent

    def absent(*_: object, **__: object) -> None:
        raise Absent("not on this machine")

    monkeypatch.setattr("genre.describe.hub.Hub.load", absent)
    monkeypatch.setattr("genre.describe.describer.load_reader", absent)


def test_where_no_cards_are_made_it_is_said_and_not_offered(client: FlaskClient) -> None:
    problem = problem_of(ask(client, b"x"), 501, "not_implemented")
    assert "--describe" in problem["detail"]
    assert "/describe" not in client.get("/openapi.json").get_json()["paths"]
    assert client.get("/info").get_json()["describe"] == []
    assert "/describe" not in client.get("/", headers={"Accept": "application/json"}).text


def test_a_card_has_what_the_server_can_make_and_nothing_of_its_inside(tmp_path: Path) -> None:
    with answering("/api/chat", ollama("One. ", "Two. ", f"{EVIL}.")) as server:
        settings = nowhere(words=WordsSettings(url=server.url))
        with with_cards(tmp_path, settings) as service:
            client = client_of(service)
            response = ask(client, music(tmp_path, "flac"), f"dir/{EVIL}.flac")
            genres = send(client, music(tmp_path, "flac")).get_json()
            info = client.get("/info").get_json()
            document = client.get("/openapi.json").get_json()
            left = list(service.uploads.iterdir())
    card = response.get_json()
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    assert info["describe"] == list(card["parts"]) == ["genres", "words"]
    assert list(card) == ["schema", "genre", "track", "title", "parts"]
    assert card["schema"] == "genre-card-1"
    assert card["title"] == card["track"]
    assert card["title"].startswith("<img src=x")  # text, which the page shows as such
    assert not {"\x1b", "\u202e"} & set(card["title"] + card["parts"]["words"]["result"]["text"])
    found = card["parts"]["genres"]
    assert found["result"]["genres"] == [genres["names"][name] for name in genres["genres"]]
    assert found["seconds"] > 0
    assert card["parts"]["words"]["model"]["device"] == "a language model's server"
    assert server.url not in response.text
    assert str(tmp_path) not in response.text
    facts = json.loads(server.asked[0][1]["messages"][1]["content"])
    assert facts["file_name"] == card["title"]
    assert left == []
    operation = document["paths"]["/describe"]["post"]
    assert {"200", "400", "413", "415", "422", "503", "504"} <= set(operation["responses"])
    assert "CardDocument" in document["components"]["schemas"]


def test_what_is_wrong_with_a_file_is_said_as_for_a_prediction(tmp_path: Path) -> None:
    with with_cards(tmp_path, nowhere(), token=TOKEN, max_body_mb=1) as service:
        client = client_of(service)
        problem_of(ask(client, music(tmp_path)), 401, "unauthorized")
        headers = {"Authorization": f"Bearer {TOKEN}"}
        problem = problem_of(ask(client, b"no sound", headers=headers), 415, "not_audio")
        assert problem["detail"].startswith("the upload")
        problem_of(ask(client, b"x" * 2**21, headers=headers), 413, "too_large")
        response = client.post("/describe", data=b"x", headers=headers)
        problem_of(response, 415, "unsupported_media_type")
        response = client.post("/describe", data={"other": "x"}, headers=headers, **FORM)
        problem_of(response, 422, "invalid")
        card = ask(client, b"no film", "a.MP4", headers=headers).get_json()
    # Where it may be a film, sound is one part of several.
    assert card["parts"]["genres"]["state"] == "absent"
    assert card["parts"]["genres"]["reason"].startswith("the upload")
    assert card["parts"]["genres"]["advice"] == ""


FORM: dict[str, Any] = {"content_type": "multipart/form-data"}


def test_lyrics_in_the_tags_are_read_and_others_files_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Lyrics] = []

    def mood(lyrics: Lyrics, **_: object) -> None:
        heard.append(lyrics)
        raise ValueError(f"/etc/{tmp_path}")

    monkeypatch.setattr("genre.describe.describer.mood_of_lyrics", mood)
    monkeypatch.setattr("genre.describe.hub.Hub.load", lambda *_: None)
    path = make(tmp_path, "mp3", seconds=1.0)
    tags = id3.ID3()
    tags.add(id3.USLT(encoding=1, lang="eng", desc="", text=EVIL))
    tags.save(path)
    with with_cards(tmp_path, Settings()) as service:
        (service.uploads / "upload.txt").write_text("somebody else's words")
        client = client_of(service)
        card = ask(client, path.read_bytes()).get_json()
        bare = ask(client, music(tmp_path, "wav"), "x.wav").get_json()
    assert heard == [Lyrics("USLT", EVIL)]
    assert card["parts"]["mood"]["state"] == "absent"
    assert card["parts"]["mood"]["reason"]
    assert str(tmp_path) not in card["parts"]["mood"]["reason"]
    assert bare["parts"]["mood"]["reason"].startswith("no lyrics in the tags")


def test_one_card_is_made_at_a_time_and_few_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, most, goes_on = threading.Semaphore(0), [0, 0], threading.Event()
    describe = Describer.describe

    def slow(self: Describer, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        most[0] += 1
        most[1] = max(most)
        going.release()
        assert goes_on.wait(30)
        most[0] -= 1
        return describe(self, *arguments, **options)

    monkeypatch.setattr(Describer, "describe", slow)
    content = music(tmp_path, "wav")
    with with_cards(tmp_path, nowhere()) as service:
        statuses: list[int] = []
        threads = [
            threading.Thread(
                target=lambda: statuses.append(ask(client_of(service), content).status_code)
            )
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        assert going.acquire(timeout=30)
        until = time.monotonic() + 30
        assert service.cards is not None
        while service.cards._places._value and time.monotonic() < until:
            time.sleep(0.01)
        problem = problem_of(ask(client_of(service), content), 503, "busy")
        assert problem["detail"].startswith("the queue is full")
        goes_on.set()
        for thread in threads:
            thread.join(60)
    assert statuses == [200, 200, 200]
    assert most[1] == 1


def test_parts_that_the_deadline_leaves_no_time_for_are_absent(
    tmp_path: Path,
) -> None:
    class Hurried(Describer):
        def describe(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            assert 0 < options["deadline"].left() < service.config.deadline_seconds
            options["deadline"] = Deadline(0.0)
            return super().describe(*arguments, **options)

    with (
        answering("/api/chat", ollama("One.")) as server,
        offered(tmp_path) as service,
        Hurried(nowhere(words=WordsSettings(url=server.url))) as describer,
    ):
        client = client_of(replace(service, cards=Cards(describer)))
        parts = ask(client, music(tmp_path, "wav")).get_json()["parts"]
    assert parts["genres"]["state"] == "there"
    assert parts["words"]["reason"].startswith("not done within")
    assert server.asked == []


def test_models_come_from_the_file_and_limits_from_the_server(tmp_path: Path) -> None:
    file = tmp_path / "describe.toml"
    file.write_text('[heard]\nmodel = "x/y"\nmax_seconds = 1000\n')
    with open_cards(file, ServingConfig(max_audio_seconds=60.0), device="cpu") as cards:
        assert cards.parts == ("genres",)
        assert set(cards.missing) == {"heard", "mood", "cover", "video", "words"}
        assert cards._describer.settings.heard.max_seconds == 60.0
        assert cards._describer.settings.heard.model == "x/y"
    file.write_text("[herd]\n")
    with (
        pytest.raises(ConfigError, match="did you mean heard"),
        open_cards(file, ServingConfig(), device="cpu"),
    ):
        raise AssertionError("the file is wrong")
