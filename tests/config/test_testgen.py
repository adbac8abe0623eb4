from pathlib import PurePosixPath

import pytest

from sloptest_hook.config.testgen import with_testgen
from sloptest_hook.errors import ConfigError
from sloptest_hook.values.settings import (
    Formatter,
    MergeSettings,
    MergeStrategy,
    Policy,
    RefineSettings,
    RunnerSettings,
    Settings,
)

SAMPLE = {
    "test_generation": {
        "coverage": {
            "minimum_line_coverage": 70,
            "runner": {"mode": "python-module", "python": "python", "cwd": "."},
            "pytest_args": ["--tb=short"],
            "env": {"append_pythonpath": ["src"]},
        },
        "generation": {
            "merge": {"strategy": "append", "formatter": "none"},
            "test_runner": {"enable": False},
            "refine": {"enable": False},
        },
    },
    "exclude_dirs": [".venv", "node_modules"],
}


def test_the_sample_of_the_older_tool_is_understood() -> None:
    assert with_testgen(Settings(), SAMPLE, ".testgen.yml") == Settings(
        minimum_coverage=70,
        exclude=(".venv", "node_modules"),
        merge=MergeSettings(MergeStrategy.APPEND, Formatter.NONE),
        runner=RunnerSettings(
            pytest_args=("--tb=short",), append_pythonpath=(PurePosixPath("src"),)
        ),
        refine=RefineSettings(enable=False),
    )


@pytest.mark.parametrize(
    ("document", "settings"),
    [
        (None, Settings()),
        ({}, Settings()),
        ({"test_generation": None}, Settings()),
        ({"test_generation": {"coverage": None}}, Settings()),
        ({"policy": "block"}, Settings(policy=Policy.BLOCK)),
        (
            {"test_generation": {"coverage": {"runner": {"python": "venv/bin/python"}}}},
            Settings(python="venv/bin/python"),
        ),
    ],
    ids=["empty file", "empty table", "empty branch", "deeper", "our own key", "an interpreter"],
)
def test_other_documents_are_understood(document: object, settings: Settings) -> None:
    assert with_testgen(Settings(), document, ".testgen.yml") == settings


REFUSED = {
    "a list": (["a"], ".testgen.yml: ['a'], which is a list; wanted a table of keys"),
    "unknown at the top": (
        {"exclude_dir": []},
        ".testgen.yml: exclude_dir is not a key; did you mean 'exclude'?",
    ),
    "a key that is no text": ({1: 2}, ".testgen.yml: 1 is not a key"),
    "unknown below": (
        {"test_generation": {"coverge": {}}},
        ".testgen.yml: test_generation.coverge is not a key; did you mean 'coverage'?",
    ),
    "text where a table stands": (
        {"test_generation": {"generation": {"merge": "append"}}},
        (
            ".testgen.yml: test_generation.generation.merge = 'append', which is text; "
            "wanted a table of keys"
        ),
    ),
    "wrong value": (
        {"test_generation": {"coverage": {"minimum_line_coverage": "80"}}},
        (
            ".testgen.yml: test_generation.coverage.minimum_line_coverage = '80', which is text; "
            "wanted a number from 0 to 100"
        ),
    ),
    "another way to run pytest": (
        {"test_generation": {"coverage": {"runner": {"mode": "custom"}}}},
        (
            ".testgen.yml: test_generation.coverage.runner.mode = 'custom', which is text; "
            "wanted 'python-module' or 'pytest-path'"
        ),
    ),
}


@pytest.mark.parametrize(("document", "message"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_document_is_refused_under_its_own_names(document: object, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        with_testgen(Settings(), document, ".testgen.yml")

    assert str(error.value) == message
