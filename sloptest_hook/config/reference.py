"""What every key means, and what it is where nobody sets it: one table for all who tell of it."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from sloptest_hook.config.schema import KEYS
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Price, Settings, Waiver

MEANINGS: Mapping[str, str] = {
    "policy": '"block": a new or changed symbol that stays uncovered stops the commit',
    "on-error": 'what a failure does that is not yours (no pytest, time spent): "warn" or "block"',
    "on-suspected-bug": 'what code that contradicts its own documentation does: "warn" or "block"',
    "stage": "put the tests into this commit; false leaves them in the working tree",
    "review": "when tests were written, stop the commit once so that they are read first",
    "engine": 'who writes the tests: "offline", or "anthropic", "openai", "azure", "bedrock"',
    "time-budget": "seconds for the whole hook",
    "minimum-coverage": "percent of a symbol's executable lines and branches",
    "tests-dir": "where new test files go",
    "include": "globs of source files, as in ruff; empty: all",
    "exclude": "globs of source files that get no tests",
    "python": "the project's interpreter, or the directory of its environment",
    "waive": "globs of paths, or path::qualname, that get no tests, each for a reason",
    "merge.strategy": '"append": new tests go to the end of the file',
    "merge.formatter": '"none", "black", "ruff"; auto: what the project configures',
    "coverage.pytest-args": "more arguments for pytest",
    "coverage.env": "more environment variables for pytest",
    "coverage.append-pythonpath": "more directories of the repository to import from",
    "coverage.cwd": "where pytest runs: the top of the repository",
    "coverage.runner-mode": '"pytest-path": the interpreter is the one of `pytest-path`',
    "coverage.pytest-path": "a pytest program, whose interpreter is the project's",
    "refine.enable": "write tests anew that fail",
    "refine.attempts": "how often a test is written anew before it is given up",
    "sandbox.level": 'confinement that generated code needs: "auto", "required", "off"',
    "sandbox.allow-subprocess": "generated tests may start processes, confined as they are",
    "llm.model": "the model, for Azure the deployment; else the engine's own",
    "llm.base-url": "where the provider answers; else its own place",
    "llm.api-version": "of Azure OpenAI, where the classic interface is wanted",
    "llm.effort": 'how much a model may think: "low", "medium", "high"',
    "llm.thinking": 'whether it thinks at all: "auto", "on", "off"',
    "llm.max-concurrency": "calls side by side",
    "llm.batch-size": "symbols of one file in a call",
    "llm.max-cost-usd": "dollars for one run, where the price of the model is known",
    "llm.max-cost-usd-per-day": "dollars for one day of the whole repository",
    "llm.fallback": '"none": a provider that fails leaves the symbol uncovered',
    "llm.on-secret": '"refuse": nothing that holds a secret is sent, not even redacted',
    "llm.only-for-hard": "ask only for what the offline engine does not cover",
    "llm.price": "dollars for a million tokens, of a model whose price nobody publishes",
    "llm.streaming": "one symbol a call",
}

# For keys that have no value unless somebody gives one.
_EXAMPLES: Mapping[str, object] = {
    "waive": {"legacy/*": {"reason": "will be deleted", "until": "2027-01-31"}},
    "llm.model": "name",
    "llm.base-url": "https://host/v1",
    "llm.api-version": "2024-10-21",
    "llm.price": {"input": 3.0, "output": 15.0},
    "coverage.pytest-path": ".venv/bin/pytest",
}

Plain = str | bool | int | float | list[str] | dict[str, str] | dict[str, float]
_NEVER_EMPTY = frozenset({"waive"})  # whoever adds a table of that name would write it twice


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its meaning; ``default`` None: none, and ``example`` is what one may look like."""

    name: str
    meaning: str
    default: Plain | None
    example: object


def entries() -> tuple[Entry, ...]:
    """Return every key, those without a section first, as they are kept in a file."""
    names = sorted(KEYS, key=lambda name: "." in name)  # stable
    return tuple(
        Entry(name, MEANINGS[name], default_of(name), _EXAMPLES.get(name)) for name in names
    )


def default_of(name: str) -> Plain | None:
    """Return the default of a key as a file would say it; None where a file cannot say it."""
    return plain_value(Settings(), name)


def plain_value(settings: Settings, name: str) -> Plain | None:
    """Return what settings say of a key, in the words of a file; None for nothing."""
    key = KEYS[name]
    if not key.field:
        return _plain(key.only[0]) if key.only else None
    value: object = settings
    for part in key.field.split("."):
        value = getattr(value, part)
    return None if name in _NEVER_EMPTY and not value else _plain(value)


def _said(waiver: Waiver) -> str:
    return f"{waiver.reason} (until {waiver.until})" if waiver.until else waiver.reason


def _plain(value: object) -> Plain | None:
    match value:
        case StrEnum() | PurePosixPath():
            return str(value)
        case Price():
            return {
                "input": value.input,
                "output": value.output,
                "cache-read": value.cache_read,
                "cache-write": value.cache_write,
            }
        case tuple():
            return _listed(value)
        case bool() | int() | float() | str():
            return value if value != "" else None
        case _:
            return None


def _listed(values: tuple[object, ...]) -> Plain:
    """Return a list, or the table that pairs and waivers are written as."""
    table: dict[str, str] = {}
    for value in values:
        match value:
            case Waiver():
                table[value.pattern] = _said(value)
            case (name, text):
                table[str(name)] = str(text)
            case _:
                return list(map(str, values))
    return table if values else []
