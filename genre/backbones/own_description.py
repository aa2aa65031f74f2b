"""What a description beside an ONNX file says of the network.

It is a TOML or JSON file of the network's name, ``ears.toml`` beside ``ears.onnx``; see `EXAMPLE`.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.config import check_choices, from_mapping
from genre.errors import ConfigError
from genre.inference.network import EMBEDDING, INPUT, LOGITS
from genre.inference.windowing import Standardisation
from genre.json_files import load_json
from genre.wording import shown

EXAMPLE = """\
n_frames = 128                    # of a window
step_frames = 64                  # to the next one; by default a whole window
layout = "frames,mels"            # axes behind the first; or "1,mels,frames" (the default) ...
input = "melspectrogram"          # names in the file
embedding = "dense/Relu:0"        # of shape (windows, numbers); need not be an output
logits = "scores"                 # read where there are classes; a sigmoid makes scores of them
classes = ["speech", "music"]
source = "ears-of-somebody"
version = "1.0"
licence = "CC BY 4.0"
attribution = "Somebody (2020)"

[mel]
sample_rate = 16000
n_fft = 512
hop_length = 160
n_mels = 64
f_max = 8000.0
mel_scale = "htk"                 # or "slaney"
filter_norm = "slaney"            # or "sum", "none"
compression = "log10"             # log10(1 + log_gain * power) / log_divisor; or "decibels"
normalise_peak = false
"""
"""All but `n_frames` and `mel` may be left out; `mel` has the fields of `MelConfig`."""

Layout = Literal["1,mels,frames", "mels,frames", "1,frames,mels", "frames,mels"]


@dataclass(frozen=True, kw_only=True)
class NetworkDescription:
    """What a description file says.

    Parameters
    ----------
    mel : MelConfig
        How the network was trained to hear.
    n_frames : int
        Length of a window.
    step_frames : int
        From the start of a window to that of the next; 0 is a whole window.
    layout : 1,mels,frames or mels,frames or 1,frames,mels or frames,mels
        Axes of its input behind the first, which counts windows.
    input : str
        Name of its input.
    embedding : str
        Name of what becomes the embedding, of shape (n_windows, n_embedding); it need not be an
        output.
    logits : str
        Name of what becomes the logits, of shape (n_windows, n_classes); read with classes alone.
    classes : tuple of str
        What the logits stand for.
    mean, deviation : tuple of float
        Of each band, taken off and divided by; one number counts for all, none is 0 and 1.
    source : str
        Where the network comes from.
    version : str
        Of the source.
    licence : str
        Of its weights.
    attribution : str
        Who made it.
    """

    mel: MelConfig
    n_frames: int
    step_frames: int = 0
    layout: Layout = "1,mels,frames"
    input: str = INPUT
    embedding: str = EMBEDDING
    logits: str = LOGITS
    classes: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()
    source: str = ""
    version: str = ""
    licence: str = ""
    attribution: str = ""

    def __post_init__(self) -> None:
        check_choices(self)
        if not 1 <= self.n_frames <= 100_000:
            raise ConfigError(f"n_frames={self.n_frames} must be between 1 and 100000")
        if not 0 <= self.step_frames <= self.n_frames:
            raise ConfigError(f"step_frames={self.step_frames} must be at most n_frames, or 0")
        for name in ("mean", "deviation"):
            if len(getattr(self, name)) not in (0, 1, self.mel.n_mels):
                raise ConfigError(f"{name} must have a number for each band, one, or none")

    @property
    def windows(self) -> WindowConfig:
        """Its windows in seconds."""
        frame = self.mel.hop_length / self.mel.sample_rate
        return WindowConfig(
            window_seconds=self.n_frames * frame,
            step_seconds=(self.step_frames or self.n_frames) * frame,
            min_tail_seconds=max(1, self.n_frames // 4) * frame,
        )

    @property
    def standardisation(self) -> Standardisation:
        """Its numbers for every band."""
        n_mels = self.mel.n_mels
        mean, deviation = self.mean or (0.0,), self.deviation or (1.0,)
        return Standardisation(
            mean=mean * n_mels if len(mean) == 1 else mean,
            deviation=deviation * n_mels if len(deviation) == 1 else deviation,
        )


def read_description(path: Path) -> NetworkDescription:
    """Read the description beside an ONNX file.

    Parameters
    ----------
    path : Path
        The ONNX file.

    Raises
    ------
    ConfigError
        Where there is none, or it says what cannot be.
    """
    places = [path.with_suffix(".toml"), path.with_suffix(".json")]
    place = next((place for place in places if place.is_file()), None)
    if not path.is_file() or place is None:
        raise ConfigError(
            f"path={shown(path)} must be an ONNX file with a description beside it, "
            f"{places[0].name} or {places[1].name} (`genre backbone --help` has an example)"
        )
    try:
        is_toml = place.suffix == ".toml"
        words = tomllib.loads(place.read_text("utf-8")) if is_toml else load_json(place)
        if not isinstance(words, dict):
            raise ConfigError("it must be a table of keys and values")
        return from_mapping(NetworkDescription, words)
    except (OSError, ValueError, RecursionError, ConfigError) as error:
        raise ConfigError(f"{shown(place)}: {error}") from error
