"""Every attack: unconfined, to prove that it works, then under each level of this system."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sloptest_hook.running.process import HARNESS
from tests.running.attacks import ATTACKS, MAY_BE_MISSING, PREPARED, ROOT_ONLY, WRITES
from tests.running.harness.systems import needs_landlock, without

NOBODY = 12345
SYSTEM_PYTHON = "/usr/bin/python3"  # an environment below /root is closed to others

# What a kernel lacks -> the level, and the attacks that nothing stops then.
_READING = (
    *("list the home directory", "read .env of the tree", "read a key", "read credentials"),
    *("read another's command line", "read git's token", "read hashes of passwords"),
    *("read through /proc/self/root", "read through a C function", "read through a link"),
)
_CALLING = (
    *("catch page faults", "change the root", "connect to a socket file", "speak netlink"),
    *("fork", "fork many", "leave a daemon", "limit another", "keep a key", "make a ring"),
    *("make namespaces", "share memory"),
)
SIZE, TIME = "look at a secret's size", "change a time"
LEVELS: dict[str, tuple[tuple[str, ...], str, frozenset[str]]] = {
    "all layers": ((), "strong", frozenset((SIZE,))),
    "no namespaces": (("unshare",), "strong", frozenset((SIZE, TIME))),
    "no Landlock": (("landlock_create_ruleset",), "partial", frozenset((SIZE, *_READING))),
    "no filter": (("seccomp",), "partial", frozenset((SIZE, *_CALLING))),
}


@dataclass(frozen=True)
class World:
    """A home, a tree, secrets, listeners and another process, all to be left alone."""

    base: Path
    spec: Mapping[str, object]
    user: int | None

    def attacked(self, python: str, *before: str, confined: bool) -> tuple[set[str], set[str], str]:
        """Return the attacks that ran, those that won, and the level."""
        names = [each for each in ATTACKS if self.user is None or each not in ROOT_ONLY]
        attacks = json.dumps({name: ATTACKS[name] for name in names})
        spec = json.dumps({**self.spec, "confined": confined})
        code = ("-c", PREPARED, str(self.base / "harness"), spec, attacks)
        secret = {} if confined else {"API_KEY": "dummy"}
        done = subprocess.run(
            (*before, python, *code),
            capture_output=True,
            text=True,
            check=False,
            cwd=self.base / "scratch",
            env={"PATH": os.defpath, "HOME": str(self.base / "scratch"), **secret},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            **_as_user(self.user),
        )
        assert done.returncode == 0, done.stderr
        said = [line.partition(" ") for line in done.stdout.splitlines()]
        ran = {name for word, _, name in said if word == "RAN"}
        assert ran == set(names), done.stderr
        won = {name for word, _, name in said if word == "WON"}
        return ran, won, next((name for word, _, name in said if word == "LEVEL"), "")

    def state(self) -> dict[str, object]:
        """Return what a change to anything outside scratch would change."""
        places = [each for each in self.base.rglob("*") if "scratch" not in each.parts]
        shared = Path(str(self.spec["shared"]))
        places += [shared] if shared.exists() else []
        return {str(each): _state(each) for each in places}

    @staticmethod
    def changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
        return {name for name in {*before, *after} if before.get(name) != after.get(name)}

    @property
    def times(self) -> set[str]:
        """Return the file whose time is changed where nothing can stop that."""
        return {f"{self.base}/outside/{_file_name(TIME)}"}


def _file_name(attack: str) -> str:
    return attack.replace(" ", "_").replace("/", "_")


def _as_user(user: int | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _state(place: Path) -> object:
    found = place.lstat()
    content = place.read_bytes() if place.is_file() and not place.is_symlink() else b""
    named = os.listxattr(place, follow_symlinks=False) if place.is_file() else []
    times = 0 if place.is_dir() else found.st_mtime_ns
    return (found.st_mode, found.st_uid, times, content, named)


@contextlib.contextmanager
def world(user: int | None) -> Iterator[World]:
    base = Path(tempfile.mkdtemp(prefix="attacks-"))
    shared = Path("/dev/shm", base.name)  # noqa: S108  a canary's name, unique by the other's
    try:
        with contextlib.ExitStack() as ends:
            yield World(base, _prepared(base, shared, user, ends), user)
    finally:
        shutil.rmtree(base)
        shared.unlink(missing_ok=True)


def _prepared(
    base: Path, shared: Path, user: int | None, ends: contextlib.ExitStack
) -> Mapping[str, object]:
    shutil.copytree(HARNESS, base / "harness", ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in {
        "home/.ssh/id_rsa": "dummy",
        "home/.aws/credentials": "dummy",
        "home/.bashrc": "",
        "tree/.git/config": "token = dummy",
        "tree/.git/hooks/none": "",
        "tree/inner/.env": "KEY=dummy",
        "tree/module.py": "",
        "tree/readable.py": "",
        "site/module.py": "",
        "scratch/none": "",
        **{f"outside/{_file_name(name)}": "kept" for name in WRITES},
    }.items():
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_text(text)
    tcp = ends.enter_context(socket.create_server(("127.0.0.1", 0), backlog=50))
    udp = ends.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    udp.bind(("127.0.0.1", 0))
    for family in (str(base / "socket"), f"\0{base.name}"):
        listener = ends.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(family)
        listener.listen(50)
    if user is not None:
        for each in (base, *base.rglob("*")):
            os.chown(each, user, user)
    victim = ends.enter_context(
        subprocess.Popen(("/bin/sleep", "120"), env={"API_KEY": "dummy"}, **_as_user(user))
    )
    ends.callback(victim.kill)
    return {
        **{name: str(base / name) for name in ("home", "tree", "site", "scratch", "outside")},
        "tcp": tcp.getsockname()[1],
        "udp": udp.getsockname()[1],
        "socket": str(base / "socket"),
        "abstract": f"\0{base.name}",
        "victim": victim.pid,
        "shared": str(shared),
    }


@pytest.fixture(params=["this user", "without rights"])
def user(request: pytest.FixtureRequest) -> int | None:
    if request.param == "this user":
        return None
    if os.geteuid() != 0:
        pytest.skip("only root can run the attacks as another user")
    if not _starts(SYSTEM_PYTHON):
        pytest.skip(f"{SYSTEM_PYTHON}, which another user needs, does not start")
    return NOBODY


def _starts(python: str) -> bool:
    command = (python, "-c", "import ctypes, sys; sys.exit(sys.version_info < (3, 9))")
    if not Path(python).exists():
        return False
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _python(user: int | None, python: Path) -> str:
    return str(python) if user is None else SYSTEM_PYTHON


def test_every_attack_succeeds_unconfined(user: int | None, project_python: Path) -> None:
    with world(user) as here:
        before = here.state()
        ran, won, _ = here.attacked(_python(user, project_python), confined=False)
        after = here.state()

    assert ran - won <= MAY_BE_MISSING
    assert len(here.changed(before, after)) >= len(WRITES) - len(MAY_BE_MISSING)


@needs_landlock
@pytest.mark.parametrize(("lacking", "level", "survivors"), LEVELS.values(), ids=LEVELS)
def test_under_each_level_all_but_these_are_stopped(
    user: int | None,
    project_python: Path,
    lacking: tuple[str, ...],
    level: str,
    survivors: frozenset[str],
) -> None:
    python = _python(user, project_python)
    before_python = without(*lacking, python=python) if lacking else ()
    with world(user) as here:
        before = here.state()
        _, won, reached = here.attacked(python, *before_python, confined=True)
        after = here.state()

    assert reached == level
    assert won <= survivors
    assert here.changed(before, after) == (here.times if TIME in won else set())


@needs_landlock
def test_every_interpreter_stops_them(each_python: Path) -> None:
    with world(None) as here:
        before = here.state()
        _, won, reached = here.attacked(str(each_python), confined=True)

        after = here.state()

    assert reached == "strong"
    assert won <= {SIZE, TIME}
    assert here.changed(before, after) <= here.times
