"""The mood of words: their language first, then a sentiment classifier for it, verse by verse."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from genre.describe.card import Absent, Part
from genre.describe.hub import Hub, Ready, check_installed
from genre.describe.lyrics import Lyrics, verses_of
from genre.describe.settings import MoodSettings
from genre.describe.workers import UNHURRIED, Deadline

__all__ = ["MOODS", "Said", "language_of", "mood_of_lyrics", "moods_of_texts"]

TASK = "text-classification"
MOODS = ("POSITIVE", "NEGATIVE", "NEUTRAL")


@dataclass(frozen=True)
class Said:
    """What is said of a text.

    Parameters
    ----------
    mood : str
        One of `MOODS`.
    confidence : float, in [0, 1]
        The score of that mood.
    scores : dict of str to float
        Of all moods that the model knows.
    """

    mood: str
    confidence: float
    scores: dict[str, float]

    @classmethod
    def of(cls, scores: dict[str, float]) -> "Said":
        """Take the best of scores.

        Parameters
        ----------
        scores : dict of str to float
            By mood.
        """
        best = max(scores, key=lambda mood: scores[mood])
        return cls(best, round(scores[best], 6), scores)


def language_of(text: str) -> str:
    """Find the language of a text.

    Parameters
    ----------
    text : str
        Some words of it.

    Returns
    -------
    str
        Of two letters, such as ``ru``.

    Raises
    ------
    Absent
        Where what finds it is not installed.
    """
    check_installed("py3langid")
    import py3langid  # type: ignore[import-untyped]  # it has no stubs

    return str(py3langid.classify(text)[0])


def mood_of_lyrics(
    lyrics: Lyrics, *, hub: Hub, settings: MoodSettings, deadline: Deadline = UNHURRIED
) -> Part:
    """Find the mood of a track's words.

    Parameters
    ----------
    lyrics : Lyrics
        The words.
    hub : Hub
        Loads the model.
    settings : MoodSettings
        The models.
    deadline : Deadline
        Of the card.

    Returns
    -------
    Part
        ``mood``, ``confidence``, ``language``, ``source``, and ``verses``, each with ``text``,
        ``mood``, ``confidence`` and ``start_seconds`` where it is known. In all, the scores are the
        mean of the verses'.

    Raises
    ------
    Absent
        Where the model cannot be had, or there are no words in the lyrics.
    """
    verses = verses_of(lyrics.text, max_characters=settings.max_characters)
    if not verses:
        raise Absent(f"the lyrics in {lyrics.source} have no words")
    texts = [verse.text for verse in verses]
    language = language_of("\n".join(texts))
    ready = hub.load(TASK, model_for(language, settings))
    said = _classify(ready, texts, settings, deadline)
    sums: defaultdict[str, float] = defaultdict(float)
    for one in said:
        for mood, score in one.scores.items():
            sums[mood] += score / len(said)
    in_all = Said.of(dict(sums))
    told = [
        {"text": verse.text, "mood": one.mood, "confidence": one.confidence}
        | ({} if verse.start_seconds is None else {"start_seconds": round(verse.start_seconds, 3)})
        for verse, one in zip(verses, said, strict=True)
    ]
    return Part(
        state="there",
        model=ready.model,
        result={
            "mood": in_all.mood,
            "confidence": in_all.confidence,
            "language": language,
            "source": lyrics.source,
            "verses": told,
        },
    )


def moods_of_texts(
    texts: Sequence[str], *, hub: Hub, settings: MoodSettings
) -> list[tuple[str, Said]]:
    """Find the moods of texts, those of one model in batches.

    Parameters
    ----------
    texts : sequence of str
        None of them empty.
    hub : Hub
        Loads the models.
    settings : MoodSettings
        The models, and how many texts are read together.

    Returns
    -------
    list of (str, Said)
        The language and the mood of each text, in their order.

    Raises
    ------
    Absent
        Where a model cannot be had.
    """
    languages = [language_of(text) for text in texts]
    models = [model_for(language, settings) for language in languages]
    said: dict[int, Said] = {}
    for name in dict.fromkeys(models):
        places = [place for place, model in enumerate(models) if model == name]
        ready = hub.load(TASK, name)
        answers = _classify(ready, [texts[place] for place in places], settings)
        said |= dict(zip(places, answers, strict=True))
    return [(language, said[place]) for place, language in enumerate(languages)]


def model_for(language: str, settings: MoodSettings) -> str:
    """Choose the model for a language.

    Parameters
    ----------
    language : str
        Of two letters.
    settings : MoodSettings
        The models.
    """
    return settings.russian if language == "ru" else settings.model


def _classify(
    ready: Ready, texts: Sequence[str], settings: MoodSettings, deadline: Deadline = UNHURRIED
) -> list[Said]:
    size = settings.batch_size
    answers: list[list[dict[str, Any]]] = []
    for start in range(0, len(texts), size):
        deadline.left()
        batch = list(texts[start : start + size])
        answers += ready.run(batch, top_k=None, truncation=True, batch_size=size)
    return [
        Said.of({_mood_named(said["label"]): float(said["score"]) for said in answer})
        for answer in answers
    ]


@cache
def _mood_named(label: str) -> str:
    for mood in MOODS:
        if label.upper().startswith(mood[:3]):
            return mood
    raise Absent(
        f"the model's label {label!r} must be one of {', '.join(MOODS)}",
        "name another model under [mood] in describe.toml",
    )
