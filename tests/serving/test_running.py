"""A server from its start to its end: genre.serving.running."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from genre.errors import GenreError
from genre.serving.config import ServingConfig
from genre.serving.running import serve
from genre.tagging.tagger import Tagger
from tests.bundles import small_bundle, write_bundle
from tests.serving_examples import (
    music,
)

ROOT = Path(__file__).resolve().parents[2]


def run_serve(
    folder: Path, *words: str, before: str = "pass"
) -> "subprocess.CompletedProcess[str]":
    code = f"import sys; {before}; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", str(folder / "bundle"), *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )


def test_a_taken_port_and_a_failing_worker_are_one_line(tmp_path: Path) -> None:
    write_bundle(small_bundle(), tmp_path / "bundle")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_serve(tmp_path, "--port", str(port))
    assert done.returncode == 1
    message = f"host='127.0.0.1' and port={port} must be free to listen on"
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1


def test_a_server_of_its_own_ends_with_sigterm(tmp_path: Path) -> None:
    write_bundle(small_bundle(), tmp_path / "bundle")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "token").write_text("0123456789abcdef\n")
    code = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    words = [
        "serve",
        str(tmp_path / "bundle"),
        "--port",
        "0",
        "--n-workers",
        "1",
        "--device",
        "cpu",
    ]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words, "--token-file", str(tmp_path / "token")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path / "tmp")},
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[2]
        assert url.startswith("http://127.0.0.1:")
        deadline = time.monotonic() + 60
        while requests.get(f"{url}/readyz", timeout=5).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert requests.get(f"{url}/info", timeout=5).status_code == 401
        headers = {"Authorization": "Bearer 0123456789abcdef"}
        sent = requests.post(
            f"{url}/predict", files={"file": music(tmp_path)}, headers=headers, timeout=30
        )
        assert sent.status_code == 200
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)
        assert process.returncode == 0
    lines = [json.loads(line) for line in log.splitlines()]
    assert any(line.get("path") == "/predict" and line["status"] == 200 for line in lines)
    assert "0123456789abcdef" not in log
    assert list((tmp_path / "tmp").iterdir()) == []


def fails_to_start(folder: Path, **options: Any) -> str:  # noqa: ANN401 - of ServingConfig
    """Serve a bundle that cannot be served; gives the reason."""
    write_bundle(small_bundle(), folder / "bundle")
    config = ServingConfig(port=0, n_workers=1, **options)
    heard: list[str] = []
    with pytest.raises(GenreError, match="the first track could not be classified: ") as caught:
        serve(Tagger(small_bundle()), folder / "bundle", config, announce=heard.append)
    assert len(heard) == 1
    return str(caught.value).partition("classified: ")[2]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(GenreError("no worker"), "no worker"), (ValueError("odd"), "odd"), (OSError(), "OSError")],
)
def test_a_warm_up_that_fails_ends_the_server(
    error: Exception,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("genre.serving.engine.Engine.warm_up", fail)
    monkeypatch.setattr("genre.serving.running.log_as_json", lambda: None)
    assert fails_to_start(tmp_path) == reason
    (record,) = [entry for entry in caplog.records if entry.levelname == "ERROR"]
    assert record.exc_info is not None
    assert record.exc_info[1] is error


def test_a_first_track_that_cannot_be_written_ends_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.contextmanager
    def absent() -> Iterator[Path]:
        yield tmp_path / "absent"

    monkeypatch.setattr("genre.serving.running.private_folder", absent)
    monkeypatch.setattr("genre.serving.running.log_as_json", lambda: None)
    assert "absent" in fails_to_start(tmp_path)
