"""Edge: where the edges are built, and where mypy checks that each fits its port."""

import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import PurePosixPath

from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.settings import Settings

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from sloptest_hook.pipeline.ports import VerdictCache
    from sloptest_hook.pipeline.workshop import Workshop


def edges_for(repo: StagedRepository, settings: Settings, *, verbose: bool) -> Edges:
    """Return the outside of one commit; the workshop is not built before it is needed."""

    def open_workshop(
        paths: Sequence[PurePosixPath], deadline: Deadline
    ) -> "AbstractContextManager[Workshop]":
        from sloptest_hook.commands import workshop  # 200 ms

        gc.enable()  # off while a commit may have nothing to do

        return workshop.open_workshop(repo, settings, paths, deadline)

    def open_cache() -> "VerdictCache":
        from sloptest_hook.store import Cache

        return Cache(repo.common_dir, minimum=settings.minimum_coverage)

    return Edges(
        repo=repo,
        open_cache=open_cache,
        open_workshop=open_workshop,
        tell=_teller(verbose=verbose),
    )


def _teller(*, verbose: bool) -> Callable[[str], None]:
    def tell(line: str) -> None:
        if verbose:
            sys.stderr.write(f"sloptest: {line}\n")
            sys.stderr.flush()

    return tell
