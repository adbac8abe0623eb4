"""What a developer types, as the acts and the arrangements of scenarios."""

import shlex
from collections.abc import Callable

from tests.twin.scenario import Acted
from tests.twin.world import World, function

# `grow FILE NAME` appends a function that no test covers; `save` commits without any hook;
# `fails COMMAND` must fail.
_PRELUDE = r"""
save() { git commit -q --no-verify -m "${1:-saved}"; }
grow() { printf '%s' "$FUNCTION" | sed "s/NAME/$2/" >> "$1"; }
fails() { if "$@"; then echo "this did not fail: $*"; exit 99; fi; }
"""


def typed(text: str, *, ends: int = 0, is_verbose: bool = False) -> Callable[[World], Acted]:
    """Return an act: these lines, in a shell that stops at the first that fails.

    ``ends`` is the exit status, with the hook and without. ``is_verbose`` makes the hook say why
    it does nothing.
    """

    def act(world: World) -> Acted:
        hook = world.environment["TWIN_HOOK"]
        environment = {
            "FUNCTION": function("NAME"),
            "TWIN_PYTHON": shlex.quote(str(world.python)),
            "TWIN_HOOK": f"{hook} -v" if is_verbose else hook,
            "GIT_EDITOR": "true",
        }
        done = world.run("sh", "-e", "-c", _PRELUDE + text, env=environment)
        said = done.stdout + done.stderr
        assert done.returncode == ends, f"exit status {done.returncode}: {said}"
        return Acted(done.returncode, said)

    return act


def arranged(*steps: str | Callable[[World], object]) -> Callable[[World], None]:
    """Return an arrangement: lines for a shell, and functions, one after the other."""

    def arrange(world: World) -> None:
        for step in steps:
            (typed(step) if isinstance(step, str) else step)(world)

    return arrange


def prints(command: str, expected: str) -> Callable[[World], None]:
    """Return a check of the hooked world: a command prints this."""

    def check(world: World) -> None:
        said = typed(command)(world).said
        assert said.strip() == expected, said

    return check


def stage_a_function(world: World) -> None:
    world.add_function("shop/cart.py", "settle")


def stage_a_module(world: World) -> None:
    """Stage a module whose tests would be the new file ``tests/test_bill.py``."""
    world.add_function("shop/bill.py", "settle")
