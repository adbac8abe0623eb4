"""Odd names, and settings of the user that change what git prints."""

from collections.abc import Callable

from tests.twin.acts import arranged, stage_a_function, stage_a_module, typed
from tests.twin.scenario import BOTH, Scenario, committed
from tests.twin.world import Runner, World

PLAIN: tuple[Runner, ...] = ("plain",)
_ODD = {
    "a newline": "new\nline",
    "quotes": '"it\'s"',
    "a tab": "a\ttab",
    "a leading dash": "-x",
    "a star": "*.py",
    "the magic of pathspecs": ":(top)x",
    "a backslash": "a\\nb",
    "a space at its end": "a ",
    "letters of two kinds": "na\u00efve-nai\u0308ve",
    "a name of git's own": "HEAD",
    "a percent sign": "%s%n{}",
}


def _odd_files(name: str) -> Callable[[World], None]:
    """Have files of this name of every kind around a staged function."""

    def arrange(world: World) -> None:
        for place in ("", "shop/", "tests/"):
            world.write(f"{place}{name}", "tracked\n")
        world.git("--literal-pathspecs", "add", "-A", "-f", ".")
        world.git("commit", "-q", "--no-verify", "-m", "odd")
        world.write(name, "edited\n")
        world.write(f"shop/{name}", "staged\n")
        world.git("--literal-pathspecs", "add", "--", f"shop/{name}")
        world.write(f"shop/{name}~", "not tracked\n")
        world.write(f"tests/{name}~", "not tracked\n")
        stage_a_function(world)

    return arrange


def _module(path: str) -> Callable[[World], None]:
    def arrange(world: World) -> None:
        world.write(path, "def paid(amount: int) -> bool:\n    return amount <= 0\n")
        world.git("--literal-pathspecs", "add", "-A", ".")

    return arrange


NAMES = (
    *(
        Scenario(f"files with {what} in their name", committed(), arranged(_odd_files(name)))
        for what, name in _ODD.items()
    ),
    Scenario(
        "files whose names are not UTF-8",
        committed(),
        arranged(_odd_files("caf\udce9")),
        runners=PLAIN,
    ),
    *(
        Scenario(
            f"a module with {what} in its name",
            committed(),
            arranged(_module(f"shop/{name}"), stage_a_function),
            runners=PLAIN,
        )
        for what, name in (
            ("a newline", "new\nline.py"),
            ("a quote", "it's.py"),
            ("a leading dash", "-x.py"),
            ("a star", "*.py"),
            ("the magic of pathspecs", ":(top)x.py"),
            ("bytes that are not UTF-8", "caf\udce9.py"),
            ("a space", "my module.py"),
        )
    ),
    Scenario(
        "a module with a letter beyond ASCII",
        committed(),
        arranged(_module("shop/na\u00efve.py")),
    ),
    Scenario(
        "a directory with a space",
        committed(),
        arranged(_module("my scripts/clean up.py"), stage_a_function),
    ),
    Scenario(
        "names that differ in case alone",
        committed(),
        arranged(_module("shop/Cart.py"), _module("shop/cArt.py"), stage_a_function),
    ),
    Scenario(
        "a draft whose name differs in case alone",
        committed(),
        arranged(
            "echo 'import shop' > tests/test_Bill.py",
            stage_a_module,
        ),
        runners=PLAIN,
    ),
)

_SETTINGS = {
    "colors": "color.ui always",
    "diffs without prefixes": "diff.noprefix true",
    "diffs with other prefixes": "diff.mnemonicPrefix true",
    "an external diff": "diff.external 'echo hello'",
    "an order for diffs": "diff.orderFile .gitignore",
    "copies found": "diff.renames copies",
    "names as they are": "core.quotePath false",
    "nothing untracked in its status": "status.showUntrackedFiles no",
    "relative diffs": "diff.relative true",
    "modes not looked at": "core.fileMode false",
    "no symbolic links": "core.symlinks false",
    "submodules looked into": "diff.submodule log",
    "short object names": "core.abbrev 4",
    "nothing about time": "core.checkStat minimal",
    "new lines judged": "core.whitespace cr-at-eol,tab-in-indent",
    "its own attributes": "core.attributesFile attributes-of-mine",
    "packs of one object": "pack.packSizeLimit 1m",
}

# Without its summary: that would be made with the same settings.
_TWICE = typed(
    "cd shop; git commit -qm one; cd ..; grow shop/cart.py pay; git commit -qm two -- shop"
)

SETTINGS = (
    *(
        Scenario(
            f"a user who has {what}",
            _TWICE,
            arranged("git config " + setting, stage_a_function),
            runners=PLAIN,
        )
        for what, setting in _SETTINGS.items()
    ),
    Scenario(
        "a user who has all of it",
        _TWICE,
        arranged(
            *(f"git config {setting}" for setting in _SETTINGS.values()),
            stage_a_function,
        ),
        runners=BOTH,
    ),
    Scenario(
        "an external diff in the environment",
        typed("GIT_EXTERNAL_DIFF='echo hello' GIT_DIFF_OPTS=-u9 git commit -m one"),
        stage_a_function,
    ),
    Scenario(
        "another language and another time",
        typed("LC_ALL=tr_TR.UTF-8 LANGUAGE=de TZ=Asia/Kathmandu git commit -m one"),
        stage_a_function,
        runners=PLAIN,
    ),
    Scenario(
        "a trace of everything git does",
        typed("GIT_TRACE=1 GIT_TRACE_SETUP=1 git commit -m one"),
        stage_a_function,
        runners=PLAIN,
    ),
)

SCENARIOS = (*NAMES, *SETTINGS)
