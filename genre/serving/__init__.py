"""HTTP over a bundle: upload a file, get its genres.

`engine` decodes in killable workers and scores, `app` speaks HTTP, `server` owns the sockets.
"""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.serving.app import create_app
    from genre.serving.config import ServingConfig
    from genre.serving.engine import Engine
    from genre.serving.running import serve
    from genre.serving.views import Service

__all__ = ["Engine", "Service", "ServingConfig", "create_app", "serve"]

__getattr__, __dir__ = offer(
    __name__,
    {
        "app": ("create_app",),
        "config": ("ServingConfig",),
        "engine": ("Engine",),
        "running": ("serve",),
        "views": ("Service",),
    },
)
