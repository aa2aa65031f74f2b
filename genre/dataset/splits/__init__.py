"""Artist-grouped, label-balanced splits and folds, and the check that nothing leaks."""

from genre.dataset.splits.assign import SplitConfig, make_split, recut
from genre.dataset.splits.folds import describe_folds, leave_one_artist_out, make_folds
from genre.dataset.splits.parts import (
    PARTS,
    Split,
    SplitBy,
    check_leaks,
    load_split,
    save_split,
)

__all__ = [
    "PARTS",
    "Split",
    "SplitBy",
    "SplitConfig",
    "check_leaks",
    "describe_folds",
    "leave_one_artist_out",
    "load_split",
    "make_folds",
    "make_split",
    "recut",
    "save_split",
]
