"""What to mend, from grave to slight, and what a folder can show."""

from pathlib import Path

from genre.audio.decode import DecodeConfig
from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.dataset.doctor.advice import FAULTS, ODDITIES, steps
from genre.dataset.doctor.diagnosis import dominated_genres, rare_genres
from genre.dataset.recordings import RecordingPair
from genre.errors import AudioErrorKind
from tests.doctor_examples import examine_folder, make_ill_folder


def test_what_to_mend_goes_from_grave_to_slight(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    fine = [f"jazz/Artist {number} - Fine.wav" for number in range(4)]
    pairs = [
        RecordingPair(first=fine[0], second="folk/nobody.wav", offset_seconds=0.0, similarity=1.0),
        RecordingPair(first=fine[2], second=fine[3], offset_seconds=0.0, similarity=1.0),
    ]
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache", pairs=pairs)
    listed = [step.kind for step in steps(examination)]
    assert listed == [
        *("empty", "no_genre", "not_audio", "too_short"),
        *("label_conflict", "same_recording", "unknown_artist", "rare", "dominated"),
        *("silent", "partial", "truncated", "short", "clipped", "low_pass"),
        *("odd_sample_rate", "odd_channels", "copy"),
    ]
    by_kind = {step.kind: step for step in steps(examination)}
    assert by_kind["label_conflict"].count == "2 files"
    assert by_kind["empty"].count == "1 file"
    # folk: eight tracks by A, one each by B and nobody; rock: one by B
    assert rare_genres(examination.genres) == ["rock"]
    assert dominated_genres(examination.genres) == ["folk"]
    assert "rock" in by_kind["rare"].what_to_do


def test_every_kind_of_fault_has_advice() -> None:
    assert set(FAULTS) == {kind.value for kind in AudioErrorKind} | {
        *("no_genre", "unreadable", "error")
    }
    for advice in (*FAULTS.values(), *ODDITIES.values()):
        assert advice.what_to_do.endswith(".")
        assert advice.title == advice.title.rstrip(".")


def test_limits_are_those_of_the_program() -> None:
    assert FAULTS["too_short"].title == f"shorter than {DecodeConfig().min_seconds} s"
    window = WindowConfig().window_seconds
    assert ODDITIES["short"].title == f"shorter than one window of {window:g} s"
    assert f"{FrontEndConfig().mel.sample_rate:,} Hz" in ODDITIES["odd_sample_rate"].what_to_do
    assert ODDITIES["odd_channels"].title == "more than 2 channels"
