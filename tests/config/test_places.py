from pathlib import Path

import pytest

from sloptest_hook.config.files import key_places, load_settings, read_files
from sloptest_hook.config.in_force import in_force
from sloptest_hook.config.places import toml_line, yaml_line
from sloptest_hook.config.schema import KEYS
from sloptest_hook.errors import ConfigError
from sloptest_hook.values.settings import Settings

TOML = '''\
[project]
policy = "not ours"
description = """
[tool.sloptest]
stage = false
"""

[ tool . 'sloptest' ]
policy = "warn"
"time-budget" = 3
merge = { strategy = "append" }
coverage.cwd = "."

[tool.sloptest.llm]  # a comment
model = "m"

[tool.other]
stage = 1
'''
YAML = """\
# mine
policy: warn
test_generation:
  coverage:
    minimum_line_coverage: 70
    runner: {mode: python-module}
merge:
  strategy: append
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("policy", 9),
        ("time-budget", 10),
        ("merge.strategy", 11),
        ("coverage.cwd", 12),
        ("llm.model", 15),
        ("llm.modle", 14),
        ("stage", 8),
        ("no such key", 8),
    ],
)
def test_the_line_of_a_key_or_of_what_is_around_it(key: str, line: int) -> None:
    assert toml_line(TOML, key) == line


@pytest.mark.parametrize(
    "text", ["", "x", "tool.sloptest = {policy = 'warn'}", "[tool]\nsloptest.policy = 1\n"]
)
def test_whatever_the_text_is_there_is_a_line(text: str) -> None:
    assert 1 <= toml_line(text, "policy") <= 2


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("policy", 2),
        ("test_generation.coverage.minimum_line_coverage", 5),
        ("test_generation.coverage.runner.mode", 6),
        ("test_generation.coverage.runner.x", 6),
        ("merge.strategy", 8),
        ("nowhere", 1),
    ],
)
def test_the_line_of_a_path_of_yaml(key: str, line: int) -> None:
    assert yaml_line(YAML, key) == line


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "pyproject.toml",
            "[project]\n\n[tool.sloptest]\nstage = true\npolcy = 'warn'\n",
            "pyproject.toml, line 5, [tool.sloptest]: polcy is not a key; did you mean 'policy'?",
        ),
        (
            "pyproject.toml",
            "[tool.sloptest.merge]\nstrategy = 3\n",
            (
                "pyproject.toml, line 2, [tool.sloptest]: merge.strategy = 3, which is a number; "
                "wanted 'ast-merge' or 'append'"
            ),
        ),
        (
            ".testgen.yml",
            "test_generation:\n  coverage:\n    minimum_line_cover: 3\n",
            (
                ".testgen.yml, line 3: test_generation.coverage.minimum_line_cover is not a key; "
                "did you mean 'minimum_line_coverage'?"
            ),
        ),
    ],
)
def test_a_message_names_the_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(ConfigError) as error:
        read_files(tmp_path)

    assert str(error.value) == message


def origins(root: Path, environment: dict[str, str]) -> dict[str, tuple[object, str]]:
    loaded = load_settings(root, environment)
    found = in_force(loaded.settings, read_files(root).settings, key_places(root), environment)
    return {each.key: (each.value, each.origin) for each in found}


def test_every_value_says_where_it_is_from(tmp_path: Path) -> None:
    table = "[tool.sloptest]\npolicy = 'block'\nstage = true\npython = '/usr/bin/evil'\n"
    (tmp_path / "pyproject.toml").write_text(table)

    found = origins(tmp_path, {"SLOPTEST_STAGE": "no"})

    assert set(found) == set(KEYS)
    assert found["policy"] == ("block", "pyproject.toml:2")
    assert found["stage"] == (False, "environment: SLOPTEST_STAGE")
    assert found["review"] == (False, "default")
    assert found["python"] == (
        "auto",
        "default; pyproject.toml:4 is not approved, see `sloptest trust`",
    )


def test_the_older_file_is_told_under_our_names(tmp_path: Path) -> None:
    (tmp_path / ".testgen.yml").write_text(YAML)

    found = origins(tmp_path, {})

    assert found["minimum-coverage"] == (70.0, ".testgen.yml:5")
    assert found["merge.strategy"] == ("append", ".testgen.yml:8")
    assert found["policy"] == ("warn", ".testgen.yml:2")


def test_a_flag_comes_before_all_else() -> None:
    found = in_force(Settings(), Settings(), {}, {"SLOPTEST_STAGE": "no"}, {"stage": "--stage"})

    assert {each.key: each.origin for each in found}["stage"] == "flag: --stage"


def test_without_a_file_all_is_default(tmp_path: Path) -> None:
    assert {origin for _, origin in origins(tmp_path, {}).values()} == {"default"}
