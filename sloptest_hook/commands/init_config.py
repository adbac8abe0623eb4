"""Edge: ``sloptest init-config``, which writes the settings with their defaults, once."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.config.files import PYPROJECT, TESTGEN, parsed_toml
from sloptest_hook.config.json_schema import json_schema
from sloptest_hook.config.pre_commit_text import ENTRY, with_entry
from sloptest_hook.config.toml_text import table_text
from sloptest_hook.config.yaml_text import yaml_text
from sloptest_hook.errors import ConfigError, ExitCode, StagingError, UsageError
from sloptest_hook.git.paths import read_file
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.room import Room
from sloptest_hook.git.transaction import all_or_nothing
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass

FORMATS = ("pyproject", "testgen-yml", "json-schema")
_PRE_COMMIT = ".pre-commit-config.yaml"
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class InitOptions:
    """Which form is wanted, whether it is printed alone, and whether pre-commit's file is meant."""

    form: str = FORMATS[0]
    dry_run: bool = False
    pre_commit: bool = False


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    before: bytes | None
    after: bytes


def run(asked: InitOptions, output: OutputOptions) -> ExitCode:
    """Write what is not there; raises UsageError and ConfigError for what is, and writes nothing.

    A schema needs no repository and is only printed, and so is all else in a dry run.
    """
    if asked.form == FORMATS[2]:
        print_lines([json.dumps(json_schema(), indent=2)])
        return ExitCode.OK
    text = _TEXTS[asked.form]()
    if asked.dry_run:
        print_lines([text.rstrip("\n")])
        return ExitCode.OK
    repo = StagedRepository.open(Path.cwd())
    files = [_MAKERS[asked.form](repo, text)]
    if asked.pre_commit:
        files.append(_pre_commit(repo))
    _write(repo, files)
    _say(files, output)
    return ExitCode.OK


def _pyproject(repo: StagedRepository, text: str) -> _File:
    """Return the file with the table at its end and every byte before as it was."""
    before = _read(repo, PYPROJECT)
    if not before:
        return _File(PYPROJECT, before, text.encode())
    known = parsed_toml(before, PYPROJECT)
    tool = known.get("tool")
    if isinstance(tool, Mapping) and "sloptest" in tool:
        raise UsageError(f"{PYPROJECT} has a [tool.sloptest] table already; edit it there")
    end = b"\r\n" if b"\r\n" in before else b"\n"
    gap = end if before.endswith(b"\n") else end * 2
    after = before + gap + text.encode().replace(b"\n", end)
    try:
        made = parsed_toml(after, PYPROJECT)
    except ConfigError as error:
        raise UsageError(
            f"{PYPROJECT} writes its `tool` table in a way that nothing can be added to; "
            "print the table with --dry-run and put it where it belongs"
        ) from error
    if _without_ours(made) != _without_ours(known):
        raise UsageError(f"{PYPROJECT} would read otherwise with the table at its end")
    return _File(PYPROJECT, before, after)


def _without_ours(document: Mapping[str, object]) -> Mapping[str, object]:
    tool = document.get("tool")
    tools = tool if isinstance(tool, Mapping) else {}
    return {**document, "tool": {name: each for name, each in tools.items() if name != "sloptest"}}


def _testgen(repo: StagedRepository, text: str) -> _File:
    if _read(repo, TESTGEN) is not None:
        raise UsageError(f"{TESTGEN} is there already; edit it")
    return _File(TESTGEN, None, text.encode())


def _pre_commit(repo: StagedRepository) -> _File:
    before = _read(repo, _PRE_COMMIT)
    try:
        text = (before or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{_PRE_COMMIT} is not UTF-8; save it as UTF-8") from error
    made = with_entry(text)
    if made is None:
        raise UsageError(
            f"{_PRE_COMMIT} has the hook already, or its `repos` are not the last thing in it; "
            f"add by hand what is missing:\n{ENTRY}"
        )
    return _File(_PRE_COMMIT, before, made.encode())


_TEXTS: Mapping[str, Callable[[], str]] = {FORMATS[0]: table_text, FORMATS[1]: yaml_text}
_MAKERS = {FORMATS[0]: _pyproject, FORMATS[1]: _testgen}


def _read(repo: StagedRepository, name: str) -> bytes | None:
    try:
        return read_file(repo.top, PurePosixPath(name))
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {error.strerror}") from error


def _write(repo: StagedRepository, files: list[_File]) -> None:
    """Write all of them or none; raises StagingError."""
    room = Room(repo.git_dir)
    try:
        room.enter(Deadline(time.monotonic() + _SECONDS, time.monotonic))
        with all_or_nothing(repo, (), "nothing was written") as transaction:
            for file in files:
                transaction.write(PurePosixPath(file.name), file.after, file.before)
    except OSError as error:
        raise StagingError(f"nothing was written: {error.filename}: {error.strerror}") from error
    finally:
        room.leave()


def _say(files: list[_File], output: OutputOptions) -> None:
    names = [file.name for file in files]
    if output.json:
        print_lines(
            [json.dumps({"schema": 1, "written": names, "pre_commit_entry": ENTRY}, indent=2)]
        )
    elif not output.quiet:
        print_lines(f"sloptest: wrote {name}" for name in names)
        if _PRE_COMMIT not in names:
            print_lines(
                ["", f"For pre-commit, below `repos:` in {_PRE_COMMIT}:", "", ENTRY.rstrip()]
            )
