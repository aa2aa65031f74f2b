"""Files that cannot be used: the quarantine, and how many of them stop a run."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from genre.addresses import Place
from genre.atomic import write_text
from genre.errors import ConfigError, DatasetError

# A run never stops for this many bad files, however small the folder is.
N_BAD_FORGIVEN = 20


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One file that cannot be used, and why.

    Parameters
    ----------
    path : Path or Address
        The file.
    sha256 : str
        64 hexadecimal digits; empty where the file was never read.
    stage : str
        Where it came up: ``scan``, ``features`` …
    kind : str
        For counting and for machines: an `AudioErrorKind` value, ``no_genre`` or ``unreadable``.
    message : str
        For people.
    """

    path: Place
    sha256: str
    stage: str
    kind: str
    message: str


def write_quarantine(faults: Sequence[Fault], path: Path) -> None:
    """Write one JSON object per bad file; the list is there in full or not at all.

    Parameters
    ----------
    faults : sequence of Fault
        The bad files.
    path : Path
        Such as ``quarantine.jsonl``; replaced where it exists, its folder made where missing.
    """
    rows = [
        {
            # a name that is not UTF-8 must not break the list
            "path": str(fault.path).encode(errors="backslashreplace").decode(),
            "sha256": fault.sha256,
            "stage": fault.stage,
            "kind": fault.kind,
            "message": fault.message,
        }
        for fault in faults
    ]
    write_text(path, "".join(json.dumps(row) + "\n" for row in rows))


def check_bad_fraction(n_bad: int, n_total: int, *, max_bad_fraction: float = 0.05) -> None:
    """Stop where so many files are bad that the cause is probably one and can be mended.

    Parameters
    ----------
    n_bad : int
        Bad files.
    n_total : int
        All files, the bad ones too.
    max_bad_fraction : float
        In [0, 1]; 1 never stops, and neither do 20 bad files or fewer.

    Raises
    ------
    ConfigError
        Where ``max_bad_fraction`` is out of range.
    DatasetError
        Where more than 20 files and more than that fraction are bad.
    """
    if not 0 <= max_bad_fraction <= 1:
        raise ConfigError(f"max_bad_fraction={max_bad_fraction} must be from 0 to 1")
    if n_bad > N_BAD_FORGIVEN and n_bad > max_bad_fraction * n_total:
        raise DatasetError(
            f"bad files={n_bad} of {n_total} ({n_bad / n_total:.0%}) must be at most "
            f"{max_bad_fraction:.0%}; see quarantine.jsonl for the causes, or go on without them "
            "with --max-bad-fraction 1"
        )
