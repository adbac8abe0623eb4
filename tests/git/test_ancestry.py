import os
import subprocess
import sys

import pytest

# Writes its answer when its parent has gone.
_ORPHAN = """\
import os, sys, time
from sloptest_hook.git.ancestry import is_abandoned
while os.getppid() == int(sys.argv[1]): time.sleep(0.01)
print(is_abandoned(os.environ))
"""


@pytest.mark.parametrize(
    ("environ", "answer"),
    [
        pytest.param({}, "False", id="started by hand"),
        pytest.param({"GIT_INDEX_FILE": ".git/index"}, "False", id="started by another program"),
        pytest.param({"GIT_INDEX_FILE": ".git/index", "GIT_PREFIX": ""}, "True", id="by git"),
    ],
)
def test_only_what_git_has_started_can_be_abandoned(environ: dict[str, str], answer: str) -> None:
    # The shell ends at once, and the output when the orphan does.
    done = subprocess.run(
        ("sh", "-c", '"$@" $$ & exit 0', "sh", sys.executable, "-c", _ORPHAN),
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"{answer}\n"


def test_a_git_that_waits_has_abandoned_nothing() -> None:
    program = "import os; from sloptest_hook.git.ancestry import is_abandoned as a; "
    alias = f"alias.x=!{sys.executable} -c '{program}print(a(os.environ))'"
    done = subprocess.run(
        ("git", "-c", alias, "x"),
        env={**os.environ, "GIT_INDEX_FILE": "index", "GIT_PREFIX": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False\n"
