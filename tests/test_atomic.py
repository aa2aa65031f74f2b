"""A file or folder is there whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from genre.atomic import atomic_file, ensure_writable, replace_folder, write_text
from genre.errors import ConfigError


def test_the_file_appears_with_its_content_and_nothing_else(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "é.txt", "ümlaut")
    assert (tmp_path / "new" / "é.txt").read_text(encoding="utf-8") == "ümlaut"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["é.txt"]


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "old")

    def write_half() -> None:
        with atomic_file(tmp_path / "a") as file:
            file.write(b"half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_half()
    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_new_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_text(tmp_path / "a", "")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_is_replaced_only_when_full(tmp_path: Path) -> None:
    folder = tmp_path / "best"
    replace_folder(folder, lambda target: (target / "old").touch())

    def fail(target: Path) -> None:
        (target / "new").touch()
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        replace_folder(folder, fail)
    assert [path.name for path in folder.iterdir()] == ["old"]
    replace_folder(folder, lambda target: (target / "new").touch())
    assert [path.name for path in folder.iterdir()] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["best"]


@pytest.mark.parametrize("name", ["there", "new", "new/and/deep"])
def test_a_folder_that_can_be_written_is_left_as_it_was(tmp_path: Path, name: str) -> None:
    (tmp_path / "there").mkdir()
    ensure_writable(tmp_path / name, option="cache")
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


@pytest.mark.parametrize("name", ["file", "file/new", "file/new/and/deep"])
@pytest.mark.parametrize("option", ["cache", "out"])
def test_a_folder_that_cannot_be_written_names_the_option_that_moves_it(
    tmp_path: Path, name: str, option: str
) -> None:
    (tmp_path / "file").touch()
    words = (
        f"^{option}=.*{name} must be a folder that can be written .*another one with --{option}$"
    )
    with pytest.raises(ConfigError, match=words):
        ensure_writable(tmp_path / name, option=option)


def test_many_may_look_at_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    def begin(number: int) -> None:
        folder = tmp_path / f"{number // 8}" / "cache"
        ensure_writable(folder, option="cache")
        write_text(folder / f"{number}", "", is_durable=False)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(1600)))
    assert len(list(tmp_path.glob("*/cache/*"))) == 1600
