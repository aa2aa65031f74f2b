"""The mood of words: genre.describe.mood."""

from pathlib import Path
from typing import Any

import pytest

from genre.describe.card import Absent
from genre.describe.hub import Hub
from genre.describe.lyrics import Lyrics
from genre.describe.mood import language_of, model_for, mood_of_lyrics, moods_of_texts
from genre.describe.settings import MoodSettings
from tests.describe.fakes import FakeHub
from tests.describe_models import save_reader

SETTINGS = MoodSettings(model="any", russian="russian", batch_size=3)
ENGLISH = "I walked along the river with my happy friends and we sang"
RUSSIAN = "Сегодня мы гуляли вдоль реки и пели весёлые песни"


def read(texts: list[str], **options: object) -> list[list[dict[str, Any]]]:
    """Take a text for as happy as it says."""
    assert options == {"top_k": None, "truncation": True, "batch_size": 3}
    happy = [0.8 if "happy" in text or "весёлые" in text else 0.2 for text in texts]
    return [
        [
            {"label": "neg", "score": 0.9 - score},
            {"label": "positive", "score": score},
            {"label": "Neutral", "score": 0.1},
        ]
        for score in happy
    ]


def test_verses_have_moods_and_all_have_one() -> None:
    hub = FakeHub(read)
    lyrics = Lyrics("x.lrc", f"[00:01]{ENGLISH}\n[00:05]\n[00:09]Then everybody went home crying\n")
    part = mood_of_lyrics(lyrics, hub=hub, settings=SETTINGS)
    assert hub.asked == [("text-classification", "any")]
    assert part.result == {
        "mood": "POSITIVE",
        "confidence": pytest.approx(0.5),
        "language": "en",
        "source": "x.lrc",
        "verses": [
            {"text": ENGLISH, "mood": "POSITIVE", "confidence": 0.8, "start_seconds": 1.0},
            {
                "text": "Then everybody went home crying",
                "mood": "NEGATIVE",
                "confidence": pytest.approx(0.7),
                "start_seconds": 9.0,
            },
        ],
    }


def test_lyrics_without_words_have_no_mood() -> None:
    with pytest.raises(Absent, match="have no words"):
        mood_of_lyrics(Lyrics("USLT", "[ar:x]\n"), hub=FakeHub(read), settings=SETTINGS)


def test_a_text_is_read_by_the_model_of_its_language() -> None:
    assert language_of(RUSSIAN) == "ru"
    assert (model_for("ru", SETTINGS), model_for("de", SETTINGS)) == ("russian", "any")
    hub = FakeHub(read)
    said = moods_of_texts([ENGLISH, RUSSIAN, "sad"], hub=hub, settings=SETTINGS)
    assert [task_name[1] for task_name in hub.asked] == ["any", "russian"]
    assert [(language, one.mood) for language, one in said[:2]] == [
        ("en", "POSITIVE"),
        ("ru", "POSITIVE"),
    ]
    assert said[2][1].mood == "NEGATIVE"


def test_other_labels_are_refused() -> None:
    def stars(texts: list[str], **_: object) -> list[list[dict[str, Any]]]:
        return [[{"label": "5 stars", "score": 1.0}] for _ in texts]

    with pytest.raises(Absent, match="'5 stars' must be one of POSITIVE, NEGATIVE, NEUTRAL"):
        moods_of_texts([ENGLISH], hub=FakeHub(stars), settings=SETTINGS)


@pytest.mark.slow
def test_a_bert_reads_as_the_library_says(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    any_language = save_reader(tmp_path / "any", seed=1)
    russian = save_reader(tmp_path / "ru", seed=2)
    hub = Hub(device="cpu", may_fetch=lambda _: False)
    settings = MoodSettings(model=str(any_language), russian=str(russian), batch_size=2)
    texts = [ENGLISH, RUSSIAN, "a " * 300, "happy"]  # one longer than the model takes
    said = moods_of_texts(texts, hub=hub, settings=settings)
    for text, (language, one) in zip(texts, said, strict=True):
        folder = russian if language == "ru" else any_language
        network = AutoModelForSequenceClassification.from_pretrained(folder).eval()
        inputs = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt", truncation=True)
        with torch.inference_mode():
            scores = network(**inputs).logits[0].softmax(dim=0)
        place = int(scores.argmax())
        assert one.mood == network.config.id2label[place]
        assert one.confidence == pytest.approx(float(scores[place]), abs=1e-4)
