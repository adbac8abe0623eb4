"""Settings that were typed: the older tool's names, and what each comes to."""

from pathlib import Path

import pytest

from sloptest_hook.commands.flags import with_flags
from sloptest_hook.commands.tree import parser
from sloptest_hook.commands.tree_flags import run_flags
from sloptest_hook.config.schema import KEYS
from sloptest_hook.errors import UsageError
from sloptest_hook.values.settings import (
    Formatter,
    LlmSettings,
    MergeSettings,
    MergeStrategy,
    RunnerSettings,
    Settings,
)

HERE = Path(__file__).parent


def settings_of(*words: str, before: Settings | None = None) -> Settings:
    flags = run_flags(parser().parse_args(["generate", *words]))
    return with_flags(before or Settings(), flags, HERE)


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        ("", Settings()),
        ("--auto-run", Settings()),
        ("--runner-mode python-module", Settings()),
        ("--max-total-minutes 2", Settings(time_budget=120.0)),
        ("--max-total-minutes 0.1", Settings(time_budget=6.0)),
        ("--batch-size 5", Settings(llm=LlmSettings(batch_size=5))),
        ("--streaming", Settings(llm=LlmSettings(streaming=True))),
        ("--merge-strategy append", Settings(merge=MergeSettings(MergeStrategy.APPEND))),
        ("--merge-formatter none", Settings(merge=MergeSettings(formatter=Formatter.NONE))),
        (
            "--pytest-arg=-x --pytest-arg=--tb=short",
            Settings(runner=RunnerSettings(("-x", "--tb=short"))),
        ),
    ],
)
def test_a_flag_is_a_setting_for_one_run(words: str, settings: Settings) -> None:
    assert settings_of(*words.split()) == settings


def test_arguments_of_pytest_join_those_of_the_configuration() -> None:
    before = Settings(runner=RunnerSettings(("-q",)))

    assert settings_of("--pytest-arg=-x", before=before).runner.pytest_args == ("-q", "-x")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--batch-size many", "--batch-size = 'many', which is text; wanted a whole number"),
        ("--max-total-minutes 0", "--max-total-minutes = 0.0, which is a number; wanted a number"),
        ("--max-total-minutes soon", "--max-total-minutes = 'soon', which is text; wanted"),
        ("--merge-strategy mix", "--merge-strategy = 'mix', which is text; wanted 'ast-merge' or"),
        ("--runner-mode custom", "--runner-mode = 'custom', which is text; wanted 'python-module'"),
        ("--runner-mode pytest-path", "names no program; set `pytest-path` (--pytest-path)"),
        ("--pytest-path nowhere", "--pytest-path = 'nowhere': there is no such file"),
    ],
)
def test_a_wrong_value_is_named_with_its_flag(words: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        settings_of(*words.split())

    assert said in str(error.value)


def test_every_flag_sets_a_key_that_exists() -> None:
    words = (
        "--batch-size 1 --runner-mode m --pytest-path p --retries 1 --max-total-minutes 1 "
        "--merge-strategy s --merge-formatter f --pytest-arg a --streaming --refine-enable"
    )
    flags = run_flags(parser().parse_args(["hook", *words.split()]))

    assert {flag.key for flag in flags} <= set(KEYS)
    assert len(flags) == 10
