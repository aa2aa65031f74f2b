"""A collector's tree of genres, out of its file: genre.dataset.genre_files."""

import re
from pathlib import Path

import pytest

from genre.dataset.genre_files import find_genre_file, read_genre_file
from genre.errors import DatasetError
from genre.genre_tree import find_cycle, levels

GOOD = """\
# ours
["Drum & Bass"]
parents = ["electronic"]
also = [
    "dnb",  # the same name in another spelling
    "jungle",
]

[Electronic]
"jazz rap" = 0
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "genres.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_spellings_and_parents_are_read(tmp_path: Path) -> None:
    text = GOOD.replace('"jazz rap" = 0\n', '["jazz rap"]\nparents = ["jazz", "Hip-Hop", "Jazz"]\n')
    file = read_genre_file(write(tmp_path, "\ufeff" + text))
    assert file.tree.parents == {
        "drum_and_bass": ("electronic",),
        "jazz_rap": ("jazz", "hiphop"),
    }
    assert file.tree.also == {"jungle": "drum_and_bass"}
    assert file.tree.names == {
        "drum_and_bass": "Drum & Bass",
        "electronic": "Electronic",
        "jazz_rap": "jazz rap",
    }
    assert file.lines == {"drum_and_bass": 2, "electronic": 9, "jazz_rap": 10}
    file.check(["jazz", "hiphop"])  # which have no table


def test_a_genre_may_stand_on_one_line(tmp_path: Path) -> None:
    text = '# one\njazz = {}\n"acid jazz" = { parents = ["jazz"], also = ["club jazz"] }\n'
    file = read_genre_file(write(tmp_path, text))
    assert file.tree.parents == {"acid_jazz": ("jazz",)}
    assert file.lines == {"jazz": 2, "acid_jazz": 3}


def test_a_parent_may_be_told_by_its_other_name(tmp_path: Path) -> None:
    text = '[liquid]\nparents = ["jungle"]\n["Drum & Bass"]\nalso = ["jungle"]\n'
    assert read_genre_file(write(tmp_path, text)).tree.parents == {"liquid": ("drum_and_bass",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[jazz]\n[jazz]\n", "must be a TOML file: .*line 2"),
        ('[jazz]\n["Hip Hop"]\n[hiphop]\n', "line 3: 'hiphop' stands on line 2 already"),
        ('[x]\nparents = ["y"]\n[y]\nparents = ["x"]\n', "line 1: 'x' must not be .*: x → y → x"),
        ('[x]\nparents = ["x"]\n', "line 1: 'x' must not be above itself: x → x"),
        ("\n[x]\nparent = []\n", "line 2: 'x' has no key 'parent'; known keys: parents, also"),
        ('[x]\nparents = "y"\n', "line 1: 'x' parents must be a list of names"),
        ("[x]\nalso = [1]\n", "line 1: 'x' also must be a list of names"),
        ("a = 1\n", "line 1: 'a' must be a table such as"),
        ('["R&B/Soul"]\n', "line 1: .*'R&B/Soul' must name one genre; .* rnb, soul"),
        ('["N/A"]\n', "line 1: .*must name one genre; labels read it as no genre"),
        ('["!"]\n', "line 1: .*"),
        ('["a\\u0007b"]\n', "line 1: .* cannot be shown"),
        ('[a]\nalso = ["b"]\n[b]\n', "line 1: 'a' is also 'b', which line 3 has already"),
        ('[a]\nalso = ["c"]\n[b]\nalso = ["c"]\n', "line 3: 'b' is also 'c', which line 1 has"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(DatasetError, match=message) as caught:
        read_genre_file(path)
    told = str(caught.value)
    assert told.startswith(f"genres={path}")
    assert "\n" not in told


def test_a_parent_must_be_there(tmp_path: Path) -> None:
    file = read_genre_file(write(tmp_path, '\n["Acid Jazz"]\nparents = ["jaz"]\n'))
    with pytest.raises(DatasetError, match=r"line 2: parent 'jaz' of 'Acid Jazz' .* mean jazz\?"):
        file.check(["jazz", "rock"])
    with pytest.raises(DatasetError, match="give it a table of its own"):
        file.check(["rock"])


def test_a_parent_may_be_a_label_under_its_other_name(tmp_path: Path) -> None:
    text = '[liquid]\nparents = ["jungle"]\n["Drum & Bass"]\nalso = ["jungle"]\n'
    read_genre_file(write(tmp_path, text)).check(["jungle"])


def test_the_file_beside_the_data_is_found(tmp_path: Path) -> None:
    assert find_genre_file("auto", tmp_path) is None
    path = write(tmp_path, "[jazz]\n")
    found = find_genre_file("auto", tmp_path)
    assert found is not None
    assert found.path == path
    assert find_genre_file("none", tmp_path) is None
    assert find_genre_file(str(path), tmp_path / "elsewhere") == found
    missing = re.escape(f"genres={tmp_path / 'x.toml'} must be readable")
    with pytest.raises(DatasetError, match=missing):
        find_genre_file(str(tmp_path / "x.toml"), tmp_path)


def fma_table(folder: Path) -> Path:
    """Write a table as large and as deep as FMA's: 16 top genres, 163 in all, 5 levels."""
    top = ["Hip-Hop", "Old-Time / Historic", "Soul-RnB", "Rock"] + [f"Top {n}" for n in range(12)]
    rows = [(n + 1, 0, title) for n, title in enumerate(top)]
    while len(rows) < 163:
        number = len(rows) + 1
        above = number - 16 if number % 3 else 1 + number % 16
        rows.append((number, above, f'Kind "{number}", further'))
    lines = ["genre_id,#tracks,parent,title,top_level"]
    lines += [
        f'{n},10,{above},"{title.replace(chr(34), chr(34) * 2)}",1' for n, above, title in rows
    ]
    path = folder / "genres.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_table_of_fma_is_a_tree(tmp_path: Path) -> None:
    file = read_genre_file(fma_table(tmp_path))
    tree = file.tree
    assert len(tree.names) == 163
    assert len(tree.parents) == 163 - 16
    assert tree.names["old_time_historic"] == "Old-Time Historic"
    assert not find_cycle(tree.parents)
    depth = levels(tree.parents, tree.names)
    assert sum(level == 0 for level in depth.values()) == 16
    assert max(depth.values()) >= 3
    assert tree.among(tree.names) == {genre: tree.parents[genre] for genre in sorted(tree.parents)}
    file.check([])


def test_a_parent_that_fmas_table_lacks_is_told(tmp_path: Path) -> None:
    path = tmp_path / "genres.csv"
    path.write_text("genre_id,#tracks,parent,title,top_level\n1,5,0,Rock,1\n2,5,7,Punk,1\n")
    with pytest.raises(DatasetError, match="line 3: 'Punk' parent=7 must be a genre_id"):
        read_genre_file(path)
