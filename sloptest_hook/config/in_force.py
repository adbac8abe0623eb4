"""Each setting in force, and where it came from."""

from collections.abc import Iterator, Mapping

from sloptest_hook.config.reference import Plain, plain_value
from sloptest_hook.config.schema import KEYS, variable_of
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Settings

DEFAULT = "default"
_NO_FLAGS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class InForce:
    """A key, its value as a file would say it (None: nothing), and who said so."""

    key: str
    value: Plain | None
    origin: str


def in_force(
    settings: Settings,
    said_by_files: Settings,
    places: Mapping[str, str],
    environment: Mapping[str, str],
    flags: Mapping[str, str] = _NO_FLAGS,
) -> Iterator[InForce]:
    """Yield every key; ``places`` are where the file that counts sets one, ``flags`` the flags.

    A value of a file that is not in force and overridden by nobody was not approved.
    """
    for name in KEYS:
        value = plain_value(settings, name)
        variable = variable_of(name)
        if name in flags:
            origin = f"flag: {flags[name]}"
        elif environment.get(variable, "").strip():
            origin = f"environment: {variable}"
        elif name not in places:
            origin = DEFAULT
        elif value == plain_value(said_by_files, name):
            origin = places[name]
        else:
            origin = f"{DEFAULT}; {places[name]} is not approved, see `sloptest trust`"
        yield InForce(name, value, origin)
