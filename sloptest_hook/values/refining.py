"""A target whose tests did not prove themselves, for whoever may write them anew."""

from sloptest_hook.values.candidate import WrittenTest
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """A test as it was written and why it was not kept; ``detail`` is pytest's report of it."""

    test: WrittenTest
    imports: tuple[str, ...]
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RefineRequest:
    """What is still wanted of one target: tests in the place of those that failed.

    ``missing`` are lines that still nothing executes, ``survivors`` changes of the code that no
    test notices, each one line for a person.
    """

    target: Target
    failures: tuple[Failure, ...]
    missing: tuple[int, ...] = ()
    survivors: tuple[str, ...] = ()
