"""Which settings of a repository's files its clone has to approve, and when.

A file of the repository is written by whoever wrote the repository. It may say how much is tested,
and not what runs on this machine or where code and keys go: that is approved once in each clone.
What the user's own environment or flags say is the user's word and needs nothing.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.config.schema import KEYS, replaced
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Settings

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a value is no business of the repository's: the end of a sentence that begins with it.

    ``content`` stands for what the value names, where that can change and the value stay.
    """

    reason: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """A setting that only the owner of this clone can allow, and why."""

    key: str
    value: str
    doubt: Doubt

    @property
    def digest(self) -> str:
        """Return what an approval is kept under: another value needs another one."""
        parts = json.dumps([self.key, self.value, self.doubt.content])
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()

    def __str__(self) -> str:
        """Return the setting as a person reads it."""
        return f"{self.key} = {self.value}"


class Warrant(Protocol):
    """What is known of this clone."""

    def doubt_on_interpreter(self, name: str) -> Doubt | None:
        """Return why the interpreter of that name is not the project's own."""

    def doubt_on_directory(self, path: PurePosixPath) -> Doubt | None:
        """Return why a directory of the repository is not one."""

    def holds(self, demand: Demand) -> bool:
        """Tell whether it was approved in this clone."""


class Stranger:
    """The warrant of nobody: nothing is approved, and nothing known to be the project's own."""

    def doubt_on_interpreter(self, name: str) -> Doubt | None:
        """Return a doubt on whatever is named."""
        return Doubt(f"names {name}")

    def doubt_on_directory(self, path: PurePosixPath) -> Doubt | None:
        """Return a doubt on whatever is named."""
        return Doubt(f"names {path}")

    def holds(self, demand: Demand) -> bool:
        """Say no."""
        return False


_Rule = Callable[[object, Settings, Warrant], Doubt | None]

# Where each provider answers itself; Azure's are its customers' own, and anybody is one.
_OWN_ENDPOINTS: Mapping[str, tuple[str, ...]] = {
    "anthropic": ("https://api.anthropic.com",),
    "openai": ("https://api.openai.com", "https://api.openai.com/v1"),
}


def _interpreter(value: object, _: Settings, warrant: Warrant) -> Doubt | None:
    return warrant.doubt_on_interpreter(str(value))


def _directories(value: object, _: Settings, warrant: Warrant) -> Doubt | None:
    paths = value if isinstance(value, tuple) else ()
    doubts = (warrant.doubt_on_directory(path) for path in paths)
    return next((doubt for doubt in doubts if doubt), None)


def is_own_endpoint(engine: str, value: str) -> bool:
    """Tell whether this is where the provider of that name answers itself."""
    return value.rstrip("/") in _OWN_ENDPOINTS.get(engine, ())


def _endpoint(value: object, settings: Settings, _: Warrant) -> Doubt | None:
    if is_own_endpoint(settings.engine.value, str(value)):
        return None
    return Doubt(f"sends code and a key to {value}, which is not the provider's own endpoint")


def _always(reason: str) -> _Rule:
    return lambda _value, _settings, _warrant: Doubt(reason)


# One line for each key; one that this version does not honour yet waits for it here.
GUARDED: Mapping[str, _Rule] = {
    "python": _interpreter,
    "coverage.env": _always("sets variables for every process that runs the project's tests"),
    "coverage.append-pythonpath": _directories,
    "coverage.pytest-path": _always("names the program that is run as pytest"),
    "coverage.runner-mode": _always("changes the program that is run as pytest"),
    "coverage.cwd": _always("changes where the project's tests are run"),
    "llm.base-url": _endpoint,
}


def demands(settings: Settings, warrant: Warrant) -> Sequence[Demand]:
    """Return what the files' settings demand of the owner of this clone, approved or not."""
    default = Settings()
    found = []
    for name, rule in GUARDED.items():
        value = _value(settings, name)
        if value is not None and value != _value(default, name):
            doubt = rule(value, settings, warrant)
            if doubt:
                found.append(Demand(name, _shown(value), doubt))
    return found


def without(settings: Settings, refused: Sequence[Demand]) -> Settings:
    """Return the settings with the defaults for what is not approved."""
    default = Settings()
    for demand in refused:
        settings = replaced(settings, KEYS[demand.key].field, _value(default, demand.key))
    return settings


def refusal(demand: Demand, origin: str) -> str:
    """Return the line that says what is left out, and what to do."""
    reason = demand.doubt.reason
    return (
        f"`{demand}` of {origin} {reason}; it is left out until you approve it in this clone: "
        "look at it, then run `sloptest trust`"
    )


def _value(settings: Settings, name: str) -> object:
    """Return the value of a key, None for one that this version does not honour yet."""
    field = KEYS[name].field
    value: object = settings if field else None
    for part in field.split(".") if field else ():
        value = getattr(value, part)
    return value


def _shown(value: object) -> str:
    match value:
        case tuple():
            return json.dumps(
                [str(each) if not isinstance(each, tuple) else each for each in value]
            )
        case _:
            return json.dumps(str(value))
