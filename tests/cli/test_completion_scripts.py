"""The scripts of shells: bash completes by them; those of zsh and fish offer the same."""

import shutil
import subprocess
from pathlib import Path

import pytest

from genre.cli.completion_scripts import SHELLS, Argument, Command, bash, fish, zsh

COMMANDS = [
    Command(
        name="train",
        arguments=(
            Argument(names=("--task",), values=("multilabel", "exclusive")),
            Argument(names=("--configs",), values=("attnTrue", "attnFalse"), is_many=True),
            Argument(names=("--labels", "--layout"), values=("folders", "tags")),
            Argument(names=("--seeds",)),
            Argument(names=("--data",), is_path=True),
            Argument(names=("--dry-run",), takes_value=False),
        ),
    ),
    Command(name="backbone", arguments=(Argument(names=(), values=("list", "add")),)),
    Command(name="sample"),
]


def completed(script: Path, words: list[str], folder: Path) -> set[str]:
    """Ask a real bash what it would offer for the last of these words."""
    array = " ".join(f"'{word}'" for word in words)
    lines = f"""source {script}
compopt() {{ [[ $1 == +o ]] && COMPREPLY=("no files"); }}
COMP_WORDS=({array}) COMP_CWORD={len(words) - 1}
_genre
printf '%s\\n' "${{COMPREPLY[@]}}" """
    asked = ["bash", "-c", lines]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=folder)
    return {line for line in done.stdout.splitlines() if line}


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tr", {"train"}),
        ("", {"train", "backbone", "sample", "--help", "--version"}),
        ("train --ta", {"--task"}),
        ("train --l", {"--labels", "--layout"}),
        ("train --task ", {"multilabel", "exclusive"}),
        ("train --task = ex", {"exclusive"}),
        ("train --layout t", {"tags"}),
        ("train --configs attnTrue attnF", {"attnFalse"}),
        ("train --task exclusive ", set()),
        ("train --seeds ", {"no files"}),
        ("train --data ", set()),
        ("train --dry-run ", set()),
        ("backbone ", {"list", "add"}),
        ("backbone a", {"add"}),
        ("sample --", set()),
    ],
)
def test_bash_completes(words: str, offered: set[str], tmp_path: Path) -> None:
    script = tmp_path / "genre.bash"
    script.write_text(bash(COMMANDS))
    assert completed(script, ["genre", *words.split(" ")], tmp_path) == offered


def test_bash_knows_whom_it_completes(tmp_path: Path) -> None:
    script = tmp_path / "genre.bash"
    script.write_text(bash(COMMANDS))
    asked = ["bash", "-c", f"source {script}; complete -p genre"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert done.stdout == "complete -o default -F _genre genre\n"


def test_the_script_for_zsh_offers_the_same() -> None:
    text = zsh(COMMANDS)
    assert text.startswith("#compdef genre\n")
    assert "      --task) choices=(multilabel exclusive); kind=one ;;" in text
    assert "      --configs) choices=(attnTrue attnFalse); kind=many ;;" in text
    assert "      --data) kind=file ;;" in text
    assert "    backbone) choices=(list add) ;;" in text
    assert text.count("{") == text.count("}")


def test_the_script_for_fish_offers_the_same() -> None:
    text = fish(COMMANDS)
    here = "complete -c genre -n '__fish_seen_subcommand_from train'"
    assert f"{here} -l labels -l layout -x -a 'folders tags'\n" in text
    assert f"{here} -l data -r -F\n" in text
    assert f"{here} -l seeds -x\n" in text
    assert f"{here} -l dry-run\n" in text
    assert text.startswith("# Completion")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_itself_reads_its_script(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    script = tmp_path / "script"
    script.write_text(SHELLS[shell](COMMANDS))
    subprocess.run([shell, "-n", str(script)], check=True, capture_output=True)
