"""What is wrong with these files, and what a set of tracks can carry.

Here is what training needs; `examination` looks at a whole folder for `genre doctor`.
"""

from genre.dataset.doctor.diagnosis import Diagnosis, diagnose
from genre.dataset.doctor.faults import Fault, check_bad_fraction, write_quarantine

__all__ = ["Diagnosis", "Fault", "check_bad_fraction", "diagnose", "write_quarantine"]
