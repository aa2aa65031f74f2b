"""Many runs: prepare the data once, train every configuration and seed, choose on validation."""

from genre.grid.configurations import CONFIGURATIONS, GridConfig
from genre.grid.runs import GridSummary, run_grid

__all__ = ["CONFIGURATIONS", "GridConfig", "GridSummary", "run_grid"]
