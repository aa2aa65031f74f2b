"""The views of genre.serving.views, asked without sockets: answers, problems, limits."""

import base64
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from genre.audio.frontend import extract
from genre.inference import ScoreRule
from genre.serving.views import Service
from genre.tagging import Tagger
from tests.bundles import network_of, small_bundle
from tests.pretrained_examples import small_backbone
from tests.serving_examples import (
    client_of,
    music,
    offered,
    problem_of,
    send,
)


def test_a_prediction_is_what_the_tagger_says(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    content = music(tmp_path, "flac")
    answer = send(client, content).get_json()
    tags = service.engine.tagger.tag(tmp_path / "noise.flac")
    assert answer["genres"] == list(tags.genres)
    assert (answer["task"], answer["answer"]) == ("multilabel", tags.genres[0])
    assert [entry["name"] for entry in answer["scores"]] == list(tags.scores)
    for entry in answer["scores"]:
        assert entry["score"] == pytest.approx(tags.scores[entry["name"]], abs=1e-6)
        assert entry["threshold"] == tags.thresholds[entry["name"]]
        assert entry["decided"] == (entry["name"] in tags.genres)
    assert answer["timeline"]["genres"] == ["a", "b", "c"]
    assert answer["timeline"]["window_seconds"] == 4.0
    np.testing.assert_allclose(answer["timeline"]["starts_seconds"], [0.0, 1.0], atol=0.021)
    np.testing.assert_allclose(answer["timeline"]["scores"], tags.timeline.scores, atol=6e-5)
    assert answer["duration_seconds"] == pytest.approx(5.0, abs=0.001)
    assert (answer["flags"], answer["picture"]) == ([], None)
    timings = answer["timings"]
    assert 0 < timings["decode_ms"] + timings["score_ms"] <= timings["total_ms"]


@pytest.mark.parametrize("path", ["/predict", "/predict_text"])
def test_of_exclusive_classes_one_is_the_answer_or_none(tmp_path: Path, path: str) -> None:
    which = replace(small_bundle(), rule=ScoreRule(task="exclusive"))
    content = music(tmp_path, "flac")

    def ask(client: FlaskClient, query: str) -> TestResponse:
        if path == "/predict":
            return send(client, content, query=query)
        return client.post(f"{path}{query}", json={"genre": "jazz"})

    with offered(tmp_path, bundle=which, min_score=0.9) as service:
        client = client_of(service)
        answers = {
            query: ask(client, query).get_json() for query in ("", "?min_score=0", "?min_score=0.8")
        }
        info = client.get("/info").get_json()
        problem = problem_of(ask(client, "?min_score=2"), 422, "invalid")
    assert (info["task"], info["thresholds"]) == ("exclusive", dict.fromkeys("abc", 0.9))
    assert problem["detail"] == "min_score: Input should be less than or equal to 1"
    for query, needed in {"": 0.9, "?min_score=0": 0.0, "?min_score=0.8": 0.8}.items():
        answer = answers[query]
        assert answer["task"] == "exclusive"
        assert sum(entry["score"] for entry in answer["scores"]) == pytest.approx(1)
        best = answer["scores"][0]
        # An untrained network is sure of nothing.
        assert best["score"] < 0.8
        assert answer["answer"] == (None if needed else best["name"])
        assert answer["genres"] == ([] if needed else [best["name"]])
        assert {entry["threshold"] for entry in answer["scores"]} == {needed}
        assert answer["timings"]["total_ms"] > 0


def test_a_least_score_is_refused_and_not_offered_where_it_means_nothing(
    client: FlaskClient, tmp_path: Path
) -> None:
    problem = problem_of(send(client, music(tmp_path), query="?min_score=0.5"), 422, "invalid")
    assert problem["detail"].startswith("min_score=0.5 must be left out: each genre of this model")
    assert '"min_score"' not in client.get("/openapi.json").text
    which = replace(small_bundle(), rule=ScoreRule(task="exclusive"))
    with offered(tmp_path, bundle=which) as service:
        document = client_of(service).get("/openapi.json").get_json()
    for path in ("/predict", "/predict_text"):
        picture, least = document["paths"][path]["post"]["parameters"]
        assert (picture["name"], least["name"]) == ("picture", "min_score")
        schema = least["schema"]
        assert (schema["type"], schema["minimum"], schema["maximum"]) == ("number", 0, 1)


def test_silence_is_answered_with_its_flag(client: FlaskClient, tmp_path: Path) -> None:
    import soundfile

    soundfile.write(tmp_path / "s.wav", np.zeros(22050), 22050)
    response = send(client, (tmp_path / "s.wav").read_bytes())
    answer = response.get_json()
    assert (response.status_code, answer["flags"], answer["genres"]) == (
        200,
        ["silent", "short"],
        [],
    )
    assert {(entry["score"], entry["decided"]) for entry in answer["scores"]} == {(0.0, False)}


def test_what_another_network_hears_is_in_the_answer_and_in_the_document(
    service: Service, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "heard" not in client.get("/openapi.json").text
    path = tmp_path / "s.mp3"
    path.write_bytes(music(tmp_path))
    heard = Tagger(small_bundle(), heard=small_backbone())
    monkeypatch.setattr(service.engine, "tagger", heard)
    client = client_of(service)
    answer = send(client, path.read_bytes()).get_json()
    expected = heard.tag(path).heard
    assert [entry["name"] for entry in answer["heard"]] == list(expected)
    np.testing.assert_allclose([entry["score"] for entry in answer["heard"]], [*expected.values()])
    document = client.get("/openapi.json").text
    assert '"HeardPrediction"' in document


def test_a_picture_comes_with_it_where_it_is_wanted(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    picture = send(client, music(tmp_path, "wav"), query="?picture=true").get_json()["picture"]
    n_columns, n_mels = picture["n_columns"], picture["n_mels"]
    mel = np.frombuffer(base64.b64decode(picture["mel"]), np.uint8).reshape(n_mels, n_columns)
    assert (n_mels, n_columns) == (96, 250)
    assert picture["seconds_per_column"] == 0.02
    assert len(base64.b64decode(picture["peaks"])) == n_columns
    levels = picture["floor_db"] + mel / 255 * (picture["ceiling_db"] - picture["floor_db"])
    exact = extract(tmp_path / "noise.wav", service.engine.front_end).mel[:250].T
    assert np.abs(levels - np.maximum(exact, picture["floor_db"])).max() < 0.2  # a step is 0.31 dB


def test_test_mode_plays_and_listens(client: FlaskClient) -> None:
    answers = [client.post("/predict_text", json={"genre": "jazz"}) for _ in range(2)]
    first, second = (answer.get_json() for answer in answers)
    assert first["duration_seconds"] == 8.0
    assert first["scores"] == second["scores"]
    problem = problem_of(client.post("/predict_text", json={"genre": "polka"}), 422, "invalid")
    assert "'classical', 'pop'" in problem["detail"]


@pytest.mark.parametrize(
    ("form", "status", "kind"),
    [
        ({"other": "a.mp3"}, 422, "invalid"),
        ({"file": "a.mp3 b.mp3"}, 422, "invalid"),
        ({"file": ""}, 422, "invalid"),
        ({f"part{number}": "a.mp3" for number in range(20)}, 413, "too_large"),
    ],
    ids=["missing", "two", "no name", "many parts"],
)
def test_a_form_must_hold_one_file(
    form: dict[str, str], status: int, kind: str, client: FlaskClient, service: Service
) -> None:
    data = {
        key: [(BytesIO(b"abc"), name) for name in names.split()] or [(BytesIO(b"abc"), "")]
        for key, names in form.items()
    }
    response = client.post("/predict", data=data, content_type="multipart/form-data")
    assert "file" in problem_of(response, status, kind)["detail"]
    assert list(service.uploads.iterdir()) == []


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "kind"),
    [
        ("GET", "/nope", {}, 404, "not_found"),
        ("GET", "/page/../app.py", {}, 404, "not_found"),
        ("GET", "/page/none.js", {}, 404, "not_found"),
        ("PUT", "/predict", {}, 405, "method_not_allowed"),
        ("GET", "/predict", {}, 405, "method_not_allowed"),
        ("POST", "/predict", {"json": {}}, 415, "unsupported_media_type"),
        ("POST", "/predict", {}, 415, "unsupported_media_type"),
        ("POST", "/predict_text", {"data": {"genre": "jazz"}}, 415, "unsupported_media_type"),
        ("POST", "/predict_text", {"json": ["jazz"]}, 422, "invalid"),
        ("POST", "/predict_text", {"json": {}}, 422, "invalid"),
        ("POST", "/predict_text", {"json": {"genre": "jazz", "x": 1}}, 422, "invalid"),
    ],
)
def test_other_requests_are_problems_too(
    method: str,
    path: str,
    options: dict[str, Any],
    status: int,
    kind: str,
    client: FlaskClient,
) -> None:
    response = client.open(path, method=method, **options)
    problem_of(response, status, kind)
    assert ("Allow" in response.headers) == (status == 405)


def test_json_that_cannot_be_read_is_a_problem(client: FlaskClient) -> None:
    response = client.post("/predict_text", data="{", content_type="application/json")
    problem_of(response, 400, "bad_request")


def test_a_query_must_say_true_or_false(client: FlaskClient) -> None:
    problem = problem_of(send(client, b"x", query="?picture=1"), 422, "invalid")
    assert problem["detail"] == "picture: Input should be 'true' or 'false'"


def test_facts_of_the_model(service: Service, client: FlaskClient) -> None:
    assert client.get("/classes").get_json() == {
        "classes": ["a", "b", "c"],
        "n_classes": 3,
        "names": {"a": "A", "b": "B", "c": "C"},
    }
    info = client.get("/info").get_json()
    assert (info["model"], info["classes"], info["n_classes"]) == (
        "spectrogram_cnn",
        ["a", "b", "c"],
        3,
    )
    assert info["names"] == {"a": "A", "b": "B", "c": "C"}
    assert info["parents"] == {}
    assert info["task"] == "multilabel"
    assert info["model_config"]["channels"] == [4, 8]
    network = network_of(service.engine.tagger.bundle)
    assert info["n_parameters"] == sum(weights.numel() for weights in network.parameters())
    assert info["thresholds"] == {"a": 0.0, "b": 0.0, "c": 1.0}
    assert info["front_end"]["mel"]["n_mels"] == 96
    assert len(info["bundle_sha256"]) == 64
    assert info["limits"]["max_body_mb"] == 50


def test_ready_only_after_a_first_track(tmp_path: Path) -> None:
    with offered(tmp_path) as service:
        client = client_of(service)
        problem_of(client.get("/readyz"), 503, "starting")
        assert client.get("/health").get_json()["status"] == "starting"
        assert client.get("/livez").get_json() == {"status": "ok"}
        service.engine.warm_up(service.uploads / "first.wav")
        assert client.get("/readyz").get_json() == {"status": "ok"}
        expected = {"status": "healthy", "model_loaded": True, "device": "cpu"}
        assert client.get("/health").get_json() == expected


def test_the_root_is_a_page_or_an_outline(client: FlaskClient) -> None:
    outline = client.get("/", headers={"Accept": "application/json"})
    assert outline.get_json()["openapi"] == "/openapi.json"
    assert "POST /predict" in outline.get_json()["endpoints"]
    assert "Accept" in outline.headers["Vary"]


def test_the_page_and_all_that_it_names_are_served(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert page.headers["Cache-Control"] == "no-cache"
    named = re.findall(r'(?:src|href)="([^"#:]+)"', page.text)
    kinds = {name: client.get(f"/{name}").mimetype for name in named}
    assert {Path(name).suffix: kind for name, kind in kinds.items()} == {
        ".css": "text/css",
        ".js": "text/javascript",
        ".json": "application/json",
        ".svg": "image/svg+xml",
    }


def test_genres_are_named_for_people_and_parents_are_never_below(tmp_path: Path) -> None:
    bundle = replace(
        small_bundle(),
        rule=ScoreRule(parents=((1,), (), (1,)), bias=(3.0, -3.0, 0.0)),
        display_names={"a": "Drum & Bass"},
    )
    with offered(tmp_path, bundle=bundle) as service:
        client = client_of(service)
        answer = send(client, music(tmp_path, "flac")).get_json()
        info = client.get("/info").get_json()
    assert answer["names"] == info["names"] == {"a": "Drum & Bass", "b": "B", "c": "C"}
    assert info["parents"] == {"a": ["b"], "c": ["b"]}
    scores = {entry["name"]: entry["score"] for entry in answer["scores"]}
    assert scores["b"] >= scores["a"] > 0.5
    assert all(row[1] >= max(row[0], row[2]) for row in answer["timeline"]["scores"])
