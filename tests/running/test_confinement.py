"""The probes of ``sloptest env``."""

import time
from pathlib import Path

from sloptest_hook.running.confinement import probe_confinement
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.settings import SandboxLevel, SandboxSettings
from tests.running.harness.systems import needs_landlock


def deadline() -> Deadline:
    return Deadline(time.monotonic() + 60, time.monotonic)


@needs_landlock
def test_all_that_is_tried_is_stopped(project_python: Path) -> None:
    found = probe_confinement(str(project_python), SandboxSettings(), deadline())

    assert (found.confinement.level, found.open) == ("strong", ())
    assert found.told.startswith("strong (")
    assert found.told.endswith("; not stopped of what was tried: none")


def test_the_probes_get_out_where_nothing_is_in_force(project_python: Path) -> None:
    off = SandboxSettings(SandboxLevel.OFF)

    found = probe_confinement(str(project_python), off, deadline())

    assert found.confinement.level == "off"
    expected = {"writing outside", "reading a secret", "TCP", "UDP"}
    assert expected | {"signals to others", "starting a process"} == {*found.open}


def test_a_line_names_what_is_not_in_force() -> None:
    found = Confinement("partial", (("landlock", "ok"), ("seccomp", "no table for sparc")))

    assert found.told == "partial (landlock); not in force: seccomp (no table for sparc)"
