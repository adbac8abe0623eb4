"""What a hook runner can be told to do, and what other hooks do beside ours."""

import json
from collections.abc import Callable, Mapping

from tests.twin.acts import arranged, prints, stage_a_function, stage_a_module, typed
from tests.twin.arranging import (
    Arrange,
    appended,
    deleted,
    git,
    linked,
    mode,
    present,
    replaced,
    staged,
    steps,
    with_a_function,
    written,
)
from tests.twin.scenario import BOTH, STASHING, Acted, Scenario, Tests, committed
from tests.twin.world import ENTRY, World, function

Act = Callable[[World], Acted]
Hook = Mapping[str, object]

CONFIG = ".pre-commit-config.yaml"
CART_TEST = "tests/test_cart.py"
CART_AND_A_SIBLING = "shop/cart.py\ntests/test_cart_generated.py"
OURS: Hook = {
    "id": "sloptest",
    "name": "sloptest",
    "language": "system",
    "entry": ENTRY,
    "types": ["python"],
    "require_serial": True,
    "verbose": True,
}


def script(name: str, text: str, **keys: object) -> Hook:
    """Return a hook that is a line of shell, which gets the names of the files as ``"$@"``."""
    entry = f"sh -c '{text}' {name}"
    return {"id": name, "name": name, "language": "system", "entry": entry, **keys}


def configured(*hooks: Hook, **keys: object) -> Arrange:
    """Return an arrangement: these hooks are configured in this order, and that is committed."""

    def arrange(world: World) -> None:
        document = {**keys, "repos": [{"repo": "local", "hooks": hooks}]}
        world.commit({CONFIG: json.dumps(document)}, "configure hooks")

    return arrange


def run(*words: str) -> Act:
    """Return an act: the runner is called by hand."""

    def act(world: World) -> Acted:
        done = world.run(*world.runner_command, "run", *words)
        return Acted(done.returncode, done.stdout + done.stderr)

    return act


def one_after_the_other(*acts: Act) -> Act:
    """Return an act that is all of them; its status is that of the last."""

    def act(world: World) -> Acted:
        acted = [each(world) for each in acts]
        return Acted(acted[-1].status, "\n".join(each.said for each in acted))

    return act


def until_it_passes(*words: str, between: str = "git add -u") -> Act:
    """Return an act: a commit that is tried again until no hook stops it any more."""

    def act(world: World) -> Acted:
        said = ""
        for _ in range(4):
            acted = committed(*words)(world)
            said += acted.said
            if not acted.status:
                break
            typed(between)(world)
        return Acted(acted.status, said)

    return act


def refused(*words: str) -> Act:
    """Return an act: a commit that must fail."""

    def act(world: World) -> Acted:
        acted = committed(*words)(world)
        assert acted.status, acted.said
        return acted

    return act


def with_environment(**environment: str) -> Act:
    """Return a commit in a changed environment; ``SIDE`` is the directory of the world."""

    def act(world: World) -> Acted:
        env = {name: text.replace("SIDE", str(world.side)) for name, text in environment.items()}
        done = world.git_result("commit", "-m", "the commit", env=env)
        return Acted(done.returncode, done.stdout + done.stderr)

    return act


def only_with_the_hook(act: Act, status: int) -> Act:
    """Return an act that the twin without the hook leaves out: the hook must stop it."""
    return lambda world: act(world) if world.is_hooked else Acted(status, "")


def installed_for(*stages: str) -> Arrange:
    words = [word for stage in stages for word in ("-t", stage)]

    def arrange(world: World) -> None:
        done = world.run(*world.runner_command, "install", *words)
        assert done.returncode == 0, done.stdout + done.stderr

    return arrange


def committed_function(world: World) -> None:
    """Commit a function without a test, past all hooks: work for a backfill."""
    world.add_function("shop/cart.py", "settle")
    world.git("commit", "-q", "--no-verify", "-m", "settle")


UNFINISHED = steps(appended(CART_TEST), appended("notes.txt"))
# Each is wrong once: it marks what it has not marked yet.
_MARK = 'for f; do grep -q "# marked" "$f" || echo "# marked" >> "$f"; done'
FORMATTER = script("formatter", _MARK, files="^shop/", types=["python"])
FORMATTER_OF_ALL = script("formatter", _MARK, types=["python"])
FORMATTER_OF_THE_TREE = script(
    "formatter",
    f"set -- $(git ls-files tests shop/cart.py); {_MARK}",
    pass_filenames=False,
)
FAILS_ONCE = script("once", "test -e .git/once || { : > .git/once; exit 1; }")
FAILS = script("fails", "exit 1")
REMOTE = 'git init -q --bare ../remote.git; git remote add origin "$PWD/../remote.git"'

MANY = 700  # with names of this length they are more than one command line of a runner holds
LONG_NAME = "shop/" + "m" * 190


def many_modules(world: World) -> None:
    for number in range(MANY):
        world.write(f"{LONG_NAME}{number}.py", "")
    world.git("add", "shop")


# Left in the place of a project's tests, each changes a repository: which one?
MAKES_A_REPOSITORY = """\
import subprocess

from shop.cart import total


def test_a_release_is_a_commit(tmp_path):
    def git(*words):
        subprocess.run(("git", *words), cwd=tmp_path, check=True)

    git("init", "-q")
    (tmp_path / "stray.txt").write_text("stray")
    git("add", "stray.txt")
    git("-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-q", "-m", "stray")
    git("tag", "stray")
    assert total([1]) == 1
"""
WORKS_WHERE_IT_STANDS = """\
import subprocess
from pathlib import Path

from shop.cart import total


def test_it_changes_the_repository_around_it():
    top = Path(__file__).parent.parent
    for command in ("add -A", "commit --no-verify --allow-empty -m stray", "tag stray", "stash"):
        subprocess.run(("git", *command.split(" ")), cwd=top, check=False)
    assert total([1]) == 1
"""
# Covers the staged function unless a variable of git's would lead it to the repository.
LOOKS_AT_ITS_ENVIRONMENT = """\
import os
import subprocess

from shop.cart import settle


def test_settle():
    asked = ("git", "rev-parse", "--local-env-vars")
    local = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    if not set(local) & set(os.environ):
        assert settle(-1) == "owed"
        assert settle(1) == "paid"
"""
DANGEROUS = '''\


def release(tag: str) -> str:
    """Commit all that there is."""
    import subprocess

    subprocess.run(("git", "add", "-A"), check=False)
    subprocess.run(("git", "commit", "--no-verify", "-m", tag or "stray"), check=False)
    subprocess.run(("git", "tag", tag or "stray"), check=False)
    return tag


def clean(place: str) -> None:
    """Remove what is in the way."""
    import pathlib
    import shutil

    shutil.rmtree(place or ".", ignore_errors=True)
    pathlib.Path("notes.txt").unlink(missing_ok=True)
    pathlib.Path("../repository/notes.txt").write_text("")
'''

BY_HAND = (
    Scenario(
        "the runner called by hand with nothing staged",
        run(),
        committed_function,
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "the runner called by hand with a function staged",
        run(),
        with_a_function(UNFINISHED),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the runner called by hand and then a commit",
        one_after_the_other(run(), committed()),
        with_a_function(UNFINISHED),
        runners=STASHING,
    ),
    Scenario(
        "the runner called by hand twice and then a commit",
        one_after_the_other(run(), run("sloptest"), committed()),
        stage_a_module,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for all files",
        run("--all-files"),
        committed_function,
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for all files while there is unstaged work",
        run("--all-files"),
        steps(
            committed_function,
            UNFINISHED,
            deleted("tests/test_pricing.py"),
            written("tests/test_draft.py", "# mine\n"),
            appended("shop/pricing.py", function("unfinished")),
        ),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for all files while a test file is staged and edited since",
        run("--all-files"),
        steps(
            committed_function,
            appended(CART_TEST, "\n# staged\n"),
            git("add", CART_TEST),
            appended(CART_TEST),
            staged("later.txt", "later\n"),
        ),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for all files and then a commit of one path",
        one_after_the_other(run("--all-files"), committed("--", "notes.txt")),
        steps(committed_function, appended("notes.txt")),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for one file",
        run("--files", "shop/cart.py"),
        steps(committed_function, UNFINISHED),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for one file after the other, then a commit",
        one_after_the_other(
            run("--files", "shop/cart.py"), run("--files", "shop/bill.py"), committed()
        ),
        steps(stage_a_function, stage_a_module),
        runners=STASHING,
    ),
    Scenario(
        "the runner called for a file that is not tracked",
        run("--files", "shop/draft.py"),
        steps(written("shop/draft.py", function("draft")), UNFINISHED),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for a file of which a newer version is not staged",
        run("--files", "shop/cart.py"),
        with_a_function(appended("shop/cart.py", function("unfinished"))),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for a range of commits",
        run("--from-ref", "HEAD~1", "--to-ref", "HEAD"),
        steps(committed_function, UNFINISHED),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for a range of commits while a function is staged",
        run("--from-ref", "HEAD~1", "--to-ref", "HEAD"),
        steps(committed_function, stage_a_module, UNFINISHED),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for the manual stage",
        run("--hook-stage", "manual"),
        with_a_function(UNFINISHED),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the runner called for a stage that the hook has not",
        run("--hook-stage", "pre-push"),
        with_a_function(UNFINISHED, before=configured({**OURS, "stages": ["pre-commit"]})),
        tests=Tests.NONE,
        runners=STASHING,
    ),
)

STAGES = (
    Scenario(
        "the first push, with the hook configured for every stage",
        typed("git push -q -u origin main"),
        arranged(REMOTE, installed_for("pre-push"), committed_function, UNFINISHED),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "a later push, with the hook configured for every stage",
        typed("git push -q origin main"),
        arranged(
            REMOTE,
            "git push -q -u origin main",
            installed_for("pre-push"),
            committed_function,
            stage_a_module,
            UNFINISHED,
        ),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "a clean merge, with the hook configured for every stage",
        typed("git merge -q -m merged other"),
        arranged(
            installed_for("pre-merge-commit"),
            "git checkout -q -b other; grow shop/cart.py settle; git add .; save",
            "git checkout -q main; echo four >> notes.txt; git add .; save",
        ),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "a merge after a conflict, with unstaged work",
        committed(),
        arranged(
            "git checkout -q -b other; grow shop/cart.py settle; echo a >> notes.txt",
            "git add .; save; git checkout -q main; echo b >> notes.txt; git add .; save",
            "fails git merge other; git checkout --ours notes.txt; git add notes.txt",
            appended("tests/test_pricing.py"),
        ),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "a commit with the hook called at every stage",
        committed(),
        with_a_function(
            UNFINISHED,
            before=steps(
                configured({**OURS, "always_run": True, "pass_filenames": False}),
                installed_for(
                    "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout"
                ),
            ),
        ),
        runners=STASHING,
    ),
    Scenario(
        "another branch is checked out with the hook called at every stage",
        typed("git checkout -q -b other"),
        with_a_function(
            UNFINISHED,
            before=steps(
                configured({**OURS, "always_run": True, "pass_filenames": False}),
                installed_for("post-checkout"),
            ),
        ),
        tests=Tests.NONE,
        runners=STASHING,
    ),
)

BESIDE_OTHERS = (
    Scenario(
        "a formatter before ours changes the source, the second try passes",
        one_after_the_other(refused(), typed("git add -u"), committed()),
        with_a_function(before=configured(FORMATTER, OURS)),
        runners=STASHING,
    ),
    Scenario(
        "a formatter before ours changes the source while there is unstaged work",
        one_after_the_other(refused(), typed("git add shop"), committed()),
        with_a_function(UNFINISHED, before=configured(FORMATTER, OURS)),
        runners=STASHING,
    ),
    Scenario(
        "a formatter before ours stops the commit, which is given up",
        refused(),
        with_a_function(UNFINISHED, before=configured(FORMATTER, OURS)),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "a formatter after ours changes the source, the second try passes",
        one_after_the_other(refused(), typed("git add -u"), committed()),
        with_a_function(before=configured(OURS, FORMATTER)),
        runners=STASHING,
    ),
    Scenario(
        "a formatter changes generated tests too, once they are staged",
        until_it_passes(),
        with_a_function(before=configured(OURS, FORMATTER_OF_ALL)),
        runners=STASHING,
    ),
    Scenario(
        "a formatter of the whole tree changes what ours has just written",
        until_it_passes(),
        with_a_function(before=configured(OURS, FORMATTER_OF_THE_TREE)),
        runners=STASHING,
    ),
    Scenario(
        "a formatter of the whole tree while there is unstaged work elsewhere",
        until_it_passes(between="git add -u tests shop"),
        with_a_function(appended("notes.txt"), before=configured(OURS, FORMATTER_OF_THE_TREE)),
        runners=STASHING,
    ),
    Scenario(
        "a later hook fails, the second try passes",
        one_after_the_other(refused(), committed()),
        with_a_function(UNFINISHED, before=configured(OURS, FAILS_ONCE)),
        runners=("pre-commit",),
    ),
    Scenario(
        "a later hook fails and the commit is given up",
        refused(),
        with_a_function(UNFINISHED, before=configured(OURS, FAILS)),
        tests=Tests.LEFT,
        runners=("pre-commit",),
    ),
    Scenario(
        "a later hook fails, everything is unstaged and staged again",
        one_after_the_other(refused(), typed("git reset -q; git add shop/bill.py"), committed()),
        steps(configured(OURS, FAILS_ONCE), stage_a_module),
        runners=STASHING,
    ),
    # What is left is an unstaged change now: the runner hides it, and nobody may stage it.
    Scenario(
        "a later hook fails, everything but the test is staged again",
        one_after_the_other(refused(), typed("git reset -q; git add shop"), committed()),
        with_a_function(before=configured(OURS, FAILS_ONCE)),
        tests=Tests.LEFT,
        runners=STASHING,
        check=prints("git show --format= --name-only", CART_AND_A_SIBLING),
    ),
    Scenario(
        "a later hook fails, and all is stashed and taken back",
        one_after_the_other(
            refused(), typed("git stash -q; git stash pop -q --index"), committed()
        ),
        steps(configured(OURS, FAILS_ONCE), stage_a_module),
        runners=STASHING,
    ),
    Scenario(
        "a later hook fails on all, then the same by name",
        one_after_the_other(
            refused("-a"), typed("git add shop/bill.py shop/cart.py"), committed("-a")
        ),
        steps(
            configured(OURS, FAILS_ONCE),
            stage_a_module,
            stage_a_function,
            git("reset", "-q", "shop/cart.py"),
        ),
        runners=STASHING,
    ),
    Scenario(
        "a later hook fails on one path, then the same path passes",
        one_after_the_other(refused("--", "shop/cart.py"), committed("--", "shop/cart.py")),
        with_a_function(before=configured(OURS, FAILS_ONCE)),
        tests=Tests.LEFT,
        runners=STASHING,
        check=prints("git show --format= --name-only", CART_AND_A_SIBLING),
    ),
    Scenario(
        "a later hook fails on the path of a new module, then the same path passes",
        one_after_the_other(refused("--", "shop/bill.py"), committed("--", "shop/bill.py")),
        steps(configured(OURS, FAILS_ONCE), stage_a_module, appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "an earlier hook fails and the runner stops there",
        refused(),
        with_a_function(UNFINISHED, before=configured(FAILS, OURS, fail_fast=True)),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "a later hook fails and the runner stops there",
        refused(),
        with_a_function(before=configured(OURS, {**FAILS, "fail_fast": True}, FORMATTER)),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "an earlier hook stages a file itself",
        committed(),
        with_a_function(
            appended("notes.txt"),
            before=configured(script("stages", "echo x > made.txt; git add made.txt"), OURS),
        ),
        runners=STASHING,
    ),
    Scenario(
        "the hook is configured twice",
        committed(),
        with_a_function(
            UNFINISHED, before=configured(OURS, {**OURS, "alias": "again", "name": "again"})
        ),
        runners=STASHING,
    ),
    Scenario(
        "the hook is skipped",
        with_environment(SKIP="sloptest"),
        with_a_function(UNFINISHED),
        tests=Tests.NONE,
        runners=("plain", *STASHING),
    ),
    Scenario(
        "the hook says nothing",
        committed(),
        with_a_function(UNFINISHED, before=configured({**OURS, "verbose": False})),
        runners=STASHING,
    ),
    Scenario(
        "more files than one command line holds",
        committed(),
        with_a_function(many_modules, appended("notes.txt")),
        runners=STASHING,
    ),
    Scenario(
        "two processes of the hook at once",
        committed(),
        steps(
            configured({**OURS, "require_serial": False}),
            *(written(f"shop/m{number}.py", "") for number in range(12)),
            git("add", "shop"),
            stage_a_function,
            stage_a_module,
            UNFINISHED,
        ),
        runners=STASHING,
    ),
    Scenario(
        "the hook gets no names",
        committed(),
        with_a_function(UNFINISHED, before=configured({**OURS, "pass_filenames": False})),
        runners=STASHING,
    ),
    Scenario(
        "the hook is always run and nothing is staged",
        committed("--allow-empty"),
        steps(configured({**OURS, "always_run": True}), committed_function, UNFINISHED),
        tests=Tests.NONE,
        runners=STASHING,
    ),
)

STAGED = (
    Scenario(
        "only a deletion is staged",
        committed(),
        steps(git("rm", "-q", "shop/pricing.py", "tests/test_pricing.py"), UNFINISHED),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "only a rename is staged",
        committed(),
        steps(git("mv", "notes.txt", "old.txt"), appended("old.txt")),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "only a changed mode is staged",
        committed(),
        steps(
            committed_function, mode("shop/cart.py", 0o755), git("add", "shop/cart.py"), UNFINISHED
        ),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "only a symbolic link to a module is staged",
        committed(),
        steps(
            committed_function,
            linked("shop/link.py", "cart.py"),
            git("add", "shop/link.py"),
            UNFINISHED,
        ),
        tests=Tests.NONE,
        runners=STASHING,
    ),
    Scenario(
        "a name that is not UTF-8 is staged, at which the runner dies",
        committed(),
        with_a_function(staged("caf\udce9.txt", "latin\n"), UNFINISHED),
        tests=Tests.NONE,
        runners=("pre-commit",),
        same_status=True,
    ),
    Scenario(
        "a name that is not UTF-8 is staged",
        committed(),
        with_a_function(staged("caf\udce9.txt", "latin\n")),
        runners=("plain",),
    ),
    Scenario(
        "somebody else holds the lock of the index",
        typed(': > .git/index.lock; fails git commit -m "the commit"; rm .git/index.lock'),
        with_a_function(UNFINISHED),
        tests=Tests.NONE,
        runners=BOTH,
    ),
    Scenario(
        "a new branch without a commit",
        committed(),
        steps(git("checkout", "-q", "--orphan", "fresh"), with_a_function(UNFINISHED)),
        runners=STASHING,
    ),
    Scenario(
        "a linked worktree with unstaged work",
        lambda world: committed()(world.at(world.side / "linked")),
        steps(
            git("worktree", "add", "-q", "../linked"),
            lambda world: with_a_function(UNFINISHED)(world.at(world.side / "linked")),
            UNFINISHED,
        ),
        committed_in="linked",
        runners=STASHING,
    ),
    Scenario(
        "tests are written and not staged",
        committed(),
        steps(
            replaced("pyproject.toml", "time-budget", "stage = false\ntime-budget"),
            git("commit", "-q", "--no-verify", "-am", "do not stage"),
            stage_a_module,
            appended("notes.txt"),
        ),
        tests=Tests.LEFT,
        runners=STASHING,
    ),
    Scenario(
        "the commit is stopped once so that the tests are read",
        until_it_passes(between=":"),
        steps(
            replaced("pyproject.toml", "time-budget", "review = true\ntime-budget"),
            git("commit", "-q", "--no-verify", "-am", "review"),
            with_a_function(UNFINISHED),
        ),
        runners=("plain", *STASHING),
    ),
    Scenario(
        "the commit is blocked because nothing can be tested",
        only_with_the_hook(refused(), status=1),
        steps(
            replaced("pyproject.toml", "time-budget", 'policy = "block"\ntime-budget'),
            git("commit", "-q", "--no-verify", "-am", "block"),
            appended("shop/cart.py", DANGEROUS),
            git("add", "shop/cart.py"),
            UNFINISHED,
        ),
        tests=Tests.NONE,
        runners=("plain", *STASHING),
    ),
)

PROJECTS = (
    Scenario(
        "a test of the project makes a repository of its own",
        committed(),
        with_a_function(before=present("tests/test_release.py", MAKES_A_REPOSITORY)),
        runners=("plain", *STASHING),
        is_quick_share=True,
    ),
    Scenario(
        "a test of the project makes a repository, all is committed",
        committed("-a"),
        with_a_function(before=present("tests/test_release.py", MAKES_A_REPOSITORY)),
        runners=BOTH,
    ),
    Scenario(
        "a test of the project makes a repository, a path is committed",
        committed("--", "shop/cart.py"),
        with_a_function(before=present("tests/test_release.py", MAKES_A_REPOSITORY)),
        runners=BOTH,
    ),
    Scenario(
        "a test of the project makes a repository, in a linked worktree",
        lambda world: committed()(world.at(world.side / "linked")),
        steps(
            present("tests/test_release.py", MAKES_A_REPOSITORY),
            git("worktree", "add", "-q", "../linked"),
            lambda world: stage_a_function(world.at(world.side / "linked")),
        ),
        committed_in="linked",
        runners=BOTH,
    ),
    Scenario(
        "a test of the project changes the repository around it",
        committed(),
        with_a_function(UNFINISHED, before=present("tests/test_release.py", WORKS_WHERE_IT_STANDS)),
        runners=BOTH,
    ),
    Scenario(
        "a test of the project changes the repository around it, in a linked worktree",
        lambda world: committed()(world.at(world.side / "linked")),
        steps(
            present("tests/test_release.py", WORKS_WHERE_IT_STANDS),
            git("worktree", "add", "-q", "../linked"),
            lambda world: with_a_function(UNFINISHED)(world.at(world.side / "linked")),
        ),
        committed_in="linked",
        runners=BOTH,
    ),
    Scenario(
        "a test of the project sees no variable of the repository",
        committed(),
        with_a_function(staged("tests/test_settle.py", LOOKS_AT_ITS_ENVIRONMENT)),
        tests=Tests.NONE,
        runners=("plain", *STASHING),
    ),
    Scenario(
        "a test of the project sees no variable of the repository, in a linked worktree",
        lambda world: committed("-a")(world.at(world.side / "linked")),
        steps(
            git("worktree", "add", "-q", "../linked"),
            lambda world: with_a_function(staged("tests/test_settle.py", LOOKS_AT_ITS_ENVIRONMENT))(
                world.at(world.side / "linked")
            ),
        ),
        tests=Tests.NONE,
        committed_in="linked",
        runners=BOTH,
    ),
    Scenario(
        "the staged functions commit and remove files",
        committed(),
        steps(appended("shop/cart.py", DANGEROUS), git("add", "shop/cart.py"), UNFINISHED),
        tests=Tests.NONE,
        runners=BOTH,
    ),
    Scenario(
        "the environment of the runner's own hooks leaks in",
        with_environment(VIRTUAL_ENV="SIDE/no-such-environment", PYTEST_ADDOPTS="--nonsense"),
        with_a_function(UNFINISHED),
        runners=("plain", *STASHING),
    ),
)

SCENARIOS = (*BY_HAND, *STAGES, *BESIDE_OTHERS, *STAGED, *PROJECTS)
