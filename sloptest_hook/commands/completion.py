"""Edge: ``sloptest completion``, a script for the shell, made of the commands as they are."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.errors import ExitCode
from sloptest_hook.values.records import dataclass

SHELLS = ("bash", "zsh", "fish")


@dataclass(frozen=True, slots=True)
class Word:
    """A flag as it is typed, what it says of itself, and what may follow it."""

    names: tuple[str, ...]
    says: str
    choices: tuple[str, ...] = ()
    takes_value: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command, what it says of itself, and its flags."""

    name: str
    says: str
    words: tuple[Word, ...]


def run(shell: str, parser: argparse.ArgumentParser, _output: OutputOptions) -> ExitCode:
    """Print the script."""
    print_lines(_SCRIPTS[shell](commands_of(parser)))
    return ExitCode.OK


def commands_of(parser: argparse.ArgumentParser) -> tuple[Command, ...]:
    """Return every command that a parser knows."""
    (found,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))  # noqa: SLF001  # argparse shows them to nobody
    says = {each.dest: each.help or "" for each in found._choices_actions}  # noqa: SLF001
    return tuple(
        Command(name, says[name], tuple(_words(each))) for name, each in found.choices.items()
    )


def _words(parser: argparse.ArgumentParser) -> Iterator[Word]:
    for action in parser._actions:  # noqa: SLF001
        if action.option_strings:
            yield Word(
                tuple(action.option_strings),
                action.help or "",
                tuple(map(str, action.choices or ())),
                takes_value=action.nargs != 0,
            )


def _bash(commands: Sequence[Command]) -> Iterator[str]:
    names = " ".join(each.name for each in commands)
    yield "# sloptest completion bash > ~/.local/share/bash-completion/completions/sloptest"
    yield "_sloptest() {"
    yield "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words="
    yield "  COMPREPLY=()"
    yield '  if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY=($(compgen -W "' + names + '" -- "$word"))'
    yield "  return; fi"
    yield '  case "${COMP_WORDS[1]} $before" in'
    for command in commands:
        for word in command.words:
            for name in word.names if word.choices else ():
                yield f'    "{command.name} {name}") words="{" ".join(word.choices)}" ;;'
    yield "  esac"
    yield "  if [[ -z $words && $word == -* ]]; then"
    yield "    case ${COMP_WORDS[1]} in"
    for command in commands:
        flags = " ".join(name for word in command.words for name in word.names)
        yield f'      {command.name}) words="{flags}" ;;'
    yield "    esac"
    yield "  fi"
    yield '  [[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "}"
    yield "complete -o default -F _sloptest sloptest"


def _zsh(commands: Sequence[Command]) -> Iterator[str]:
    yield "#compdef sloptest"
    yield "# sloptest completion zsh > a directory of $fpath/_sloptest"
    yield "_sloptest() {"
    yield "  if (( CURRENT == 2 )); then"
    yield "    local -a commands=("
    yield from (f"      {_quoted(f'{each.name}:{each.says}')}" for each in commands)
    yield "    )"
    yield "    _describe command commands"
    yield "    return"
    yield "  fi"
    yield "  case $words[2] in"
    for command in commands:
        specs = " ".join(spec for word in command.words for spec in _zsh_specs(word))
        yield f"    {command.name})"
        yield f"      shift words; (( CURRENT-- )); _arguments {specs} '*:file:_files' ;;"
    yield "  esac"
    yield "}"
    yield 'compdef _sloptest sloptest 2>/dev/null || _sloptest "$@"'


def _zsh_specs(word: Word) -> Iterator[str]:
    says = word.says.replace("[", "(").replace("]", ")").replace(":", " -")
    value = f":value:({' '.join(word.choices)})" if word.choices else ":value:_files"
    for name in word.names:
        yield _quoted(f"{name}[{says}]{value if word.takes_value else ''}")


def _fish(commands: Sequence[Command]) -> Iterator[str]:
    yield "# sloptest completion fish > ~/.config/fish/completions/sloptest.fish"
    for command in commands:
        name = command.name
        says = _quoted(command.says)
        yield f"complete -c sloptest -n __fish_use_subcommand -f -a {name} -d {says}"
        for word in command.words:
            yield f"complete -c sloptest -n '__fish_seen_subcommand_from {name}'{_fish_word(word)}"


def _fish_word(word: Word) -> str:
    names = "".join(
        f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in word.names
    )
    choices = f" -x -a {_quoted(' '.join(word.choices))}" if word.choices else ""
    value = " -r" if word.takes_value and not word.choices else ""
    return f"{names}{choices}{value} -d {_quoted(word.says)}"


def _quoted(text: str) -> str:
    r"""Return a text in single quotes, as all three shells read it: ``it'\''s``."""
    return "'" + text.replace("'", "'\\''") + "'"


_SCRIPTS: Mapping[str, Callable[[Sequence[Command]], Iterator[str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
