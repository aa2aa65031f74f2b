"""A server from a bundle's folder, from its start to its end."""

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from genre.serving.app import create_app
from genre.serving.config import ServingConfig, read_token
from genre.serving.engine import Engine
from genre.serving.excerpt import ExcerptJob, read_excerpt
from genre.serving.observing import log_as_json
from genre.serving.server import Server
from genre.serving.service import Service
from genre.tagging.describing import describe
from genre.tagging.reading import ReadJob
from genre.tagging.tagger import Tagger


def serve(
    folder: Path, config: ServingConfig, *, device: str, announce: Callable[[str], None]
) -> None:
    """Serve a bundle until a signal comes.

    Parameters
    ----------
    folder : Path
        The bundle.
    config : ServingConfig
    device : str
        auto, cpu, cuda, cuda:1, mps.
    announce : callable of str
        Told the address once it can be reached.

    Raises
    ------
    GenreError
        Where there is no bundle, the port is taken, or no worker can start.
    """
    token = None if config.token_file is None else read_token(config.token_file)
    tagger = Tagger.load(folder, device=device)
    engine = Engine(tagger, config)
    with tempfile.TemporaryDirectory(prefix="genre-") as uploads:
        service = Service(
            engine=engine,
            description=describe(tagger, folder),
            config=config,
            uploads=Path(uploads),
            token=token,
        )
        server = Server(create_app(service), config, n_workers=engine.pool.n_workers)
        log_as_json()
        threading.Thread(target=_warm_up, args=[service], daemon=True).start()
        announce(f"http://{server.effective_host}:{server.effective_port}")
        try:
            server.serve()
        finally:
            engine.stop()


def _warm_up(service: Service) -> None:
    read = ReadJob(path=service.uploads / "warm-up.wav", front_end=service.engine.front_end)
    service.engine.warm_up(read_excerpt, ExcerptJob(genre="rock", read=read))
