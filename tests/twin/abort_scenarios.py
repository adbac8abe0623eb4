"""Commits that are given up after the hook has run, and the next try."""

from tests.twin.acts import arranged, prints, stage_a_function, stage_a_module, typed
from tests.twin.scenario import BOTH, Scenario, Tests
from tests.twin.world import Runner, World

REFUSING = """
printf '#!/bin/sh\\nexit 1\\n' > .git/hooks/commit-msg; chmod +x .git/hooks/commit-msg
"""
_AGAIN = "rm .git/hooks/commit-msg"


def fail_after_the_hook(world: World) -> None:
    """Make the ``pre-commit`` of the plain runner call something else after us, which fails."""
    hook = world.write(".git/hooks/pre-commit", '#!/bin/sh\n$TWIN_HOOK "$@"\ntest -e allow\n')
    hook.chmod(0o755)


GIVEN_UP = (
    Scenario(
        "a commit-msg hook refuses",
        typed("git commit -m one", ends=1),
        arranged(REFUSING, stage_a_function),
        Tests.LEFT,
        is_quick_share=True,
    ),
    Scenario(
        "a commit-msg hook refuses a new test file",
        typed("git commit -m one", ends=1),
        arranged(REFUSING, stage_a_module),
        Tests.LEFT,
        check=prints("git status --short tests", "A  tests/test_bill.py"),
    ),
    Scenario(
        "a commit-msg hook refuses all",
        typed("git commit -am one", ends=1),
        arranged(REFUSING, "grow shop/cart.py settle"),
        Tests.LEFT,
    ),
    Scenario(
        "a commit-msg hook refuses a path",
        typed("git commit -m one shop/cart.py", ends=1),
        arranged(REFUSING, "grow shop/cart.py settle"),
        Tests.LEFT,
    ),
    Scenario(
        "a commit-msg hook refuses a path of a new module",
        typed("git commit -m one shop/bill.py", ends=1),
        arranged(REFUSING, stage_a_module),
        Tests.LEFT,
        check=prints("git status --short tests", "?? tests/test_bill.py"),
    ),
    Scenario(
        "a commit-msg hook refuses an amendment",
        typed("git commit --amend -m one", ends=1),
        arranged(REFUSING, stage_a_function),
        Tests.LEFT,
    ),
    Scenario(
        "the message stays empty",
        typed("git commit", ends=1),
        stage_a_function,
        Tests.LEFT,
    ),
    Scenario(
        "the editor fails",
        typed("GIT_EDITOR=false git commit -a", ends=1),
        stage_a_function,
        Tests.LEFT,
    ),
    Scenario(
        "signing fails",
        typed("git -c gpg.program=false commit -S -m one", ends=128),
        stage_a_function,
        Tests.LEFT,
    ),
    Scenario(
        "another part of the hook fails",
        typed("git commit -m one", ends=1),
        arranged(fail_after_the_hook, stage_a_function),
        Tests.LEFT,
        runners=("plain",),
    ),
    Scenario(
        "another part of the hook fails for a path",
        typed("git commit -m one -- shop", ends=1),
        arranged(fail_after_the_hook, stage_a_module),
        Tests.LEFT,
        runners=("plain",),
    ),
)

_FORMS: tuple[tuple[str, str, str, tuple[Runner, ...]], ...] = (
    ("of what is staged", "git commit -m one", "", BOTH),
    ("of all", "git commit -am one", "git reset -q", BOTH),
    # What is left of these is not staged, and pre-commit hides it: see below.
    ("of a path", "git commit -m one shop/cart.py", "git reset -q", ("plain",)),
    ("of a path among others", "git commit -m 1 shop/cart.py", "git add notes.txt", ("plain",)),
)


def _again(name: str, command: str, unstaged: str, runners: tuple[Runner, ...]) -> Scenario:
    return Scenario(
        f"the second try {name}",
        typed(f"fails {command}; {_AGAIN}; {command}"),
        arranged(REFUSING, "echo 4 >> notes.txt", stage_a_function, unstaged),
        runners=runners,
    )


TRIED_AGAIN = (
    *(_again(*form) for form in _FORMS),
    Scenario(
        "the second try of a path, while the runner hides what is left of the first",
        typed(f"fails git commit -m one shop/cart.py; {_AGAIN}; git commit -m one shop/cart.py"),
        arranged(REFUSING, stage_a_function),
        Tests.LEFT,
        runners=("pre-commit",),
        check=prints("git show --format= --name-only -- tests", "tests/test_cart_generated.py"),
    ),
    Scenario(
        "the second try with another function of a module without tests",
        typed(
            f"fails git commit -m one; {_AGAIN}; grow shop/bill.py pay; git add shop; "
            "git commit -m one"
        ),
        arranged(REFUSING, stage_a_module),
    ),
    Scenario(
        "the second try with the function renamed, all",
        typed(
            f"fails git commit -am one; {_AGAIN}; sed -i s/settle/pay/ shop/cart.py; "
            "git commit -am one"
        ),
        arranged(REFUSING, "grow shop/cart.py settle"),
    ),
    Scenario(
        "the second try with the function renamed, a new test file",
        typed(
            f"fails git commit -m one shop; {_AGAIN}; sed -i s/settle/pay/ shop/bill.py; "
            "git commit -m one shop"
        ),
        arranged(REFUSING, stage_a_module),
    ),
    Scenario(
        "refused as a path, then committed with all",
        typed(f"fails git commit -m one shop/cart.py; {_AGAIN}; git commit -am one"),
        arranged(REFUSING, stage_a_function),
    ),
    Scenario(
        "refused with all, then staged and committed",
        typed(f"fails git commit -am one; {_AGAIN}; git add shop; git commit -m one"),
        arranged(REFUSING, "grow shop/cart.py settle"),
        runners=("plain",),
    ),
    Scenario(
        "refused as staged, then a path",
        typed(f"fails git commit -m one; {_AGAIN}; git commit -m one shop/cart.py"),
        arranged(REFUSING, stage_a_function),
        runners=("plain",),
        check=prints("git show --format= --name-only -- tests", "tests/test_cart.py"),
    ),
    Scenario(
        "refused twice",
        typed(f"fails git commit -am one; fails git commit -am one; {_AGAIN}; git commit -am one"),
        arranged(REFUSING, "grow shop/cart.py settle"),
    ),
    Scenario(
        "refused by another part of the hook, then allowed",
        typed("fails git commit -m one; touch allow; git commit -m one"),
        arranged(fail_after_the_hook, stage_a_function),
        runners=("plain",),
    ),
    Scenario(
        "given up for good",
        typed(
            "fails git commit -m one; git reset -q --hard; rm -f tests/test_bill.py; "
            f"{_AGAIN}; grow shop/cart.py pay; git commit -am two"
        ),
        arranged(REFUSING, stage_a_module),
    ),
)

SCENARIOS = (*GIVEN_UP, *TRIED_AGAIN)
