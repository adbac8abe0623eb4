"""The settings, complete and checked; every default is written here and nowhere else."""

from enum import StrEnum
from pathlib import PurePosixPath

from sloptest_hook.values.records import dataclass, field


class Policy(StrEnum):
    """What an uncovered symbol, or a failure of ours, does to the commit."""

    WARN = "warn"
    BLOCK = "block"


class EngineName(StrEnum):
    """Who writes the tests."""

    OFFLINE = "offline"


class MergeStrategy(StrEnum):
    """How new tests enter an existing file."""

    AST_MERGE = "ast-merge"
    APPEND = "append"


class Formatter(StrEnum):
    """Who formats inserted code; auto: what the project configures."""

    AUTO = "auto"
    NONE = "none"
    BLACK = "black"
    RUFF = "ruff"


@dataclass(frozen=True, slots=True)
class MergeSettings:
    """``[tool.sloptest.merge]``."""

    strategy: MergeStrategy = MergeStrategy.AST_MERGE
    formatter: Formatter = Formatter.AUTO


class SandboxLevel(StrEnum):
    """How much confinement by the system generated code needs to be run.

    AUTO: some; REQUIRED: the strong one; OFF: none, and none is put in force.
    """

    AUTO = "auto"
    REQUIRED = "required"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """``[tool.sloptest.sandbox]``; ``allow_subprocess``: generated tests may start processes."""

    level: SandboxLevel = SandboxLevel.AUTO
    allow_subprocess: bool = False


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """``[tool.sloptest.coverage]``: how the project's pytest is run.

    ``cwd`` and ``append_pythonpath`` are relative to the repository.
    """

    pytest_args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    append_pythonpath: tuple[PurePosixPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """``[tool.sloptest]``."""

    policy: Policy = Policy.WARN
    on_error: Policy = Policy.WARN
    stage: bool = True
    review: bool = False
    engine: EngineName = EngineName.OFFLINE
    time_budget: float = 30.0
    minimum_coverage: float = 80.0
    tests_dir: PurePosixPath = PurePosixPath("tests")
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    python: str = "auto"
    merge: MergeSettings = field(default_factory=MergeSettings)
    runner: RunnerSettings = field(default_factory=RunnerSettings)
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
