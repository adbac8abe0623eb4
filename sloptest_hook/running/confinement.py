"""Edge: how far generated code is confined here, found out by trying."""

import tempfile
from pathlib import Path

from sloptest_hook.running.outcome import confinement_in
from sloptest_hook.running.process import HARNESS, HarnessPlace, open_harness
from sloptest_hook.running.variables import bare_environment
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import SandboxSettings


@dataclass(frozen=True, slots=True)
class Probed:
    """What the harness says of itself, and which of the acts it tried were not stopped."""

    confinement: Confinement
    open: tuple[str, ...]

    @property
    def told(self) -> str:
        """Return one line for a person."""
        if not self.confinement.level:
            return "unknown: the harness did not answer"
        left = ", ".join(self.open) or "none"
        return f"{self.confinement.told}; not stopped of what was tried: {left}"


def probe_confinement(python: str, sandbox: SandboxSettings, deadline: Deadline) -> Probed:
    """Confine a process of the project's interpreter, and let it try what it must not.

    Writes outside scratch, reads a secret, speaks TCP and UDP to a listener of our own, signals its
    parent, starts a program, opens the terminal. Raises RunnerError when it cannot be started.
    """
    import socket  # with the command alone

    with (
        tempfile.TemporaryDirectory(prefix="sloptest-probe-") as name,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        room = Path(name)
        for folder in ("scratch", "home", "outside"):
            (room / folder).mkdir()
        (room / "outside" / "secret").write_text("dummy")
        env = {**bare_environment(), "HOME": str(room / "home")}
        place = HarnessPlace("probing", room / "home", room / "scratch", env)
        body = _body(room, sandbox, listener.getsockname()[1])
        with open_harness(python, place) as harness:
            reply = harness.ask(body, deadline)
    said = [each for each in reply.messages if "open" in each]
    if not said:
        return Probed(Confinement(), ())
    return Probed(confinement_in(said[0]), _texts(said[0]["open"]))


def _body(room: Path, sandbox: SandboxSettings, port: int) -> dict[str, object]:
    return {
        "scratch": str(room / "scratch"),
        "trees": [str(room / "home"), str(HARNESS)],
        "outside": str(room / "outside"),
        "secret": str(room / "outside" / "secret"),
        "port": port,
        "sandbox": {
            "level": sandbox.level.value,
            "programs": sandbox.allow_subprocess,
            "hidden": [],
            "linked": [],
        },
    }


def _texts(found: object) -> tuple[str, ...]:
    return tuple(str(each) for each in found) if isinstance(found, list) else ()
