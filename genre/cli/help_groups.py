"""Which options stand together in a command's help, and which people need first."""

from collections.abc import Mapping

RARELY_NEEDED: Mapping[str, tuple[str, ...]] = {
    "limits": ("n_workers", "timeout_seconds", "memory_mb", "max_bad_fraction", "max_seconds"),
    "many machines": ("shard", "cluster", "merge"),
    "files and plug-ins": ("cache", "backbones", "plugin", "config", "tracker", "log_json"),
}
"""Of all commands: by title, what `--help` leaves to `--help-all`."""

GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "train": {
        "data and labels": (
            *("data", "out", "labels", "genres", "folders_are_genres"),
            *("min_tracks", "min_artists", "max_genres"),
        ),
        "splits": ("folds", "split_by", "fractions", "split_seed"),
        "what to train": ("task", "recipe", "configs", "seeds", "aggregation"),
        "how long and how fast": (
            *("hours", "epochs", "stop_patience", "device", "parallel_runs", "features"),
            *("kept_windows", "windows_per_track", "windows_per_genre", "batch_size"),
        ),
        "network": (
            *("channels", "convolutions", "first_kernel", "stride_mels", "stride_frames"),
            *("pooling", "bands", "hidden", "block_dropout", "head_dropout"),
            *("window_seconds", "step_seconds", "min_tail_seconds"),
            *("frozen_hidden", "frozen_windows", "frozen_weight_decays"),
        ),
        "learning": (
            *("optimizer", "learning_rate", "weight_decay", "schedule", "warm_up"),
            *("plateau_patience", "averaging", "label_smoothing"),
        ),
        "augmentation": tuple(
            f"augment.{name}"
            for name in (
                *("random_starts", "gain_db", "mix_share", "mix_alpha", "shift_mels"),
                *("mask_mels", "mask_frames", "shift_frames", "tempo"),
            )
        ),
    },
    "tag": {
        "what is told": ("csv", "json", "top", "timeline", "min_score", "heard", "m3u_per_genre"),
        "genres in the files themselves": (
            *("write_tags", "apply", "replace", "write_level", "spelling", "provenance"),
            "journal",
        ),
        "large collections": ("out",),
    },
    "export": {
        "the file": ("onnx", "out", "check", "upgrade"),
        "a page": ("web", "web_assets"),
        "8 bits": ("int8", "calibrate", "force"),
    },
    "review": {
        "answers": ("who", "labels_file", "new", "history", "restore"),
    },
}
"""By command and title, its options by their names in Python; the others are plain options."""

_FIRST: Mapping[str, frozenset[str]] = {
    "train": frozenset(
        (
            *("data", "out", "labels", "genres", "task", "recipe", "configs", "seeds", "folds"),
            *("hours", "epochs", "device"),
        )
    ),
}


def first_options(command: str) -> frozenset[str]:
    """Name the options that `--help` explains.

    Parameters
    ----------
    command : str
        Its name behind ``genre``.

    Returns
    -------
    frozenset of str
        By their names in Python; empty where these are all but `RARELY_NEEDED`.
    """
    return _FIRST.get(command, frozenset())
