"""Completion as shells read it: which word may follow which, for bash, zsh and fish.

The scripts are static: a shell that completes starts no Python, which would take a second.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Argument:
    """An option, or a value that stands alone.

    Parameters
    ----------
    names : tuple of str
        ``--labels``, ``--layout``; none of what stands alone.
    values : tuple of str
        What it may be, where that is known.
    takes_value : bool
        Whether a word follows.
    is_many : bool
        Whether several may.
    is_path : bool
        Whether it is a file or a folder.
    """

    names: tuple[str, ...]
    values: tuple[str, ...] = ()
    takes_value: bool = True
    is_many: bool = False
    is_path: bool = False


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command with its arguments.

    Parameters
    ----------
    name : str
        As it is called.
    arguments : tuple of Argument
        In their order.
    """

    name: str
    arguments: tuple[Argument, ...] = ()

    @property
    def options(self) -> list[str]:
        """Every name of every option."""
        return [name for argument in self.arguments for name in argument.names]

    @property
    def alone(self) -> list[str]:
        """The known values of what stands alone."""
        return [value for one in self.arguments if not one.names for value in one.values]


def bash(commands: Sequence[Command]) -> str:
    """Write the script for bash.

    Parameters
    ----------
    commands : sequence of Command
        All of them.
    """
    return _BASH.format(
        commands=" ".join(command.name for command in commands),
        options=_cases(commands, _bash_options),
        values=_cases(commands, _bash_values),
        alone=_cases(commands, lambda command: command.alone and f'words="{_join(command.alone)}"'),
    )


def zsh(commands: Sequence[Command]) -> str:
    """Write the script for zsh.

    Parameters
    ----------
    commands : sequence of Command
        All of them.
    """
    return _ZSH.format(
        commands=" ".join(command.name for command in commands),
        options=_cases(commands, lambda command: f"compadd -- {_join(command.options)}"),
        values=_cases(commands, _zsh_values),
        alone=_cases(
            commands, lambda command: command.alone and f"choices=({_join(command.alone)})"
        ),
    )


def fish(commands: Sequence[Command]) -> str:
    """Write the script for fish.

    Parameters
    ----------
    commands : sequence of Command
        All of them.
    """
    return "\n".join((_FISH, *_fish_lines(commands))) + "\n"


SHELLS: Mapping[str, Callable[[Sequence[Command]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
"""By name, what writes the script of a shell."""


def _cases(commands: Sequence[Command], write: Callable[[Command], str | list[str]]) -> str:
    lines = ((command.name, write(command)) for command in commands)
    return "\n".join(f"    {name}) {line} ;;" for name, line in lines if line)


def _bash_options(command: Command) -> str:
    return f'words="{_join(command.options)}"' if command.options else ""


def _bash_values(command: Command) -> str:
    return _values(command, lambda one: f'words="{_join(one.values)}"')


def _zsh_values(command: Command) -> str:
    return _values(command, lambda one: f"choices=({_join(one.values)})")


def _values(command: Command, offer: Callable[[Argument], str]) -> str:
    """Write a case of what follows each option: known words, a file, or what only a person knows.

    Options that are followed by nothing have none: the next word is any other's.
    """
    lines = []
    for one in command.arguments:
        if not one.names or not one.takes_value:
            continue
        kind = offer(one) if one.values else "kind=file" if one.is_path else "kind=text"
        known = f"; kind={'many' if one.is_many else 'one'}" if one.values else ""
        lines.append(f"      {'|'.join(one.names)}) {kind}{known} ;;")
    return "\n".join(("case $option in", *lines, "      *) kind=none ;;", "    esac"))


def _fish_lines(commands: Sequence[Command]) -> Iterator[str]:
    names = _join([command.name for command in commands])
    yield f"complete -c genre -n __fish_use_subcommand -f -a '{names}'"
    for command in commands:
        here = f"complete -c genre -n '__fish_seen_subcommand_from {command.name}'"
        if command.alone:
            yield f"{here} -f -a '{_join(command.alone)}'"
        for one in command.arguments:
            long = " ".join(f"-l {name[2:]}" for name in one.names)
            if not one.takes_value:
                follows = ""
            elif one.values:
                follows = f" -x -a '{_join(one.values)}'"
            else:
                follows = " -r -F" if one.is_path else " -x"
            if long:
                yield f"{here} {long}{follows}"
            if one.names and one.values and one.is_many:
                after = f"{here[:-1]}; and __genre_is_after {_join(one.names)}'"
                yield f"{after} -f -a '{_join(one.values)}'"


def _join(words: Sequence[str]) -> str:
    return " ".join(words)


# The option that a word belongs to is the last one before it; a word behind the first one is its
# own only where it takes several.
_BASH = """# Completion of genre for bash.
_genre() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} option= words= kind=none at=$((COMP_CWORD - 1))
  local distance=1
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "{commands} --help --version" -- "$current"))
    return
  fi
  # bash takes --task=exclusive for three words
  [[ $current == "=" ]] && current=
  [[ ${{COMP_WORDS[at]}} == "=" ]] && ((at -= 1))
  while ((at > 1)); do
    [[ ${{COMP_WORDS[at]}} == -* ]] && {{ option=${{COMP_WORDS[at]}}; break; }}
    ((at -= 1, distance += 1))
  done
  if [[ $current == -* ]]; then
    case ${{COMP_WORDS[1]}} in
{options}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{values}
  esac
  if [[ $kind == none || ( $kind != many && $distance -gt 1 ) ]]; then
    kind=none words=
    case ${{COMP_WORDS[1]}} in
{alone}
    esac
  fi
  # without an answer bash completes files, which a number is not
  [[ $kind == text ]] && compopt +o default 2>/dev/null  # macOS has a bash without it
  [[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _genre genre
"""

_ZSH = """#compdef genre
# Completion of genre for zsh.
_genre() {{
  local current=${{words[CURRENT]}} option= kind=none
  local -i at=$((CURRENT - 1)) distance=1
  local -a choices=()
  if ((CURRENT == 2)); then
    compadd -- {commands} --help --version
    return
  fi
  if [[ $current == --*=* ]]; then
    option=${{current%%=*}}
    compset -P 1 '*='
  else
    while ((at > 2)); do
      [[ ${{words[at]}} == -* ]] && {{ option=${{words[at]}}; break; }}
      ((at -= 1, distance += 1))
    done
    if [[ $current == -* ]]; then
      case ${{words[2]}} in
{options}
      esac
      return
    fi
  fi
  case ${{words[2]}} in
{values}
  esac
  if [[ $kind == none || ( $kind != many && $distance -gt 1 ) ]]; then
    kind=none choices=()
    case ${{words[2]}} in
{alone}
    esac
  fi
  if (( $#choices )); then
    compadd -- $choices
  elif [[ $kind != text ]]; then
    _files
  fi
}}
if [[ $funcstack[1] == _genre ]]; then
  _genre "$@"
else
  compdef _genre genre
fi
"""

# Fish knows one value of an option; this says whether the last option is one that takes several.
_FISH = """# Completion of genre for fish.
function __genre_is_after
  for word in (commandline -opc)[-1..1]
    if string match -q -- '-*' $word
      contains -- $word $argv
      return
    end
  end
  return 1
end"""
