"""Who may ask, what may come in, and what a browser may do with the answer.

The token guards the views that give away the model or its time. What is refused before its body is
taken: a request without the token, and one there is no room for, as waitress keeps a body on disk
until it is answered, and the form's file is copied from it. The headers keep a browser from doing
what the page never asks for.
"""

import hmac
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from apiflask import APIFlask, HTTPTokenAuth
from flask import Flask, Response
from flask import request as current_request
from waitress.parser import HTTPRequestParser
from waitress.utilities import Error

from genre.serving.config import ServingConfig
from genre.serving.origins import Origins
from genre.serving.problems import Problem, busy, unauthorized

View = TypeVar("View", bound=Callable[..., Any])
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src blob:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
ON_EVERYTHING = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Access:
    """The guard before views that give away the model or its time.

    Parameters
    ----------
    token : str or None
        What clients must send; all views are open if None.
    """

    def __init__(self, token: str | None) -> None:
        self._auth = HTTPTokenAuth("Bearer") if token is not None else None
        if self._auth is not None and token is not None:

            @self._auth.verify_token  # type: ignore[untyped-decorator]
            def _is_right(given: str) -> bool:
                return is_token(given, token)

    def guard(self, app: APIFlask) -> Callable[[View], View]:
        """Make the decorator of a guarded view.

        Parameters
        ----------
        app : APIFlask
            Documents it.
        """
        if self._auth is None:
            return lambda view: view
        self._auth.error_processor(app.error_callback)
        return app.auth_required(self._auth)


def is_token(given: str, token: str) -> bool:
    """Compare in a time that does not tell how much of a token is right.

    Parameters
    ----------
    given : str
        By a client.
    token : str
        The right one.
    """
    return hmac.compare_digest(given.encode(), token.encode())


class Refusal(Error):
    """A problem as waitress keeps it, for a request whose body is not taken.

    Parameters
    ----------
    problem : Problem
        What the client is told.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.code = problem.status_code
        self.headers = problem.own_headers


class Admission:
    """Decides by its headers whether a request's body may come.

    Parameters
    ----------
    config : ServingConfig
        Sets the limits.
    token : str or None
        What clients must send with a body; nothing if None.
    """

    def __init__(self, config: ServingConfig, token: str | None) -> None:
        self._config = config
        self._token = token
        self._origins = Origins(config, has_token=token is not None)

    def refusal(
        self, request: HTTPRequestParser, others: Iterable[HTTPRequestParser]
    ) -> Refusal | None:
        """Decide whether a request is refused.

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
        wrong = self._origins.problem(
            str(request.command), lambda name: request.headers.get(name.upper().replace("-", "_"))
        )
        if wrong is not None:
            return Refusal(wrong)
        n_bytes = self._body_bytes(request)
        if not n_bytes:
            return None
        if self._token is not None and not _has_token(request, self._token):
            return Refusal(unauthorized())
        n_held = sum(map(self._body_bytes, others))
        if n_held + n_bytes > self._config.max_uploads_bytes:
            limit = f"max_uploads_mb={self._config.max_uploads_mb}"
            return Refusal(busy(f"the uploads in hand fill {limit}"))
        return None

    def _body_bytes(self, request: HTTPRequestParser) -> int:
        if request.error is not None:
            return 0
        # One that comes in chunks does not say how long it gets.
        return self._config.max_body_bytes if request.chunked else request.content_length


def _has_token(request: HTTPRequestParser, token: str) -> bool:
    scheme, _, given = request.headers.get("AUTHORIZATION", "").partition(" ")
    return scheme.lower() == "bearer" and is_token(given.strip(), token)


def secure(app: Flask, origins: Origins, *, media: str = "blob:") -> None:
    """Refuse strangers' pages, and add the headers to every answer of an app.

    Parameters
    ----------
    app : Flask
        Of any kind.
    origins : Origins
        Knows strangers.
    media : str
        Where sound may come from, as a content security policy names it.
    """
    policy = CONTENT_SECURITY_POLICY.replace("media-src blob:", f"media-src {media}")

    @app.before_request
    def _refuse() -> None:
        wrong = origins.problem(current_request.method, current_request.headers.get)
        if wrong is not None:
            raise wrong

    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.extend(ON_EVERYTHING | {"Content-Security-Policy": policy})
        # Answers are about one upload; the page may be kept but must be asked for again.
        is_page = current_request.endpoint in ("index", "page_file")
        response.headers["Cache-Control"] = "no-cache" if is_page else "no-store"
        return response
