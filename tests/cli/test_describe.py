"""`genre describe`: genre.cli.describe."""

import csv
import json
import os
from pathlib import Path

import cv2
import pytest

from genre.cli import main
from genre.describe import SCHEMA
from genre.describe.mood import Said
from tests.bundles import completed, small_bundle, write_bundle
from tests.describe.llm_servers import answering, ollama
from tests.describe.test_frames import clip
from tests.describe.test_pictures import PIXELS, embed
from tests.describe_models import save_detector, save_listener, save_reader, settings_file
from tests.encoded import needs_ffmpeg
from tests.sounds import tone, write
from tests.tagged_files import make


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", os.environ.get("HF_HUB_OFFLINE", "1"))


def test_one_track_has_a_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "a.wav", tone(5.0, 22050), 22050)
    write_bundle(completed(small_bundle()), tmp_path / "bundle")
    with answering("/api/chat", ollama("A song", ".")) as server:
        words = ["--llm", server.url, "--llm-model", "m", "--bundle", "bundle", "--offline"]
        assert main(["describe", "a.wav", "--parts", "genres", "cover", "words", *words]) == 0
    told = capsys.readouterr().out
    assert told.startswith("A song.\n\na.wav\n  genres ")
    assert "cover shows  – no picture in the tags" in told
    card = json.loads(Path("results/cards/card.json").read_text(encoding="utf-8"))
    assert card["schema"] == SCHEMA
    assert list(card["parts"]) == ["genres", "cover", "words"]
    assert card["parts"]["words"]["model"]["name"] == server.asked[0][1]["model"] == "m"
    assert "A song." in Path("results/cards/card.html").read_text(encoding="utf-8")
    assert not Path("results/cards/index.html").exists()


def test_a_folder_has_an_index_and_tables(tmp_path: Path) -> None:
    (tmp_path / "music/b").mkdir(parents=True)
    write(tmp_path / "music/a.wav", tone(5.0, 22050), 22050)
    write(tmp_path / "music/b/a.wav", tone(5.0, 22050), 22050)
    (tmp_path / "music/b/a.mp4").write_bytes(b"the video of a.wav")
    (tmp_path / "music/bad.mp3").write_bytes(b"nothing")
    write_bundle(completed(small_bundle()), tmp_path / "bundle")
    words = ["--bundle", "bundle", "--parts", "genres", "--out", "out"]
    assert main(["describe", "music", *words]) == 1  # nothing is known of bad.mp3
    cards = sorted(Path("out").glob("*/card.json"))
    assert len(cards) == 3
    with Path("out/cards.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert [row["path"] for row in rows] == ["music/a.wav", "music/b/a.wav", "music/bad.mp3"]
    assert rows[0]["genres_seconds"]
    assert Path("out/index.html").read_text(encoding="utf-8").count("card.html") == 3
    assert Path("out/results.csv").read_text() == "path,tag,score\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "--texts FILE a list of texts, and not both"),
        (["a.wav", "--texts", "a.txt"], "and not both"),
        (["gone.wav"], "must be a file or a folder of this machine"),
        (["a.wav", "--parts", "herd"], "parts='herd' must be one of: heard, genres"),
        (["a.wav", "--llm", "localhost"], "must be an address such as http://"),
        (["a.wav", "--models", "gone.toml"], "models=gone.toml must be a TOML file"),
        (["music", "--out", "music/cards"], "must lie outside music"),
        (["--texts", "gone.txt"], "texts=gone.txt must be a file"),
        (["--texts", "empty.txt"], "must hold at least one line"),
    ],
)
def test_mistakes_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    write(tmp_path / "a.wav", tone(1.0, 22050), 22050)
    (tmp_path / "music").mkdir()
    write(tmp_path / "music/a.wav", tone(1.0, 22050), 22050)
    Path("empty.txt").write_text("\n")
    assert main(["describe", *words]) == 1
    line = capsys.readouterr().err
    assert message in line
    assert line.count("\n") == 1


def test_nothing_that_strangers_write_acts_on_a_terminal_or_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e<script>alert(1)</script>."
    (tmp_path / "music").mkdir()
    for name in ("a", "b"):
        write(tmp_path / f"music/{name}\x1b[31m<b>.wav", tone(1.0, 22050), 22050)
    with answering("/api/chat", ollama("One ", *evil, " Two.")) as server:
        words = ["--llm", server.url, "--parts", "words", "--out", "out"]
        assert main(["describe", "music", *words]) == 0
        one = next(Path("music").iterdir())
        assert main(["describe", str(one), *words[:-1], "one"]) == 0
    said = [Said("NEUTRAL", 0.5, {"NEUTRAL": 0.5})]
    monkeypatch.setattr("genre.cli.describe.moods_of_texts", lambda *_, **__: [("en", said[0])])
    Path("texts.txt").write_text(f"=1{evil}\n", encoding="utf-8")
    assert main(["describe", "--texts", "texts.txt", "--out", "texts"]) == 0
    told = "".join(capsys.readouterr())
    assert "owned" in told
    assert all(sign.isprintable() or sign == "\n" for sign in told)
    pages = [*Path("out").rglob("*.html"), Path("one/card.html")]
    assert len(pages) == 4
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)
        assert "<script" not in text
        assert "<b>" not in text
        assert "&lt;script&gt;alert(1)" in text
    assert "'=1" in Path("texts/texts.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_offline_nothing_is_fetched_even_if_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    asked: list[object] = []

    def connect(_: socket.socket, address: object) -> None:
        asked.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    # as it is where nobody set it
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    write(tmp_path / "a.wav", tone(1.0, 22050), 22050)
    cv2.imwrite(str(tmp_path / "cover.png"), PIXELS)
    settings_file(
        tmp_path / "d.toml",
        heard={"model": "nobody/nothing-of-this-name"},
        cover={"model": "resnet18"},
    )
    words = ["--models", "d.toml", "--parts", "heard", "cover", "--offline"]
    assert main(["describe", "a.wav", *words]) == 1
    parts = json.loads(Path("results/cards/card.json").read_text(encoding="utf-8"))["parts"]
    assert parts["heard"]["advice"] == "hf download nobody/nothing-of-this-name"
    assert parts["cover"]["reason"] == "the weights of resnet18 are not on this machine"
    assert asked == []


@pytest.mark.slow
@needs_ffmpeg
def test_every_part_of_a_track_by_models_of_this_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch
    import torchvision  # type: ignore[import-untyped]

    torch.save(torchvision.models.resnet18().state_dict(), tmp_path / "resnet18.pth")
    reader = save_reader(tmp_path / "bert")
    settings_file(
        tmp_path / "describe.toml",
        heard={"model": save_listener(tmp_path / "ast")},
        mood={"model": reader, "russian": reader},
        cover={"weights": tmp_path / "resnet18.pth"},
        video={"model": save_detector(tmp_path / "detr"), "min_score": 0.2},
    )
    write_bundle(completed(small_bundle()), tmp_path / "bundle")
    path = make(tmp_path, "mp3", seconds=12.0)
    embed(path)
    path.with_suffix(".lrc").write_bytes("[00:01]Привет мой друг\n".encode("cp1251"))
    clip(path.with_suffix(".mp4"))
    with answering("/api/chat", ollama("One. Two. Three.")) as server:
        words = ["--models", "describe.toml", "--bundle", "bundle", "--llm", server.url]
        assert main(["describe", path.name, "--offline", "--out", "out", *words]) == 0
    card = json.loads(Path("out/card.json").read_text(encoding="utf-8"))
    assert {name: part["state"] for name, part in card["parts"].items()} == dict.fromkeys(
        ("heard", "genres", "mood", "cover", "video", "words"), "there"
    )
    for part in card["parts"].values():
        assert part["model"]["version"]
        assert part["seconds"] > 0
    assert Path("out/song_detected.mp4").stat().st_size > 1000
    rows = Path("out/results.csv").read_text().splitlines()
    assert rows[1].startswith("song.mp3,")
    assert len(rows) == 4
    facts = server.asked[0][1]["messages"][1]["content"]
    assert "lyrics_excerpt" in facts
    assert "video_shows" in facts
    capsys.readouterr()
    Path("texts.txt").write_bytes("Привет мой друг\r\n\r\nHello my good friend\r\n".encode())
    assert main(["describe", "--texts", "texts.txt", "--models", "describe.toml"]) == 0
    with Path("results/cards/texts.csv").open(encoding="utf-8") as table:
        found = list(csv.DictReader(table))
    assert [row["language"] for row in found] == ["ru", "en"]
    assert all(row["mood"] in ("POSITIVE", "NEGATIVE", "NEUTRAL") for row in found)
