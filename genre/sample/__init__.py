"""Music that the project makes itself: invented artists in seven genres, to learn and test with."""

from genre.sample.making import SampleSummary, is_made_here, make_sample_dataset
from genre.sample.planning import SampleConfig, TrackPlan, plan_tracks
from genre.sample.rendering import render_excerpt, render_track

__all__ = [
    "SampleConfig",
    "SampleSummary",
    "TrackPlan",
    "is_made_here",
    "make_sample_dataset",
    "plan_tracks",
    "render_excerpt",
    "render_track",
]
