"""A model of `transformers`, and the network that it becomes: from waveforms to ONNX."""

import io
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import nn

from genre.backbones.hf.folder import SPECTROGRAM, ModelFolder
from genre.backbones.hf.kaldi import KaldiSpectrogram
from genre.errors import BundleError
from genre.inference.network import EMBEDDING, INPUT, LOGITS, OPSET
from genre.wording import printable, shown

Floats = NDArray[np.float32]

_WAVEFORM_SECONDS = 5.0
# Of Wav2Vec2FeatureExtractor, added to the variance.
_VARIANCE = 1e-7
_FRAME_STEP_SECONDS = 0.01  # of ASTFeatureExtractor


@dataclass(frozen=True)
class Model:
    """A model with its feature extractor, as `transformers` has them.

    Parameters
    ----------
    folder : ModelFolder
        What both were made of.
    network : PreTrainedModel
        The model.
    extractor : FeatureExtractionMixin
        Its feature extractor.
    """

    folder: ModelFolder
    network: Any
    extractor: Any

    @property
    def sample_rate(self) -> int:
        """What it hears at, in Hz."""
        return self._number("sampling_rate")

    @property
    def max_seconds(self) -> float | None:
        """The longest sound that it hears all of; None where there is no limit."""
        if self.folder.model_type != SPECTROGRAM:
            return None
        return self._number("max_length") * _FRAME_STEP_SECONDS

    @property
    def window_seconds(self) -> float:
        """What it was made for, or what suits it."""
        return self.max_seconds or _WAVEFORM_SECONDS

    def _number(self, name: str) -> int:
        value = getattr(self.extractor, name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise BundleError(
                f"{shown(self.folder.path)}: {name}={printable(str(value))} must be a whole number "
                "above 0"
            )
        return value

    def compute(self, waveforms: Floats) -> tuple[Floats, Floats | None]:
        """Compute what the model says of sounds, through its own feature extractor.

        Parameters
        ----------
        waveforms : ndarray of shape (n, n_samples)
            At its sample rate.

        Returns
        -------
        tuple of ndarray of shape (n, n_embedding) and ndarray of shape (n, n_classes) or None
            Embeddings and logits.
        """
        embeddings, logits = list[torch.Tensor](), list[torch.Tensor]()
        for waveform in waveforms:
            inputs = self.extractor(waveform, sampling_rate=self.sample_rate, return_tensors="pt")
            with torch.no_grad():
                embedding, said = _outputs(self.network, inputs)
            embeddings.append(embedding)
            logits += [] if said is None else [said]
        return torch.cat(embeddings).numpy(), torch.cat(logits).numpy() if logits else None

    def exported(self, n_samples: int) -> bytes:
        """Write model and feature extractor as ONNX.

        Parameters
        ----------
        n_samples : int
            Length of a window.

        Returns
        -------
        bytes
            For `genre.inference.network.OnnxNetwork`, with windows of shape (n, 1, n_samples, 1).

        Raises
        ------
        BundleError
            Where the model cannot hear windows of that length, or ONNX has no word for it.
        """
        names = [EMBEDDING, *([LOGITS] if self.folder.is_classifier else [])]
        file = io.BytesIO()
        with _quietly(self.folder, f"must hear windows of {n_samples} samples"), torch.no_grad():
            torch.onnx.export(
                _Whole(self).eval(),
                (torch.zeros(2, 1, n_samples, 1),),
                file,  # type: ignore[arg-type]  # the stub speaks of the other exporter
                input_names=[INPUT],
                output_names=names,
                dynamic_axes={name: {0: "n_windows"} for name in (INPUT, *names)},
                opset_version=OPSET,
                dynamo=False,
            )
        return file.getvalue()


def load_model(folder: ModelFolder) -> Model:
    """Make a model of what was read from its folder.

    Parameters
    ----------
    folder : ModelFolder
        From `read_folder`.

    Raises
    ------
    BundleError
        Where `transformers` cannot make one of it, or the weights are those of another.
    """
    of_spectrogram = folder.model_type == SPECTROGRAM
    kind = "ASTFeatureExtractor" if of_spectrogram else "Wav2Vec2FeatureExtractor"
    found = folder.preprocessor.get("feature_extractor_type", kind)
    if found != kind:
        raise BundleError(
            f"{shown(folder.path)}: feature_extractor_type={printable(str(found))} must be {kind}"
        )
    with _quietly(folder, "must be a model that transformers can make"):
        extractor = getattr(transformers, kind).from_dict(dict(folder.preprocessor))
        config = transformers.CONFIG_MAPPING[folder.model_type].from_dict(dict(folder.config))
        classes = transformers.MODEL_MAPPING
        if folder.is_classifier:
            classes = transformers.MODEL_FOR_AUDIO_CLASSIFICATION_MAPPING
        network, report = classes[type(config)].from_pretrained(
            None,
            config=config,
            state_dict=load_file(folder.weights),
            dtype=torch.float32,
            attn_implementation="eager",
            output_loading_info=True,
        )
    _check_weights(network, report, folder)
    return Model(folder, network.eval(), extractor)


class _Whole(nn.Module):
    """Feature extractor and model: from windows to an embedding and perhaps logits."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self._network, extractor = model.network, model.extractor
        self._excludes = model.folder.has_one_label
        self._hear: nn.Module
        if model.folder.model_type == SPECTROGRAM:
            self._hear = KaldiSpectrogram(
                sample_rate=model.sample_rate,
                n_mels=extractor.num_mel_bins,
                max_frames=extractor.max_length,
                mean=extractor.mean if extractor.do_normalize else 0.0,
                deviation=2.0 * extractor.std if extractor.do_normalize else 1.0,
            )
        else:
            self._hear = _Normalised() if extractor.do_normalize else nn.Identity()

    def forward(self, windows: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Hear windows of shape (n, 1, n_samples, 1)."""
        inputs = {"input_values": self._hear(windows.flatten(1))}
        embedding, logits = _outputs(self._network, inputs)
        if logits is None:
            return (embedding,)
        if self._excludes:
            logits = _log_odds(logits, self._network.config.num_labels)
        return embedding, logits


class _Normalised(nn.Module):
    """Windows brought to a mean of 0 and a variance of 1, each its own."""

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """Bring waveforms of shape (n, n_samples) to scale."""
        centred = waveforms - waveforms.mean(dim=1, keepdim=True)
        variance = (centred**2).mean(dim=1, keepdim=True)
        return centred / torch.sqrt(variance + _VARIANCE)


def _outputs(
    network: Any,  # noqa: ANN401 - of transformers
    inputs: Mapping[str, torch.Tensor],
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Compute embedding and logits; with a classifier, the embedding is what flows into that."""
    head = getattr(network, "classifier", None)
    if head is None:
        found = network(**inputs, return_dict=True)
        pooled = found.get("pooler_output")
        return found.last_hidden_state.mean(dim=1) if pooled is None else pooled, None
    seen: list[torch.Tensor] = []
    handle = head.register_forward_pre_hook(lambda _, values: seen.append(values[0]))
    try:
        found = network(**inputs, return_dict=True)
    finally:
        handle.remove()
    return seen[0], found.logits


def _log_odds(logits: torch.Tensor, n_classes: int) -> torch.Tensor:
    """Turn logits of a softmax into those of a sigmoid with the same scores."""
    others = ~torch.eye(n_classes, dtype=torch.bool)
    columns = torch.arange(n_classes).expand(n_classes, -1)[others].reshape(n_classes, -1)
    return logits - torch.logsumexp(logits[:, columns], dim=2)


def _check_weights(network: Any, report: Mapping[str, Any], folder: ModelFolder) -> None:  # noqa: ANN401
    """Hold the names of the weights against what the configuration asks for."""
    absent = sorted(report["missing_keys"])
    prefix = f"{network.base_model_prefix}."
    parts = {name for part in (network, network.base_model) for name, _ in part.named_children()}
    # Heads for other tasks are left out.
    extra = sorted(
        key
        for key in report["unexpected_keys"]
        if key.startswith(prefix) or key.split(".")[0] in parts
    )
    if absent or extra:
        fault = f"has no {absent[0]}" if absent else f"has {printable(extra[0])}, too"
        raise BundleError(
            f"{shown(folder.weights)} must hold the weights that config.json asks for; it {fault}"
        )


@contextmanager
def _quietly(folder: ModelFolder, wanted: str) -> Iterator[None]:
    """Keep what others print off the terminal, and make one line of what they raise."""
    said = transformers.utils.logging
    before = said.get_verbosity()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    said.set_verbosity(logging.CRITICAL)
    said.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:  # they have no class in common
        lines = (line.strip() for line in str(error).splitlines())
        reason = next(filter(None, lines), type(error).__name__)
        raise BundleError(f"{shown(folder.path)} {wanted}: {printable(reason)}") from error
    finally:
        said.set_verbosity(before)
        said.enable_progress_bar()
