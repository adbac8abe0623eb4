"""What every command is told about its output."""

from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """How much is said, and in which form; ``color`` None: where a person looks."""

    verbose: bool = False
    quiet: bool = False
    json: bool = False
    github: bool = False
    color: bool | None = None
