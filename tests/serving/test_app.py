"""The HTTP interface of genre.serving, asked without sockets: answers, problems, limits."""

import base64
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from genre.audio.frontend import extract
from genre.errors import AudioErrorKind, ConfigError
from genre.serving.config import ServingConfig, read_token
from genre.serving.observing import JsonLines
from genre.serving.problems import STATUS_OF_AUDIO
from genre.serving.uploads import UploadRequest
from genre.serving.views import Service
from genre.tagging.reading import ReadTrack
from genre.tagging.tagger import Tagger
from tests.misbehaving import crash, grow, hang, stumble
from tests.serving_examples import client_of, music, offered, send

TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of no real server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with offered(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> FlaskClient:
    return client_of(service)


@pytest.fixture
def held_files(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Hold on to the files of uploads: one that nobody closes would else vanish by itself."""
    held: list[object] = []
    make = UploadRequest.new_file

    def holding(request: UploadRequest) -> object:
        held.append(make(request))
        return held[-1]

    monkeypatch.setattr(UploadRequest, "new_file", holding)
    return held


def problem_of(response: TestResponse, status: int, kind: str) -> dict[str, Any]:
    """Check that an answer is a problem document and give it."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    document = response.get_json()
    assert set(document) == {"type", "title", "status", "detail", "kind", "request_id"}
    assert (document["status"], document["kind"]) == (status, kind)
    assert document["request_id"] == response.headers["X-Request-ID"]
    assert "Traceback" not in response.text
    return document


def test_a_prediction_is_what_the_tagger_says(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    content = music(tmp_path, "flac")
    answer = send(client, content).get_json()
    tags = service.engine.tagger.tag(tmp_path / "noise.flac")
    assert answer["genres"] == list(tags.genres)
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


def test_silence_is_answered_with_its_flag(client: FlaskClient, tmp_path: Path) -> None:
    import soundfile

    soundfile.write(tmp_path / "s.wav", np.zeros(22050), 22050)
    response = send(client, (tmp_path / "s.wav").read_bytes())
    assert (response.status_code, response.get_json()["flags"]) == (200, ["silent"])


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


def test_no_name_of_a_client_and_no_file_stays_on_disk(
    service: Service,
    client: FlaskClient,
    held_files: list[object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    work = service.engine.work

    def watched(function: Callable[[object], ReadTrack], job: object) -> object:
        seen.extend(path.name for path in service.uploads.iterdir())
        return work(function, job)

    monkeypatch.setattr(service.engine, "work", watched)
    assert send(client, music(tmp_path), "../../evil name\0.mp3").status_code == 200
    assert send(client, b"no sound").status_code == 415
    (first, second) = seen
    assert len(held_files) == 2
    assert "evil" not in first + second
    assert list(service.uploads.iterdir()) == []


def test_a_form_that_breaks_off_leaves_no_file(
    service: Service, client: FlaskClient, held_files: list[object]
) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(
        10**6
    )
    response = client.post("/predict", data=body, content_type="multipart/form-data; boundary=b")
    problem_of(response, 422, "invalid")
    assert len(held_files) == 1
    assert list(service.uploads.iterdir()) == []


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
    ("content", "status", "kind"),
    [
        (b"", 422, "empty"),
        (b"<html>", 415, "not_audio"),
        (b"fLaC" + bytes(100), 422, "corrupt"),
        (b"ffconcat version 1.0\nfile other.mp3", 415, "not_audio"),
    ],
    ids=["empty", "html", "corrupt", "ffconcat"],
)
def test_bytes_that_are_no_sound_have_a_kind(
    content: bytes, status: int, kind: str, client: FlaskClient
) -> None:
    detail = problem_of(send(client, content), status, kind)["detail"]
    assert detail.startswith("the upload ")
    assert "/" not in detail  # no path of the server


def test_sound_may_be_too_long(tmp_path: Path) -> None:
    with offered(tmp_path, max_audio_seconds=2.0) as service:
        problem_of(send(client_of(service), music(tmp_path, "wav")), 413, "too_long")


def test_every_kind_of_fault_has_a_status() -> None:
    assert set(STATUS_OF_AUDIO) == set(AudioErrorKind)


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
    assert client.get("/classes").get_json() == {"classes": ["a", "b", "c"], "n_classes": 3}
    info = client.get("/info").get_json()
    assert (info["model"], info["classes"], info["n_classes"]) == (
        "spectrogram_cnn",
        ["a", "b", "c"],
        3,
    )
    assert info["model_config"]["channels"] == [4, 8]
    network = service.engine.tagger.bundle.network
    assert info["n_parameters"] == sum(weights.numel() for weights in network.parameters())
    assert info["thresholds"] == {"a": 0.0, "b": 0.0, "c": 1.1}
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


def test_every_answer_has_its_headers(client: FlaskClient) -> None:
    for path in ("/", "/info", "/nope", "/metrics", "/page/app.js"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("name", ["abc-123", "A" * 64])
def test_a_request_keeps_the_name_its_client_gave(name: str, client: FlaskClient) -> None:
    assert client.get("/livez", headers={"X-Request-ID": name}).headers["X-Request-ID"] == name


@pytest.mark.parametrize("name", ["", "A" * 65, "a b", 'a"b'])
def test_a_harmful_name_is_replaced(name: str, client: FlaskClient) -> None:
    given = client.get("/livez", headers={"X-Request-ID": name}).headers["X-Request-ID"]
    assert given != name
    assert len(given) == 32


def test_a_log_line_is_json_with_the_request_s_name(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "genre")
    send(client, b"no sound\n").headers.get("X-Request-ID")
    (record,) = caplog.records
    line = JsonLines().format(record)
    assert "\n" not in line
    fields = json.loads(line)
    assert (fields["status"], fields["kind"], fields["path"]) == (415, "not_audio", "/predict")
    assert fields["level"] == "info"


def test_figures_are_counted(tmp_path: Path) -> None:
    with offered(tmp_path) as service:
        client = client_of(service)
        send(client, b"")
        send(client, b"<html>")
        client.open("/livez", method="BREW")
        text = client.get("/metrics").text
    assert 'genre_decode_errors_total{kind="empty"} 1.0' in text
    assert 'genre_decode_errors_total{kind="not_audio"} 1.0' in text
    counted = 'genre_requests_total{endpoint="predict",method="POST",status="4'
    assert f'{counted}22"}} 1.0' in text
    assert f'{counted}15"}} 1.0' in text
    assert 'genre_request_seconds_count{endpoint="predict"} 2.0' in text
    assert 'method="other"' in text
    assert "genre_requests_in_flight 1.0" in text  # the one that asks
    assert "genre_queue_length 0.0" in text


@pytest.mark.parametrize(
    ("function", "status", "kind"),
    [
        (crash, 422, "crashed"),
        (grow, 422, "crashed"),
        (hang, 504, "timeout"),
        (stumble, 500, "internal"),
    ],
)
def test_a_worker_s_end_is_one_answer_and_no_more(
    function: Callable[[Any], Any],
    status: int,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with offered(tmp_path, deadline_seconds=4.0) as service:
        client = client_of(service)
        content = music(tmp_path)
        assert send(client, content).status_code == 200  # the worker is there
        started = time.monotonic()
        with monkeypatch.context() as patch:
            patch.setattr("genre.serving.views.read_track", function)
            text = str(problem_of(send(client, content), status, kind))
        assert time.monotonic() - started < 6
        assert "secret" not in text
        assert str(service.uploads) not in text
        assert list(service.uploads.iterdir()) == []
        assert send(client, content).status_code == 200


def test_whoever_finds_the_queue_full_is_told_when_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with offered(tmp_path, deadline_seconds=3.0, max_queue=1) as service:
        client = client_of(service)
        content = music(tmp_path)
        monkeypatch.setattr("genre.serving.views.read_track", hang)
        answers: list[TestResponse] = []
        threads = [
            threading.Thread(target=lambda: answers.append(send(client_of(service), content)))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        while not service.engine.is_full:
            time.sleep(0.01)
        assert service.engine.n_waiting == 1
        started = time.monotonic()
        refused = send(client, content)
        assert time.monotonic() - started < 1
        problem_of(refused, 503, "busy")
        assert int(refused.headers["Retry-After"]) >= 1
        assert client.get("/livez").status_code == 200
        for thread in threads:
            thread.join()
        assert [answer.status_code for answer in answers] == [504, 504]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full there")
@pytest.mark.parametrize("n_bytes", [1, 10**6])
def test_a_full_disk_is_told_as_no_room_for_now(
    n_bytes: int, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_full_disk(request: UploadRequest) -> object:
        request._made.append(Path("/dev/full").open("w+b"))  # noqa: SIM115 - closed by the request
        return request._made[-1]

    monkeypatch.setattr(UploadRequest, "new_file", on_a_full_disk)
    response = send(client, bytes(n_bytes))
    assert problem_of(response, 503, "busy")["detail"].startswith("the disk is full; try again")
    assert response.headers["Retry-After"] == "2"


def test_other_faults_of_the_disk_are_faults_of_the_server(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(_: UploadRequest) -> object:
        raise FileNotFoundError(2, "no such folder")

    monkeypatch.setattr(UploadRequest, "new_file", absent)
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    problem_of(send(client, b"x"), 500, "internal")


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


@pytest.mark.parametrize("text", ["short", "with a blank in the middle", "", "ümläut" * 10])
def test_a_weak_token_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="token_file="):
        read_token(tmp_path / "token")


def test_a_token_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f" {TOKEN}\nanything\n")
    assert read_token(tmp_path / "token") == TOKEN
    with pytest.raises(ConfigError, match="must be a readable text file"):
        read_token(tmp_path / "none")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"port": 65536}, "port=65536 must be from 0"),
        ({"max_queue": -1}, "max_queue=-1 must be at least 0"),
        ({"max_body_mb": 0}, "max_body_mb=0 must be at least 1"),
        ({"max_uploads_mb": 49}, "max_uploads_mb=49 must be at least max_body_mb=50"),
        ({"max_connections": 1}, "max_connections=1 must be at least 8"),
        ({"deadline_seconds": 0.5}, "deadline_seconds=0.5 must be at least 1 s"),
        ({"upload_seconds": float("inf")}, "upload_seconds=inf must be at least 1 s"),
        ({"max_audio_seconds": 0.0}, "max_audio_seconds=0.0 must be at least 1 s"),
    ],
)
def test_settings_out_of_range_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ServingConfig(**changes)


def test_the_openapi_document_is_complete(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/", "/health", "/livez", "/readyz", "/info", "/classes", "/predict", "/predict_text",
        "/metrics",
    }  # fmt: skip
    predict = document["paths"]["/predict"]["post"]
    assert set(predict["responses"]) >= {"200", "400", "413", "415", "422", "503", "504"}
    assert "application/problem+json" in predict["responses"]["415"]["content"]
    assert set(predict["requestBody"]["content"]) == {"multipart/form-data"}


def test_the_tagger_is_not_moved_by_serving(service: Service) -> None:
    # limits of the server are its own: the bundle's front end stays what was measured
    tagger: Tagger = service.engine.tagger
    assert service.engine.front_end.decode.max_seconds == 3600.0
    assert tagger.bundle.front_end.decode.max_seconds == 14400.0
    same = service.engine.front_end.features_fingerprint
    assert same == tagger.bundle.front_end.features_fingerprint
