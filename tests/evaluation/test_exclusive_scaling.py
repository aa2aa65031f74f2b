"""One temperature, against the likelihood itself."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from genre.evaluation.exclusive_scaling import fit_temperature, heated

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(0, 2, (4000, 5))
# Drawn from what the model says at a temperature of 3: it is three times too sure.
Y_TRUE = np.array([RNG.multinomial(1, row) for row in softmax(LOGITS / 3, axis=1)]) == 1


def test_heat_is_a_temperature_of_the_logits() -> None:
    found = heated(softmax(LOGITS, axis=1), 2.5)
    np.testing.assert_allclose(found, softmax(LOGITS / 2.5, axis=1), rtol=1e-9)
    np.testing.assert_allclose(heated(np.array([[1.0, 0.0]]), 2.0), [[1.0, 0.0]], atol=1e-100)


def test_the_temperature_that_the_truth_was_drawn_at_is_found() -> None:
    temperature = fit_temperature(Y_TRUE, softmax(LOGITS, axis=1))
    assert temperature == pytest.approx(3.0, rel=0.05)

    def likelihood(t: float) -> float:
        return float(log_softmax(LOGITS / t, axis=1)[Y_TRUE].sum())

    assert likelihood(temperature) >= max(likelihood(t) for t in np.linspace(2, 4, 41)) - 0.05


def test_faultless_tracks_do_not_make_scores_certain() -> None:
    y_true = np.eye(2, dtype=np.bool_)[[0] * 9]
    y_score = np.tile([0.99, 0.01], (9, 1))
    # Nine tracks, and half of the one that is added.
    found = heated(y_score, fit_temperature(y_true, y_score))[0, 0]
    assert found == pytest.approx(9.5 / 10, abs=1e-3)
    assert fit_temperature(y_true[:0], y_score[:0]) == 1.0
