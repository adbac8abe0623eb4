"""Unstaged work that a hook runner takes out of the working tree and puts back after the hooks.

A file that has such work looks clean while the hooks run. Whoever stages it makes the runner's
patch useless, and the work of the user in all files is gone.
"""

import json
import os
import shutil
from collections.abc import Callable

from tests.twin.arranging import (
    Arrange,
    append_bytes,
    appended,
    deleted,
    git,
    linked,
    mode,
    moved,
    present,
    replaced,
    staged,
    steps,
    with_a_function,
    written,
)
from tests.twin.scenario import ALL_STASHING, STASHING, Acted, Scenario, Tests, committed
from tests.twin.world import ENTRY, World, function, install_plain_hook

CART_TEST = "tests/test_cart.py"
LONG_TEST = "from shop.cart import total\n\n\n" + "\n\n".join(
    f"def test_total_of_{number}():\n    assert total([{number}]) == {number}\n"
    for number in range(12)
)
# The hunk of the user has a context that a generated test is likely to repeat.
REPEATING_TEST = "from shop.cart import total\n\n\n" + "\n\n".join(
    "def test_settle_is_owed():\n    amount = -1\n    assert amount < 0\n" for _ in range(3)
)
UNUSUAL_TEST = "from shop.größe import weight\n\n\ndef test_weight():\n    assert weight() == 1\n"
TAX_TEST = "from shop.tax import rate\n\n\ndef test_rate():\n    assert rate() == 19\n"
LINES = "".join(f"line {number}\n" for number in range(40))


def _with_store(**environment: str) -> Callable[[World], Acted]:
    """Return a commit in which the runner keeps its patches elsewhere; ``SIDE`` is the world."""

    def act(world: World) -> Acted:
        given = [f"{n}={text.replace('SIDE', str(world.side))}" for n, text in environment.items()]
        unset = ("-u", "PRE_COMMIT_HOME", "-u", "PREK_HOME", "-u", "XDG_CACHE_HOME")
        done = world.run("env", *unset, *given, "git", "commit", "-m", "the commit")
        # Where the name of the store is relative, it lies in the repository.
        shutil.rmtree(world.root / "~", ignore_errors=True)
        return Acted(done.returncode, done.stdout + done.stderr)

    return act


def _from_a_script(world: World) -> None:
    """Put a script of the user's between git and the runner."""
    command = " ".join(world.runner_command)
    file = world.root / ".git" / "hooks" / "pre-commit"
    file.unlink()
    file.write_text(f"#!/bin/sh\nset -e\n(\n  {command} run\n)\n")
    file.chmod(0o755)


def _kept_as_legacy(world: World) -> None:
    """Let the runner keep a plain hook that was there before, and call it first."""
    hooks = world.root / ".git" / "hooks"
    (hooks / "pre-commit").unlink()
    install_plain_hook(hooks)
    world.run(*world.runner_command, "install")
    assert (hooks / "pre-commit.legacy").exists()


def _patch_at(place: str) -> Arrange:
    """Save the user's work in a test file as another runner does, and hide it."""

    def arrange(world: World) -> None:
        appended(CART_TEST)(world)
        patch = world.git("diff", "--binary", "--", CART_TEST) + "\n"
        world.git("checkout", "--", CART_TEST)
        git_dir = world.root / ".git"
        (git_dir / place).parent.mkdir(exist_ok=True)
        (git_dir / place).write_text(patch)

    return arrange


def _commit_then_restore(place: str) -> Callable[[World], Acted]:
    def act(world: World) -> Acted:
        acted = committed()(world)
        world.git("apply", str(world.root / ".git" / place))
        return acted

    return act


def _entry(wrapper: str, *, before: str = "", after: str = "") -> Arrange:
    """Configure the hook behind another program, between two hooks of a line of shell."""

    def arrange(world: World) -> None:
        ours = {
            "id": "sloptest",
            "name": "sloptest",
            "entry": f"{wrapper} {ENTRY}",
            "types": ["python"],
            "verbose": True,
        }
        others = [
            {"id": name, "name": name, "entry": f"sh -c '{line}'", "always_run": True}
            for name, line in (("before", before), ("after", after))
        ]
        hooks = [{**each, "language": "system"} for each in (others[0], ours, others[1])]
        document = {"repos": [{"repo": "local", "hooks": hooks}]}
        world.commit({".pre-commit-config.yaml": json.dumps(document)}, "configure hooks")

    return arrange


def _locked_store(world: World) -> None:
    """Close the runner's store to our hook alone; the superuser has to give up his rights."""
    rights = "-dac_override,-dac_read_search"
    wrapper = f"setpriv --bounding-set={rights}" if os.geteuid() == 0 else "env"
    store = '"$PREK_HOME/patches"' if world.runner == "prek" else '"$PRE_COMMIT_HOME"'
    lock, unlock = f"mkdir -p {store}; chmod 300 {store}", f"chmod 700 {store}"
    _entry(wrapper, before=lock, after=unlock)(world)


_STAGED_AND_MORE = with_a_function(
    appended(CART_TEST, "\n\ndef test_nothing():\n    pass\n"),
    git("add", CART_TEST),
    appended(CART_TEST),
    appended("notes.txt"),
)
LINT_STAGED, LEFTHOOK_PATCH = "lint-staged_unstaged.patch", "info/lefthook-unstaged.patch"


def _formatter_that_conflicts(world: World) -> None:
    """Configure a later hook that changes what the user has changed too, but not staged."""
    name = ".pre-commit-config.yaml"
    entry = "sh -c 'sed s/two/TWO/ notes.txt > .git/notes; cat .git/notes > notes.txt' fixer"
    later = f"  - {{id: fixer, name: fixer, language: system, pass_filenames: false, entry: {entry}"
    # A flow mapping cannot hold this entry: written out.
    later = (
        "  - id: fixer\n    name: fixer\n    language: system\n"
        f'    pass_filenames: false\n    entry: "{entry}"\n'
    )
    world.commit({name: world.text(name) + later}, "configure a formatter")


def _twice(world: World) -> Acted:
    """Commit, give up the unstaged work that was in the way, and commit again."""
    first = committed()(world)
    assert first.status, first.said
    world.git("checkout", "--", "notes.txt")
    world.run("sh", "-c", "sed -i s/two/TWO/ notes.txt && git add notes.txt")
    return committed()(world)


SCENARIOS = (
    Scenario(
        "unstaged lines at the end of the test file",
        committed(),
        with_a_function(appended(CART_TEST), appended("notes.txt")),
        runners=ALL_STASHING,
        is_quick_share=True,
    ),
    Scenario(
        "an unstaged line at the top of a long test file",
        committed(),
        with_a_function(
            replaced(CART_TEST, "from shop.cart", "# mine\nfrom shop.cart"),
            appended("notes.txt"),
            before=present(CART_TEST, LONG_TEST),
        ),
        runners=STASHING,
    ),
    Scenario(
        "unstaged lines in the middle of a long test file",
        committed(),
        with_a_function(
            replaced(CART_TEST, "total([5]) == 5", "total([5]) == 5  # mine"),
            before=present(CART_TEST, LONG_TEST),
        ),
        runners=STASHING,
    ),
    Scenario(
        "unstaged lines whose surroundings are in the test file more than once",
        committed(),
        with_a_function(
            appended(CART_TEST, "    assert amount > -2\n"),
            before=present(CART_TEST, REPEATING_TEST),
        ),
        runners=STASHING,
    ),
    Scenario(
        "the test file is deleted and the deletion not staged",
        committed(),
        with_a_function(deleted(CART_TEST), appended("notes.txt")),
        runners=ALL_STASHING,
    ),
    Scenario(
        "all tests are deleted and the deletion not staged",
        committed(),
        with_a_function(deleted(CART_TEST), deleted("tests/test_pricing.py")),
        runners=STASHING,
    ),
    Scenario(
        "a test file is staged as new and edited since",
        committed(),
        with_a_function(
            staged("shop/tax.py", "def rate():\n    return 19\n" + function("due")),
            staged("tests/test_tax.py", TAX_TEST),
            appended("tests/test_tax.py"),
            appended("notes.txt"),
        ),
        runners=ALL_STASHING,
        is_quick_share=True,
    ),
    Scenario(
        "a test file is staged as new and deleted since",
        committed(),
        with_a_function(
            staged("shop/tax.py", "def rate():\n    return 19\n" + function("due")),
            staged("tests/test_tax.py", TAX_TEST),
            deleted("tests/test_tax.py"),
            appended("notes.txt"),
        ),
        runners=ALL_STASHING,
    ),
    Scenario(
        "a staged test file has more changes that are not staged",
        committed(),
        _STAGED_AND_MORE,
        runners=ALL_STASHING,
    ),
    Scenario(
        "a test file is renamed in the index and edited since",
        committed(),
        with_a_function(
            git("mv", CART_TEST, "tests/test_shop_cart.py"), appended("tests/test_shop_cart.py")
        ),
        runners=STASHING,
    ),
    Scenario(
        "a test file is renamed and the rename not staged",
        committed(),
        with_a_function(moved(CART_TEST, "tests/test_shop_cart.py")),
        runners=STASHING,
    ),
    Scenario(
        "a test file has become executable and that is not staged",
        committed(),
        with_a_function(mode(CART_TEST, 0o755), appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "an executable test file is edited and not staged",
        committed(),
        with_a_function(
            appended(CART_TEST),
            before=steps(mode(CART_TEST, 0o755), present(CART_TEST, LONG_TEST)),
        ),
        runners=STASHING,
    ),
    Scenario(
        "a test file has become a symbolic link and that is not staged",
        committed(),
        with_a_function(linked(CART_TEST, "test_pricing.py"), appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "a test file has become a directory and that is not staged",
        committed(),
        with_a_function(deleted(CART_TEST), written(f"{CART_TEST}/notes", "mine\n")),
        runners=STASHING,
    ),
    Scenario(
        "the name of the test file is only announced to git",
        committed(),
        with_a_function(
            staged("shop/tax.py", function("due")),
            written("tests/test_tax.py", "# a draft of mine\n"),
            git("add", "-N", "tests/test_tax.py"),
        ),
        runners=STASHING,
        is_quick_share=True,
    ),
    Scenario(
        "an empty test file is only announced to git",
        committed(),
        with_a_function(
            staged("shop/tax.py", function("due")),
            written("tests/test_tax.py", ""),
            git("add", "-N", "tests/test_tax.py"),
        ),
        runners=STASHING,
    ),
    Scenario(
        "other names are only announced to git",
        committed(),
        with_a_function(
            written("tests/test_later.py", "# a draft of mine\n"),
            written("later.txt", "later\n"),
            git("add", "-N", "tests/test_later.py", "later.txt"),
            appended("notes.txt"),
        ),
        runners=STASHING,
    ),
    Scenario(
        "an untracked file has the name of the test file",
        committed(),
        with_a_function(
            staged("shop/tax.py", function("due")),
            written("tests/test_tax.py", "# a draft of mine\n"),
            appended("notes.txt"),
        ),
        runners=STASHING,
    ),
    Scenario(
        "every name that a test could get is taken",
        committed(),
        with_a_function(
            appended(CART_TEST),
            written("tests/test_cart_generated.py", "# mine\n"),
            written("tests/test_cart_generated_generated.py", "# mine\n"),
            written("tests/test_cart_observed.py", "# mine\n"),
        ),
        tests=Tests.NONE,
        runners=STASHING,
        says="has unstaged changes, which the hook runner has put aside",
    ),
    Scenario(
        "unstaged changes of binary files, links and modes elsewhere",
        committed(),
        with_a_function(
            written("data.bin", bytes(range(256)) * 3),
            linked("link", "shop/cart.py"),
            mode("notes.txt", 0o755),
            before=steps(
                present("data.bin", bytes(range(256))),
                linked("link", "notes.txt"),
                git("add", "link"),
                git("commit", "-q", "--no-verify", "-m", "link"),
            ),
        ),
        runners=ALL_STASHING,
    ),
    Scenario(
        "a test file without a last newline is edited and not staged",
        committed(),
        with_a_function(
            appended(CART_TEST, "\n\n# mine, without a newline"),
            before=present(CART_TEST, LONG_TEST.rstrip("\n")),
        ),
        runners=STASHING,
    ),
    Scenario(
        "unstaged lines with CRLF in a CRLF test file",
        committed(),
        with_a_function(
            lambda world: append_bytes(world, CART_TEST, b"# mine\r\n"),
            appended("notes.txt"),
            before=present(CART_TEST, LONG_TEST.replace("\n", "\r\n")),
        ),
        runners=STASHING,
    ),
    Scenario(
        "unstaged lines under core.autocrlf",
        committed(),
        with_a_function(
            lambda world: append_bytes(world, CART_TEST, b"# mine\r\n"),
            lambda world: append_bytes(world, "notes.txt", b"four\r\n"),
            before=git("config", "core.autocrlf", "true"),
        ),
        runners=STASHING,
    ),
    Scenario(
        "unstaged lines where attributes ask for CRLF",
        committed(),
        with_a_function(
            lambda world: append_bytes(world, CART_TEST, b"# mine\r\n"),
            lambda world: append_bytes(world, "notes.txt", b"four\r\n"),
            before=steps(
                present(".gitattributes", "* text eol=crlf\n"),
                deleted(CART_TEST),
                deleted("notes.txt"),
                git("checkout", "--", CART_TEST, "notes.txt"),
            ),
        ),
        runners=STASHING,
    ),
    Scenario(
        "unstaged changes in files of all kinds but the test file",
        committed(),
        with_a_function(
            appended("notes.txt"),
            deleted("tests/test_pricing.py"),
            appended("shop/pricing.py"),
            written("shop/__init__.py", "X = 1\n"),
            written("untracked.txt", "mine\n"),
            written("debug.log", "ignored\n"),
        ),
        runners=ALL_STASHING,
    ),
    Scenario(
        "the staged source has more changes that are not staged",
        committed(),
        with_a_function(appended("shop/cart.py", function("unfinished"))),
        runners=ALL_STASHING,
    ),
    Scenario(
        "the staged source is broken by what is not staged",
        committed(),
        with_a_function(appended("shop/cart.py", "\n\ndef (\n"), written(CART_TEST, "def (\n")),
        runners=ALL_STASHING,
    ),
    Scenario(
        "a file of the settings has unstaged changes",
        committed(),
        with_a_function(appended("pyproject.toml", "\n[tool.sloptest.merge]\nnonsense = 1\n")),
        runners=STASHING,
    ),
    Scenario(
        "the configuration of the runner has unstaged changes",
        committed(),
        with_a_function(appended(".pre-commit-config.yaml", "# mine\n"), appended("notes.txt")),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "unstaged changes in a test file with an unusual name",
        committed(),
        with_a_function(
            appended("tests/test_größe.py"),
            before=steps(
                present("shop/größe.py", "def weight():\n    return 1\n"),
                present("tests/test_größe.py", UNUSUAL_TEST),
                lambda world: world.add_function("shop/größe.py", "heavy"),
            ),
        ),
        runners=STASHING,
    ),
    Scenario(
        "unstaged changes in files with quotes, tabs and newlines in their names",
        committed(),
        with_a_function(
            appended('a "quoted"\tname\nof two lines.txt'),
            appended(CART_TEST),
            before=present('a "quoted"\tname\nof two lines.txt', LINES),
        ),
        runners=STASHING,
    ),
    Scenario(
        "settings that change how git shows and applies a patch",
        committed(),
        with_a_function(
            appended(CART_TEST, "\n# trailing blanks   \n"),
            appended("notes.txt", "trailing\t \n"),
            before=steps(
                git("config", "diff.noprefix", "true"),
                git("config", "diff.renames", "copies"),
                git("config", "diff.external", "false"),
                git("config", "color.ui", "always"),
                git("config", "apply.whitespace", "error"),
                git("config", "core.quotePath", "false"),
            ),
        ),
        runners=STASHING,
    ),
    Scenario(
        "prefixes of a patch that are mnemonic",
        committed(),
        with_a_function(appended(CART_TEST), before=git("config", "diff.mnemonicPrefix", "true")),
        runners=STASHING,
    ),
    Scenario(
        "the runner keeps its patches in the cache directory",
        _with_store(XDG_CACHE_HOME="SIDE/cache"),
        with_a_function(appended(CART_TEST), appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "the runner keeps its patches in the home directory",
        _with_store(HOME="SIDE"),
        with_a_function(appended(CART_TEST), appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "the runner keeps its patches in a relative directory",
        _with_store(PRE_COMMIT_HOME="../store", PREK_HOME="../store"),
        with_a_function(appended(CART_TEST), appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "the runner takes a tilde in the name of its store literally",
        _with_store(XDG_CACHE_HOME="~/cache", HOME="SIDE"),
        with_a_function(appended(CART_TEST), appended("notes.txt")),
        runners=("pre-commit",),
    ),
    Scenario(
        "the runner is called by a script of the user's",
        committed(),
        with_a_function(appended(CART_TEST), appended("notes.txt"), before=_from_a_script),
        runners=STASHING,
    ),
    Scenario(
        "a plain hook was there before the runner, which calls both",
        committed(),
        with_a_function(appended(CART_TEST), appended("notes.txt"), before=_kept_as_legacy),
        runners=("pre-commit",),
    ),
    Scenario(
        "a commit from a directory below the top",
        lambda world: committed()(world.at(world.root / "shop")),
        with_a_function(appended(CART_TEST), appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "a commit of all changes takes the unstaged ones too",
        committed("-a"),
        with_a_function(appended(CART_TEST), appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "a commit of one path leaves staged and unstaged changes of others",
        committed("--", "shop/cart.py"),
        with_a_function(
            appended(CART_TEST, "\n# staged\n"),
            git("add", CART_TEST),
            appended("notes.txt"),
            staged("later.txt", "later\n"),
            appended("later.txt"),
        ),
        runners=STASHING,
        is_quick_share=True,
    ),
    Scenario(
        "a commit of one path while a new test file is staged",
        committed("--", "shop/tax.py"),
        with_a_function(
            staged("shop/tax.py", function("due")),
            staged("tests/test_tax.py", "# a draft of mine\n"),
            appended("tests/test_tax.py"),
        ),
        runners=STASHING,
    ),
    Scenario(
        "an amendment beside unstaged changes of the test file",
        committed("--amend"),
        with_a_function(appended(CART_TEST), appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "lint-staged has put changes of the test file aside",
        _commit_then_restore(LINT_STAGED),
        with_a_function(_patch_at(LINT_STAGED)),
        runners=("plain", "pre-commit"),
    ),
    Scenario(
        "lefthook has put changes of the test file aside",
        _commit_then_restore(LEFTHOOK_PATCH),
        with_a_function(_patch_at(LEFTHOOK_PATCH)),
        runners=("plain", "pre-commit"),
    ),
    Scenario(
        "a later formatter collides with unstaged work and everything is rolled back",
        committed(),
        with_a_function(
            replaced("notes.txt", "two", "2"),
            appended(CART_TEST),
            before=_formatter_that_conflicts,
        ),
        tests=Tests.LEFT,
        runners=("pre-commit",),
    ),
    Scenario(
        "a commit is tried again after a roll back",
        _twice,
        with_a_function(
            replaced("notes.txt", "two", "2"),
            appended(CART_TEST),
            before=_formatter_that_conflicts,
        ),
        runners=STASHING,
    ),
    Scenario(
        "a staged test file has more changes that are not staged, in a linked worktree",
        lambda world: committed()(world.at(world.side / "linked")),
        steps(
            git("worktree", "add", "-q", "../linked"),
            lambda world: _STAGED_AND_MORE(world.at(world.side / "linked")),
        ),
        committed_in="linked",
        runners=ALL_STASHING,
    ),
    Scenario(
        "the hook is told of another store than its runner has",
        committed(),
        with_a_function(
            appended(CART_TEST),
            appended("notes.txt"),
            before=_entry("env -u PRE_COMMIT_HOME -u PREK_HOME HOME=/nonexistent"),
        ),
        runners=STASHING,
    ),
    Scenario(
        "the store of the runner cannot be looked into",
        committed(),
        with_a_function(appended(CART_TEST), appended("notes.txt"), before=_locked_store),
        runners=STASHING,
    ),
)
