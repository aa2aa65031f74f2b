"""The sockets: waitress with problem documents, a limit on slow uploads, and an orderly end."""

import contextlib
import json
import logging
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import BadRequest, InternalServerError

from genre.serving.access import ON_EVERYTHING, Admission, Refusal
from genre.serving.config import ServingConfig
from genre.serving.connections import PROBES, RESERVE, client_of, seat
from genre.serving.observing import REQUEST_ID, new_request_id
from genre.serving.problems import (
    DISK_IS_FULL,
    KIND_OF_STATUS,
    MEDIA_TYPE,
    busy,
    detail_of,
    document,
)

logger = logging.getLogger(__name__)

# Threads beside those that wait for workers: to refuse, and to answer probes, at any time.
_SPARE_THREADS = 4
_HEADER_SECONDS = 20.0
_LINGER_SECONDS = 5.0
_LOOP_SECONDS = 0.5
_RECEIVE_BYTES = 65536
_MAX_AT_ONCE = 16


class _Parser(HTTPRequestParser):
    """A request that takes no body when it is refused."""

    def __init__(self, adjustments: Adjustments, channel: "_Channel") -> None:
        super().__init__(adjustments)
        self._channel = channel

    def received(self, data: bytes) -> int:
        """Take what came of the request; all of it where it is refused."""
        is_new = not self.headers_finished
        try:
            n_taken = super().received(data)
        except OSError as error:
            if error.errno not in DISK_IS_FULL:
                raise
            self._drop_body()
            self.error = Refusal(busy("the disk is full"))
        except ValueError:  # a target that is no address, a length of more digits than Python reads
            self.error = BadRequest("the request line or a header cannot be read")
        # Blank lines alone are no request, and nothing is known of it.
        if is_new and self.headers_finished and not self.empty and self.error is None:
            self.error = self._channel.server.refusal(self, self._channel)
        if self.error is None:
            return n_taken
        # What follows is no request, and nobody is to be asked to send it.
        self.completed = True
        self.expect_continue = False
        self._channel.ignore()
        return len(data)

    def _drop_body(self) -> None:
        with contextlib.suppress(OSError):  # it cannot be written
            self.close()
        self.body_rcv = None


class _Task(WSGITask):
    channel: "_Channel"

    def build_response_header(self) -> bytes:
        """Add that the connection closes where the server is about to end, or a place is scarce."""
        if self.channel.server.is_ending or self.channel.is_for_probes:
            self.set_close_on_finish()
        return super().build_response_header()


class _ProblemTask(ErrorTask):
    """What waitress itself refuses."""

    channel: "_Channel"
    request: HTTPRequestParser  # type: ignore[assignment]  # the stubs take it for the error in it

    def execute(self) -> None:
        """Answer with a problem document."""
        error = self.request.error or InternalServerError("a fault of this server")
        request_id = new_request_id(self.request.headers.get("X_REQUEST_ID"))
        kind = KIND_OF_STATUS.get(error.code, "bad_request")
        body = document(error.code, kind=kind, detail=error.body, request_id=request_id)
        if error.code == 413:
            body["detail"] = detail_of(413, self.channel.server.config)
        content = json.dumps(body).encode()
        self.status = f"{error.code} {body['title']}"
        headers = {**ON_EVERYTHING, "Content-Type": MEDIA_TYPE, REQUEST_ID: request_id}
        if isinstance(error, Refusal):
            headers |= error.headers
        self.response_headers = [*headers.items(), ("Connection", "close")]
        self.content_length = len(content)
        fields = {"request_id": request_id, "status": error.code, "kind": kind}
        logger.info("request", extra={"facts": fields})
        # What is no HTTP has no command.
        if getattr(self.request, "command", None) != "HEAD":
            self.write(content)
        # Whoever still sends would not get to read this if the connection were closed at once.
        self.channel.refuse()
        self.close_on_finish = False


class _Channel(HTTPChannel):
    """A connection that knows since when it receives a request, or throws away one."""

    server: "Server"
    task_class = _Task
    error_task_class = _ProblemTask
    begun = 0.0
    is_refused = False
    is_for_probes = False

    def parser_class(  # type: ignore[override]  # called as the class it stands for
        self, adjustments: Adjustments
    ) -> _Parser:
        """Make the parser of a request."""
        return _Parser(adjustments, self)

    @property
    def client(self) -> str:
        """Who is at its other end."""
        return client_of(self.addr[0])

    @property
    def idle_since(self) -> float | None:
        """Since when it has not said what it wants; None where a request is in hand."""
        request = self.request
        if self.requests or self.total_outbufs_len or (request and request.headers_finished):
            return None
        return self.last_activity if request is None else self.begun

    def received(self, data: bytes) -> bool:
        """Take what came, or throw it away where the request was refused."""
        if self.is_refused:
            return False
        if self.request is None:
            self.begun = time.time()
        return super().received(data)

    def ignore(self) -> None:
        """Read and forget what still comes, until the refusal is sent."""
        self.is_refused = True
        self.begun = math.inf

    def refuse(self) -> None:
        """Read and forget what still comes, for a while."""
        self.is_refused = True
        self.begun = time.time()

    def is_overdue(self, now: float) -> bool:
        """Whether it had the time it may take."""
        if self.is_refused:
            return now - self.begun > _LINGER_SECONDS
        if self.request is None:
            return False
        is_body = self.request.headers_finished
        limit = self.server.config.upload_seconds if is_body else _HEADER_SECONDS
        return now - self.begun > limit


class Server(TcpWSGIServer):
    """A listening server.

    Parameters
    ----------
    application : callable
        WSGI.
    config : ServingConfig
        Where it listens, and its limits.
    n_workers : int
        Requests that are worked at together.
    token : str or None
        What must come with a body; nothing if None.
    """

    channel_class = _Channel
    # Set by waitress, left out by its stubs.
    active_channels: dict[int, _Channel]  # type: ignore[assignment]
    effective_host: str
    effective_port: str
    _map: dict[int, Any]

    def __init__(
        self,
        application: Callable[..., Any],
        config: ServingConfig,
        *,
        n_workers: int,
        token: str | None = None,
    ) -> None:
        self.is_ending = False
        self.config = config
        self._admission = Admission(config, token)
        adjustments = Adjustments(
            host=config.host,
            port=config.port,
            threads=n_workers + config.max_queue + _SPARE_THREADS,
            # Never reached: waitress would accept nobody any more.
            connection_limit=config.max_connections + RESERVE + 100,
            max_request_body_size=config.max_body_bytes + 1,
            max_request_header_size=2**15,
            recv_bytes=_RECEIVE_BYTES,
            channel_timeout=60,
            cleanup_interval=1,
            asyncore_use_poll=True,
            ident="genre",
        )
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(adjustments.threads)
        super().__init__(application, {}, dispatcher=dispatcher, adj=adjustments)

    def maintenance(self, now: float) -> None:
        """Close connections that are idle, or that take too long to say what they want."""
        super().maintenance(int(now))
        for channel in self.active_channels.values():
            if channel.is_overdue(now):
                channel.will_close = True

    def handle_accept(self) -> None:
        """Accept a connection, and close one that asks for nothing where there are too many."""
        before = set(self.active_channels)
        super().handle_accept()
        for number in set(self.active_channels) - before:
            self._seat(self.active_channels[number])

    def _seat(self, newcomer: _Channel) -> None:
        others = [channel for channel in self.active_channels.values() if channel is not newcomer]
        place = seat(newcomer.client, others, self.config)
        newcomer.is_for_probes = place.is_for_probes
        if not place.is_there:
            newcomer.handle_close()
        for channel in place.instead_of:
            channel.handle_close()

    def refusal(self, request: HTTPRequestParser, channel: _Channel) -> Refusal | None:
        """Decide by a request's headers whether it is refused; None where its body may come.

        Parameters
        ----------
        request : HTTPRequestParser
            Whose headers have come.
        channel : HTTPChannel
            Which it came by.
        """
        # Answers to a thousand that come in one packet would be held until somebody takes them.
        if len(channel.requests) >= _MAX_AT_ONCE:
            return Refusal(busy("there are too many requests at once on one connection"))
        if channel.is_for_probes and (
            request.path not in PROBES  # type: ignore[attr-defined]  # left out by the stubs
            or request.chunked
            or request.content_length
        ):
            return Refusal(busy("there are too many connections"))
        return self._admission.refusal(request, self._others(request))

    def _others(self, request: HTTPRequestParser) -> Iterator[HTTPRequestParser]:
        for channel in self.active_channels.values():
            for other in (channel.request, *channel.requests):
                if other is not None and other is not request:
                    yield other

    def end(self) -> None:
        """Let `serve` come to its end."""
        self.is_ending = True

    def serve(self) -> None:
        """Answer until `end` is called, then finish what is in hand."""
        while not self.is_ending:
            wasyncore.loop(_LOOP_SECONDS, use_poll=True, map=self._map, count=1)
        wasyncore.dispatcher.close(self)
        deadline = time.monotonic() + self.config.deadline_seconds
        while self._is_busy() and time.monotonic() < deadline:
            wasyncore.loop(0.05, use_poll=True, map=self._map, count=1)
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map)

    def _is_busy(self) -> bool:
        for channel in self.active_channels.values():
            if not (channel.requests or channel.request or channel.total_outbufs_len):
                channel.will_close = True
        return bool(self.active_channels)
