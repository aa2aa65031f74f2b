"""Five tracks of three artists for the tests of resampling, judged by hand there."""

import numpy as np

CLUSTER = np.array([0, 0, 1, 1, 2])
Y_TRUE = np.array([[1, 0], [1, 1], [0, 1], [0, 0], [1, 0]], dtype=np.bool_)
DECISIONS = np.array([[1, 0], [0, 1], [0, 1], [1, 0], [1, 1]], dtype=np.bool_)
