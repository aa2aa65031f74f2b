"""Many runs: prepare the data once, train every configuration and seed, choose on validation.

`genre.grid.trained` does that and compares them; processes that train need none of it.
"""

from genre.grid.configurations import GridConfig
from genre.grid.names import configuration_names
from genre.grid.options import configure
from genre.grid.runs import GridSummary, run_grid

__all__ = ["GridConfig", "GridSummary", "configuration_names", "configure", "run_grid"]
