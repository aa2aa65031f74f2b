"""From yes-or-no answers to rates with their Monte-Carlo error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from error_rates.procedures import STUDIES


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How often a procedure said yes.

    Parameters
    ----------
    study, procedure : str
        What was simulated, and what was asked.
    n_repeats : int
        Simulated test sets.
    rate : float, in [0, 1]
        Share of the repeats that said yes.
    error : float
        Twice the binomial standard error: of the nominal rate, or, where none is promised, of the
        rate, drawn two answers towards a half so that it is not 0 (Agresti and Coull 1998).
    nominal : float
        The rate that is promised; NaN where none is.
    """

    study: str
    procedure: str
    n_repeats: int
    rate: float
    error: float
    nominal: float

    @property
    def is_within(self) -> bool | None:
        """Whether the rate lies within its Monte-Carlo error of what is promised, if anything."""
        return None if np.isnan(self.nominal) else abs(self.rate - self.nominal) <= self.error


def rates(study: str, answers: Sequence[Mapping[str, bool]]) -> list[Rate]:
    """Count the answers of all repeats of a study.

    Parameters
    ----------
    study : str
        A key of `STUDIES`.
    answers : sequence of mapping of procedure to bool
        From `one_repeat`; at least one.
    """
    n_repeats = len(answers)
    found = []
    for procedure in answers[0]:
        rate = float(np.mean([answer[procedure] for answer in answers]))
        nominal = STUDIES[study].nominal.get(procedure, float("nan"))
        drawn = (rate * n_repeats + 2) / (n_repeats + 4)
        base = drawn if np.isnan(nominal) else nominal
        found.append(
            Rate(
                study=study,
                procedure=procedure,
                n_repeats=n_repeats,
                rate=rate,
                error=2 * float(np.sqrt(base * (1 - base) / n_repeats)),
                nominal=nominal,
            )
        )
    return found
