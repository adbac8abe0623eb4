"""Edge: remembers what interpreters said of themselves, in one small JSON file.

An answer counts while the executable and the folders of its packages are as they were; a broken or
older file is an empty one.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from sloptest_hook.values.digests import digest_of

_SCHEMA = 2
_FILE = "interpreters.json"
_MOST_KEPT = 20

Answer = Mapping[str, object]


def remembered(cache_dir: Path, executable: Path) -> Answer | None:
    """Return the answer of this executable if nothing it depends on has changed since."""
    entry = _entries(cache_dir).get(str(executable))
    if not isinstance(entry, dict) or entry.get("executable") != _state(executable):
        return None
    answer, folders = entry.get("answer"), entry.get("folders")
    if not isinstance(answer, dict) or not isinstance(folders, dict):
        return None
    unchanged = all(_modified(Path(folder)) == at for folder, at in folders.items())
    return answer if unchanged else None


def remember(cache_dir: Path, executable: Path, answer: Answer, folders: list[str]) -> None:
    """Keep an answer together with the folders it depends on; a failure to write loses only time.

    A script in front of the interpreter (a shim) decides anew each time, so its answer is not kept.
    """
    if _is_script(executable):
        return
    entry = {
        "executable": _state(executable),
        "answer": answer,
        "folders": {folder: _modified(Path(folder)) for folder in folders},
    }
    others = {key: old for key, old in _entries(cache_dir).items() if key != str(executable)}
    newest = dict([*others.items(), (str(executable), entry)][-_MOST_KEPT:])
    text = json.dumps({"schema": _SCHEMA, "entries": newest})
    with contextlib.suppress(OSError):
        _replace(cache_dir / _FILE, text)


def witness(cache_dir: Path, *more: str) -> str:
    """Return a text that changes when an interpreter, its packages or one of ``more`` does.

    It is made of what the files are now, so that nobody need be asked: a thing measured under the
    same witness was measured in the same environment.
    """
    parts = [*more]
    for executable, entry in sorted(_entries(cache_dir).items()):
        folders = entry.get("folders") if isinstance(entry, dict) else None
        parts += [executable, repr(_state(Path(executable)))]
        parts += [f"{each} {_modified(Path(each))}" for each in sorted(map(str, folders or ()))]
    return digest_of("\0".join(parts).encode("utf-8", "surrogateescape")).hex()


def _entries(cache_dir: Path) -> dict[str, object]:
    try:
        found = json.loads((cache_dir / _FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or found.get("schema") != _SCHEMA:
        return {}
    entries = found.get("entries")
    return entries if isinstance(entries, dict) else {}


def _state(executable: Path) -> list[object]:
    """Return what tells one state of an executable from another; a link stands for its target."""
    try:
        real = executable.resolve()
        status = real.stat()
    except OSError:
        return []
    config = _modified(executable.parent.parent / "pyvenv.cfg")
    return [str(real), status.st_mtime_ns, status.st_size, config]


def _modified(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def _is_script(executable: Path) -> bool:
    try:
        with executable.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return True


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    import tempfile  # asking what is remembered must cost a commit nothing

    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as temporary:
            temporary.write(text)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
