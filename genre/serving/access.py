"""Who may ask: an optional bearer token."""

import hmac
from collections.abc import Callable
from typing import Any, TypeVar

from apiflask import APIFlask, HTTPTokenAuth

View = TypeVar("View", bound=Callable[..., Any])


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
        """Give the decorator of a guarded view.

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
