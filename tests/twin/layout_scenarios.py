"""Where tests would go is a link, a file, another repository, or locked."""

import os

from tests.twin.abort_scenarios import REFUSING
from tests.twin.acts import arranged, prints, stage_a_function, stage_a_module, typed
from tests.twin.scenario import BOTH, Scenario, Tests, committed
from tests.twin.world import Runner

PLAIN: tuple[Runner, ...] = ("plain",)
_NO_TESTS = "git rm -rq tests; save"


def _declined(
    name: str,
    says: str,
    *arrangement: str,
    also: tuple[str, ...] = (),
    runners: tuple[Runner, ...] = PLAIN,
) -> Scenario:
    return Scenario(
        name,
        committed(),
        arranged(*arrangement, stage_a_module),
        Tests.NONE,
        says=says,
        also=also,
        runners=runners,
    )


LINKS = (
    _declined(
        "tests/ is a link within the repository",
        "which is a symbolic link",
        _NO_TESTS,
        "mkdir docs; echo a > docs/a; ln -s docs tests; git add .; save",
        runners=BOTH,
    ),
    Scenario(
        "tests/ is a link out of the repository",
        committed(),
        arranged(
            "mv tests ../outside; ln -s ../outside tests; git add -A; save",
            stage_a_module,
        ),
        Tests.NONE,
        says="which is a symbolic link",
        check=prints("ls ../outside | tr '\\n' ' '", "test_cart.py test_pricing.py"),
    ),
    Scenario(
        "tests/ is a link out of the repository that git ignores",
        committed(),
        arranged(
            "cp -r tests ../outside; git rm -rq tests; ln -s ../outside tests; "
            "echo /tests > .gitignore; git add .; save",
            stage_a_module,
        ),
        Tests.NONE,
        says="which is a symbolic link",
        runners=PLAIN,
        check=prints("ls ../outside | tr '\\n' ' '", "test_cart.py test_pricing.py"),
    ),
    Scenario(
        "the test file is a link out of the repository",
        committed(),
        arranged(
            "mv tests/test_cart.py ../outside.py; ln -s ../../outside.py tests/test_cart.py",
            "git add -A; save",
            stage_a_function,
        ),
        says="tests/test_cart_generated.py",
        check=prints("cmp ../outside.py ../../bare/outside.py", ""),
        is_quick_share=True,
    ),
)

OTHER_KINDS = (
    _declined(
        "tests/ is a submodule",
        "which is another git repository",
        "git clone -q . ../library; git rm -rq tests",
        "git -c protocol.file.allow=always submodule --quiet add ../library tests; save",
        also=("repository/tests",),
    ),
    _declined(
        "tests/ is a submodule that is not checked out",
        "a submodule in the index",
        "git clone -q . ../library; git rm -rq tests",
        "git -c protocol.file.allow=always submodule --quiet add ../library tests; save",
        "git submodule --quiet deinit tests",
    ),
    _declined(
        "tests/ is a repository of its own",
        "which is another git repository",
        f"{_NO_TESTS}; git init -q tests; echo a > tests/a",
        also=("repository/tests",),
    ),
    _declined("tests is a file", "which is a file", f"{_NO_TESTS}; : > tests; git add .; save"),
    _declined("tests is a file of nobody's", "which is a file", f"{_NO_TESTS}; : > tests"),
    Scenario(
        "tests/ is locked",
        committed(),
        arranged("chmod a-w tests", stage_a_module),
        # No lock holds root.
        Tests.NONE if os.geteuid() else Tests.COMMITTED,
        runners=PLAIN,
    ),
    Scenario("there are no tests yet", committed(), arranged(_NO_TESTS, stage_a_module)),
    Scenario(
        "there are no tests yet, refused",
        typed("git commit -am one", ends=1),
        arranged(
            _NO_TESTS,
            REFUSING,
            stage_a_module,
        ),
        Tests.LEFT,
        runners=PLAIN,
    ),
    Scenario(
        "the file of fixtures is the user's",
        committed(),
        arranged("echo '# mine' > tests/conftest.py; echo > tests/__init__.py", stage_a_module),
        runners=PLAIN,
    ),
)

# The hook of the plain runner with something around it that holds the index.
_HOLD = """
printf '#!/bin/sh\\n%s\\n' '{held}' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit
"""
_FOR_A_MOMENT = (
    ": > .git/index.lock; "
    "(while test -e .git/index.lock && ! test -e tests/test_bill.py; do :; done; "
    "rm -f .git/index.lock) & $TWIN_HOOK; status=$?; rm -f .git/index.lock; exit $status"
)
_ALL_THE_TIME = ": > .git/index.lock; $TWIN_HOOK; status=$?; rm .git/index.lock; exit $status"

LOCKED = (
    Scenario(
        "the index is locked for a moment",
        committed(),
        arranged(_HOLD.format(held=_FOR_A_MOMENT), stage_a_module),
        runners=PLAIN,
    ),
    Scenario(
        "the index is locked all the time",
        committed(),
        arranged(_HOLD.format(held=_ALL_THE_TIME), stage_a_module),
        Tests.NONE,
        runners=PLAIN,
        says="index.lock",
    ),
    Scenario(
        "the index is locked all the time, and there are no tests yet",
        committed(),
        arranged(_NO_TESTS, _HOLD.format(held=_ALL_THE_TIME), stage_a_module),
        Tests.NONE,
        runners=PLAIN,
        says="index.lock",
    ),
    Scenario(
        "the lock of the index stays",
        typed("git commit -m one; rm .git/index.lock"),
        arranged(_HOLD.format(held=": > .git/index.lock; $TWIN_HOOK"), stage_a_module),
        Tests.NONE,
        runners=PLAIN,
        says="index.lock",
    ),
)

SCENARIOS = (*LINKS, *OTHER_KINDS, *LOCKED)
