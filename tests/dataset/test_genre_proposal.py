"""A first genres.toml for a folder: genre.dataset.genre_proposal."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.dataset.genre_files import read_genre_file
from genre.dataset.genre_proposal import proposed_genres, write_proposal
from genre.errors import ConfigError
from genre.spelling import split_genres
from genre.taxonomy import usual_spellings

FOUND = {"drum_and_bass": 4, "jazz": 9, "acid_jazz": 2, "jaz": 1, "new_acid_jazz": 3, "synthpop": 2}
SPELLED = {"drum_and_bass": "D'n'B", "jazz": "JAZZ", "synthpop": 'Synth "Pop" \\'}


def test_what_is_proposed_is_read_as_a_tree(tmp_path: Path) -> None:
    path = tmp_path / "genres.toml"
    write_proposal(path, FOUND, {**SPELLED, "synthpop": "Synth-Pop"})
    file = read_genre_file(path)
    assert file.tree.names == {
        "acid_jazz": "Acid Jazz",
        "drum_and_bass": "D'n'B",
        "jaz": "Jaz",
        "jazz": "JAZZ",
        "new_acid_jazz": "New Acid Jazz",
        "synthpop": "Synth-Pop",
    }
    assert file.tree.parents == {"acid_jazz": ("jazz",), "new_acid_jazz": ("acid_jazz",)}
    assert file.tree.also == {}
    file.check(FOUND)
    text = path.read_text(encoding="utf-8")
    assert '["Jaz"]  # 1 track; the same as JAZZ? Then leave this out' in text
    assert text.count("the same as") == 1


def test_words_may_be_glued_together() -> None:
    found = {"rock": 9, "punkrock": 3, "jazz": 2, "acidjazz": 1, "pop": 4, "electropop": 2}
    text = proposed_genres(found, {})
    assert text.count("parents") == 3  # one of them in the heading; three letters are too few
    assert '["Punkrock"]  # 3 tracks\nparents = ["Rock"]' in text
    assert '["Acidjazz"]  # 1 track\nparents = ["Jazz"]' in text


def test_of_two_that_nearly_agree_the_rarer_is_asked_about() -> None:
    text = proposed_genres({"synth_pop": 2, "synthpopp": 5}, {})
    assert '["Synth Pop"]  # 2 tracks; the same as Synthpopp?' in text
    text = proposed_genres({"abcdefgh": 1, "abcdefgi": 1}, {})
    assert text.count("the same as") == 1


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "genres.toml"
    path.write_text("mine")
    with pytest.raises(ConfigError, match=r"propose-genres=.* must be a new file"):
        write_proposal(path, FOUND, {})
    assert path.read_text() == "mine"


@given(st.dictionaries(st.text(max_size=6), st.integers(1, 9), max_size=6))
def test_whatever_labels_say_the_proposal_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, int]
) -> None:
    found = {genre: n for text, n in texts.items() for genre in split_genres(text)}
    spelled = usual_spellings(text for text in texts if len(split_genres(text)) == 1)
    path = tmp_path_factory.mktemp("any") / "genres.toml"
    write_proposal(path, found, spelled)
    assert set(read_genre_file(path).tree.names) == set(found)
