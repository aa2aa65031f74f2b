"""What lies in the folder of a model: its configuration, its weights, and whose it is.

Everything is read here: no code of the folder is run, no pickle opened, and `transformers` is
handed values alone, never a path or a name that it could look for elsewhere.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genre.errors import BundleError, ConfigError
from genre.extras import EXTRAS, need
from genre.hashing import hash_file
from genre.inference.network_file import MAX_BYTES
from genre.inference.pretrained import Pretrained
from genre.json_files import load_json
from genre.wording import printable, shown

SPECTROGRAM = "audio-spectrogram-transformer"
_WAVEFORM = (
    *("data2vec-audio", "hubert", "sew", "unispeech", "unispeech-sat", "wav2vec2"),
    *("wav2vec2-conformer", "wavlm"),
)
FAMILIES = (SPECTROGRAM, *_WAVEFORM)
"""Values of `model_type` that can be taken in; mert_model, too, where it is a plain hubert."""

_CONFIG, _PREPROCESSOR = "config.json", "preprocessor_config.json"
_WEIGHTS, _PICKLE = "model.safetensors", "pytorch_model.bin"
_CLASSIFIERS = ("ForSequenceClassification", "ForAudioClassification")
# Of config.json, what would have transformers look for code, files or other packages.
_UNREAD = ("auto_map", "quantization_config", "transformers_weights", "model_type")
_MAX_README_BYTES = 2**20
_MERT = "mert_model"
# What MERT's own code adds to HubertModel (modeling_MERT.py), where these are true.
_OF_MERT = ("feature_extractor_cqt", "deepnorm")


@dataclass(frozen=True, kw_only=True)
class ModelFolder:
    """A model as `save_pretrained` writes it.

    Parameters
    ----------
    path : Path
        The folder.
    model_type : str
        One of `FAMILIES`.
    config : mapping
        Content of config.json, without what would lead out of the folder.
    preprocessor : mapping
        Content of preprocessor_config.json.
    """

    path: Path
    model_type: str
    config: Mapping[str, Any]
    preprocessor: Mapping[str, Any]

    @property
    def weights(self) -> Path:
        """The file of its weights."""
        return self.path / _WEIGHTS

    @property
    def architecture(self) -> str:
        """Name of the class that it was saved from; may be empty."""
        names = self.config.get("architectures")
        return str(names[0]) if isinstance(names, list) and names else ""

    @property
    def is_classifier(self) -> bool:
        """Whether it has classes that mean something, and not an embedding alone."""
        return self.architecture.endswith(_CLASSIFIERS)

    @property
    def has_one_label(self) -> bool:
        """Whether its classes exclude each other, as its loss has it where nothing is said."""
        said = self.config.get("problem_type")
        if said is None:
            return self.model_type != SPECTROGRAM
        return bool(said == "single_label_classification")

    @property
    def classes(self) -> tuple[str, ...]:
        """What its logits stand for; none where it gives embeddings alone.

        Raises
        ------
        BundleError
            Where they have no names, or not each its own.
        """
        if not self.is_classifier:
            return ()
        named = self.config.get("id2label")
        names = named if isinstance(named, dict) else {}
        found = [names.get(str(number)) for number in range(len(names))]
        classes = tuple(name for name in found if isinstance(name, str) and name.strip())
        if not classes or len(set(classes)) < len(found):
            raise BundleError(
                f"{shown(self.path / _CONFIG)}: id2label must name each of its classes, from 0 on, "
                "and none of them twice"
            )
        return classes

    def origin(self, name: str) -> Pretrained:
        """Find whose it is, as far as the folder says.

        Parameters
        ----------
        name : str
            What it is called here.
        """
        card = _front_matter(self.path / "README.md")
        licence = card.get("license", "")
        saved_as = self.config.get("_name_or_path")
        made_by = saved_as if isinstance(saved_as, str) and saved_as.count("/") == 1 else ""
        based_on = f"based on {card['base_model']}" if card.get("base_model") else ""
        said = (made_by, based_on, "converted to ONNX")
        return Pretrained(
            name=name,
            source=shown(Path(self.path.resolve().name)),
            sha256=hash_file(self.weights),
            licence=card.get("license_name", licence) if licence == "other" else licence,
            attribution=printable("; ".join(part for part in said if part)),
        )


def read_folder(path: Path) -> ModelFolder:
    """Read a folder, all but its weights.

    Parameters
    ----------
    path : Path
        As `save_pretrained` writes it: config.json, preprocessor_config.json, model.safetensors.

    Raises
    ------
    MissingPackageError
        Where `transformers`, or what else it takes to use the model, is not installed.
    ConfigError
        Where there is no such folder.
    BundleError
        Where something is absent from it, or of a kind that cannot be taken in.
    """
    for package in EXTRAS["hf"]:
        need(package)
    if not path.is_dir():
        raise ConfigError(f"what=hf:{printable(shown(path))} must be a folder that is there")
    config = _table(path / _CONFIG, "of the model, as save_pretrained writes it")
    model_type = _family(config, path / _CONFIG)
    preprocessor = _table(
        path / _PREPROCESSOR, "of its feature extractor, whose save_pretrained writes it"
    )
    _check_weights_file(path)
    config = {key: value for key, value in config.items() if key not in _UNREAD}
    return ModelFolder(path=path, model_type=model_type, config=config, preprocessor=preprocessor)


def _family(config: Mapping[str, Any], place: Path) -> str:
    found = config.get("model_type")
    if found == _MERT:
        if own := [key for key in _OF_MERT if config.get(key)]:
            raise BundleError(
                f"{shown(place)}: {own[0]} must be false: such a model runs code of its own, which "
                "is never run here"
            )
        return "hubert"
    if found not in FAMILIES:
        known = ", ".join((*FAMILIES, _MERT))
        raise BundleError(
            f"{shown(place)}: model_type={printable(str(found))} must be one of: {known}"
        )
    return str(found)


def _table(path: Path, whose: str) -> dict[str, Any]:
    if not path.is_file():
        raise BundleError(f"{shown(path.parent)} must hold {path.name}, {whose}")
    try:
        table = load_json(path)
    except (OSError, ValueError) as error:
        raise BundleError(f"{shown(path)}: {error}") from error
    if not isinstance(table, dict):
        raise BundleError(f"{shown(path)} must be a table of keys and values")
    return table


def _check_weights_file(folder: Path) -> None:
    from safetensors import SafetensorError, safe_open

    path = folder / _WEIGHTS
    if not path.is_file():
        advice = ""
        if (folder / _PICKLE).is_file():
            advice = (
                f"; {_PICKLE} is a pickle, which could run code and is not read: where you trust "
                "it, from_pretrained and then save_pretrained of its class write the other"
            )
        raise BundleError(f"{shown(folder)} must hold {_WEIGHTS}, in one file{advice}")
    try:
        with safe_open(path, framework="numpy") as file:
            shapes = [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118 - it is no mapping
    except (OSError, SafetensorError) as error:
        raise BundleError(f"{shown(path)}: {error}") from error
    n_bytes = 4 * sum(math.prod(shape) for shape in shapes)
    if n_bytes > MAX_BYTES:
        raise BundleError(
            f"{shown(path)} must have at most {MAX_BYTES // 4:,} numbers, as a network of at most "
            f"{MAX_BYTES // 2**20} MB has; it has {n_bytes // 4:,}"
        )


def _front_matter(readme: Path) -> dict[str, str]:
    """Read the plain values that a model card begins with, between two lines of hyphens."""
    if not readme.is_file():
        return {}
    with readme.open("rb") as file:
        text = file.read(_MAX_README_BYTES).decode("utf-8", "replace")
    found = re.match(r"\ufeff?---[ \t]*\r?\n(.*?)^---", text, re.DOTALL | re.MULTILINE)
    lines = re.findall(r"^(\w+):[ \t]*(\S.*?)[ \t\r]*$", found[1] if found else "", re.MULTILINE)
    return {key: printable(value.strip("'\"")) for key, value in lines}
