"""A language model's answer, streamed, from Ollama or a server that speaks OpenAI's protocol.

The only address that this room ever speaks to is the one that is named. Redirections are not
followed and no proxy is asked.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from genre.describe.card import Absent
from genre.errors import ConfigError
from genre.json_files import parse_json

__all__ = ["Answer", "check_url", "stream_answer"]

MAX_LINE = 1_000_000
MAX_CHARACTERS = 5_000
_OLLAMA, _OPENAI = "/api/chat", "/v1/chat/completions"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a model wrote, and how fast.

    Parameters
    ----------
    text : str
        As it came.
    first_token_seconds : float, in seconds
        From the question to the first of the text.
    n_tokens : int
        As the server counts; where it does not, the pieces that came.
    tokens_per_second : float
        From the first on; as Ollama measures, where it is asked.
    api : str
        ollama or openai.
    """

    text: str
    first_token_seconds: float
    n_tokens: int
    tokens_per_second: float
    api: str


def check_url(url: str) -> None:
    """Refuse what is no address of a server.

    Parameters
    ----------
    url : str
        http:// or https://, a host, and perhaps a port and a path.

    Raises
    ------
    ConfigError
        With what it must be.
    """
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise ConfigError(f"llm={url} must be an address such as http://localhost:11434")


def stream_answer(
    url: str,
    model: str,
    messages: list[dict[str, str]],
    *,
    timeout_seconds: float,
    max_tokens: int,
    on_text: Callable[[str], None] = lambda _: None,
) -> Answer:
    """Ask a model and read its answer as it is written.

    Parameters
    ----------
    url : str
        Of the server. What ends in ``/v1`` speaks OpenAI's protocol; any other is taken for
        Ollama, and for the other where it does not know Ollama's address.
    model : str
        Its name there.
    messages : list of dict
        ``role`` and ``content``.
    timeout_seconds : float, in seconds
        For the whole answer.
    max_tokens : int
        Of the answer.
    on_text : callable of str
        Gets every piece as it comes.

    Raises
    ------
    Absent
        Where the server is not there, fails, or is too slow.
    """
    base = url.rstrip("/").removesuffix("/v1")
    is_openai = url.rstrip("/").endswith("/v1")
    deadline = time.monotonic() + timeout_seconds
    try:
        if not is_openai:
            body = _ollama_body(model, messages, max_tokens)
            if found := _ask(base + _OLLAMA, body, deadline, on_text, "ollama"):
                return found
        body = _openai_body(model, messages, max_tokens)
        if found := _ask(base + _OPENAI, body, deadline, on_text, "openai"):
            return found
    except TimeoutError as error:
        raise Absent(
            f"{url} must answer within timeout_seconds={timeout_seconds}",
            "raise it under [words] in describe.toml, or take a smaller model",
        ) from error
    except (OSError, http.client.HTTPException) as error:
        advice = "ollama serve" if not is_openai else "start it, or name another with --llm"
        raise Absent(f"no language model answers at {url}: {error}", advice) from error
    raise Absent(f"{url} must speak the protocol of Ollama or OpenAI", "name another with --llm")


def _ollama_body(model: str, messages: list[dict[str, str]], max_tokens: int) -> dict[str, Any]:
    options = {"num_predict": max_tokens, "temperature": 0}
    return {"model": model, "messages": messages, "stream": True, "options": options}


def _openai_body(model: str, messages: list[dict[str, str]], max_tokens: int) -> dict[str, Any]:
    return {
        "model": model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": max_tokens,
        "temperature": 0,
    }


def _ask(
    url: str, body: dict[str, Any], deadline: float, on_text: Callable[[str], None], api: str
) -> Answer | None:
    """Ask at one address; None where the server does not know it."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_left(deadline))
    started = time.monotonic()
    try:
        content = json.dumps(body).encode()
        connection.request("POST", parts.path, content, {"Content-Type": "application/json"})
        response = connection.getresponse()
        if response.status != 200:
            told = response.read(MAX_LINE)
            if response.status in (404, 405) and not _names_model(told):
                return None
            raise _refused(url, response.status, told, str(body["model"]), api)
        pieces = _pieces(_lines(connection, response, deadline), api)
        return _gather(pieces, started, on_text, api)
    finally:
        connection.close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _names_model(told: bytes) -> bool:
    """Whether a 404 speaks of the model and not of the address."""
    return b"model" in told.lower()


def _refused(url: str, status: int, told: bytes, model: str, api: str) -> Absent:
    words = told.decode("utf-8", errors="replace")[:300]
    advice = f"ollama pull {model}" if api == "ollama" else "name another with --llm-model"
    return Absent(f"{url} answered {status}: {words}", advice)


def _lines(
    connection: http.client.HTTPConnection, response: http.client.HTTPResponse, deadline: float
) -> Iterator[bytes]:
    while True:
        left = _left(deadline)
        if connection.sock is not None:  # gone where the server closes after the answer
            connection.sock.settimeout(left)
        line = response.readline(MAX_LINE)
        if not line:
            return
        if line.strip():
            yield line.strip()


@dataclass(frozen=True)
class _Piece:
    text: str = ""
    n_tokens: int | None = None
    eval_seconds: float | None = None


def _pieces(lines: Iterator[bytes], api: str) -> Iterator[_Piece]:
    for line in lines:
        if api == "openai":
            if not line.startswith(b"data:"):
                continue
            line = line.removeprefix(b"data:").strip()
            if line == b"[DONE]":
                return
        try:
            told = parse_json(line)
            piece = _of_ollama(told) if api == "ollama" else _of_openai(told)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise Absent("the language model's server must answer in lines of JSON") from error
        yield piece
        if api == "ollama" and told.get("done"):
            return


def _of_ollama(told: dict[str, Any]) -> _Piece:
    if "error" in told:
        raise Absent(f"the language model failed: {str(told['error'])[:300]}")
    duration = told.get("eval_duration")
    return _Piece(
        str(told.get("message", {}).get("content", "")),
        told.get("eval_count"),
        duration / 1e9 if duration else None,
    )


def _of_openai(told: dict[str, Any]) -> _Piece:
    if "error" in told:
        raise Absent(f"the language model failed: {str(told['error'])[:300]}")
    usage = told.get("usage") or {}
    choices = told.get("choices") or [{}]
    text = (choices[0].get("delta") or {}).get("content") or ""
    return _Piece(str(text), usage.get("completion_tokens"))


def _gather(
    pieces: Iterator[_Piece], started: float, on_text: Callable[[str], None], api: str
) -> Answer:
    texts: list[str] = []
    first: float | None = None
    n_told, eval_seconds = None, None
    for piece in pieces:
        n_told = piece.n_tokens or n_told
        eval_seconds = piece.eval_seconds or eval_seconds
        if piece.text:
            first = first or time.monotonic()
            texts.append(piece.text)
            on_text(piece.text)
        if sum(map(len, texts)) > MAX_CHARACTERS:
            break
    if first is None:
        raise Absent("the language model answered nothing")
    n_tokens = int(n_told or len(texts))
    # The first came at the beginning of this time, so it does not count.
    writing = time.monotonic() - first
    speed = n_tokens / eval_seconds if eval_seconds else max(0, n_tokens - 1) / max(writing, 1e-6)
    return Answer(
        text="".join(texts)[:MAX_CHARACTERS],
        first_token_seconds=round(first - started, 3),
        n_tokens=n_tokens,
        tokens_per_second=round(speed, 2),
        api=api,
    )
