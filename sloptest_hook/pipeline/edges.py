"""The outside, as one commit sees it."""

from __future__ import annotations

from sloptest_hook.values.outcome import Mode
from sloptest_hook.values.records import dataclass

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import PurePosixPath

    from sloptest_hook.pipeline.ports import FactCache, StagedRepo
    from sloptest_hook.pipeline.workshop import Workshop
    from sloptest_hook.values.deadline import Deadline
    from sloptest_hook.values.plan import Plan


@dataclass(frozen=True, slots=True)
class Edges:
    """The outside, as one commit sees it.

    The cache and the workshop are opened only when needed: every commit pays for what it loads.
    ``open_workshop`` takes the changed paths and is called at most once; it raises GitError,
    InterpreterError and RunnerError. In a range no test is written, in a dry run none is
    staged. ``witness`` tells what the machine looks like: another text means that
    another interpreter, package or setting may be in force. ``today`` is ``2026-01-31``.
    ``planned`` is told the plan before any test is written. ``named_alone``: where files are named
    they are looked at whole, and nothing else is.
    """

    repo: StagedRepo
    open_cache: Callable[[], FactCache]
    witness: Callable[[], str]
    open_workshop: Callable[[Sequence[PurePosixPath], Deadline], AbstractContextManager[Workshop]]
    tell: Callable[[str], None]
    mode: Mode = Mode.HOOK
    today: str = ""
    planned: Callable[[Plan], None] | None = None
    named_alone: bool = False
