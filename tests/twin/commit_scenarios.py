"""The ways to call ``git commit``."""

from tests.twin.acts import arranged, prints, stage_a_function, typed
from tests.twin.scenario import Scenario, Tests, committed

TWO_EDITS = "grow shop/cart.py settle; grow shop/pricing.py gross"

# A module that is long enough for two hunks, edited at both ends.
_LEDGER = """
seq -f '# line %g' 1 30 > shop/ledger.py
git add shop/ledger.py; save
sed -i '1s/^/import os\\n/' shop/ledger.py; grow shop/ledger.py settle
"""

WHOLE = (
    Scenario("a plain commit", committed(), stage_a_function, is_quick_share=True),
    Scenario("all", committed("-a"), stage_a_function),
    Scenario(
        "all, nothing staged before",
        typed("git commit -am both"),
        arranged(TWO_EDITS),
    ),
    Scenario(
        "one of two files chosen with -p",
        typed("printf 'y\\nn\\n' | git commit -p -m chosen"),
        arranged(TWO_EDITS),
    ),
    Scenario(
        "one of two hunks of a file chosen with -p",
        typed("printf 'n\\ny\\n' | git commit -p -m chosen"),
        arranged(_LEDGER),
        check=prints("git diff --numstat", "1\t0\tshop/ledger.py"),
        is_quick_share=True,
    ),
    Scenario(
        "one file chosen with --interactive",
        typed("printf 'update\\n1\\n\\nquit\\n' | git commit --interactive -m chosen"),
        arranged(TWO_EDITS),
    ),
    Scenario(
        "--include a path beside a staged one",
        typed("git commit -m both --include shop/cart.py"),
        arranged(TWO_EDITS, "git add shop/pricing.py"),
    ),
)

PATHS = (
    Scenario("a path", committed("--", "shop/cart.py"), stage_a_function, is_quick_share=True),
    Scenario(
        "--only a path, another one stays staged",
        typed("git commit -m one --only shop/cart.py"),
        arranged(TWO_EDITS, "git add shop/pricing.py"),
        check=prints("git diff --cached --name-only", "shop/pricing.py"),
    ),
    Scenario(
        "a path that is not staged",
        typed("git commit -m one shop/cart.py"),
        arranged(TWO_EDITS),
    ),
    Scenario(
        "a path that is staged in an older version",
        typed("git commit -m one shop/cart.py"),
        arranged("grow shop/cart.py settle; git add shop; grow shop/cart.py pay"),
    ),
    Scenario(
        "a path seen from a subdirectory",
        typed("cd shop; git commit -m one -- cart.py"),
        stage_a_function,
    ),
    Scenario(
        "several paths",
        typed("git commit -m two -- shop/cart.py shop/pricing.py notes.txt"),
        arranged(TWO_EDITS, "echo four >> notes.txt"),
    ),
    Scenario("a directory", typed("git commit -m two -- shop"), arranged(TWO_EDITS)),
    Scenario("a pattern", typed("git commit -m one -- ':(glob)**/c*.py'"), arranged(TWO_EDITS)),
    Scenario(
        "paths from a file",
        typed("printf 'shop/cart.py\\n' | git commit -m one --pathspec-from-file=-"),
        arranged(TWO_EDITS),
    ),
    Scenario(
        "a path whose test file is staged for another commit",
        typed("git commit -m one -- shop/cart.py"),
        arranged(TWO_EDITS, "echo '# later' >> tests/test_cart.py; git add tests"),
        check=prints("git diff --cached --name-only", "tests/test_cart.py"),
    ),
    Scenario(
        "a path whose new test file is staged for another commit",
        typed("git commit -m one -- shop/bill.py"),
        arranged(
            "grow shop/bill.py settle; echo 'import shop.bill' > tests/test_bill.py; git add ."
        ),
        check=prints("git diff --cached --name-only", "tests/test_bill.py"),
    ),
    Scenario(
        "a path and then what was staged beside it",
        typed("git commit -m one -- shop/cart.py; git commit -m two"),
        arranged(TWO_EDITS, "git add ."),
    ),
    Scenario(
        "two commits of a path",
        typed("git commit -m one -- shop/cart.py; grow shop/cart.py pay; git commit -m 2 -- shop"),
        stage_a_function,
    ),
)

AMENDED = (
    Scenario("amend with a staged function", committed("--amend"), stage_a_function),
    Scenario("amend with -a", typed("git commit --amend -a --no-edit"), arranged(TWO_EDITS)),
    Scenario(
        "amend with a path",
        typed("git commit --amend --no-edit -- shop/cart.py"),
        arranged(TWO_EDITS),
    ),
    Scenario(
        "amend the message alone",
        typed("git commit --amend -m 'another message'"),
        arranged("grow shop/cart.py settle; git add .; save"),
        Tests.NONE,
    ),
    Scenario(
        "amend the message alone, with unstaged work",
        typed("git commit --amend -m 'another message'"),
        arranged(TWO_EDITS),
        Tests.NONE,
    ),
    Scenario(
        "amend the message after tests were generated",
        typed("git commit -m one; git commit --amend -m 'another message'"),
        stage_a_function,
    ),
    Scenario(
        "amend with another function after tests were generated",
        typed(
            "git commit -m one; grow shop/cart.py pay; git add shop; git commit --amend --no-edit"
        ),
        stage_a_function,
    ),
    Scenario(
        "fixup and squash",
        typed("git commit --fixup HEAD; grow shop/cart.py pay; git commit -a --squash HEAD~1"),
        stage_a_function,
    ),
    Scenario(
        "amend by --fixup=amend",
        typed("git commit --fixup=amend:HEAD"),
        stage_a_function,
    ),
)

WITHOUT_CONTENT = (
    Scenario("--allow-empty", typed("git commit --allow-empty -m nothing"), tests=Tests.NONE),
    Scenario(
        "--allow-empty with unstaged work",
        typed("git commit --allow-empty -m nothing"),
        arranged(TWO_EDITS),
        Tests.NONE,
    ),
    Scenario("nothing is staged", typed("git commit -m one", ends=1), tests=Tests.NONE),
    Scenario(
        "nothing is staged, with unstaged work",
        typed("git commit -m one", ends=1),
        arranged(TWO_EDITS),
        Tests.NONE,
    ),
)

WITHOUT_THE_HOOK = (
    Scenario("--no-verify", committed("--no-verify"), stage_a_function, Tests.NONE),
    Scenario("SKIP", typed("SKIP=a,sloptest git commit -m one"), stage_a_function, Tests.NONE),
    Scenario("--dry-run", typed("git commit --dry-run"), stage_a_function, Tests.NONE),
)

OF_ANY_HEAD = (
    Scenario(
        "with the message from an editor and the diff below it",
        typed("GIT_EDITOR=\"sed -i '1s/^/one/'\" git commit -v"),
        stage_a_function,
    ),
    Scenario("detached", typed("git switch -q --detach; git commit -m one"), stage_a_function),
    Scenario(
        "the first commit of a branch without parents",
        typed("git checkout -q --orphan fresh; git commit -m one"),
        stage_a_function,
    ),
    Scenario(
        "two commits, one after the other",
        typed("git commit -m one; git add .; git commit -m two"),
        arranged(TWO_EDITS, "git add shop/cart.py"),
    ),
    Scenario(
        "a branch is made and left after the commit",
        typed("git switch -q -c side; git commit -m one; git switch -q main; git switch -q side"),
        stage_a_function,
    ),
    Scenario(
        "the hook run by hand before the commit",
        typed("git hook run --ignore-missing pre-commit; git commit -m one"),
        stage_a_function,
        runners=("plain",),
    ),
)

SCENARIOS = (
    *WHOLE,
    *PATHS,
    *AMENDED,
    *WITHOUT_CONTENT,
    *WITHOUT_THE_HOOK,
    *OF_ANY_HEAD,
)
