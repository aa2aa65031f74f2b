"""The logarithm of a score keeps what the score itself loses."""

import numpy as np

from genre.inference.log_score import log_score


def test_log_scores_by_hand() -> None:
    found = log_score(np.array([0.0, np.log(3), -40.0, -1e4, 1e4]))
    np.testing.assert_allclose(found, [np.log(0.5), np.log(0.75), -40.0, -1e4, 0.0], rtol=1e-15)
