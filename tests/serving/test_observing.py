"""Names, log lines and figures of requests: genre.serving.observing."""

import json
import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from genre.execution.log_lines import JsonLines
from tests.serving_examples import client_of, offered, send


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
    line = JsonLines(None).format(record)
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
