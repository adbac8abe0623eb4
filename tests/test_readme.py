"""What the README tells people to type is typed here."""

import gc
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli
import yaml

from sloptest_hook.cli import main
from sloptest_hook.commands.completion import commands_of
from sloptest_hook.commands.tree import parser
from sloptest_hook.config.pre_commit_text import ENTRY
from sloptest_hook.config.schema import with_table
from sloptest_hook.values.settings import Settings
from tests.conftest import SHOP, Repository, set_git_environment

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
COMMANDS = [line.partition("  #")[0] for line in LINES if line.startswith("sloptest ")]
# These install this very checkout; `.ci/run` takes them from the README and runs them first.
IN_CI = {"pip install -e . && sloptest demo", "pip install -e '.[dev]' && pytest"}
# In a text `[PATHS...]` and `N` stand for what may be put there.
QUOTED = [
    quoted
    for quoted in re.findall(r"`(sloptest [^`\n]+)`", README)
    if not re.search(r"[A-Z]|\[|\.\.\.|&&", quoted)
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """One repository for all commands, in their order: a tested module in two commits."""
    with pytest.MonkeyPatch.context() as patch:
        set_git_environment(patch, tmp_path_factory.mktemp("home"))
        made = Repository(tmp_path_factory.mktemp("shop"))
        made.git("init", "-q", "-b", "main")
        made.commit({"notes.txt": "hello\n"})
        made.commit(SHOP)
        yield made


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_a_block_does_what_it_says_it_does(
    command: str, shop: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop.root)
    monkeypatch.setenv("SLOPTEST_PYTHON", sys.executable)

    assert main(shlex.split(command)[1:]) == 0

    gc.enable()


def test_no_line_of_a_shell_block_is_run_by_nobody() -> None:
    assert {line for line in LINES if not line.startswith("sloptest ")} == IN_CI


def test_the_block_of_commands_is_complete() -> None:
    # `demo` is in the other block, `hook` and `generate` are in the text.
    told = {shlex.split(command)[1] for command in COMMANDS} | {"demo", "analyze"}

    assert {each.name for each in commands_of(parser())} <= told


@pytest.mark.parametrize("quoted", sorted(set(QUOTED)))
def test_what_is_quoted_in_the_text_is_understood(quoted: str) -> None:
    parser().parse_args(shlex.split(quoted)[1:])


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "toml"])
def test_every_table_is_understood(text: str) -> None:
    table = tomli.loads(text)["tool"]["sloptest"]

    assert with_table(Settings(), table, "README.md") != Settings()


def test_the_entry_of_pre_commit_is_the_one_that_is_written() -> None:
    entries = [yaml.safe_load(text) for kind, text in BLOCKS if kind == "yaml"]

    assert {"repos": yaml.safe_load(ENTRY)} in entries
