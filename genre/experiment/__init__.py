"""One run: train a configuration with a seed on a split, score it, leave a record and a bundle.

A run's folder holds `bundle/`, `history.csv`, `curves.png`, `scores.npz`,
`classification_report.txt` and, written last, `record.json`: a run is finished when its record says
so. The test part is read once, after the training, the calibration and the thresholds are done.
"""

from genre.experiment.run import AUTO, Run, RunConfig
from genre.experiment.training import train_run

__all__ = ["AUTO", "Run", "RunConfig", "train_run"]
