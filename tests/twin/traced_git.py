"""A git for the hook that strace kills at one of its system calls, or writes them down."""

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.twin.world import World

IS_POSSIBLE = shutil.which("strace") is not None

# In the place of git: counts itself, and has strace kill the one that is asked for.
_CHANGING = "/^(rename|link|symlink|unlink|mkdir|rmdir|write|pwrite|ftruncate|fsync|f?chmod)"
_TRACED_GIT = """\
#!/bin/sh
place={place}
number=$(($(cat "$place/count" 2>/dev/null || echo 0) + 1))
echo $number > "$place/count"
[ {which} = 0 ] && exec strace -qq -f -o "$place/log.$number" -e trace='{calls}' {git} "$@"
[ {which} = $number ] || exec {git} "$@"
strace -qq -f -o "$place/log" -e trace='{calls}' -e inject={call}:signal=KILL:when={when} \\
    {git} "$@"
status=$?
if grep -q "killed by SIGKILL" "$place/log"; then
    echo "$1, before $(grep -v killed "$place/log" | tail -n 1 | cut -c 1-60)" > "$place/../reached"
    [ -z "{everybody}" ] || kill -KILL 0
fi
exit $status
"""


@dataclass(frozen=True, order=True)
class SystemCall:
    """The nth call of a name by one of the gits that a hook starts, in their order from 1."""

    git: int
    name: str
    nth: int


_NONE = SystemCall(0, "write", 1)


def logged(world: World) -> dict[str, str]:
    """Return the environment in which each git of the hook writes its system calls down."""
    return _with_program(world, _NONE, everybody=False)


def killed(world: World, at: SystemCall, *, everybody: bool) -> dict[str, str]:
    """Return the environment in which one git is killed, and everybody in the same moment."""
    return _with_program(world, at, everybody=everybody)


def calls(world: World) -> list[SystemCall]:
    """Return what was written down."""
    found = []
    for log in (world.side / "shim").glob("log.*"):
        seen: Counter[str] = Counter()
        for line in log.read_bytes().decode("ascii", "replace").splitlines():
            # The number of the process may stand before it.
            name = line.partition("(")[0].split(" ")[-1]
            seen[name] += 1
            found.append(SystemCall(int(log.suffix[1:]), name, seen[name]))
    return sorted(found)


def _with_program(world: World, at: SystemCall, *, everybody: bool) -> dict[str, str]:
    place = world.side / "shim"
    place.mkdir()
    _write_program(place, at, "yes" if everybody else "")
    return {"DOOM_GIT": str(place)}


def _write_program(place: Path, at: SystemCall, everybody: str) -> None:
    program = place / "git"
    text = _TRACED_GIT.format(
        place=place,
        which=at.git,
        call=at.name,
        when=at.nth,
        everybody=everybody,
        calls=_CHANGING,
        git=shutil.which("git"),
    )
    program.write_text(text)
    program.chmod(0o755)
