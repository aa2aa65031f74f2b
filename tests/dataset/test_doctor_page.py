"""The page, the table and the words on the terminal: complete, small, and safe with any name."""

import base64
import csv
import io
import os
import re
from pathlib import Path

import numpy as np
import pytest

from genre.audio.mel import MelConfig
from genre.dataset.doctor.examination import Examination, ExaminedFile
from genre.dataset.doctor.page import MAX_THUMBNAILS, page
from genre.dataset.doctor.pictures import duration_histogram, suspicious, thumbnail
from genre.dataset.doctor.rows import COLUMNS, csv_text
from genre.dataset.doctor.sound import Finding
from genre.dataset.doctor.summary import summary_text
from genre.dataset.doctor.tables import artist_table, genre_table, together_table
from genre.dataset.faults import Fault
from genre.dataset.features import FeatureStore
from genre.dataset.recordings import RecordingPair
from genre.wording import listed, printable
from tests.dataset_examples import make_track
from tests.doctor_examples import examine_folder, make_facts, noise
from tests.page_reader import Reader
from tests.sounds import write

SCRIPT = "<script>alert(1)</script>"
TAGS = """
    html head meta title style body main header h1 h2 h3 p br span strong a ol ul li table thead
    tbody tr th td div svg rect line text image figure figcaption bdi dl dt dd
"""
ATTRIBUTES = """
    lang charset name content http-equiv id class href scope tabindex role aria-label
    aria-labelledby aria-hidden viewbox width height x y x1 x2 y1 y2 fill stroke text-anchor
    preserveaspectratio style
"""


def assert_safe(content: str) -> Reader:
    """Check that the page has no script, no external file and nothing unknown, and read it."""
    content.encode()
    reader = Reader(content)
    assert set(reader.tags) <= set(TAGS.split())
    assert set(reader.attributes) <= set(ATTRIBUTES.split())
    for target in reader.attributes.get("href", []):
        assert re.match(r"#\w+$|data:image/png;base64,[A-Za-z0-9+/=]+$", target), target[:80]
    links = {target[1:] for target in reader.attributes.get("href", []) if target[0] == "#"}
    assert links <= set(reader.attributes["id"])
    assert "url(" not in content
    assert "://" not in content.replace("Content-Security-Policy", "")
    return reader


def make_hostile_folder(root: Path) -> None:
    names = [
        "<img src=x onerror=alert(1)>.wav",
        '" onload="alert(1)" x=".wav',
        "line\nbreak.wav",
        "turned \u202egnp.wav",
        "שיר.wav",
        "{{ 7 * 7 }}{% raw %}.wav",
        "\x1b[31mred.wav",
        os.fsdecode(b"not utf-8 \xff.wav"),
        "&lt;b&gt;.wav",
    ]
    for number, name in enumerate(names):
        folder = root / ("<b>jazz" if number % 2 else "' or 1=1")
        folder.mkdir(parents=True, exist_ok=True)
        # libsndfile's wrapper opens no name that is not UTF-8; a rename makes any
        write(root / "plain.wav", noise(0.5, seed=number), 22050).rename(folder / name)
    (root / "<b>jazz" / f"{SCRIPT.replace('/', '')} - a.mp3").touch()
    write(root / "<b>jazz" / "<i>Artist - a.wav", noise(0.5, seed=99), 22050)


def test_no_name_can_do_anything(tmp_path: Path) -> None:
    make_hostile_folder(tmp_path / "music")
    examination, store = examine_folder(tmp_path / "music", tmp_path / "cache")
    reader = assert_safe(page(examination, store))
    for name in ("<img src=x onerror=alert(1)>", "line\\nbreak", "turned \\u202egnp", "שיר"):
        assert name in reader.text
    for name in ("{{ 7 * 7 }}{% raw %}", "\\x1b[31mred", "not utf-8 \\udcff", "&lt;b&gt;"):
        assert name in reader.text
    assert "<i>Artist" in reader.text
    assert "\u202e" not in reader.text
    assert reader.tags["image"] == 10


def test_no_name_acts_on_the_terminal_or_in_the_table(tmp_path: Path) -> None:
    make_hostile_folder(tmp_path / "music")
    for name in ("\x1b[2Jbad.mp3", "bad\u202e.mp3", os.fsdecode(b"\xff.mp3")):
        (tmp_path / "music" / name).touch()
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    text = summary_text(examination)
    text.encode()
    assert text.replace("\n", "").isprintable()
    assert "\\x1b[2Jbad.mp3" in text
    table = csv_text(examination)
    table.encode()
    assert len(list(csv.reader(io.StringIO(table)))) == 1 + 11 + 3
    assert len(table.splitlines()) == 1 + 11 + 3


def test_a_hostile_artist_from_the_labels(tmp_path: Path) -> None:
    root = tmp_path / "music"
    root.mkdir()
    lines = [f"{SCRIPT}|x,{SCRIPT}" for _ in range(3)]
    for number in range(3):
        write(root / f"{number}.wav", noise(0.5, seed=number), 22050)
    rows = "".join(f"{number}.wav,{line}\n" for number, line in enumerate(lines))
    (root / "labels.csv").write_text("path,genres,artist\n" + rows)
    examination, store = examine_folder(root, tmp_path / "cache")
    assert SCRIPT in assert_safe(page(examination, store)).text


def test_the_table_has_a_row_per_file(tmp_path: Path) -> None:
    root = tmp_path / "music"
    (root / "jazz+folk").mkdir(parents=True)
    write(root / "jazz+folk" / "X - a.wav", np.clip(8 * noise(2), -1, 1), 22050)
    (root / "jazz+folk" / "X - b.wav").write_bytes((root / "jazz+folk/X - a.wav").read_bytes())
    (root / "jazz+folk" / "c.mp3").touch()
    examination, _ = examine_folder(root, tmp_path / "cache")
    first, second, bad = csv.DictReader(io.StringIO(csv_text(examination)))
    assert tuple(first) == COLUMNS
    assert first["path"] == "jazz+folk/X - a.wav"
    assert len(first["sha256"]) == 64
    # of the noise between -1.6 and 1.6 three eighths are cut off
    assert float(first["clipped_percent"]) == pytest.approx(37.5, abs=1.0)
    del first["sha256"], first["clipped_percent"], first["message"], first["path"]
    assert first == {
        "status": "ok",
        "kind": "",
        "container": "wav",
        "sample_rate_hz": "22050",
        "channels": "1",
        "duration_seconds": "2.000",
        "declared_seconds": "2.000",
        "peak_dbfs": "0.0",
        "findings": "copy|short|clipped",
        "genres": "folk|jazz",
        "artist": "X",
        "artist_source": "name",
        "recording_group": "1",
    }
    assert second["recording_group"] == "1"
    assert (bad["status"], bad["kind"], bad["message"]) == ("bad", "empty", "has no content")
    assert (bad["sample_rate_hz"], bad["recording_group"]) == ("", "")


@pytest.mark.parametrize("n_genres", [0, 1, 50])
def test_the_page_of_none_one_and_fifty_genres(n_genres: int, tmp_path: Path) -> None:
    root = tmp_path / "music"
    root.mkdir()
    (root / "a.wav").touch()
    for number in range(n_genres):
        (root / f"genre{number}").mkdir()
        write(root / f"genre{number}" / "nobody.wav", noise(0.5, seed=number), 22050)
    examination, store = examine_folder(root, tmp_path / "cache")
    reader = assert_safe(page(examination, store))
    assert ("No usable file has a genre." in reader.text) == (n_genres == 0)
    assert "No artist is known" in reader.text
    assert reader.tags["image"] == min(n_genres, MAX_THUMBNAILS)
    assert ("genre49" in reader.text) == (n_genres == 50)
    assert f"{n_genres} genre" in summary_text(examination)


def huge_examination(n_files: int) -> Examination:
    tracks = [
        make_track(f"{'long name ' * 12}{n}.mp3", f"genre {n % 500}", f"artist {n // 3}")
        for n in range(n_files)
    ]
    seconds = {track.sha256: 200.0 for track in tracks}
    odd = Finding(kind="short", message="1.0 s, shorter than a window of 4 s")
    files = [
        ExaminedFile(
            name=track.track_id,
            track=track,
            sha256=track.sha256,
            facts=make_facts(),
            findings=(odd,),
            recording=number // 2 + 1,
        )
        for number, track in enumerate(tracks[: n_files // 2])
    ]
    files += [
        ExaminedFile(
            name=track.track_id,
            track=track,
            sha256=track.sha256,
            fault=Fault(
                path=track.path, sha256="", stage="features", kind="corrupt", message="broken " * 9
            ),
        )
        for track in tracks[n_files // 2 :]
    ]
    return Examination(
        root=Path("/music"),
        layout="folder-per-genre",
        files=tuple(files),
        tracks=tuple(tracks),
        genres=genre_table(tracks, seconds),
        artists=artist_table(tracks, seconds),
        together=together_table(tracks),
        pairs=(),
        notes=tuple(f"note {number}" for number in range(1000)),
        warnings=tuple(f"genre {number} is rare" for number in range(500)),
    )


def test_the_page_of_ten_thousand_tracks_is_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud = np.random.default_rng(0).uniform(-80, 30, (2000, 96)).astype(np.float16)
    monkeypatch.setattr(FeatureStore, "load", lambda *_: loud)  # the worst case for a PNG
    content = page(huge_examination(10_000), FeatureStore(tmp_path))
    reader = assert_safe(content)
    assert reader.tags["image"] == MAX_THUMBNAILS
    assert len(content.encode()) < 3_000_000
    assert "… and 4980 more, see doctor.csv." in reader.text
    assert len(summary_text(huge_examination(10_000)).splitlines()) < 100


def test_same_recordings_are_named_together(tmp_path: Path) -> None:
    root = tmp_path / "music"
    (root / "jazz").mkdir(parents=True)
    for number in range(3):
        write(root / "jazz" / f"X - {number}.wav", noise(5, seed=number), 22050)
    pair = RecordingPair(
        first="jazz/X - 0.wav", second="jazz/X - 2.wav", offset_seconds=1.0, similarity=0.9
    )
    examination, store = examine_folder(root, tmp_path / "cache", pairs=[pair])
    text = " ".join(assert_safe(page(examination, store)).text.split())
    assert "jazz/X - 0.wav (jazz) = jazz/X - 2.wav (jazz)" in text
    assert "2 files: the same recording, encoded anew or trimmed" in text


def test_thumbnails_take_turns_and_have_axes() -> None:
    def odd(name: str, *kinds: str) -> ExaminedFile:
        findings = tuple(Finding(kind=kind, message="") for kind in kinds)
        return ExaminedFile(name=name, track=None, sha256=name, findings=findings)

    files = [odd("q0", "silent", "short"), *(odd(f"s{number}", "short") for number in range(9))]
    files += [odd("c0", "clipped"), odd("c1", "clipped"), odd("m", "copy")]
    examination = Examination(**(vars(huge_examination(2)) | {"files": tuple(files)}))
    chosen = [file.name for file in suspicious(examination, limit=6)]
    assert chosen == ["q0", "c0", "c1", "s0", "s1", "s2"]
    assert len(suspicious(examination, limit=99)) == 12  # q0 once
    drawn = thumbnail(files[0], np.full((6000, 96), -80, dtype=np.float16), MelConfig())
    assert base64.b64decode(drawn.png).startswith(b"\x89PNG")
    assert [tick.label for tick in drawn.times] == ["0:00", "0:30", "1:00", "1:30", "2:00"]
    assert [tick.label for tick in drawn.frequencies] == ["0.5", "1", "2", "4", "8"]
    # 1 kHz is mel 15 of 49.9: band 28.15 from 0, so 29.65 of 97 half-band steps from the bottom
    assert drawn.frequencies[1].place == pytest.approx(29.65 / 97, abs=0.01)


def test_the_histogram_counts_everything_once() -> None:
    histogram = duration_histogram([0.05, 0.3, 0.3, 0.31, 0.9])
    assert histogram is not None
    assert [(bar.start, bar.number) for bar in histogram.bars if bar.number] == [
        ("0", 1),
        ("0.3", 3),
        ("0.9", 1),
    ]
    assert [bar.number for bar in histogram.bars] == [1, 0, 0, 3, 0, 0, 0, 0, 0, 1]
    long = duration_histogram([200.0] * 99 + [10_800.0])
    assert long is not None
    assert [(bar.start, bar.number) for bar in long.bars] == [("200", 99), ("210+", 1)]
    assert max(bar.height for bar in long.bars) == 1
    hours = duration_histogram([7200.0, 10_800.0])
    assert hours is not None
    assert (hours.unit, sum(bar.number for bar in hours.bars)) == ("min", 2)
    assert duration_histogram([]) is None


def test_what_cannot_be_seen_is_written_out() -> None:
    assert printable("Björk – 東京\u3000.mp3") == "Björk – 東京\u3000.mp3"
    assert printable("a\nb\x00\u202e\udcff") == "a\\nb\\x00\\u202e\\udcff"
    assert listed(["a", "b"], limit=2) == "a, b"
    assert listed(["a", "b", "c", "d"], limit=2) == "a, b and 2 more"
