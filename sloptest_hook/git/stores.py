"""Edge: where hook runners keep the patches of what they have put aside."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from sloptest_hook.values.records import dataclass

_PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Store:
    """A directory of patches, and how the patch of one runner begins and ends its name."""

    directory: Path
    begins: str
    ends: str

    def patches(self) -> list[Path]:
        """Return the runner's patches; raises OSError."""
        names = sorted(os.listdir(self.directory))  # noqa: PTH208  # a Path would hide the error
        return [
            self.directory / name
            for name in names
            if name.startswith(self.begins) and name.endswith(self.ends)
        ]


def stores_of(pid: int, environ: Mapping[str, str]) -> Iterator[Store]:
    """Yield the stores that this process uses if it is a runner.

    It chooses by its own environment, which need not be the hook's, ``environ``: a wrapper may
    stand between them. Both are looked at.
    """
    found = dict.fromkeys(
        directory
        for each in (environment_of(pid), environ)
        for directory in (*_pre_commit(each, pid), *_prek(each, pid))
    )
    yield from found


def environment_of(pid: int) -> dict[str, str]:
    """Return the environment that a process was started with, empty where that is not shown."""
    try:
        data = (_PROCESSES / str(pid) / "environ").read_bytes()
    except OSError:
        return {}
    pairs = (os.fsdecode(each).partition("=") for each in data.split(b"\0") if each)
    return {name: value for name, _, value in pairs}


def _pre_commit(environ: Mapping[str, str], pid: int) -> Iterator[Store]:
    # It takes a tilde in its variables literally.
    home = environ.get("PRE_COMMIT_HOME")
    place = _place(home, pid) if home else _cache(environ, pid) / "pre-commit"
    yield Store(place, "patch", f"-{pid}")


def _prek(environ: Mapping[str, str], pid: int) -> Iterator[Store]:
    home = environ.get("PREK_HOME")
    places = (
        {_place(home, pid), Path(home).expanduser()} if home else {_cache(environ, pid) / "prek"}
    )
    for place in sorted(places):
        yield Store(place / "patches", "", f"-{pid}.patch")


def _cache(environ: Mapping[str, str], pid: int) -> Path:
    cache = environ.get("XDG_CACHE_HOME")
    if cache:
        return _place(cache, pid)
    home = environ.get("HOME")
    return (Path(home) if home else Path("~").expanduser()) / ".cache"


def _place(name: str, pid: int) -> Path:
    """Return a directory; a relative one begins where that process is now."""
    if Path(name).is_absolute():
        return Path(name)
    here = _PROCESSES / str(pid) / "cwd"
    return (here if here.exists() else Path()) / name
