"""All parts together: genre.describe.describer."""

from pathlib import Path

import pytest

from genre.describe import PARTS, Describer, Part, Settings, card_text
from genre.describe.card import Absent
from genre.describe.hub import Hub
from genre.describe.settings import CoverSettings, WordsSettings
from genre.describe.workers import Deadline
from genre.tagging.tagger import Tagger
from tests.bundles import completed, small_bundle
from tests.describe.llm_servers import answering, ollama
from tests.sounds import tone, write


def test_what_is_absent_costs_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(5.0, 22050), 22050)
    (tmp_path / "cover.jpg").write_bytes(b"no picture")
    shown: list[str] = []
    with answering("/api/chat", ollama("One. Two. Three.")) as server:
        settings = Settings(words=WordsSettings(url=server.url))
        with Describer(settings, tagger=Tagger(completed(small_bundle()))) as describer:
            parts = ("words", "cover", "mood", "genres")  # in whatever order
            card = describer.describe(path, tmp_path, parts=parts, on_text=shown.append)
            (tmp_path / "bad.mp3").write_bytes(b"nothing")
            bad = describer.describe(tmp_path / "bad.mp3", tmp_path, parts=("genres",))
    assert list(card.parts) == ["genres", "mood", "cover", "words"]
    assert {name: part.state for name, part in card.parts.items()} == {
        "genres": "there",
        "mood": "absent",
        "cover": "absent",
        "words": "there",
    }
    assert card.title == "a.wav"
    assert card.parts["genres"].seconds > 0
    assert "no picture that can be decoded" in card.parts["cover"].reason
    assert (card.result("words")["text"], shown) == ("One. Two. Three.", ["One. Two. Three."])
    facts = server.asked[0][1]["messages"][1]["content"]
    assert '"duration_seconds": 5.0' in facts
    assert "not_audio" in bad.parts["genres"].reason


def test_nothing_that_is_named_is_said_with_what_helps(tmp_path: Path) -> None:
    with Describer(Settings(cover=CoverSettings(max_bytes=5))) as describer:
        card = describer.describe(tmp_path / "gone.mp3", tmp_path, parts=PARTS[1:])
    assert [part.state for part in card.parts.values()] == ["absent"] * 5
    assert "--bundle" in card.parts["genres"].advice
    assert "--llm" in card.parts["words"].advice


def test_a_fault_of_a_library_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory\nat line 3")

    monkeypatch.setattr("genre.describe.describer.tag_genres", fail)
    with Describer(Settings(), tagger=Tagger(completed(small_bundle()))) as describer:
        card = describer.describe(tmp_path / "a.wav", tmp_path, parts=("genres",))
    assert card.parts["genres"].reason == "RuntimeError: out of memory"


@pytest.mark.parametrize(
    ("score", "message"), [(float("nan"), "ValueError: Out of range float"), (None, "IndexError")]
)
def test_a_score_that_is_no_number_costs_its_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, score: float | None, message: str
) -> None:
    def odd(*_: object) -> Part:
        if score is None:
            raise IndexError("list index out of range")
        return Part(state="there", result={"tags": [{"tag": "x", "score": score}]})

    monkeypatch.setattr("genre.describe.describer.tag_genres", odd)
    with Describer(Settings(), tagger=Tagger(completed(small_bundle()))) as describer:
        card = describer.describe(tmp_path / "a.wav", tmp_path, parts=("genres",))
    assert message in card.parts["genres"].reason
    card_text(card)


def test_what_is_made_already_is_a_fact_and_what_is_late_is_absent(tmp_path: Path) -> None:
    given = {"genres": Part(state="there", result={"genres": ["rock"], "duration_seconds": 1.0})}
    with (
        answering("/api/chat", ollama("One.")) as server,
        Describer(Settings(words=WordsSettings(url=server.url))) as describer,
    ):
        path, parts = tmp_path / "secret.mp3", ("genres", "words")
        card = describer.describe(path, None, parts=parts, given=given, title="A song")
        late = describer.describe(path, None, given=given, deadline=Deadline(0.0))
    assert (card.track, card.title) == ("A song", "A song")
    assert card.parts["genres"] is given["genres"]
    assert '"file_name": "A song", "genres": ["rock"]' in str(server.asked[0][1]["messages"])
    assert len(server.asked) == 1
    assert list(late.parts) == list(PARTS)
    assert late.parts["genres"].state == "there"
    reasons = {part.reason for name, part in late.parts.items() if name != "genres"}
    assert reasons == {"not done within 0 s"}


def test_models_are_loaded_once_and_it_is_said_which_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def load(_: Hub, task: str, name: str) -> None:
        if name == "facebook/detr-resnet-50":
            raise Absent(f"no {name}", "fetch it")
        asked.append(task)

    def load_reader(*_: object, **__: object) -> None:
        asked.append("cover")
        raise Absent("no cover")

    monkeypatch.setattr(Hub, "load", load)
    monkeypatch.setattr("genre.describe.describer.load_reader", load_reader)
    with Describer(Settings()) as describer:
        missing = describer.load()
        assert set(missing) == {"genres", "cover", "video", "words"}
        assert missing["video"].advice == "fetch it"
        assert set(describer.load()) == set(missing)
    assert asked.count("cover") == 1  # and what is missing stays so
    assert set(asked) == {"audio-classification", "text-classification", "cover"}
