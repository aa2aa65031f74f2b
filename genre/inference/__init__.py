"""A trained model on disk, and its use without torch: from log-mel to scores."""

from genre.inference.bundle import Bundle, load_backbone, load_bundle
from genre.inference.network import OnnxNetwork
from genre.inference.pretrained import Pretrained
from genre.inference.score_rule import AGGREGATIONS, Aggregation, ScoreRule
from genre.inference.scoring import WindowLogits, WindowNetwork, window_logits
from genre.inference.windowing import Standardisation, Windowing

__all__ = [
    "AGGREGATIONS",
    "Aggregation",
    "Bundle",
    "OnnxNetwork",
    "Pretrained",
    "ScoreRule",
    "Standardisation",
    "WindowLogits",
    "WindowNetwork",
    "Windowing",
    "load_backbone",
    "load_bundle",
    "window_logits",
]
