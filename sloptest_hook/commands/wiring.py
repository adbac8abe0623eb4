"""Edge: where the edges are built, and where mypy checks that each fits its port."""

import gc
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.settings import Settings

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from sloptest_hook.commands.by_hand import ByHand
    from sloptest_hook.commands.hearing import Hearing
    from sloptest_hook.pipeline.ports import FactCache
    from sloptest_hook.pipeline.workshop import Workshop


def edges_for(
    repo: StagedRepository,
    settings: Settings,
    warrant: CloneWarrant,
    *,
    verbose: bool,
    quiet: bool = False,
    by_hand: "ByHand | None" = None,
) -> Edges:
    """Return the outside of one commit; the workshop is not built before it is needed.

    What a run tells of itself goes into the log; ``verbose`` prints it, ``quiet`` shows nothing of
    it on a terminal.
    """
    ears: list[Hearing] = []

    def hearing() -> "Hearing":
        if not ears:
            from sloptest_hook.commands.hearing import Hearing

            ears.append(Hearing(repo, verbose=verbose, quiet=quiet))
        return ears[0]

    @contextmanager
    def open_workshop(paths: Sequence[PurePosixPath], deadline: Deadline) -> "Iterator[Workshop]":
        from sloptest_hook.commands import workshop  # 100 ms

        gc.enable()  # off while a commit may have nothing to do

        watched = workshop.Watched(warrant.objection, hearing().heard, by_hand)
        with (
            hearing().shown(deadline),
            workshop.open_workshop(repo, settings, paths, deadline, watched) as opened,
        ):
            yield opened

    def open_cache() -> "FactCache":
        from sloptest_hook.store.store import FactStore

        if by_hand is None or not by_hand.afresh:
            return FactStore(repo.common_dir)
        from sloptest_hook.store.afresh import AfreshStore

        return AfreshStore(FactStore(repo.common_dir))

    def witness() -> str:
        from sloptest_hook.running import answers

        room = repo.git_dir / "sloptest"
        kept = settings.python, repr(settings.runner), warrant.approvals.text
        return answers.witness(room, *kept, *_looks(repo.top))

    return Edges(
        repo=repo,
        open_cache=open_cache,
        witness=witness,
        open_workshop=open_workshop,
        tell=lambda line: hearing().tell(line),
        planned=lambda plan: hearing().planned(plan),
        today=time.strftime("%Y-%m-%d"),
    )


def _looks(top: Path) -> Iterator[str]:
    """Yield what decides which interpreter is found, as far as a commit can afford to look."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT"):
        yield os.environ.get(name, "")
    for name in (".venv", "venv", ".python-version"):
        yield str(os.path.lexists(top / name))
