"""What a server allows."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from genre.errors import ConfigError

MB = 2**20
ANY_HOST = "*"
_HOST = re.compile(r"[\w.:-]*\w\.?")  # or an address, of digits and colons


@dataclass(frozen=True, kw_only=True)
class ServingConfig:
    """Where a server listens and how much it takes on.

    Parameters
    ----------
    host : str
        Address to listen on; 127.0.0.1 is reached from this machine only, 0.0.0.0 from everywhere.
    port : int
        Port to listen on; 0 takes a free one.
    n_workers : int
        Processes that decode; 0 takes one per core.
    memory_mb : int, in MB
        Memory that a worker may take beyond what it starts with.
    max_queue : int
        Requests that wait for a worker; more are told to come back later.
    max_body_mb : int, in MB
        Largest request.
    max_uploads_mb : int, in MB
        Requests in hand together; more are told to come back later. They lie in the folder of
        temporary files, twice while they are worked at.
    max_audio_seconds : float, in seconds
        Longest sound of a request.
    deadline_seconds : float, in seconds
        Time between the end of an upload and its answer.
    upload_seconds : float, in seconds
        Time that an upload may take.
    max_connections : int
        Open connections; where there are more, those that ask for nothing are closed first, then
        only the probes (/livez, /readyz) are answered.
    max_client_connections : int
        Open connections of one client, with the same end; behind a proxy all are one client.
    allow_host : tuple of str
        Further names that clients may call the server by, such as music.example.org; * allows any.
        Without a token a server that listens on this machine only answers to localhost, 127.0.0.1
        and [::1], others to their addresses and the machine's name too.
    token_file : Path or None
        A file whose first line every client must send as its bearer token; nobody need if None.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    n_workers: int = 0
    memory_mb: int = 2000
    max_queue: int = 16
    max_body_mb: int = 50
    max_uploads_mb: int = 400
    max_audio_seconds: float = 3600.0
    deadline_seconds: float = 60.0
    upload_seconds: float = 300.0
    max_connections: int = 100
    max_client_connections: int = 50
    allow_host: tuple[str, ...] = ()
    token_file: Path | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"port={self.port} must be from 0 (any free one) to 65535")
        for name, least in (
            ("max_queue", 0),
            ("max_body_mb", 1),
            ("max_connections", 8),
            ("max_client_connections", 4),
        ):
            if getattr(self, name) < least:
                raise ConfigError(f"{name}={getattr(self, name)} must be at least {least}")
        if self.max_uploads_mb < self.max_body_mb:
            raise ConfigError(
                f"max_uploads_mb={self.max_uploads_mb} must be at least "
                f"max_body_mb={self.max_body_mb}"
            )
        for name in ("max_audio_seconds", "deadline_seconds", "upload_seconds"):
            if not 1.0 <= getattr(self, name) < math.inf:
                raise ConfigError(f"{name}={getattr(self, name)} must be at least 1 s")

        for name in self.allow_host:
            if name != ANY_HOST and not _HOST.fullmatch(name):
                raise ConfigError(
                    f"allow_host={name!r} must be a name such as music.example.org, without scheme "
                    f"and port, or {ANY_HOST}"
                )

    @property
    def max_body_bytes(self) -> int:
        """The largest request."""
        return self.max_body_mb * MB

    @property
    def max_uploads_bytes(self) -> int:
        """The largest sum of requests."""
        return self.max_uploads_mb * MB


def read_token(path: Path) -> str:
    """Read the token that clients must know.

    Parameters
    ----------
    path : Path
        A file that holds it.

    Raises
    ------
    ConfigError
        Where it cannot be read, or holds less than 16 visible ASCII characters in its first line.
    """
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"token_file={str(path)!r} must be a readable text file: {error}"
        ) from error
    token = text.partition("\n")[0].strip()
    if len(token) < 16 or not token.isprintable() or " " in token:
        raise ConfigError(
            f"token_file={str(path)!r} must begin with a line of at least 16 characters without "
            "blanks, for example what `openssl rand -hex 32` prints"
        )
    return token
