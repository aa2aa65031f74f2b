"""Music that the project makes itself: invented artists in seven genres, to learn and test with."""

from genre.dataset.sample.making import SampleSummary, make_sample_dataset
from genre.dataset.sample.planning import SampleConfig
from genre.dataset.sample.rendering import render_excerpt

__all__ = ["SampleConfig", "SampleSummary", "make_sample_dataset", "render_excerpt"]
