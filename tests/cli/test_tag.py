"""`genre tag` as a user sees it: genre.cli.tag."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from genre.addresses import Place
from genre.cli import main
from genre.cli.inputs import find_files
from genre.cli.tag_output import tell
from genre.errors import GenreError
from genre.execution import Outcome
from tests.tagged_files import tag_words


def test_a_folder_is_searched_and_bad_files_are_passed_over(
    bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tag_words(bundle, music, "--top", "1")) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    names = ["a.wav", 'b, "q".wav', "deep/er/ünï 日本.wav"]
    assert [line.split(": ")[0] for line in lines] == [str(music / name) for name in names]
    assert all(line.count(" 0.") == 1 for line in lines)
    assert "not_audio: " in err
    assert "bad.mp3" in err
    assert "1 of 4 files could not be tagged" in err


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--top", "0"], "top=0 must be at least 1"),
        (["--csv", "--json"], "csv=True and json=True must not come together"),
        (["--n-workers", "-1"], "n_workers=-1 must be 0"),
        (["--write-tags", "--json"], "json=True and write_tags=True must not come together"),
        (["--apply"], "error: --apply must come with --write-tags"),
        (["--replace"], "error: --replace must come with --write-tags"),
        (["--journal", "j"], "error: --journal must come with --write-tags"),
        (["--write-tags", "--journal", "j"], "journal=j must come with --apply"),
    ],
)
def test_options_that_make_no_sense(
    bundle: Path,
    tmp_path: Path,
    extra: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["tag", str(bundle), str(tmp_path / "x.wav"), *extra]) == 1
    assert message in capsys.readouterr().err


def test_the_best_is_the_answer_only_from_a_score_on(
    which_bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = music / "a.wav"
    assert main(tag_words(which_bundle, song, "--json")) == 0
    (tags,) = json.loads(capsys.readouterr().out)
    (best, score), *_ = tags["scores"].items()
    assert tags["genres"] == [best]
    for min_score, genres in ((score - 0.01, [best]), (score + 0.01, [])):
        assert main(tag_words(which_bundle, song, "--json", "--min-score", f"{min_score}")) == 0
        (asked,) = json.loads(capsys.readouterr().out)
        assert (asked["genres"], asked["scores"]) == (genres, tags["scores"])
    assert main(tag_words(which_bundle, song, "--min-score", "0.9")) == 0
    assert f"a.wav: no clear genre ({best.upper()} " in capsys.readouterr().out


def test_a_least_score_is_refused_where_it_means_nothing(
    bundle: Path, which_bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for model, least, message in (
        (bundle, "0.5", "must be left out: each genre of this model has a threshold of its own"),
        (which_bundle, "1.5", "must be a score, from 0 to 1"),
    ):
        assert main(tag_words(model, music / "a.wav", "--min-score", least)) == 1
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"error: min_score={least} {message}")


def test_a_model_behind_the_music_is_told_its_place(
    bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for given in (music, music / "a.wav"):
        assert main(["tag", str(given), str(bundle)]) == 1
        told = capsys.readouterr().err
        assert told == f"error: the model must come first: genre tag {bundle} {given}\n"


def test_a_file_that_is_too_long_names_an_option_that_there_is(
    bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = music / "a.wav"  # of five seconds
    assert main(tag_words(bundle, song, "--max-seconds", "4.5")) == 1
    told = capsys.readouterr().err
    assert "is longer than max_seconds=4.5; cut it into tracks" in told
    (option,) = re.findall(r"with (--[a-z-]+)", told)
    assert main(tag_words(bundle, song, option, "6")) == 0
    assert main(tag_words(bundle, song, option, "-1")) == 1
    assert "max_seconds=-1.0" in capsys.readouterr().err


def test_an_empty_folder_says_so(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tag_words(bundle, tmp_path)) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"paths={tmp_path} must hold at least one audio file" in err


class Shouting:
    """Writes names, and counts what it is asked."""

    def opening(self) -> str:
        return "("

    def track(self, outcome: Outcome[Place, int]) -> str:
        return "" if outcome.result is None else str(outcome.unit).upper()

    def closing(self) -> str:
        return ")\n"


def test_what_is_told_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    good = Outcome[Place, int](Path("a"), 1, None)
    bad = Outcome[Place, int](Path("b"), None, GenreError("odd"))
    assert tell([good, good], Shouting()) == 0
    assert capsys.readouterr() == ("(AA)\n", "")
    assert tell([good, bad, good], Shouting()) == 1
    assert capsys.readouterr() == ("(AA)\n", "odd\n1 of 3 files could not be tagged\n")


def test_what_was_opened_is_closed_whatever_comes(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> Iterator[Outcome[Place, int]]:
        yield Outcome(Path("a"), 1, None)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell(interrupted(), Shouting())
    assert capsys.readouterr().out == "(A)\n"


def test_each_file_is_found_once_and_a_name_is_taken_as_it_is(music: Path) -> None:
    found = find_files([music / "gone.wav", music / "deep", music / "deep" / "bad.mp3", music])
    names = ["gone.wav", "deep/bad.mp3", "deep/er/ünï 日本.wav", "a.wav", 'b, "q".wav']
    assert found == [music / name for name in names]
