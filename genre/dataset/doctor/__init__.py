"""What is wrong with a folder of music, and what a set of tracks can carry."""

from genre.dataset.doctor.diagnosis import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]
