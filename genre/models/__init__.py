"""Networks in torch: from windows of log-mel to logits, to and from bundles, and explained."""

from genre.models.bundle import load_network, save_bundle, with_network
from genre.models.devices import pick_device
from genre.models.explain import block_attention, genre_evidence, pooled_features
from genre.models.exporting import export_network
from genre.models.outline import Stage, outline
from genre.models.registry import MODELS, Architecture, build_network, count_parameters
from genre.models.scoring import TorchNetwork, standardised
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig

__all__ = [
    "MODELS",
    "Architecture",
    "ShortChunkCNN",
    "ShortChunkCNNConfig",
    "SpectrogramCNN",
    "SpectrogramCNNConfig",
    "Stage",
    "TorchNetwork",
    "block_attention",
    "build_network",
    "count_parameters",
    "export_network",
    "genre_evidence",
    "load_network",
    "outline",
    "pick_device",
    "pooled_features",
    "save_bundle",
    "standardised",
    "with_network",
]
