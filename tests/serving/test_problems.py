"""Every failure is a problem document: genre.serving.problems."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from genre.errors import AudioError, AudioErrorKind
from genre.serving.config import ServingConfig
from genre.serving.problems import (
    STATUS_OF_AUDIO,
    audio_problem,
    busy,
    detail_of,
    document,
    too_late,
    unauthorized,
)
from genre.serving.uploads import UploadRequest
from tests.serving_examples import (
    client_of,
    music,
    offered,
    problem_of,
    send,
)


def test_a_problem_document_by_hand() -> None:
    assert document(503, kind="busy", detail="the queue is full", request_id="mine") == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "the queue is full",
        "kind": "busy",
        "request_id": "mine",
    }


def test_what_a_status_means_names_the_limits() -> None:
    config = ServingConfig(max_body_mb=7)
    assert "at most max_body_mb=7 MB" in str(detail_of(413, config))
    assert "`Authorization: Bearer TOKEN`" in str(detail_of(401, config))
    assert detail_of(418, config) is None


def test_who_comes_too_early_is_told_when_to_come_back() -> None:
    problem = busy("the disk is full")
    assert (problem.status_code, problem.extra_data) == (503, {"kind": "busy"})
    assert problem.reason == "the disk is full; try again in 2 seconds"
    assert problem.own_headers == {"Retry-After": "2"}


def test_who_has_no_token_is_told_how_to_send_it() -> None:
    problem = unauthorized()
    assert (problem.status_code, problem.extra_data) == (401, {"kind": "unauthorized"})
    assert problem.reason == detail_of(401, ServingConfig())
    assert problem.own_headers == {"WWW-Authenticate": "Bearer"}


def test_a_file_s_name_on_the_server_is_nobody_s_business() -> None:
    error = AudioError(AudioErrorKind.EMPTY, "path='/uploads/a' is empty; see /uploads/a")
    problem = audio_problem(error, "/uploads/a")
    assert (problem.status_code, problem.extra_data) == (422, {"kind": "empty"})
    assert problem.reason == "the upload is empty; see the upload"


def test_a_deadline_is_told_in_seconds() -> None:
    problem = too_late(4.0)
    assert (problem.status_code, problem.extra_data) == (504, {"kind": "timeout"})
    assert problem.reason == "not done within deadline_seconds=4.0; try a shorter file"


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
