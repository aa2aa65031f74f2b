"""The genres on the card: genre.describe.genres."""

from pathlib import Path

import numpy as np
import pytest

from genre.describe.genres import heard_by_network, tag_genres
from genre.errors import AudioError
from genre.tagging.tagger import Tagger
from tests.bundles import completed, hearing_bundle, small_bundle
from tests.sounds import tone, write


def test_a_card_has_the_genres_that_tagging_finds(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(7.0, 22050), 22050)
    tagger = Tagger(completed(small_bundle()))
    part, found = tag_genres(path, tagger), tagger.tag(path)
    assert part.result["genres"] == [found.names.get(genre, genre) for genre in found.genres]
    assert list(part.result["scores"].values()) == pytest.approx([*found.scores.values()], abs=1e-5)
    timeline = part.result["timeline"]
    columns = np.array([*timeline["scores"].values()]).T
    np.testing.assert_allclose(columns, found.timeline.scores, atol=1e-4)
    assert len(timeline["starts_seconds"]) == len(columns)
    assert part.model is not None
    assert part.model.device == "cpu"


def test_a_network_hears_its_best_tags(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(7.0, 22050), 22050)
    listener = Tagger(completed(hearing_bundle()))
    part = heard_by_network(path, listener)
    best = list(listener.tag(path).scores)[:5]
    assert [said["tag"] for said in part.result["tags"]] == best


def test_what_cannot_be_decoded_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bad.mp3").write_bytes(b"nothing")
    with pytest.raises(AudioError, match="not_audio"):
        tag_genres(tmp_path / "bad.mp3", Tagger(completed(small_bundle())))
