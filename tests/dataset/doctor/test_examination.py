"""A whole folder: every fault and oddity in files that the test makes itself."""

from pathlib import Path

import pytest

from genre.dataset.doctor.advice import FAULTS, steps
from genre.dataset.doctor.examination import Examination
from genre.dataset.doctor.prospects import outlook
from genre.dataset.layouts import scan
from tests.doctor_examples import examine_folder, make_ill_folder


def kinds(examination: Examination) -> dict[str, tuple[str, ...]]:
    """Look up what was found per file: the kind of fault, or the kinds of oddity."""
    return {
        file.name: (file.fault.kind,)
        if file.fault is not None
        else tuple(finding.kind for finding in file.findings)
        for file in examination.files
    }


def test_every_fault_and_oddity_is_named(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    found = kinds(examination)
    for number in range(10):
        assert found.pop(f"jazz/Artist {number} - Fine.wav") == ()
    assert found == {
        "folk/A - broken.flac": ("partial", "truncated"),
        "folk/A - clipped.wav": ("clipped",),
        "folk/A - cut.wav": ("truncated",),
        "folk/A - short.wav": ("short",),
        "folk/A - silent.wav": ("silent",),
        "folk/A - slow.wav": ("odd_sample_rate",),
        "folk/A - surround.wav": ("odd_channels",),
        "folk/A - upsampled.wav": ("low_pass",),
        "folk/B - again.wav": ("copy",),
        "folk/nobody.wav": ("unknown_artist",),
        "outside.wav": ("no_genre",),
        "rock/A - blip.wav": ("too_short",),
        "rock/A - empty.mp3": ("empty",),
        "rock/A - page.mp3": ("not_audio",),
        "rock/B - once.wav": ("copy",),
    }
    assert {step.kind for step in steps(examination)} >= {
        kind for several in found.values() for kind in several
    }


def test_copies_keep_their_own_labels_and_share_a_number(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    ((number, (again, once)),) = examination.recordings.items()
    assert number == 1
    assert again.track is not None
    assert once.track is not None
    assert (again.track.genres, once.track.genres) == (("folk",), ("rock",))
    assert again.findings == once.findings
    assert again.findings[0].message == (
        "same bytes: folk/B - again.wav, rock/B - once.wav; together labelled folk, rock"
    )
    assert (len(examination.files), len(examination.bad), len(examination.tracks)) == (25, 4, 20)


def test_messages_name_the_file_without_its_folders(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    messages = [file.fault.message for file in examination.bad if file.fault is not None]
    assert len(messages) == 4
    assert not [message for message in messages if str(tmp_path) in message]


def test_the_folder_stays_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / "music"
    make_ill_folder(root)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*")}
    examine_folder(root, tmp_path / "cache")
    assert before == {
        path: (path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*")
    }


def test_all_bad_is_an_answer(tmp_path: Path) -> None:
    root = tmp_path / "music"
    (root / "jazz").mkdir(parents=True)
    (root / "jazz" / "a.mp3").touch()
    (root / "jazz" / "b.mp3").write_text("no sound")
    (root / "jazz" / "d.mp3").write_text("no sound")
    (root / "c.mp3").write_bytes(b"x")
    examination, _ = examine_folder(root, tmp_path / "cache")
    assert kinds(examination) == {
        "c.mp3": ("no_genre",),
        "jazz/a.mp3": ("empty",),
        "jazz/b.mp3": ("not_audio",),
        "jazz/d.mp3": ("not_audio",),
    }
    ((first, second),) = examination.recordings.values()
    assert (first.name, second.name) == ("jazz/b.mp3", "jazz/d.mp3")
    assert second.findings[0].message == "same bytes: jazz/b.mp3, jazz/d.mp3"
    assert examination.genres == ()
    assert outlook(examination)[0].startswith("nothing can be trained yet: no genre with")


@pytest.mark.real
def test_real_music_is_not_all_odd(shared_data: Path, tmp_path: Path) -> None:
    examination, _ = examine_folder(shared_data / "open_music", tmp_path / "cache")
    assert not examination.bad
    assert len(examination.files) == 25
    assert not examination.by_finding  # one of them has 48 kHz, as films do


@pytest.mark.real
def test_every_hostile_file_is_a_row(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "hostile"
    examination, _ = examine_folder(root, tmp_path / "cache", in_workers=True)
    found = scan(root)
    n_copies = sum(len(same) - 1 for same in found.copies)
    assert len(examination.files) == len(found.tracks) + n_copies + len(found.problems)
    assert set(examination.by_fault) <= set(FAULTS)
    assert {"empty", "corrupt", "not_audio"} <= set(examination.by_fault)
    by_name = {file.name: file for file in examination.files}
    stereo = by_name["tag_samples/flac453sStereo.flac"]
    assert "clipped" in {finding.kind for finding in stereo.findings}
    for file in examination.files:
        assert (file.fault is None) == (file.facts is not None)
        if file.facts is not None:
            assert file.facts.duration_seconds >= 0.1
