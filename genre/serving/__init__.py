"""HTTP over a bundle: upload a file, get its genres.

`engine` decodes in killable workers and scores, `app` speaks HTTP, `server` owns the sockets.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genre.serving.app import create_app
    from genre.serving.config import ServingConfig
    from genre.serving.engine import Engine
    from genre.serving.running import serve
    from genre.serving.views import Service

# Loaded when asked for: they bring Flask, waitress and, to score, torch.
_HOMES = {
    "Engine": "engine",
    "Service": "views",
    "ServingConfig": "config",
    "create_app": "app",
    "serve": "running",
}
__all__ = ["Engine", "Service", "ServingConfig", "create_app", "serve"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
