"""A whole folder: every fault and oddity in files that the test makes itself."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.cli import main
from genre.dataset.doctor.advice import FAULTS, ODDITIES
from genre.dataset.doctor.conclusions import dominated_genres, outlook, rare_genres, steps
from genre.dataset.doctor.examination import Examination
from genre.dataset.doctor.sameness import recording_groups, same_findings
from genre.dataset.doctor.tables import artist_table, genre_table, together_table
from genre.dataset.layouts import scan
from genre.dataset.recordings import RecordingPair
from genre.errors import AudioErrorKind
from tests.dataset_examples import make_track
from tests.doctor_examples import examine_folder, low_passed, noise
from tests.sounds import write


def kinds(examination: Examination) -> dict[str, tuple[str, ...]]:
    """Give what was found per file: the kind of fault, or the kinds of oddity."""
    return {
        file.name: (file.fault.kind,)
        if file.fault is not None
        else tuple(finding.kind for finding in file.findings)
        for file in examination.files
    }


def cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: round(share * len(content))])


def make_ill_folder(root: Path) -> None:
    """Make one file of each kind, and ten healthy ones that set what is usual."""
    for folder in ("folk", "jazz", "rock"):
        (root / folder).mkdir(parents=True)
    for number in range(10):
        name = root / "jazz" / f"Artist {number} - Fine.wav"
        write(name, noise(4.5, 22050, seed=number), 22050)
    folk, rock = root / "folk", root / "rock"
    write(folk / "A - silent.wav", np.zeros(5 * 22050), 22050)
    write(folk / "A - clipped.wav", np.clip(10 * noise(5, seed=20), -1, 1), 22050)
    write(folk / "A - short.wav", noise(1, seed=21), 22050)
    write(folk / "A - upsampled.wav", low_passed(noise(5, seed=22), 22050, 5000), 22050)
    write(folk / "A - slow.wav", noise(5, 8000, seed=23), 8000)
    write(folk / "A - surround.wav", np.stack([noise(5, seed=24)] * 3, axis=1), 22050)
    write(folk / "nobody.wav", noise(5, seed=25), 22050)
    write(folk / "A - cut.wav", noise(20, seed=26), 22050)
    cut(folk / "A - cut.wav", 0.5)
    write(folk / "A - broken.flac", noise(20, seed=27), 22050, format="FLAC", subtype="PCM_16")
    cut(folk / "A - broken.flac", 0.5)
    (rock / "A - empty.mp3").touch()
    (rock / "A - page.mp3").write_text("<!DOCTYPE html><html></html>")
    write(rock / "A - blip.wav", noise(0.05, seed=28), 22050)
    copied = write(rock / "B - once.wav", noise(5, seed=29), 22050)
    (folk / "B - again.wav").write_bytes(copied.read_bytes())
    write(root / "outside.wav", noise(5, seed=30), 22050)


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


def test_the_same_recording_under_other_labels() -> None:
    tracks = [
        make_track("a", "jazz", "X"),
        make_track("b", "folk|jazz", "X"),
        make_track("c", "jazz", "X"),
        make_track("d", "pop", "Y"),
    ]
    pairs = [
        RecordingPair(first="a", second="b", offset_seconds=0.5, similarity=0.9),
        RecordingPair(first="a", second="c", offset_seconds=0.0, similarity=1.0),
    ]
    found = same_findings(tracks, pairs, copies=[])
    by_id = {track.track_id: found.get(track.sha256, []) for track in tracks}
    assert [(finding.kind, finding.message) for finding in by_id["a"]] == [
        (
            "label_conflict",
            "labelled jazz, but the same recording has other labels as b (0.5 s off): folk, jazz",
        ),
        ("same_recording", "same recording as c"),
    ]
    assert [finding.kind for finding in by_id["b"]] == ["label_conflict"]
    assert [finding.message for finding in by_id["c"]] == ["same recording as a"]
    assert by_id["d"] == []


def test_many_copies_are_one_finding() -> None:
    tracks = [make_track(name, "jazz", "X") for name in "abcdef"]
    pairs = [
        RecordingPair(first="a", second=second, offset_seconds=0.0, similarity=1.0)
        for second in "bcdef"
    ]
    (finding,) = same_findings(tracks, pairs, copies=[])[tracks[0].sha256]
    assert finding.message == "same recording as b, c, d and 2 more"


def test_what_is_the_same_as_the_same_is_one_recording() -> None:
    tracks = [make_track(name, "jazz") for name in "abcdef"]
    pairs = [
        RecordingPair(first=first, second=second, offset_seconds=0.0, similarity=1.0)
        for first, second in ("cf", "bd", "df")
    ]
    copies = [(make_track("e", "jazz"), make_track("z", "jazz", content="e"))]
    numbers = recording_groups(tracks, pairs, copies=copies)
    by_id = {track.track_id: numbers.get(track.sha256) for track in tracks}
    assert by_id == {"a": None, "b": 1, "c": 1, "d": 1, "e": 2, "f": 1}


def test_tables_by_hand() -> None:
    tracks = [
        make_track("1", "jazz", "Z"),
        make_track("2", "jazz", "Z", source="tag"),
        make_track("3", "folk|jazz", "Z", source="tag"),
        make_track("4", "folk|jazz", "Y"),
        make_track("5", "pop"),
    ]
    seconds = {track.sha256: 900.0 * number for number, track in enumerate(tracks, 1)}
    genres = genre_table(tracks, seconds)
    assert genres.loc["jazz"].tolist() == [4, 2, 2.5, "Z", 0.75]
    assert genres.loc["folk"].tolist() == [2, 2, 1.75, "Y", 0.5]  # the first name of equals
    assert genres.loc["pop"].tolist() == [1, 1, 1.25, "", 1.0]  # nobody knows who
    artists = artist_table(tracks, seconds)
    assert list(artists.index) == ["Z", "Y"]
    assert artists.loc["Z"].tolist() == [3, 1.5, "jazz, folk", "tag"]
    together = together_table(tracks)
    assert together.to_numpy().tolist() == [["folk", "jazz", 2, 1.0, 0.5]]
    more = [make_track("6", "blues|rock"), make_track("7", "blues|rock"), *tracks[:3]]
    assert together_table(more)["n_tracks"].tolist() == [2, 1]
    assert together_table(tracks[:2]).empty
    assert artist_table(tracks[4:], seconds).empty


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
    assert rare_genres(examination) == ["rock"]
    assert dominated_genres(examination) == ["folk"]
    assert "rock" in by_kind["rare"].what_to_do


def test_what_the_folder_can_show(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    lines = outlook(examination)
    assert lines[0] == "2 of 3 genres can be trained and tested by artist: folk, jazz"
    # 20 tracks by ten artists, A, B and nobody; none is in rock alone
    assert lines[1].startswith(
        "a test part of a fifth would have 4 tracks by 3 artists: with fewer"
    )
    assert "genre rock: 1 track from 1 artist; too few for training, validation and test" in lines


@pytest.mark.parametrize("n_genres", [1, 50])
def test_one_genre_and_fifty(n_genres: int, tmp_path: Path) -> None:
    for number in range(n_genres):
        folder = tmp_path / "music" / f"genre{number}"
        folder.mkdir(parents=True)
        write(folder / "A - a.wav", noise(0.5, seed=number), 22050)
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    assert len(examination.genres) == n_genres
    assert outlook(examination)[0] == (
        f"nothing can be trained yet: 0 genres of {n_genres} with tracks by 3 artists or more, at "
        "least 2 are needed"
    )


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
    assert examination.genres.empty
    assert outlook(examination)[0].startswith("nothing can be trained yet: no genre with")


def test_every_kind_of_fault_has_advice() -> None:
    assert set(FAULTS) == {kind.value for kind in AudioErrorKind} | {
        *("no_genre", "unreadable", "error")
    }
    for advice in (*FAULTS.values(), *ODDITIES.values()):
        assert advice.what_to_do.endswith(".")
        assert advice.title == advice.title.rstrip(".")


def test_a_trimmed_mp3_of_a_track_under_another_label(
    sample_cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for genre in ("classical", "rock"):
        shutil.copytree(sample_cut / genre, tmp_path / "music" / genre)
    chosen = sorted((tmp_path / "music" / "rock").glob("*.wav"))[0]
    samples, sample_rate = soundfile.read(chosen)
    copy = tmp_path / "music" / "classical" / "Other Name - Copy.mp3"
    mp3 = {"format": "MP3", "subtype": "MPEG_LAYER_III"}
    write(copy, samples[sample_rate:], sample_rate, **mp3)
    assert main(["doctor", "music", "--n-workers", "1"]) == 0
    with Path("results/music/doctor.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["recording_group"]]
    assert [row["path"] for row in rows] == [
        "classical/Other Name - Copy.mp3",
        f"rock/{chosen.name}",
    ]
    assert {row["findings"] for row in rows} == {"label_conflict"}
    assert "has other labels as classical/Other Name - Copy.mp3 (1." in rows[1]["message"]


@pytest.mark.real
def test_real_music_is_not_all_odd(shared_data: Path, tmp_path: Path) -> None:
    examination, _ = examine_folder(shared_data / "open_music", tmp_path / "cache")
    assert not examination.bad
    assert len(examination.files) == 25
    assert set(examination.by_finding) == {"odd_sample_rate"}  # one of them has 48 kHz


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
