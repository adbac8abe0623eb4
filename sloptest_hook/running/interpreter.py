"""Edge: finds the project's interpreter and asks it what it is."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from sloptest_hook.errors import InterpreterError
from sloptest_hook.running.answers import Answer, remember, remembered
from sloptest_hook.running.environments import Place, is_own, places, scripts_of
from sloptest_hook.running.lending import lent
from sloptest_hook.values.digests import digest_of
from sloptest_hook.values.pytest_run import ProjectPython
from sloptest_hook.values.records import replace

_PATIENCE = 4.0
_OLDEST = (3, 9)
_TRIED_SHOWN = 8

# The first line keeps a json.py of the repository from being imported instead of the real one.
_QUESTION = """
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json
answer = {"version": list(sys.version_info[:3])}
if sys.version_info >= (3, 8):
    import importlib.metadata, site, sysconfig
    def version(name):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return None
    import os, platform
    def installed(folder):
        try:
            return [n for n in os.listdir(folder) if n.endswith((".dist-info", ".egg-info"))]
        except OSError:
            return []
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    folders.update(getattr(site, "getsitepackages", list)())
    if site.ENABLE_USER_SITE:
        folders.add(site.getusersitepackages())
    answer.update(executable=sys.executable, prefix=sys.prefix, pytest=version("pytest"),
                  coverage=version("coverage"), folders=sorted(folders),
                  implementation=platform.python_implementation(), platform=sys.platform,
                  machine=platform.machine(),
                  distributions=sorted({n for folder in folders for n in installed(folder)}))
sys.stdout.write("\\n" + json.dumps(answer))
"""


def find_project_python(
    top: Path,
    configured: str,
    environ: Mapping[str, str],
    *,
    cache_dir: Path,
    objection: Callable[[Place], str | None] = lambda _: None,
) -> ProjectPython:
    """Return the interpreter that the project's tests run in.

    ``configured`` is the ``python`` key: ``auto``, a path relative to ``top`` (an environment's
    directory will do), or a name on PATH. ``cache_dir`` may not exist yet. Where there is an
    ``objection`` to a place that was found, it is not even started. Raises InterpreterError when
    the configured one cannot be used, or when none was found.
    """
    if configured != "auto":
        return _configured(top, configured, environ, cache_dir)
    tried = []
    for place in places(top, environ):
        answer = objection(place) or _ask(place, top, environ, cache_dir)
        if isinstance(answer, ProjectPython):
            return answer
        tried.append(f"{place.executable}: {answer}")
    shown = "".join(f"\n  {line}" for line in tried[:_TRIED_SHOWN])
    raise InterpreterError(
        f"no interpreter for the project was found in {top}: no .venv or venv, no environment of "
        "uv, poetry, pdm, hatch, conda or pyenv, no other Python in PATH. "
        f'Set `python = "path/to/python"` in [tool.sloptest].{shown}'
    )


def _configured(
    top: Path, configured: str, environ: Mapping[str, str], cache_dir: Path
) -> ProjectPython:
    try:
        executable = _named(top, configured, environ)
    except OSError as error:  # a directory of another user, a name that is too long
        raise _unusable(configured, error.strerror or str(error)) from error
    if executable is None:
        raise InterpreterError(
            f"`python` in [tool.sloptest] names {configured}, which does not exist. "
            "Name a path relative to the repository or a command in PATH."
        )
    place = Place(executable, f"configured (python = {configured!r})")
    answer = _ask(place, top, environ, cache_dir)
    if isinstance(answer, ProjectPython):
        return answer
    raise _unusable(configured, answer)


def _unusable(configured: str, why: str) -> InterpreterError:
    return InterpreterError(
        f"`python` in [tool.sloptest] names {configured}, which cannot be used: {why}. "
        "Name an interpreter that has pytest and coverage installed."
    )


def _named(top: Path, configured: str, environ: Mapping[str, str]) -> Path | None:
    """Return the interpreter of that name; raises OSError when looking is not allowed."""
    path = top / Path(configured).expanduser()
    if path.is_dir():
        return next(scripts_of(path), None)
    if path.is_file():
        return path
    found = shutil.which(configured, path=environ.get("PATH"))
    return Path(found) if found else None


def _ask(
    place: Place, top: Path, environ: Mapping[str, str], cache_dir: Path
) -> ProjectPython | str:
    """Return what the interpreter says of itself, or why it cannot be the project's."""
    answer: Answer | str | None = remembered(cache_dir, place.executable)
    if answer is None:
        answer = _asked(place.executable, top, environ)
        if not isinstance(answer, str):
            folders = answer.get("folders")
            kept = [str(each) for each in folders] if isinstance(folders, list) else []
            remember(cache_dir, place.executable, answer, kept)
    return answer if isinstance(answer, str) else _judged(answer, place)


def _asked(executable: Path, top: Path, environ: Mapping[str, str]) -> Answer | str:
    dropped = ("PYTHONHOME", "__PYVENV_LAUNCHER__")
    try:
        process = subprocess.run(
            (str(executable), "-c", _QUESTION),
            cwd=top,
            env={name: value for name, value in environ.items() if name not in dropped},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"did not answer within {_PATIENCE:.0f} s"
    except OSError as error:
        return f"does not start: {error.strerror or error}"
    lines = process.stdout.splitlines() or [b""]
    try:
        answer = json.loads(lines[-1])
    except ValueError:
        return f"does not work (exit status {process.returncode}): {_complaint(process.stderr)}"
    return answer if isinstance(answer, dict) else "does not answer as Python does"


def _complaint(stderr: bytes) -> str:
    """Return Python's last line, or the first one of anything else, a shim for example."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines() or ["no answer"]
    return lines[-1] if lines[0].startswith(("Traceback", "Fatal Python")) else lines[0]


def _judged(answer: Answer, place: Place) -> ProjectPython | str:
    try:
        python = _read(answer, place)
    except (KeyError, TypeError, ValueError):
        return "does not answer as Python does"
    if python.version[:2] < _OLDEST:
        found, oldest = ".".join(map(str, python.version)), ".".join(map(str, _OLDEST))
        return f"is Python {found}; {oldest} or later is needed"
    if place.found.startswith("PATH") and is_own(Path(python.prefix)):
        return "is the hook's own environment"
    return python


def _read(answer: Answer, place: Place) -> ProjectPython:
    version = answer["version"]
    if not isinstance(version, list):
        raise TypeError(version)
    major, minor, micro = (int(each) for each in version)
    python = ProjectPython(
        str(answer.get("executable") or place.executable),
        place.found,
        (major, minor, micro),
        str(answer.get("prefix", "")),
        _text_or_none(answer.get("pytest")),
        _text_or_none(answer.get("coverage")),
        environment=_environment(answer),
    )
    python = lent(python)
    # A command in PATH may be a script that picks an interpreter by the current directory.
    real = Path(python.executable)
    return python if os.access(real, os.X_OK) else replace(python, executable=str(place.executable))


def _environment(answer: Answer) -> str:
    """Return what stands for all that may change which lines a test executes.

    The names of the metadata folders hold name and version of every distribution; reading each
    one's metadata takes ten times as long.
    """
    names = ("implementation", "version", "platform", "machine", "distributions")
    facts = json.dumps([answer.get(name) for name in names], sort_keys=True)
    return digest_of(facts.encode()).hex()


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
