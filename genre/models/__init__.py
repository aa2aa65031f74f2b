"""Networks: from windows of log-mel to logits and scores, on disk as bundles, and explained."""

from genre.models.bundle import Bundle, load_bundle, save_bundle
from genre.models.devices import pick_device
from genre.models.explain import block_attention, genre_evidence, pooled_features
from genre.models.outline import Stage, outline
from genre.models.registry import MODELS, Architecture, build_network, count_parameters
from genre.models.score_rule import AGGREGATIONS, ScoreRule
from genre.models.scoring import Standardisation, Windowing, WindowLogits, window_logits
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig

__all__ = [
    "AGGREGATIONS",
    "MODELS",
    "Architecture",
    "Bundle",
    "ScoreRule",
    "ShortChunkCNN",
    "ShortChunkCNNConfig",
    "SpectrogramCNN",
    "SpectrogramCNNConfig",
    "Stage",
    "Standardisation",
    "WindowLogits",
    "Windowing",
    "block_attention",
    "build_network",
    "count_parameters",
    "genre_evidence",
    "load_bundle",
    "outline",
    "pick_device",
    "pooled_features",
    "save_bundle",
    "window_logits",
]
