"""Hostile files through POST /predict of genre.serving: sound is answered, all else has a kind."""

import time
from collections import Counter
from pathlib import Path

import pytest

from genre.audio.frontend import extract
from genre.audio.rows import FrontEnd
from genre.audio.windows import WindowConfig, flags_of
from genre.errors import AudioError
from genre.serving.problems import STATUS_OF_AUDIO
from tests.encoded import needs_ffmpeg
from tests.serving_examples import client_of, offered, send


def outcome_of(path: Path, config: FrontEnd, windows: WindowConfig) -> tuple[int, str]:
    """Say what ought to be answered: a status, and flags or a kind."""
    try:
        return 200, ", ".join(flags_of(extract(path, config).facts, windows, config.grain))
    except AudioError as error:
        return STATUS_OF_AUDIO[error.kind], error.kind.value


@pytest.mark.real
@pytest.mark.slow
@needs_ffmpeg
def test_hostile_files_end_as_documented(shared_data: Path, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    with offered(tmp_path, n_workers=2, deadline_seconds=30.0) as service:
        client, engine = client_of(service), service.engine
        for path in sorted((shared_data / "hostile").rglob("*")):
            if not path.is_file():
                continue
            started = time.monotonic()
            response = send(client, path.read_bytes(), path.name)
            assert time.monotonic() - started < 31
            answer = response.get_json()
            said = ", ".join(answer["flags"]) if response.status_code == 200 else answer["kind"]
            status, expected = outcome_of(path, engine.front_end, engine.tagger.bundle.windows)
            assert (response.status_code, said) == (status, expected), path
            assert status == 200 or 400 <= status < 500
            assert str(service.uploads) not in response.text
            counts[expected if status != 200 else "flagged" if expected else "sound"] += 1
        assert list(service.uploads.iterdir()) == []
    assert counts["sound"] + counts["flagged"] > 180
    assert set(counts) >= {"flagged", "not_audio", "corrupt", "too_short", "empty"}
