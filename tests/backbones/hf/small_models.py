"""Models of `transformers` small enough for tests, saved as their users save them."""

import json
from pathlib import Path
from typing import Any

import torch
import transformers

from genre.backbones.hf.folder import SPECTROGRAM

RATE = 8000
SMALL = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "conv_dim": (8, 8),
    "conv_stride": (10, 8),
    "conv_kernel": (20, 8),
    "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 8,
    "num_conv_pos_embedding_groups": 2,
    "classifier_proj_size": 12,
}
OF_FAMILY: dict[str, dict[str, Any]] = {
    "data2vec-audio": {"num_conv_pos_embeddings": 2, "conv_pos_kernel_size": 5},
    "wav2vec2": {"do_stable_layer_norm": True, "feat_extract_norm": "layer"},
}
SPECTROGRAMS = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_length": 60,
    "num_mel_bins": 32,
}


def save_model(
    folder: Path, family: str, *, kind: str = "", normalise: bool = True, **options: object
) -> Path:
    """Save a model with weights of chance, and its feature extractor.

    `kind` is the class of the model: by default that without a head.
    """
    torch.manual_seed(0)
    of_spectrogram = family == SPECTROGRAM
    own = SPECTROGRAMS if of_spectrogram else SMALL | OF_FAMILY.get(family, {})
    config = transformers.CONFIG_MAPPING[family](**(own | options))
    build = getattr(transformers, kind) if kind else transformers.MODEL_MAPPING[type(config)]
    model = build(config).eval()
    for name, values in model.named_parameters():
        # As they are made they are so small that all sounds are nearly the same to them.
        if name.endswith("weight") and values.ndim > 1 and "parametrizations" not in name:
            values.data.mul_(4)
    model.save_pretrained(folder)
    if of_spectrogram:
        extractor = transformers.ASTFeatureExtractor(
            sampling_rate=RATE, max_length=60, num_mel_bins=32, do_normalize=normalise
        )
    else:
        extractor = transformers.Wav2Vec2FeatureExtractor(
            sampling_rate=RATE, do_normalize=normalise
        )
    extractor.save_pretrained(folder)
    return folder


def change(file: Path, **values: object) -> None:
    """Give a file of JSON other values; None takes one away."""
    table = json.loads(file.read_text()) | values
    file.write_text(json.dumps({key: value for key, value in table.items() if value is not None}))
