import os
import subprocess
import sys
from pathlib import Path

import pytest

from sloptest_hook.config.files import LoadedSettings, load_settings
from sloptest_hook.errors import ConfigError
from sloptest_hook.values.settings import MergeSettings, MergeStrategy, Policy, Settings

TABLE = '[tool.sloptest]\npolicy = "block"\n'
TESTGEN = "policy: block\ntest_generation:\n  coverage:\n    minimum_line_coverage: 70\n"


def test_without_any_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}) == LoadedSettings(Settings())


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (TABLE, Settings(policy=Policy.BLOCK)),
        (TABLE.replace("\n", "\r\n"), Settings(policy=Policy.BLOCK)),
        ("\ufeff" + TABLE, Settings(policy=Policy.BLOCK)),
        ("[tool]\nsloptest = { policy = 'block' }\n", Settings(policy=Policy.BLOCK)),
        ("tool.sloptest.policy = 'block'\n", Settings(policy=Policy.BLOCK)),
        ("[ tool . 'sloptest' ]\npolicy = 'block'\n", Settings(policy=Policy.BLOCK)),
        (
            "[tool.sloptest.merge]\nstrategy = 'append'\n",
            Settings(merge=MergeSettings(MergeStrategy.APPEND)),
        ),
        ("[dependency-groups]\ndev = ['sloptest-hook']\n", Settings()),
        ("[tool.sloptest]\n", Settings()),
    ],
    ids=[
        "table",
        "Windows line ends",
        "byte order mark",
        "inline table",
        "dotted key",
        "blanks and quotes",
        "section alone",
        "a mere dependency",
        "empty table",
    ],
)
def test_pyproject_is_read(tmp_path: Path, text: str, settings: Settings) -> None:
    (tmp_path / "pyproject.toml").write_bytes(text.encode())

    assert load_settings(tmp_path, {}) == LoadedSettings(settings)


def test_testgen_is_read_where_pyproject_has_no_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / ".testgen.yml").write_text(TESTGEN)

    loaded = load_settings(tmp_path, {})

    assert loaded == LoadedSettings(Settings(policy=Policy.BLOCK, minimum_coverage=70))


def test_pyproject_wins_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.sloptest]\nreview = true\n")
    (tmp_path / ".testgen.yml").write_text(TESTGEN)

    loaded = load_settings(tmp_path, {})

    assert loaded.settings == Settings(review=True)
    assert loaded.notes == (
        ".testgen.yml is ignored: pyproject.toml has a [tool.sloptest] table, which wins",
    )


def test_the_environment_wins_over_both(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TABLE)

    loaded = load_settings(tmp_path, {"SLOPTEST_POLICY": "warn", "SLOPTEST_NOTHING_OF_OURS": "1"})

    assert loaded.settings == Settings()
    assert loaded.notes == ("SLOPTEST_NOTHING_OF_OURS is not a setting",)


BROKEN = {
    "TOML syntax": ("pyproject.toml", b"[tool.sloptest]\npolicy = \n", r"TOML: .*line 2"),
    "not UTF-8": (
        "pyproject.toml",
        b"[tool.sloptest]\n# \xff\n",
        "pyproject.toml, line 2: not UTF-8",
    ),
    "no table": ("pyproject.toml", b"[tool]\nsloptest = 1\n", "tool.sloptest = 1; wanted a table"),
    "unknown key": (
        "pyproject.toml",
        b"[tool.sloptest]\npolicies = 1\n",
        (
            r"^pyproject.toml, line 2, \[tool.sloptest\]: policies is not a key; "
            r"did you mean 'policy'\?$"
        ),
    ),
    "YAML syntax": (".testgen.yml", b"a: [\nb: 1\n", "testgen.yml is not valid YAML: .*line 3"),
    "YAML with a tab": (".testgen.yml", b"a:\n\tb: 1\n", "not valid YAML: .*line 2"),
    "YAML of Python objects": (
        ".testgen.yml",
        b"policy: !!python/object/apply:os.getcwd []\n",
        "not valid YAML",
    ),
    "YAML not UTF-8": (".testgen.yml", b"policy: \xff\n", "line 1: not UTF-8"),
}


@pytest.mark.parametrize(("name", "data", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_an_error_that_names_file_and_place(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(ConfigError, match=message):
        load_settings(tmp_path, {})


def test_a_directory_in_place_of_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()

    with pytest.raises(ConfigError, match=r"pyproject\.toml cannot be read: Is a directory"):
        load_settings(tmp_path, {})


def test_a_broken_pyproject_without_a_word_of_ours_is_none_of_our_business(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other\n")

    assert load_settings(tmp_path, {}) == LoadedSettings(Settings())


def test_yaml_is_imported_only_where_its_file_exists(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TABLE)
    code = (
        "import pathlib, sys, sloptest_hook.config.files as f; "
        f"f.load_settings(pathlib.Path({str(tmp_path)!r}), {{}}); print('yaml' in sys.modules)"
    )

    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_toml_that_is_nested_beyond_reason_is_an_error_of_the_configuration(tmp_path: Path) -> None:
    deep = "x = " + "[" * 20_000 + "]" * 20_000
    (tmp_path / "pyproject.toml").write_text(f"{deep}\n[tool.sloptest]\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml is not valid TOML"):
        load_settings(tmp_path, {})


def bomb(first: str) -> str:
    """A few hundred bytes of YAML that name a list of 9 to the power of 9 texts."""
    lines = [first, "- &a [x,x,x,x,x,x,x,x,x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"- &{name} [{','.join([f'*{before}'] * 9)}]")
    return "\n".join([*lines, ""])


HOSTILE_YAML = {
    "a bomb of aliases": bomb("exclude_dirs:"),
    "a bomb where a text belongs": bomb("policy:"),
    "a bomb for a table": bomb("test_generation:"),
    "a list in itself": "policy: &a [*a]\n",
    "deep lists": "policy: " + "[" * 20_000,
    "deep tables": "{a: " * 5_000,
    "deep blocks": "\n".join(" " * depth + "a:" for depth in range(300)),
    "a tag of Python": "policy: !!python/object/apply:os.system ['echo run > started']\n",
    "a tag of a class": "policy: !!python/name:os.system\n",
    "a date that is none": "policy: 2001-99-99\n",
    "a number that is none": "policy: !!int 'x'\n",
    "a float that is none": "policy: !!float 'x'\n",
    "a time that is none": "policy: !!timestamp 'x'\n",
    "a boolean that is none": "policy: !!bool 'x'\n",
    "a number of many digits": f"time-budget: 1{'0' * 5000}\n",
    "a key that is a list": "? [a, b]\n: c\n",
    "two documents": "---\na: b\n---\nc: d\n",
    "a long text": f"policy: {'x' * 50_000}\n",
    "a large file": "# \n" * 100_000 + "policy: block\n",
    "an escape": 'policy: "\\e[2J"\n',
}


@pytest.mark.parametrize("text", HOSTILE_YAML.values(), ids=HOSTILE_YAML.keys())
def test_hostile_yaml_is_refused_in_one_short_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".testgen.yml").write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_settings(tmp_path, {})
    assert len(str(raised.value)) < 1000
    assert ".testgen.yml" in str(raised.value)
    assert not (tmp_path / "started").exists()


HOSTILE_TOML = {
    "deep lists": "policy = " + "[" * 50_000,
    "deep tables": "policy = " + "{a=" * 3_000,
    "deep keys": "a." * 20_000 + "a = 1",
    "a number of many digits": f"time-budget = 1{'0' * 5000}",
    "a number that no float holds": f"time-budget = 0x{'f' * 1000}",
    "a long text": f"policy = '{'x' * 2_000_000}'",
    "a large file": "# \n" * 2_000_000,
}


@pytest.mark.parametrize("text", HOSTILE_TOML.values(), ids=HOSTILE_TOML.keys())
def test_hostile_toml_is_refused_in_one_short_message(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.sloptest]\n{text}\n")
    with pytest.raises(ConfigError) as raised:
        load_settings(tmp_path, {})
    assert len(str(raised.value)) < 1000


@pytest.mark.parametrize("name", ["pyproject.toml", ".testgen.yml"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert load_settings(tmp_path, {}).settings == Settings()
