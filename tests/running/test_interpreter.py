"""Real interpreters in directories that look like the environments of the usual tools."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import coverage
import pytest

from sloptest_hook.errors import InterpreterError
from sloptest_hook.running.environments import places
from sloptest_hook.running.interpreter import find_project_python
from sloptest_hook.values.pytest_run import ProjectPython

BASE = Path(sys.executable).resolve()
LIBRARY = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"


def environment(prefix: Path, **packages: str) -> Path:
    """Make a virtual environment by hand, with packages that are names and versions alone."""
    (prefix / "bin").mkdir(parents=True)
    (prefix / "pyvenv.cfg").write_text(
        f"home = {BASE.parent}\ninclude-system-site-packages = false\n"
    )
    (prefix / "bin" / "python").symlink_to(BASE)
    (prefix / LIBRARY).mkdir(parents=True)
    for name, version in packages.items():
        install(prefix, name, version)
    return prefix / "bin" / "python"


def install(prefix: Path, name: str, version: str) -> None:
    folder = prefix / LIBRARY / f"{name}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def found_in(
    top: Path,
    configured: str = "auto",
    *,
    environ: Mapping[str, str] | None = None,
    cache: Path | None = None,
) -> ProjectPython:
    known = {"PATH": "", "HOME": str(top.parent / "home"), **(environ or {})}
    return find_project_python(top, configured, known, cache_dir=cache or top.parent / "cache")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    made = tmp_path / "repository"
    made.mkdir()
    return made


def test_an_interpreter_says_what_it_is(top: Path) -> None:
    python = environment(top / ".venv", pytest="9.1.2", coverage="7.8.9")

    assert found_in(top) == ProjectPython(
        str(python),
        ".venv of the repository",
        sys.version_info[:3],
        str(top / ".venv"),
        "9.1.2",
        "7.8.9",
        environment=found_in(top).environment,
    )


def test_a_missing_pytest_is_none_and_a_missing_coverage_is_lent(top: Path) -> None:
    environment(top / "venv")

    python = found_in(top)

    assert python.pytest is None
    assert (python.coverage, bool(python.lent_coverage)) == (coverage.__version__, True)


def test_another_distribution_is_another_environment(top: Path) -> None:
    environment(top / ".venv", pytest="9.1.2")
    before = found_in(top).environment
    install(top / ".venv", "attrs", "24.1.0")

    assert before != found_in(top).environment


def test_the_same_distributions_elsewhere_are_the_same_environment(
    top: Path, tmp_path: Path
) -> None:
    environment(top / ".venv", pytest="9.1.2")
    before = found_in(top).environment
    (top / ".venv").rename(tmp_path / "gone")
    environment(top / "venv", pytest="9.1.2")

    assert found_in(top).environment == before


def _hash(top: Path) -> str:
    digest = hashlib.sha256(str(top.resolve()).encode()).digest()
    return base64.urlsafe_b64encode(digest)[:8].decode()


def _pipenv(top: Path) -> dict[str, str]:
    environment(top.parent / "elsewhere")
    (top / ".venv").write_text(f"{top.parent}/elsewhere\n")
    return {}


def _active(top: Path) -> dict[str, str]:
    environment(top.parent / "active")
    return {"VIRTUAL_ENV": str(top.parent / "active")}


def _uv(top: Path) -> dict[str, str]:
    environment(top / "made-by-uv")
    return {"UV_PROJECT_ENVIRONMENT": "made-by-uv"}


def _poetry(top: Path) -> dict[str, str]:
    (top / "poetry.lock").touch()
    environment(top.parent / f"home/.cache/pypoetry/virtualenvs/shop-{_hash(top)}-py3.11")
    environment(top.parent / "home/.cache/pypoetry/virtualenvs/other-AAAAAAAA-py3.11")
    return {}


def _asked_poetry(top: Path) -> dict[str, str]:
    (top / "poetry.lock").touch()
    environment(top.parent / "told")
    script(top.parent / "tools/poetry", f"echo {top.parent}/told")
    return {"PATH": str(top.parent / "tools")}


def _pdm(top: Path) -> dict[str, str]:
    (top / ".pdm-python").write_text(f"{environment(top.parent / 'pdm')}\n")
    return {}


def _hatch(top: Path) -> dict[str, str]:
    folder = top.parent / f"home/.local/share/hatch/env/virtual/shop/{_hash(top)}"
    environment(folder / "shop")
    environment(folder / "hatch-test.py3.11")
    return {}


def _conda(top: Path) -> dict[str, str]:
    environment(top.parent / "conda")
    return {"CONDA_PREFIX": str(top.parent / "conda")}


def _pyenv(top: Path) -> dict[str, str]:
    (top / ".python-version").write_text("3.11\n")
    environment(top.parent / "home/.pyenv/versions/3.11.2")
    environment(top.parent / "home/.pyenv/versions/3.11.10")
    return {}


def _windows(top: Path) -> dict[str, str]:
    environment(top / ".venv")
    (top / ".venv/bin").rename(top / ".venv/Scripts")
    (top / ".venv/Scripts/python").rename(top / ".venv/Scripts/python.exe")
    return {}


def _path(top: Path) -> dict[str, str]:
    environment(top.parent / "first")
    return {"PATH": f"{Path(sys.prefix, 'bin')}:{top.parent / 'first/bin'}"}


PLACES = {
    "pipenv's note": (_pipenv, ".venv of the repository", "elsewhere"),
    "active environment": (_active, "active environment (VIRTUAL_ENV)", "active"),
    "uv": (_uv, "uv (UV_PROJECT_ENVIRONMENT)", "made-by-uv"),
    "poetry": (_poetry, "poetry", "shop-"),
    "poetry itself is asked": (_asked_poetry, "poetry", "told"),
    "pdm": (_pdm, "pdm (.pdm-python)", "pdm"),
    "hatch": (_hatch, "hatch environment hatch-test.py3.11", "hatch-test.py3.11"),
    "conda": (_conda, "conda (CONDA_PREFIX)", "conda"),
    "pyenv": (_pyenv, "pyenv 3.11.10 (.python-version)", "3.11.10"),
    "the layout of Windows": (_windows, ".venv of the repository", ".venv"),
    "PATH, not the hook's own": (_path, "PATH", "first"),
}


@pytest.mark.parametrize(("arrange", "found", "prefix"), PLACES.values(), ids=PLACES)
def test_a_place_is_found(
    top: Path, arrange: Callable[[Path], dict[str, str]], found: str, prefix: str
) -> None:
    environ = arrange(top)

    python = found_in(top, environ=environ)

    assert python.found.startswith(found)
    assert prefix in python.executable


def test_the_repositorys_environment_wins_over_all_that_is_active(top: Path) -> None:
    environment(top / ".venv")
    others = {**_active(top), **_uv(top), **_conda(top), **_path(top)}

    assert found_in(top, environ=others).found == ".venv of the repository"


def test_configuration_wins_over_the_repositorys_environment(top: Path) -> None:
    environment(top / ".venv")
    environment(top / "tools" / "env")

    python = found_in(top, "tools/env/bin/python")

    assert python.found == "configured (python = 'tools/env/bin/python')"
    assert python.prefix == str(top / "tools/env")


@pytest.mark.parametrize("configured", ["tools/env", "python"], ids=["a directory", "a command"])
def test_configuration_may_name(top: Path, configured: str) -> None:
    python = environment(top / "tools/env")

    assert found_in(top, configured, environ={"PATH": str(python.parent)}).executable == str(python)


def test_a_configured_interpreter_that_does_not_exist_is_named(top: Path) -> None:
    with pytest.raises(InterpreterError, match=r"names \.venv/bin/python, which does not exist"):
        found_in(top, ".venv/bin/python")


BROKEN = {
    "it fails": ("echo boom >&2; exit 3", "exit status 3.: boom"),
    "it says nothing": ("exit 0", "no answer"),
    "it is no Python": ("echo '[1]'", "does not answer as Python does"),
    "it is old": ("""echo '{"version": [3, 8, 1]}'""", "is Python 3.8.1; 3.9 or later"),
    "it says half": ("""echo '{"version": [3]}'""", "does not answer as Python does"),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_configured_interpreter_that_does_not_work_is_an_error_with_the_reason(
    top: Path, text: str, reason: str
) -> None:
    script(top / "bin/python", text)

    with pytest.raises(InterpreterError, match=reason):
        found_in(top, "bin/python")


def test_a_broken_environment_is_passed_over(top: Path) -> None:
    script(top / ".venv/bin/python", "exit 3")
    environment(top / "venv")

    assert found_in(top).found == "venv of the repository"


def test_when_nothing_works_the_error_says_what_was_tried(top: Path) -> None:
    """Run in an environment that pre-commit made: there the hook's own is no candidate."""
    made = environment(top.parent / "py_env-python3")
    broken = script(top / ".venv/bin/python", "echo boom >&2; exit 3")
    package = Path(find_project_python.__code__.co_filename).parents[2]
    code = (
        "import sys; from pathlib import Path;"
        "from sloptest_hook.running.interpreter import find_project_python as find;"
        f"find(Path({str(top)!r}), 'auto', {{'PATH': {str(made.parent)!r}, 'VIRTUAL_ENV':"
        f" {str(made.parents[1])!r}, 'PRE_COMMIT': '1'}}, cache_dir=Path({str(top)!r}))"
    )

    done = subprocess.run(
        (str(made), "-c", code),
        env={"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "InterpreterError: no interpreter for the project was found" in done.stderr
    assert f"{broken}: does not work (exit status 3): boom" in done.stderr
    assert '`python = "path/to/python"`' in done.stderr
    assert done.returncode == 1


def test_the_hooks_own_environment_is_the_last_resort(top: Path) -> None:
    assert found_in(top).found == "environment of sloptest itself"


def test_a_shim_in_path_is_seen_through(top: Path) -> None:
    python = environment(top.parent / "real")
    script(top.parent / "shims/python3", f'exec {python} "$@"')

    assert found_in(top, environ={"PATH": str(top.parent / "shims")}).executable == str(python)


def test_files_of_the_repository_do_not_hide_the_standard_library(top: Path) -> None:
    environment(top / ".venv")
    (top / "json.py").write_text("raise SystemExit('imported')\n")
    (top / "importlib").mkdir()
    (top / "importlib/__init__.py").write_text("raise SystemExit('imported')\n")

    assert found_in(top).version == sys.version_info[:3]


def test_an_answer_is_remembered_until_a_package_comes_or_goes(top: Path, tmp_path: Path) -> None:
    environment(top / ".venv", pytest="9.0.0")
    cache = tmp_path / "cache"
    assert found_in(top, cache=cache).pytest == "9.0.0"

    # A change that no modification time tells shows whether the interpreter was asked again.
    metadata = top / ".venv" / LIBRARY / "pytest-9.0.0.dist-info" / "METADATA"
    metadata.write_text("Metadata-Version: 2.1\nName: pytest\nVersion: 1.0\n")
    assert found_in(top, cache=cache).pytest == "9.0.0"

    install(top / ".venv", "coverage", "7.0")
    python = found_in(top, cache=cache)
    assert (python.pytest, python.coverage) == ("1.0", "7.0")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"schema": 99}', '{"schema": 2, "entries": {"x": 3}}', "\0" * 99, "[" * 99999],
    ids=["empty", "cut off", "a list", "newer", "odd entries", "zeros", "deep"],
)
def test_a_broken_cache_counts_as_empty(top: Path, tmp_path: Path, text: str) -> None:
    environment(top / ".venv", pytest="9.0.0")
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "interpreters.json").write_text(text)

    assert found_in(top, cache=cache).pytest == "9.0.0"
    assert json.loads((cache / "interpreters.json").read_text())["schema"] == 2


def test_a_cache_that_says_nonsense_of_an_interpreter_is_asked_again(
    top: Path, tmp_path: Path
) -> None:
    environment(top / ".venv", pytest="9.0.0")
    cache = tmp_path / "cache"
    found_in(top, cache=cache)
    file = cache / "interpreters.json"
    stored = json.loads(file.read_text())
    for entry in stored["entries"].values():
        entry["answer"] = []
    file.write_text(json.dumps(stored))

    assert found_in(top, cache=cache).pytest == "9.0.0"


def test_a_cache_that_cannot_be_written_costs_only_time(top: Path, tmp_path: Path) -> None:
    environment(top / ".venv", pytest="9.0.0")
    (tmp_path / "file").touch()

    assert found_in(top, cache=tmp_path / "file" / "cache").pytest == "9.0.0"


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A directory that this user may not look into; nothing is closed to root, so not as root."""
    folder = tmp_path / "locked"
    environment(folder / "env", pytest="8", coverage="7")
    folder.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(_NOBODY)
    try:
        yield folder
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


_NOBODY = 65534


@pytest.mark.parametrize("inside", ["env", "env/bin/python"], ids=["directory", "executable"])
def test_a_configured_interpreter_that_may_not_be_looked_at_is_named(
    top: Path, locked: Path, inside: str
) -> None:
    with pytest.raises(InterpreterError, match=r"cannot be used: Permission denied\. Name"):
        found_in(top, str(locked / inside))


def test_a_configured_name_that_is_no_name_is_named(top: Path) -> None:
    with pytest.raises(InterpreterError, match=r"cannot be used: File name too long\. Name"):
        found_in(top, "x" * 300)


def test_places_that_may_not_be_looked_at_are_passed_over(top: Path, locked: Path) -> None:
    environ = {
        "VIRTUAL_ENV": str(locked / "env"),
        "UV_PROJECT_ENVIRONMENT": str(locked / "env"),
        "CONDA_PREFIX": str(locked / "env"),
        "POETRY_CACHE_DIR": str(locked),
        "HATCH_DATA_DIR": str(locked),
        "PYENV_ROOT": str(locked),
        "HOME": str(locked),
        "PATH": str(locked / "env/bin"),
    }

    assert [place.found for place in places(top, environ)] == ["environment of sloptest itself"]
