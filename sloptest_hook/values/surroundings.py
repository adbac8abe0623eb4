"""What is around the tests that are to be written: where they go, what is there already."""

from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The test file that the tests go to, as far as a writer must know it.

    ``imports`` are the statements it begins with, ``fixtures`` the signatures in its reach with
    their first line of documentation, ``examples`` the nearest existing tests as source.
    """

    test_file: str = ""
    imports: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
