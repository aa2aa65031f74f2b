"""What a server allows, and its token: genre.serving.config."""

from pathlib import Path
from typing import Any

import pytest

from genre.errors import ConfigError
from genre.serving.config import ServingConfig, read_token
from tests.serving_examples import TOKEN


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
