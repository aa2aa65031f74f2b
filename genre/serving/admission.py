"""What is refused before its body is taken: a request without the token, one there is no room for.

waitress keeps a body on disk until it is answered, and the form's file is copied from it.
"""

import errno
from collections.abc import Iterable

from waitress.parser import HTTPRequestParser
from waitress.utilities import Error

from genre.serving.access import is_token
from genre.serving.config import ServingConfig
from genre.serving.problems import RETRY_SECONDS

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


class Refusal(Error):
    """A refusal as waitress keeps it, with headers.

    Parameters
    ----------
    code : int
        Status of HTTP.
    detail : str
        The reason in a sentence.
    headers : dict of str to str
        Sent too.
    """

    def __init__(self, code: int, detail: str, headers: dict[str, str]) -> None:
        super().__init__(detail)
        self.code = code
        self.headers = headers


class Admission:
    """Decides by its headers whether a request's body may come.

    Parameters
    ----------
    config : ServingConfig
    token : str or None
        What clients must send with a body; nothing if None.
    """

    def __init__(self, config: ServingConfig, token: str | None) -> None:
        self._config = config
        self._token = token

    def refusal(
        self, request: HTTPRequestParser, others: Iterable[HTTPRequestParser]
    ) -> Refusal | None:
        """Say why a request is refused.

        Parameters
        ----------
        request : HTTPRequestParser
            Whose headers have come.
        others : iterable of HTTPRequestParser
            All in hand, received or not.

        Returns
        -------
        Refusal or None
            None where its body may come.
        """
        n_bytes = self._body_bytes(request)
        if not n_bytes:
            return None
        if self._token is not None and not _has_token(request, self._token):
            detail = (
                "the header must be `Authorization: Bearer TOKEN`, with the token of this server"
            )
            return Refusal(401, detail, {"WWW-Authenticate": "Bearer"})
        n_held = sum(map(self._body_bytes, others))
        if n_held + n_bytes > self._config.max_uploads_bytes:
            return no_room(f"the uploads in hand fill max_uploads_mb={self._config.max_uploads_mb}")
        return None

    def _body_bytes(self, request: HTTPRequestParser) -> int:
        if request.error is not None:
            return 0
        # One that comes in chunks does not say how long it gets.
        return self._config.max_body_bytes if request.chunked else request.content_length


def no_room(reason: str) -> Refusal:
    """Refuse for now.

    Parameters
    ----------
    reason : str
    """
    detail = f"{reason}; try again in {RETRY_SECONDS} seconds"
    return Refusal(503, detail, {"Retry-After": str(RETRY_SECONDS)})


def _has_token(request: HTTPRequestParser, token: str) -> bool:
    scheme, _, given = request.headers.get("AUTHORIZATION", "").partition(" ")
    return scheme.lower() == "bearer" and is_token(given.strip(), token)
