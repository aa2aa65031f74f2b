"""What a server is made of."""

from dataclasses import dataclass
from pathlib import Path

from genre.serving.config import ServingConfig
from genre.serving.engine import Engine
from genre.tagging.describing import Description


@dataclass(frozen=True, kw_only=True)
class Service:
    """A loaded bundle and how it is offered.

    Parameters
    ----------
    engine : Engine
    description : Description
        Of the engine's bundle.
    config : ServingConfig
    uploads : Path
        An existing private folder.
    token : str or None
        What clients must send; nothing if None.
    """

    engine: Engine
    description: Description
    config: ServingConfig
    uploads: Path
    token: str | None = None
