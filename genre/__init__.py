"""Learn and tag music genres: honest splits, honest comparisons, a bundle that tags new music."""

__version__ = "0.1.0"
