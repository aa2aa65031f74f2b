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


def asked_bash(script: Path, words: list[str]) -> str:
    array = " ".join(f"'{word}'" for word in words)
    return f"""source {script}
compopt() {{ [[ $1 == +o ]] && COMPREPLY=("no files"); }}
COMP_WORDS=({array}) COMP_CWORD={len(words) - 1}
_genre
(( ${{#COMPREPLY[@]}} )) || COMPREPLY=($(compgen -f -- "{words[-1]}"))  # as -o default does
printf '%s\\n' "${{COMPREPLY[@]}}" """


def asked_zsh(script: Path, words: list[str]) -> str:
    array = " ".join(f"'{word}'" for word in words)
    return f"""compdef() {{ }}
compset() {{ current=${{current#*=}} }}
compadd() {{ shift; print -l -- ${{(M)@:#$current*}} }}
_files() {{ print "music.csv" }}
source {script}
words=({array}) CURRENT={len(words)}
_genre
"""


def asked_fish(script: Path, words: list[str]) -> str:
    return f"source {script}; complete -C '{' '.join(words)}'"


ASKED = {"bash": asked_bash, "zsh": asked_zsh, "fish": asked_fish}


def completed(shell: str, text: str, words: list[str], folder: Path) -> set[str]:
    """Ask a real shell what it would offer for the last of these words, by the script's text."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    script = folder / "script"
    script.write_text(text)
    (folder / "music.csv").write_text("")
    asked = [shell, "-c", ASKED[shell](script, words)]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=folder)
    offered = {line.partition("\t")[0] for line in done.stdout.splitlines()}
    return offered - {"", "no files", "script"}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tr", {"train"}),
        ("ba", {"backbone"}),
        ("train --ta", {"--task"}),
        ("train --l", {"--labels", "--layout"}),
        ("train --task ", {"multilabel", "exclusive"}),
        ("train --layout t", {"tags"}),
        ("train --configs attnTrue attnF", {"attnFalse"}),
        ("train --configs attnTrue --task e", {"exclusive"}),
        ("train --task exclusive ", {"music.csv"}),
        ("train --seeds ", set()),
        ("train --data ", {"music.csv"}),
        ("train --dry-run ", {"music.csv"}),
        ("backbone ", {"list", "add"}),
        ("backbone a", {"add"}),
        ("sample --", set()),
    ],
)
def test_a_shell_completes(shell: str, words: str, offered: set[str], tmp_path: Path) -> None:
    assert (
        completed(shell, SHELLS[shell](COMMANDS), ["genre", *words.split(" ")], tmp_path) == offered
    )


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_value_behind_an_equals_sign_is_completed(shell: str, tmp_path: Path) -> None:
    words = ["--task", "=", "ex"] if shell == "bash" else ["--task=ex"]  # bash parts them
    assert completed(shell, SHELLS[shell](COMMANDS), ["genre", "train", *words], tmp_path) == {
        "exclusive"
    }


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_first_word_is_a_command(shell: str, tmp_path: Path) -> None:
    commands = {"train", "backbone", "sample", "--help", "--version"}
    assert completed(shell, SHELLS[shell](COMMANDS), ["genre", ""], tmp_path) == commands


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
