"""Servers of language models for tests: the shapes of Ollama's and OpenAI's answers, and faults."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server(ThreadingHTTPServer):
    """Answers at one address in pieces, and keeps what it was asked."""

    daemon_threads = True

    def __init__(
        self, path: str, lines: Sequence[str], *, status: int = 200, pause_seconds: float = 0.0
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.path, self.lines, self.status, self.pause_seconds = path, lines, status, pause_seconds
        self.asked: list[tuple[str, dict[str, Any]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        is_known = self.path == self.server.path
        self.send_response(self.server.status if is_known else 404)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever asked may have left
            for line in self.server.lines if is_known else ["404 page not found"]:
                self.wfile.write(line.encode() + b"\n")
                self.wfile.flush()
                time.sleep(self.server.pause_seconds)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def answering(
    path: str, lines: Sequence[str], *, status: int = 200, pause_seconds: float = 0.0
) -> Iterator[Server]:
    """Run a server while the block lasts."""
    server = Server(path, lines, status=status, pause_seconds=pause_seconds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ollama(*texts: str) -> list[str]:
    """Write lines as Ollama's /api/chat does: its documented shape, a JSON object a line."""
    head = {"model": "llama3:8b", "created_at": "2024-08-01T10:00:00.123456Z"}
    lines = [
        {**head, "message": {"role": "assistant", "content": text}, "done": False} for text in texts
    ]
    last = {
        **head,
        "message": {"role": "assistant", "content": ""},
        "done_reason": "stop",
        "done": True,
        "total_duration": 4883583458,
        "load_duration": 1334875,
        "prompt_eval_count": 26,
        "prompt_eval_duration": 342546000,
        "eval_count": 12,
        "eval_duration": 500000000,
    }
    return [json.dumps(line) for line in (*lines, last)]


def openai(*texts: str, n_tokens: int | None = None) -> list[str]:
    """Write events as servers of OpenAI's protocol do."""
    first = {"choices": [{"index": 0, "delta": {"role": "assistant", "content": None}}]}
    pieces = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in texts]
    usage = {"choices": [], "usage": {"completion_tokens": n_tokens, "prompt_tokens": 9}}
    events = [first, *pieces, *([usage] if n_tokens else [])]
    lines = [": a comment", *(f"data: {json.dumps(event)}" for event in events), "data: [DONE]"]
    return [text for line in lines for text in (line, "")]
