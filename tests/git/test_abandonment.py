"""A hook whose git or runner has died ends by itself, and undoes what it has begun."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_HOOK = """\
import os, signal, sys
from sloptest_hook.git.abandonment import ended_when_abandoned

def end(number, frame):
    raise KeyboardInterrupt

signal.signal(signal.SIGTERM, end)
try:
    with ended_when_abandoned(os.getppid(), os.environ):
        print("at work", flush=True)
        signal.sigtimedwait([], 20)
        print("worked for 20 seconds", flush=True)
except KeyboardInterrupt:
    print("ended", flush=True)
"""


@pytest.mark.parametrize(
    ("environment", "ended"),
    [
        ({"PRE_COMMIT": "1"}, "ended"),
        ({"GIT_INDEX_FILE": ".git/index", "GIT_PREFIX": ""}, "ended"),
    ],
    ids=["a runner", "git"],
)
def test_it_ends_when_its_parent_has_died(
    tmp_path: Path, environment: dict[str, str], ended: str
) -> None:
    program = tmp_path / "hook.py"
    program.write_text(_HOOK)
    parent = f"{sys.executable} {program} & echo $$; wait"
    with subprocess.Popen(
        ("sh", "-c", parent),
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as shell:
        assert shell.stdout is not None
        said = {shell.stdout.readline().strip(), shell.stdout.readline().strip()}
        assert said == {str(shell.pid), "at work"}
        shell.send_signal(signal.SIGKILL)
        assert shell.stdout.readline().strip() == ended
