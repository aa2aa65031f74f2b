"""The OpenAPI document of genre.serving against the server, by Schemathesis with all its checks."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from genre.inference import ScoreRule
from tests.bundles import small_bundle
from tests.serving_examples import Listening, listening, offered

TOKEN = "0123456789abcdef"  # noqa: S105 - of no real server


@pytest.fixture(params=["open, multilabel", "guarded, exclusive"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listening]:
    access, task = request.param.split(", ")
    bundle = replace(small_bundle(), rule=ScoreRule(task=task))
    token = TOKEN if access == "guarded" else None
    with offered(tmp_path, bundle=bundle, token=token) as service:
        service.engine.warm_up(service.uploads / "first.wav")
        with listening(service) as running:
            yield running


# Any bytes fit a schema of bytes; these are the documented answers to those that are no sound. A
# form of many parts is refused as too large, whatever else is wrong with it.
CONFIG = """
[[operations]]
include-name = "POST /predict"
checks.positive_data_acceptance.expected-statuses = [200, 413, 415, 422]
checks.negative_data_rejection.expected-statuses = [400, 401, 413, 415, 422]
"""


@pytest.mark.slow
def test_schemathesis_finds_no_failure(running: Listening, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    command = [str(Path(sys.executable).with_name("schemathesis"))]
    command += ["--config-file", "schemathesis.toml", "run", f"{running.url}/openapi.json"]
    command += ["--checks", "all", "--mode", "all", "--max-examples", "100", "--seed", "1"]
    command += ["--continue-on-failure", "--no-color"]
    if running.service.token is not None:
        command += ["--header", f"Authorization: Bearer {running.service.token}"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=900, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "9 selected / 9 total" in done.stdout
    assert " 0 generated" not in done.stdout
