"""Edge: what this clone may be told by its own files; see ``config/approval.py``."""

import os
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.git.repository import StagedRepository

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from sloptest_hook.config.approval import Demand, Doubt
    from sloptest_hook.git.approvals import Approvals
    from sloptest_hook.running.environments import Place

INTERPRETER = "interpreter"
# Looked for in the user's own PATH, as `auto` does.
_PLAIN_NAME = re.compile(r"(python|pypy)(\d(\.\d+)?)?(\.exe)?")


class CloneWarrant:
    """The warrant of one clone; nothing is loaded or asked before something is demanded."""

    def __init__(self, repo: StagedRepository) -> None:
        self._repo = repo
        self._refused: list[str] = []

    @property
    def lines(self) -> Sequence[str]:
        """Return a line for each interpreter that was left out so far."""
        return tuple(dict.fromkeys(self._refused))

    @property
    def approvals(self) -> "Approvals":
        """Return the record of this clone."""
        from sloptest_hook.git.approvals import Approvals

        return Approvals(self._repo.common_dir)

    def holds(self, demand: "Demand") -> bool:
        """Tell whether it was approved in this clone."""
        return self.approvals.holds(demand.digest)

    def doubt_on_interpreter(self, name: str) -> "Doubt | None":
        """Return why ``python`` names something that is not the project's own."""
        from sloptest_hook.config.approval import Doubt

        top = self._repo.top
        path = Path(name).expanduser()
        if not os.path.lexists(top / path) and _PLAIN_NAME.fullmatch(name):
            return None
        from sloptest_hook.git.provenance import is_inside

        if not is_inside(top, path) or not _is_path(top, path):
            return Doubt("names an interpreter outside of the project's own environments")
        inside = (top / path, top / path / "bin" / "python")
        return next((doubt for doubt in map(self._doubt_on, inside) if doubt), None)

    def doubt_on_directory(self, path: PurePosixPath) -> "Doubt | None":
        """Return why a directory to import from is not one of the repository's."""
        from sloptest_hook.config.approval import Doubt

        real = Path(os.path.realpath(self._repo.top / path))
        if real.is_relative_to(os.path.realpath(self._repo.top)):
            return None
        return Doubt(f"leads to {real}, outside of the repository", str(real))

    def demand_of(self, place: "Place") -> "Demand | None":
        """Return what an interpreter that was found in the repository demands, if it came with it.

        Neither the environment, nor a file that names it, nor what they are links to may be.
        """
        if place.named_by is None:
            return None  # the user's environment variables, their tools: their word
        from sloptest_hook.config.approval import Demand

        top = Path(os.path.normpath(self._repo.top))
        name = Path(os.path.normpath(place.named_by)).relative_to(top)
        doubt = self._doubt_on(place.named_by) or self._doubt_on(place.executable)
        return Demand(INTERPRETER, f"{name} ({place.executable})", doubt) if doubt else None

    def objection(self, place: "Place") -> str | None:
        """Return why an interpreter is passed over, as the end of a sentence that begins with it.

        What is passed over is told at the end of the run.
        """
        demand = self.demand_of(place)
        if demand is None or self.holds(demand):
            return None
        said = f"{demand.doubt.reason}; look at it, then run `sloptest trust`"
        self._refused.append(f"the interpreter {place.executable} is left out: it {said}")
        return said

    def _doubt_on(self, path: Path) -> "Doubt | None":
        from sloptest_hook.config.approval import Doubt
        from sloptest_hook.git.provenance import origin_of

        origin = origin_of(self._repo, path)
        return Doubt(origin.reason, origin.content) if origin else None


def _is_path(top: Path, path: Path) -> bool:
    """Tell a path from the name of a command; one with a separator is never looked for in PATH."""
    return os.path.lexists(top / path) or len(path.parts) > 1
