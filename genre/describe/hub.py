"""Models of `transformers`, from a folder of this machine or from the hub where that is allowed."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from genre.describe.card import Absent, Model

__all__ = ["FAULTS", "INSTALL", "Hub", "Ready", "check_installed"]

INSTALL = "pip install '.[train,describe]' in a clone of genre"

# What libraries raise on files that do not fit, memory that is short, and inputs they cannot take.
FAULTS = (
    *(OSError, ValueError, RuntimeError, ImportError, LookupError, TypeError, MemoryError),
    *(ArithmeticError, AttributeError, AssertionError, EOFError, UnpicklingError),
)

_LOADERS = {
    "audio-classification": ("AutoModelForAudioClassification", "AutoFeatureExtractor"),
    "text-classification": ("AutoModelForSequenceClassification", "AutoTokenizer"),
    "object-detection": ("AutoModelForObjectDetection", "AutoImageProcessor"),
}
_INPUTS = {
    "audio-classification": "feature_extractor",
    "text-classification": "tokenizer",
    "object-detection": "image_processor",
}


def check_installed(*packages: str) -> None:
    """Make sure that what a part imports is installed.

    Parameters
    ----------
    packages : str
        Importable names.

    Raises
    ------
    Absent
        With the command that installs it.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise Absent(f"{', '.join(missing)} must be installed", INSTALL)


@dataclass(frozen=True)
class Ready:
    """A model that is loaded.

    Parameters
    ----------
    run : callable
        The pipeline of transformers.
    model : Model
        What the card says of it.
    """

    run: Callable[..., Any]
    model: Model


class Hub:
    """Loads pipelines, each once.

    Parameters
    ----------
    device : str
        cpu, cuda, cuda:1 or mps.
    may_fetch : callable of str
        Whether a model of this name may be fetched; else it must be on this machine.
    """

    def __init__(self, *, device: str, may_fetch: Callable[[str], bool]) -> None:
        self.device = device
        self._may_fetch = may_fetch
        self._ready: dict[tuple[str, str], Ready | Absent] = {}

    def load(self, task: str, name: str) -> Ready:
        """Load a model with what prepares its input.

        Parameters
        ----------
        task : str
            Of transformers: audio-classification, text-classification or object-detection.
        name : str
            A folder of this machine, or a name on the hub.

        Raises
        ------
        Absent
            Where it is not here, or cannot be loaded; at once where that was so before.
        """
        key = (task, name)
        if key not in self._ready:
            try:
                self._ready[key] = self._load(task, name)
            except Absent as error:
                self._ready[key] = error
        found = self._ready[key]
        if isinstance(found, Absent):
            raise found
        return found

    def _load(self, task: str, name: str) -> Ready:
        check_installed("torch", "transformers")
        # Neither reports of use nor a background conversion of weights at their makers'.
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")
        import transformers
        from safetensors import SafetensorError

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        is_here = Path(name).is_dir()
        local = is_here or not self._may_fetch(name)
        of_model, of_input = _LOADERS[task]
        try:
            model = getattr(transformers, of_model).from_pretrained(name, local_files_only=local)
            prepare = getattr(transformers, of_input).from_pretrained(name, local_files_only=local)
            run = transformers.pipeline(
                task, model=model, device=self.device, **{_INPUTS[task]: prepare}
            )
        except (*FAULTS, SafetensorError) as error:
            if not is_here:
                reason = f"the model {name} is not on this machine"
                raise Absent(reason, f"hf download {name}") from error
            reason = f"the model {name} cannot be loaded: {_first_line(error)}"
            raise Absent(reason, "name a folder of save_pretrained in describe.toml") from error
        revision = getattr(model.config, "_commit_hash", None)
        told = f"transformers {version('transformers')}"
        return Ready(
            run,
            Model(
                name=name,
                version=f"{revision}, {told}" if revision else told,
                device=str(model.device),
                n_parameters=sum(weights.numel() for weights in model.parameters()),
            ),
        )


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
