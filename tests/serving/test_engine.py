"""A bounded queue, killable workers, a deadline: genre.serving.engine."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from werkzeug.test import TestResponse

from genre.audio.frontend import FrontEndConfig
from genre.errors import AudioError, ConfigError
from genre.serving.deadlines import DeadlineError, QueueFullError
from genre.serving.engine import EXCERPT_SECONDS, ExcerptJob, read_excerpt
from genre.serving.views import Service
from genre.tagging.reading import ReadJob, ReadTrack, read_track
from genre.tagging.tagger import Tagger
from tests.misbehaving import crash, doze, grow, hang, stumble
from tests.serving_examples import client_of, music, offered, problem_of, send


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


def test_the_tagger_is_not_moved_by_serving(service: Service) -> None:
    # limits of the server are its own: the bundle's front end stays what was measured
    tagger: Tagger = service.engine.tagger
    assert service.engine.front_end.decode.max_seconds == 3600.0
    assert tagger.bundle.front_end.decode.max_seconds == 14400.0
    same = service.engine.front_end.features_fingerprint
    assert same == tagger.bundle.front_end.features_fingerprint


def test_the_first_track_has_a_limit_of_its_own_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with offered(tmp_path, deadline_seconds=1.0) as service:
        # longer than the deadline: a worker must start first
        monkeypatch.setattr("genre.serving.engine.read_track", doze)
        service.engine.warm_up(service.uploads / "warm-up.wav")
        assert service.engine.is_ready
        with pytest.raises(DeadlineError, match=r"^not done within deadline_seconds=1$"):
            service.engine.work(hang, ReadJob(path=Path("x"), front_end=service.engine.front_end))
        monkeypatch.setattr("genre.serving.engine.WARM_UP_SECONDS", 1.0)
        with pytest.raises(DeadlineError, match="within the 1 s that a first track may"):
            service.engine.warm_up(service.uploads / "warm-up.wav")
        assert list(service.uploads.iterdir()) == []


def test_workers_that_play_need_no_torch() -> None:
    # They import the module of the function that they are given.
    code = "import sys, genre.serving.engine; print({'torch', 'flask'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


def test_an_excerpt_is_music_of_its_genre_and_always_the_same(tmp_path: Path) -> None:
    def play(genre: str) -> ReadTrack:
        read = ReadJob(path=tmp_path / f"{genre}.wav", front_end=FrontEndConfig())
        job = ExcerptJob(genre=genre, read=read)
        assert str(job) == f"an excerpt of {genre}"
        return read_excerpt(job)

    jazz, again, rock = play("jazz"), play("jazz"), play("rock")
    assert jazz.extracted.facts.duration_seconds == EXCERPT_SECONDS
    assert jazz.picture is None
    np.testing.assert_array_equal(jazz.extracted.mel, again.extracted.mel)
    assert not np.array_equal(jazz.extracted.mel, rock.extracted.mel)
    with pytest.raises(ConfigError, match="polka"):
        play("polka")


def test_a_full_queue_refuses_at_once_and_a_place_comes_back(tmp_path: Path) -> None:
    with offered(tmp_path, max_queue=0) as service:
        engine = service.engine
        job = ReadJob(path=tmp_path / "none.wav", front_end=engine.front_end)
        for _ in range(2):  # what fails gives its place back
            with pytest.raises(AudioError, match=r"none\.wav"):
                engine.work(read_track, job)
        with engine.admitted():
            assert engine.is_full
            assert engine.n_waiting == 0
            with pytest.raises(QueueFullError):
                engine.work(read_track, job)
        assert not engine.is_full
