"""Edge: the places where a project's interpreter may be, most particular first.

Only looking: which of the interpreters starts, and what it can import, is asked elsewhere.
"""

import base64
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from sloptest_hook.values.records import dataclass

_SCRIPTS = ("bin/python", "Scripts/python.exe", "python.exe")  # the last: conda on Windows
_POETRY_PATIENCE = 3.0
_HASH_LENGTH = 8  # of the repository's path, in poetry's and hatch's directory names


@dataclass(frozen=True, slots=True)
class Place:
    """An executable that may be the project's interpreter, and how it was found.

    ``named_by`` is what of the repository led there: an environment in it, a file that names one.
    None where the user's own variables, tools or PATH did.
    """

    executable: Path
    found: str
    named_by: Path | None = None


def places(top: Path, environ: Mapping[str, str]) -> Iterator[Place]:
    """Yield what exists, lazily: a later place may cost a process to find."""
    yield from _repository(top)
    yield from _activated(environ)
    yield from _uv(top, environ)
    yield from _poetry(top, environ)
    yield from _pdm(top)
    yield from _hatch(top, environ)
    yield from _conda(environ)
    yield from _pyenv(top, environ)
    yield from _search_path(environ)
    yield from _own()


def places_of_repository(top: Path) -> Iterator[Place]:
    """Yield those that something in the repository leads to."""
    yield from _repository(top)
    yield from _pdm(top)


def is_own(prefix: Path) -> bool:
    """Say whether this is the virtual environment that runs this hook.

    It is not the project's by accident: pre-commit and tool runners put it first in PATH. A hook
    installed without one shares its interpreter with everybody, and has none of its own.
    """
    return sys.prefix != sys.base_prefix and prefix.resolve() == Path(sys.prefix).resolve()


def scripts_of(prefix: Path) -> Iterator[Path]:
    """Yield the interpreter of an environment, in the layout of this or another system.

    Raises OSError when this user may not look there.
    """
    for inside in _SCRIPTS:
        if (prefix / inside).is_file():
            yield prefix / inside
            return


def _repository(top: Path) -> Iterator[Place]:
    for name in (".venv", "venv"):
        folder = note = top / name
        if _is_file(note):  # where the environment is, as pipenv leaves it
            folder = top / _first_line(note)
        for executable in _scripts_in(folder):
            yield Place(executable, f"{name} of the repository", note)
    for name in ("env", ".env"):  # these names mean other things too
        if _is_file(top / name / "pyvenv.cfg"):
            for executable in _scripts_in(top / name):
                yield Place(executable, f"{name} of the repository", top / name)


def _activated(environ: Mapping[str, str]) -> Iterator[Place]:
    """Yield the active environment, unless it is the one that pre-commit made for the hook."""
    prefix = environ.get("VIRTUAL_ENV")
    if not prefix or (is_own(Path(prefix)) and _made_for_the_hook()):
        return
    for executable in _scripts_in(Path(prefix)):
        yield Place(executable, "active environment (VIRTUAL_ENV)")


def _uv(top: Path, environ: Mapping[str, str]) -> Iterator[Place]:
    prefix = environ.get("UV_PROJECT_ENVIRONMENT")
    if prefix:
        for executable in _scripts_in(top / prefix):
            yield Place(executable, "uv (UV_PROJECT_ENVIRONMENT)")


def _poetry(top: Path, environ: Mapping[str, str]) -> Iterator[Place]:
    if not _is_file(top / "poetry.lock"):
        return
    name = f"*-{_path_hash(top)}-py*"
    folders = [path for place in _poetry_folders(environ) for path in _matches(place, name)]
    for folder in sorted(folders, key=_modified, reverse=True):
        for executable in _scripts_in(folder):
            yield Place(executable, "poetry")
    if not folders:
        yield from _asked_poetry(top, environ)


def _poetry_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    if "POETRY_VIRTUALENVS_PATH" in environ:
        yield Path(environ["POETRY_VIRTUALENVS_PATH"])
    if "POETRY_CACHE_DIR" in environ:
        yield Path(environ["POETRY_CACHE_DIR"], "virtualenvs")
    for cache in _caches(environ):
        yield cache / "pypoetry" / "virtualenvs"


def _asked_poetry(top: Path, environ: Mapping[str, str]) -> Iterator[Place]:
    """Yield poetry's own answer: it costs about a second, so it is asked last."""
    poetry = shutil.which("poetry", path=environ.get("PATH"))
    if poetry is None:
        return
    try:
        asked = subprocess.run(
            # Plugins that the repository asks for would be installed, and run.
            (poetry, "--no-plugins", "env", "info", "-p", "-n"),
            cwd=top,
            env=dict(environ),
            capture_output=True,
            text=True,
            timeout=_POETRY_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return
    prefix = asked.stdout.strip()
    settings = top / "poetry.toml"
    if asked.returncode == 0 and prefix:
        for executable in _scripts_in(Path(prefix)):
            yield Place(executable, "poetry", settings if _is_file(settings) else None)


def _pdm(top: Path) -> Iterator[Place]:
    note = top / ".pdm-python"
    if _is_file(note):
        executable = top / _first_line(note)
        if _is_file(executable):
            yield Place(executable, "pdm (.pdm-python)", note)


def _hatch(top: Path, environ: Mapping[str, str]) -> Iterator[Place]:
    """Yield hatch's environments of this repository; the one for tests is the likeliest."""
    for data in _data_folders(environ):
        folders = _matches(data, f"env/virtual/*/{_path_hash(top)}/*")
        for folder in sorted(folders, key=lambda path: ("test" not in path.name, path.name)):
            for executable in _scripts_in(folder):
                yield Place(executable, f"hatch environment {folder.name}")


def _conda(environ: Mapping[str, str]) -> Iterator[Place]:
    prefix = environ.get("CONDA_PREFIX")
    if prefix and Path(prefix).resolve() != Path(sys.prefix).resolve():
        for executable in _scripts_in(Path(prefix)):
            yield Place(executable, "conda (CONDA_PREFIX)")


def _pyenv(top: Path, environ: Mapping[str, str]) -> Iterator[Place]:
    note = top / ".python-version"
    if not _is_file(note):
        return
    root = Path(environ.get("PYENV_ROOT") or _home(environ) / ".pyenv")
    for version in _text(note).split():
        for prefix in _pyenv_versions(root / "versions", version):
            for executable in _scripts_in(prefix):
                yield Place(executable, f"pyenv {prefix.name} (.python-version)")


def _pyenv_versions(versions: Path, wanted: str) -> list[Path]:
    """Return the version or environment of that name, else the newest that it is a prefix of."""
    if wanted == ".." or "/" in wanted or "\\" in wanted:
        return []  # the file comes with the repository, and must not lead out of pyenv
    if _is_dir(versions / wanted):
        return [versions / wanted]
    found = [path for path in _folders_in(versions) if path.name.startswith(f"{wanted}.")]
    return sorted(found, key=_version_key, reverse=True)[:1]


def _search_path(environ: Mapping[str, str]) -> Iterator[Place]:
    for entry in environ.get("PATH", os.defpath).split(os.pathsep):
        if not Path(entry).is_absolute() or is_own(Path(entry).resolve().parent):
            continue
        for name in ("python3", "python", "python.exe"):
            executable = Path(entry, name)
            if _is_file(executable) and os.access(executable, os.X_OK):
                yield Place(executable, f"PATH ({entry})")
                break


def _own() -> Iterator[Place]:
    """Yield the interpreter that runs this, for those who installed it next to their project."""
    if not _made_for_the_hook():
        yield Place(Path(sys.executable), "environment of sloptest itself")


def _made_for_the_hook() -> bool:
    """Say whether a runner of hooks made this environment, which holds nothing of the project."""
    prefix = Path(sys.prefix).resolve()
    return prefix.name.startswith("py_env-") or bool({"pre-commit", "prek"} & set(prefix.parts))


def _path_hash(top: Path) -> str:
    place = os.path.normcase(top.resolve())
    digest = hashlib.sha256(place.encode("utf-8", "surrogateescape")).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_HASH_LENGTH]


def _caches(environ: Mapping[str, str]) -> Iterator[Path]:
    home = _home(environ)
    yield Path(environ.get("XDG_CACHE_HOME") or home / ".cache")
    yield home / "Library" / "Caches"
    if "LOCALAPPDATA" in environ:
        yield Path(environ["LOCALAPPDATA"])


def _data_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    home = _home(environ)
    if "HATCH_DATA_DIR" in environ:
        yield Path(environ["HATCH_DATA_DIR"])
    yield Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "hatch"
    yield home / "Library" / "Application Support" / "hatch"


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or environ.get("USERPROFILE") or os.sep)


def _scripts_in(prefix: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from scripts_of(prefix)


def _is_file(path: Path) -> bool:
    """Say whether it is one that this user may know of; pathlib raises when they may not."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _first_line(note: Path) -> str:
    return _text(note).partition("\n")[0].strip()


def _text(note: Path) -> str:
    try:
        return note.read_text("utf-8", "replace").replace("\0", "")
    except OSError:
        return ""


def _folders_in(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if _is_dir(path)]
    except OSError:
        return []


def _matches(folder: Path, pattern: str) -> list[Path]:
    try:
        return list(folder.glob(pattern))
    except OSError:
        return []


def _modified(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _version_key(prefix: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in prefix.name.split(".") if part.isdecimal())
