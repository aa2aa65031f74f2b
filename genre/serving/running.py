"""A server from a bundle's folder, from its start to its end."""

import ipaddress
import logging
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from genre.errors import ConfigError, GenreError
from genre.serving.app import create_app
from genre.serving.config import ServingConfig, read_token
from genre.serving.engine import Engine
from genre.serving.observing import log_as_json
from genre.serving.server import Server
from genre.serving.uploads import private_folder
from genre.serving.views import Service
from genre.tagging.description import describe
from genre.tagging.tagger import Tagger

if TYPE_CHECKING:  # asked for by few
    from genre.serving.cards import Cards

logger = logging.getLogger(__name__)


def serve(
    tagger: Tagger,
    folder: Path,
    config: ServingConfig,
    *,
    announce: Callable[[str], None],
    cards: "Cards | None" = None,
) -> None:
    """Serve a bundle until a signal comes.

    Parameters
    ----------
    tagger : Tagger
        Scores a track on one thread.
    folder : Path
        Where its bundle is.
    config : ServingConfig
        Where it listens, and its limits.
    announce : callable of str
        Told the address once it can be reached.
    cards : Cards, optional
        Makes the cards of tracks; none are offered if None.

    Raises
    ------
    GenreError
        Where the port is taken, or no worker can start.
    """
    token = None if config.token_file is None else read_token(config.token_file)
    with private_folder() as uploads, Engine(tagger, config) as engine:
        service = Service(
            engine=engine,
            description=describe(tagger, folder),
            config=config,
            uploads=uploads,
            token=token,
            cards=cards,
        )
        server = _listen(service)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: server.end())
        log_as_json()
        warming = _WarmUp(service, server)
        warming.start()
        announce(_url(server))
        if token is None and not ipaddress.ip_address(server.effective_host).is_loopback:
            logger.warning("other machines can reach this server and need no token: see token_file")
        server.serve()
    if warming.error is not None:
        raise warming.error


def _url(server: Server) -> str:
    host = server.effective_host
    return f"http://{f'[{host}]' if ':' in host else host}:{server.effective_port}"


def _listen(service: Service) -> Server:
    config = service.config
    try:
        n_workers = service.engine.pool.n_workers
        return Server(create_app(service), config, n_workers=n_workers, token=service.token)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"host={config.host!r} and port={config.port} must be free to listen on: {error}"
        ) from error


class _WarmUp(threading.Thread):
    """The first track; a server that cannot classify it ends."""

    def __init__(self, service: Service, server: Server) -> None:
        super().__init__(daemon=True)
        self.error: GenreError | None = None
        self._service = service
        self._server = server

    def run(self) -> None:
        """Classify the first track, or end the server."""
        path = self._service.uploads / "warm-up.wav"
        try:
            self._service.engine.warm_up(path)
        except Exception as error:  # whatever it is: nobody else would hear of it
            if not self._server.is_ending:
                logger.exception("the first track could not be classified")
                reason = str(error) or type(error).__name__
                self.error = GenreError(f"the first track could not be classified: {reason}")
                self._server.end()
