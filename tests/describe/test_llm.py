"""Language models over HTTP: genre.describe.llm."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from genre.describe.card import Absent
from genre.describe.llm import Answer, check_url, stream_answer
from genre.errors import ConfigError
from tests.describe.llm_servers import answering, ollama, openai
from tests.describe_models import save_writer
from tests.programs import wait_for

OLLAMA, OPENAI = "/api/chat", "/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "hello"}]


def ask(url: str, *, timeout_seconds: float = 10.0, max_tokens: int = 50) -> Answer:
    return stream_answer(
        url, "llama3:8b", MESSAGES, timeout_seconds=timeout_seconds, max_tokens=max_tokens
    )


def test_ollama_streams_and_measures_itself() -> None:
    pieces: list[str] = []
    with answering(OLLAMA, ollama("A quiet", " song", "."), pause_seconds=0.05) as server:
        answer = stream_answer(
            server.url + "/",
            *("llama3:8b", MESSAGES),
            timeout_seconds=10,
            max_tokens=50,
            on_text=pieces.append,
        )
    assert pieces == ["A quiet", " song", "."]
    assert (answer.text, answer.api, answer.n_tokens) == ("A quiet song.", "ollama", 12)
    assert answer.tokens_per_second == 24.0  # 12 in 0.5 s, as it says
    assert 0 <= answer.first_token_seconds < 5
    (asked,) = server.asked
    assert asked == (
        OLLAMA,
        {
            "model": "llama3:8b",
            "messages": MESSAGES,
            "stream": True,
            "options": {"num_predict": 50, "temperature": 0},
        },
    )


@pytest.mark.parametrize(("suffix", "n_asked"), [("/v1", 1), ("/v1/", 1), ("", 2)])
def test_the_other_protocol_is_spoken_where_ollamas_is_not_known(suffix: str, n_asked: int) -> None:
    with answering(OPENAI, openai("One.", " Two."), pause_seconds=0.02) as server:
        answer = ask(server.url + suffix)
    assert (answer.text, answer.api, answer.n_tokens) == ("One. Two.", "openai", 2)
    assert answer.tokens_per_second > 0
    assert len(server.asked) == n_asked
    assert server.asked[-1][1]["max_tokens"] == 50


def test_tokens_are_those_that_the_server_counts() -> None:
    with answering(OPENAI, openai("One. Two.", n_tokens=7)) as server:
        assert ask(server.url + "/v1").n_tokens == 7


def test_a_server_may_be_absent_slow_or_failing() -> None:
    with pytest.raises(Absent) as caught:
        ask("http://127.0.0.1:9")
    assert caught.value.advice == "ollama serve"
    with (
        answering(OLLAMA, ollama(*"abcdefgh"), pause_seconds=0.2) as server,
        pytest.raises(Absent, match=r"within timeout_seconds=0\.5") as caught,
    ):
        ask(server.url, timeout_seconds=0.5)
    assert "[words]" in caught.value.advice
    for lines, status, message in (
        (["oh no"], 500, "answered 500: oh no"),
        (["{"], 200, "lines of JSON"),
        (["[]"], 200, "lines of JSON"),
        (['{"error": "out of memory"}'], 200, "failed: out of memory"),
        ([], 200, "answered nothing"),
        ([""], 302, "answered 302"),  # never followed
    ):
        with answering(OLLAMA, lines, status=status) as server, pytest.raises(Absent) as caught:
            ask(server.url)
        assert message in caught.value.reason
        assert len(server.asked) == 1


def test_a_model_that_is_missing_is_pulled() -> None:
    missing = ['{"error":"model \\"llama3:8b\\" not found, try pulling it first"}']
    with answering(OLLAMA, missing, status=404) as server, pytest.raises(Absent) as caught:
        ask(server.url)
    assert caught.value.advice == "ollama pull llama3:8b"


def test_neither_protocol() -> None:
    with answering("/other", []) as server, pytest.raises(Absent, match="must speak the protocol"):
        ask(server.url)


def test_an_answer_without_end_ends() -> None:
    with answering(OLLAMA, ollama(*["word " * 200] * 20)) as server:
        assert len(ask(server.url).text) == 5000


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://x", "http://", "http://[x", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    check_url("http://localhost:11434")
    with pytest.raises(ConfigError, match="must be an address such as"):
        check_url(url)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run `transformers serve` on a saved model."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("transformers")
    words = ["serve", str(folder), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [str(program), *words],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )

        def is_up() -> bool:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                connection.request("GET", "/health")
                return connection.getresponse().status == 200
            except OSError:
                time.sleep(0.3)
                return process.poll() is not None
            finally:
                connection.close()

        try:
            assert wait_for(is_up, 120), (folder / "serve.log").read_text()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.extras
def test_a_real_server_of_transformers_streams(tmp_path: Path) -> None:
    folder = save_writer(tmp_path / "llama")
    pieces: list[str] = []
    with serving(folder) as url:
        for address in (url, url + "/v1"):
            answer = stream_answer(
                address,
                *(str(folder), MESSAGES),
                timeout_seconds=60,
                max_tokens=20,
                on_text=pieces.append,
            )
            assert answer.api == "openai"
            assert answer.n_tokens == 20
            assert answer.tokens_per_second > 0
        assert len(pieces) > 4
        with pytest.raises(Absent):
            stream_answer(url, "another", MESSAGES, timeout_seconds=60, max_tokens=20)
