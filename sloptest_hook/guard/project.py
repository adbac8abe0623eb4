"""What a judge must know of the project to tell its names from others."""

from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """A function that the code under judgement says it tests; ``source`` is its whole file."""

    qualname: str
    source: str = ""

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]

    @property
    def names(self) -> frozenset[str]:
        """The names by which a test can come to it: a method's, and its class's."""
        return frozenset(part for part in self.qualname.split(".") if part != "<locals>")


@dataclass(frozen=True, slots=True)
class ProjectNames:
    """``own`` are the project's top-level modules, ``used`` what its source and tests import.

    Names of ``used`` are top-level too. What the rules forbid stays forbidden to new tests, whoever
    else imports it.
    """

    own: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    subjects: tuple[Subject, ...] = ()
