"""How often a procedure is wrong: the comparison's own error rates, by simulation."""

from error_rates.procedures import STUDIES, Study, one_repeat
from error_rates.simulation import Setting, Simulated, simulate
from error_rates.summary import Rate, rates

__all__ = ["STUDIES", "Rate", "Setting", "Simulated", "Study", "one_repeat", "rates", "simulate"]
