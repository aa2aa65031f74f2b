"""`genre doctor`: the table, the page and the summary of a folder that stays as it is."""

import csv
import shutil
from pathlib import Path

import pytest
import soundfile

from genre.cli import doctor, main
from genre.dataset.layouts import LAYOUTS
from tests.doctor_examples import noise
from tests.sounds import write


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


def test_it_writes_a_table_and_a_page_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    music, out = tmp_path / "music", tmp_path / "out"
    (music / "jazz").mkdir(parents=True)
    write(music / "jazz" / "X - a.wav", noise(1), 22050)
    (music / "jazz" / "X - b.mp3").touch()
    words = [str(music), "--out", str(out), "--cache", str(tmp_path / "cache"), "--n-workers", "1"]
    assert doctor.run(words) == 0
    shown = capsys.readouterr().out
    assert "2 files, 1 usable, 1 recording" in shown
    assert shown.endswith(f"table: {out / 'doctor.csv'}\npage: {out / 'doctor.html'}\n")
    assert len((out / "doctor.csv").read_text().splitlines()) == 3
    assert "Genres from the folders" in (out / "doctor.html").read_text()


@pytest.mark.parametrize("option", ["--out", "--cache"])
def test_nothing_is_written_into_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    inside = tmp_path / "music" / "results"
    inside.parent.mkdir()
    assert main(["doctor", str(tmp_path / "music"), option, str(inside)]) == 1
    name = option.removeprefix("--")
    assert f"error: {name}={inside} must lie outside" in capsys.readouterr().err
    assert list(inside.parent.iterdir()) == []


def test_the_choices_and_their_help_are_the_layouts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "x", "--labels", "foo"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: labels='foo' must be one of: auto, ")
    with pytest.raises(SystemExit):
        main(["doctor", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    for layout in LAYOUTS.values():
        assert layout.option in error
        assert f"{layout.option} ({layout.source})" in told


@pytest.mark.parametrize("option", ["--out", "--cache"])
def test_a_folder_that_cannot_be_written_names_its_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    (tmp_path / "music" / "jazz").mkdir(parents=True)
    write(tmp_path / "music" / "jazz" / "X - a.wav", noise(1), 22050)
    (tmp_path / "file").touch()
    words = ["doctor", str(tmp_path / "music"), "--n-workers", "1"]
    for name in {"--out", "--cache"} - {option}:
        words += [name, str(tmp_path / name)]
    assert main([*words, option, str(tmp_path / "file" / "x")]) == 1
    told = capsys.readouterr().err.strip()
    assert told.startswith("error: ")
    assert told.endswith(f"name another one with {option}")
    assert not (tmp_path / "--out").exists()


def test_a_damaged_cache_ends_well(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "music" / "jazz").mkdir(parents=True)
    for seed in range(3):
        write(tmp_path / "music" / "jazz" / f"X{seed} - a.wav", noise(4, seed=seed), 22050)
    words = ["doctor", str(tmp_path / "music"), "--n-workers", "1"]
    words += ["--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    assert main(words) == 0
    table = (tmp_path / "out" / "doctor.csv").read_bytes()
    for path in (tmp_path / "cache").rglob("*.*"):  # arrays, landmarks, facts, and the index
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert main(words) == 0
    assert "is damaged and is computed anew" in caplog.text
    assert (tmp_path / "out" / "doctor.csv").read_bytes() == table


def test_a_published_collection_is_named_with_its_known_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["disco.00050", "disco.00051", "disco.00070", "jazz.00054", "jazz.00000"]
    for number, name in enumerate(names):
        folder = tmp_path / "music" / "genres" / name.split(".")[0]
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / f"{name}.wav", noise(number), 22050)
    (tmp_path / "music/genres/jazz/jazz.00054.wav").write_bytes(b"no sound at all")
    words = ["doctor", str(tmp_path / "music"), "--layout", "gtzan", "--n-workers", "1"]
    words += ["--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "- GTZAN (Tzanetakis and Cook 2002), in the fault-filtered" in told
    assert "and the copies in use): jazz.00054" in told
    assert "): disco.00050 = disco.00051 = disco.00070" in told
    assert "not_audio: genres/jazz/jazz.00054.wav" in told


def test_it_proposes_a_tree_and_counts_by_the_one_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    music, out = tmp_path / "music", tmp_path / "out"
    for genre, artist, seed in (("Acid Jazz", "X", 1), ("jazz", "Y", 2), ("jazz", "Z", 3)):
        (music / genre).mkdir(parents=True, exist_ok=True)
        write(music / genre / f"{artist} - a.wav", noise(seed), 22050)
    words = ["doctor", str(music), "--out", str(out), "--cache", str(tmp_path / "cache")]
    words += ["--n-workers", "1"]
    proposed = tmp_path / "first.toml"
    assert main([*words, "--propose-genres", str(proposed)]) == 0
    assert capsys.readouterr().out.endswith(f"proposed genres: {proposed}\n")
    assert 'parents = ["jazz"]' in proposed.read_text(encoding="utf-8")
    assert not (music / "genres.toml").exists()
    with (out / "doctor.csv").open() as file:
        assert [row["genres"] for row in csv.DictReader(file)] == ["acid_jazz", "jazz", "jazz"]

    assert main([*words, "--propose-genres", str(music / "genres.toml")]) == 0  # as it was asked
    capsys.readouterr()
    assert main(words) == 0
    rows = capsys.readouterr().out.splitlines()
    assert any(row.split()[:2] == ["jazz", "3"] for row in rows), rows
    assert main([*words, "--propose-genres", str(proposed)]) == 1
    assert "must be a new file" in capsys.readouterr().err
    (music / "genres.toml").write_text('[x]\nparents = ["y"]\n')
    assert main(words) == 1
    assert "genres.toml, line 1: parent 'y' of 'x' must be" in capsys.readouterr().err
    assert main([*words, "--genres", "none"]) == 0
