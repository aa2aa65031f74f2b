"""Music that the project makes itself: invented artists in seven genres, to learn and test with."""

from genre.sample.making import SampleSummary, make_sample_dataset
from genre.sample.planning import SampleConfig
from genre.sample.rendering import render_excerpt

__all__ = ["SampleConfig", "SampleSummary", "make_sample_dataset", "render_excerpt"]
