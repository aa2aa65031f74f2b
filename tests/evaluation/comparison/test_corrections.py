"""Corrections for the number of tests, by hand."""

import numpy as np

from genre.evaluation.comparison.corrections import adjust


def test_holm_by_hand_and_without_tests_that_were_not_made() -> None:
    # Sorted: 0.01 x 3, 0.02 x 2, 0.5 x 1.
    corrected = adjust([0.02, np.nan, 0.01, 0.5], method="holm")
    np.testing.assert_allclose(corrected, [0.04, np.nan, 0.03, 0.5])
    np.testing.assert_allclose(adjust([0.02, 0.01], method="fdr_bh"), [0.02, 0.02])
    assert np.isnan(adjust([np.nan], method="holm")).all()
