"""What came up with a recording, said of each of its tracks: genre.dataset.oddities."""

from genre.dataset.oddities import by_path, fault_of, kind_and_message, warnings_of
from genre.errors import AudioError, AudioErrorKind, ConfigError
from tests.dataset_examples import make_track


def test_every_copy_is_warned_of() -> None:
    copies = [make_track("b", "x"), make_track("a", "x")]
    found = warnings_of(copies, ("silent", "partial"))
    assert [(fault.path.name, fault.kind) for fault in sorted(found, key=by_path)] == [
        ("a", "partial"),
        ("a", "silent"),
        ("b", "partial"),
        ("b", "silent"),
    ]


def test_errors_of_any_kind_are_faults() -> None:
    assert kind_and_message(AudioError(AudioErrorKind.EMPTY, "none")) == ("empty", "none")
    kind, message = kind_and_message(ConfigError("x=1 must be 2"))
    fault = fault_of(make_track("a", "x"), kind, message)
    assert (fault.stage, fault.kind, fault.message) == ("features", "error", "x=1 must be 2")
