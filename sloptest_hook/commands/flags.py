"""Edge: settings that were typed: flags override the environment, which overrides files."""

from collections.abc import Sequence
from pathlib import Path

from sloptest_hook.config import readers
from sloptest_hook.config.pytest_path import with_pytest_path
from sloptest_hook.config.schema import KEYS, with_value
from sloptest_hook.errors import ConfigError, UsageError
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Settings


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as it was typed, and the key that it sets: ``--retries``, ``refine.attempts``."""

    name: str
    key: str
    value: str | bool | tuple[str, ...]


def with_flags(settings: Settings, flags: Sequence[Flag], root: Path) -> Settings:
    """Return the settings that the flags make of those in force; raises UsageError."""
    if not flags:
        return settings
    try:
        for flag in flags:
            settings = with_value(settings, flag.key, _value(settings, flag), flag.name)
            if flag.key == "coverage.pytest-path" and not (root / str(flag.value)).exists():
                raise UsageError(f"{flag.name} = {flag.value!r}: there is no such file")
        return with_pytest_path(settings, root)
    except ConfigError as error:
        raise UsageError(str(error)) from None


def _value(settings: Settings, flag: Flag) -> object:
    """Return the value as a file would say it; arguments of pytest join those that are there."""
    match flag.value:
        case tuple():
            return [*settings.runner.pytest_args, *flag.value]
        case str() if flag.key == "time-budget":
            minutes = readers.typed(flag.value, readers.seconds)
            return minutes * 60 if isinstance(minutes, float) else minutes
        case str():
            return readers.typed(flag.value, KEYS[flag.key].reader)
        case _:
            return flag.value
