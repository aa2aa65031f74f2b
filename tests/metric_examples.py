"""Four tracks and three genres, judged by hand in the tests of the metrics."""

import numpy as np

Y_TRUE = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=np.bool_)
DECISIONS = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 1], [0, 1, 0]], dtype=np.bool_)
Y_SCORE = np.array([[0.9, 0.2, 0.1], [0.3, 0.8, 0.1], [0.4, 0.6, 0.7], [0.1, 0.7, 0.2]])
