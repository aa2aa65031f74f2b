"""``describe.toml``: which model answers which part, and within which limits.

What is not in the file has the defaults below. A model that the file names may be fetched from the
hub; one of the defaults is used where it is on this machine already.
"""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from genre.config import from_mapping
from genre.errors import ConfigError
from genre.suggestions import did_you_mean
from genre.wording import shown

__all__ = [
    "PARTS",
    "CoverSettings",
    "HeardSettings",
    "MoodSettings",
    "Settings",
    "VideoSettings",
    "WordsSettings",
    "load_settings",
]

PARTS = ("heard", "genres", "mood", "cover", "video", "words")
"""The questions asked of a track, in the order of the card."""


@dataclass(frozen=True, kw_only=True)
class HeardSettings:
    """What is heard in the sound.

    Parameters
    ----------
    model : str
        An audio classifier of transformers: its name on the hub, or a folder of this machine.
    window_seconds : float, in seconds
        How much it hears at a time; the scores of a track are the mean of its windows'.
    max_seconds : float, in seconds
        Longer sound is refused.
    top : int
        How many of its tags are told.
    """

    model: str = "MIT/ast-finetuned-audioset-10-10-0.4593"
    window_seconds: float = 10.0
    max_seconds: float = 3600.0
    top: int = 5

    def __post_init__(self) -> None:
        _check(self, "window_seconds", 0.5, 60)
        _check(self, "max_seconds", 1, 14400)
        _check(self, "top", 1, 1000)


@dataclass(frozen=True, kw_only=True)
class MoodSettings:
    """The mood of the words.

    Parameters
    ----------
    model : str
        A sentiment classifier of transformers for any language.
    russian : str
        One for texts in Russian.
    batch_size : int
        Texts that it reads together.
    max_characters : int
        Of lyrics; what is longer is not read further.
    """

    model: str = "lxyuan/distilbert-base-multilingual-cased-sentiments-student"
    russian: str = "blanchefort/rubert-base-cased-sentiment"
    batch_size: int = 16
    max_characters: int = 50_000

    def __post_init__(self) -> None:
        _check(self, "batch_size", 1, 4096)
        _check(self, "max_characters", 1, 10_000_000)


@dataclass(frozen=True, kw_only=True)
class CoverSettings:
    """What the cover shows.

    Parameters
    ----------
    model : str
        An image classifier of torchvision by its name there, or of timm as ``timm/NAME``.
    weights : str
        A file of its weights on this machine; by default those that ImageNet gave it.
    max_bytes : int, in bytes
        Of the picture's file.
    max_pixels : int
        Width times height.
    top : int
        How many classes are told.
    """

    model: str = "resnet18"
    weights: str = ""
    max_bytes: int = 32_000_000
    max_pixels: int = 50_000_000
    top: int = 5

    def __post_init__(self) -> None:
        _check(self, "max_bytes", 1, 2**31)
        _check(self, "max_pixels", 1, 2**30)
        _check(self, "top", 1, 1000)


@dataclass(frozen=True, kw_only=True)
class VideoSettings:
    """What the video shows.

    Parameters
    ----------
    model : str
        An object detector of transformers.
    every : int
        One of so many frames is looked at.
    min_score : float, in [0, 1]
        Of an object that is told and drawn.
    max_seconds : float, in seconds
        Longer video is refused.
    max_pixels : int
        Of a frame, width times height.
    """

    model: str = "facebook/detr-resnet-50"
    every: int = 10
    min_score: float = 0.7
    max_seconds: float = 900.0
    max_pixels: int = 9_000_000

    def __post_init__(self) -> None:
        _check(self, "every", 1, 100_000)
        _check(self, "min_score", 0, 1)
        _check(self, "max_seconds", 0.1, 14400)
        _check(self, "max_pixels", 1, 2**26)


@dataclass(frozen=True, kw_only=True)
class WordsSettings:
    """A short text by a language model of this machine.

    Parameters
    ----------
    url : str
        Of Ollama (http://localhost:11434) or of any server that speaks OpenAI's protocol; empty
        asks none.
    model : str
        Its name on that server.
    timeout_seconds : float, in seconds
        For the whole text.
    max_tokens : int
        Of the text.
    """

    url: str = ""
    model: str = "llama3:8b"
    timeout_seconds: float = 120.0
    max_tokens: int = 200

    def __post_init__(self) -> None:
        _check(self, "timeout_seconds", 0.1, 3600)
        _check(self, "max_tokens", 1, 4096)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that ``describe.toml`` may hold, a table for each part.

    Parameters
    ----------
    heard : HeardSettings
        What is heard.
    mood : MoodSettings
        The mood of the words.
    cover : CoverSettings
        What the cover shows.
    video : VideoSettings
        What the video shows.
    words : WordsSettings
        A short text.
    """

    heard: HeardSettings = field(default_factory=HeardSettings)
    mood: MoodSettings = field(default_factory=MoodSettings)
    cover: CoverSettings = field(default_factory=CoverSettings)
    video: VideoSettings = field(default_factory=VideoSettings)
    words: WordsSettings = field(default_factory=WordsSettings)


def load_settings(path: Path) -> tuple[Settings, frozenset[str]]:
    """Read ``describe.toml``.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    settings : Settings
        With defaults for what it leaves out.
    named : frozenset of str
        The models that it names, which may be fetched.

    Raises
    ------
    ConfigError
        Where it is no TOML, or has a key or a value that there is not.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"models={shown(path)} must be a TOML file: {error}") from error
    homes = {home.name: home.default_factory for home in fields(Settings)}
    _check_keys(tables, homes, f"{shown(path)} has no table")
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{shown(path)}: {name} must be a table: [{name}]")
        known = {key.name for key in fields(homes[name])}  # type: ignore[arg-type]  # all have one
        _check_keys(table, known, f"{shown(path)}: [{name}] has no key")
    settings = from_mapping(Settings, tables)  # which refuses a value of another type
    named = {
        table[key]
        for name, table in tables.items()
        for key in ("model", "russian")
        if name != "words" and key in table
    }
    return settings, frozenset(named)


def _check_keys(table: dict[str, Any], known: Any, what: str) -> None:  # noqa: ANN401 - any names
    for key in table:
        if key not in known:
            meant = did_you_mean(key, known) or f"; known: {', '.join(sorted(known))}"
            raise ConfigError(f"{what} {key!r}{meant}")


def _check(settings: object, name: str, lowest: float, highest: float) -> None:
    value = getattr(settings, name)
    if not lowest <= value <= highest:
        raise ConfigError(f"{name}={value} must be from {lowest} to {highest}")
