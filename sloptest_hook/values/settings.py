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
    ANTHROPIC = "anthropic"
    OPENAI = "openai"
    AZURE = "azure"
    BEDROCK = "bedrock"


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


class RunnerMode(StrEnum):
    """How the interpreter that runs pytest is known: by itself, or by a pytest program of its."""

    PYTHON_MODULE = "python-module"
    PYTEST_PATH = "pytest-path"


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """``[tool.sloptest.coverage]``: how the project's pytest is run.

    ``append_pythonpath`` is relative to the repository. An empty ``pytest_path`` names no program.
    """

    pytest_args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    append_pythonpath: tuple[PurePosixPath, ...] = ()
    mode: RunnerMode = RunnerMode.PYTHON_MODULE
    pytest_path: str = ""


class Effort(StrEnum):
    """How much a model may think before it answers."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Thinking(StrEnum):
    """Whether a model thinks at all; auto: as it does when nothing is said."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class Fallback(StrEnum):
    """Who writes the tests when the provider cannot."""

    OFFLINE = "offline"
    NONE = "none"


class OnSecret(StrEnum):
    """What a secret in the source does to a prompt."""

    REDACT = "redact"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens; for a model whose price nobody publishes."""

    input: float
    output: float
    cache_read: float
    cache_write: float


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """``[tool.sloptest.llm]``; an empty model or base URL is the engine's own default.

    For Azure the model is the deployment's name. Costs are in dollars, for one run and for one day
    of the whole repository. ``batch_size`` is how many symbols of one file share a call, with
    ``streaming`` it is one.
    """

    model: str = ""
    base_url: str = ""
    api_version: str = ""
    effort: Effort = Effort.LOW
    thinking: Thinking = Thinking.AUTO
    max_concurrency: int = 4
    batch_size: int = 3
    max_cost_usd: float = 0.5
    max_cost_usd_per_day: float = 5.0
    fallback: Fallback = Fallback.OFFLINE
    on_secret: OnSecret = OnSecret.REDACT
    only_for_hard: bool = False
    price: Price | None = None
    streaming: bool = False


@dataclass(frozen=True, slots=True)
class Waiver:
    """Symbols that get no tests, for a reason; ``until`` is ``2027-01-31``, empty: for ever.

    ``pattern`` is a glob of paths, after ``::`` perhaps one of qualnames.
    """

    pattern: str
    reason: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class RefineSettings:
    """``[tool.sloptest.refine]``: whether and how often a test that fails is written anew."""

    enable: bool = True
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """``[tool.sloptest]``."""

    policy: Policy = Policy.WARN
    on_error: Policy = Policy.WARN
    on_suspected_bug: Policy = Policy.WARN
    stage: bool = True
    review: bool = False
    engine: EngineName = EngineName.OFFLINE
    time_budget: float = 30.0
    minimum_coverage: float = 80.0
    tests_dir: PurePosixPath = PurePosixPath("tests")
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    python: str = "auto"
    waive: tuple[Waiver, ...] = ()
    merge: MergeSettings = field(default_factory=MergeSettings)
    runner: RunnerSettings = field(default_factory=RunnerSettings)
    llm: LlmSettings = field(default_factory=LlmSettings)
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    refine: RefineSettings = field(default_factory=RefineSettings)
