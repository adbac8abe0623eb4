"""Writes the table of all keys with their defaults, as TOML that reads back as the defaults."""

import json
from collections.abc import Iterator, Mapping

from sloptest_hook.config.reference import Entry, entries

HEADING = (
    "# The settings of sloptest-hook. Each line is the default: what you do not change can go."
)


def table_text() -> str:
    """Return ``[tool.sloptest]`` and its sections; a key without a default is commented out."""
    return "\n".join([HEADING, "[tool.sloptest]", *_lines(), ""])


def toml_value(value: object) -> str:
    """Return a value as TOML has it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}" if value % 1 else f"{value:.0f}"
        case Mapping():
            inner = ", ".join(
                f"{_key(str(name))} = {toml_value(each)}" for name, each in value.items()
            )
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case int():
            return str(value)
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def _lines() -> Iterator[str]:
    section = ""
    for entry in entries():
        here, _, name = entry.name.rpartition(".")
        if here != section:
            section = here
            yield ""
            yield f"[tool.sloptest.{section}]"
        yield f"# {entry.meaning}"
        yield _assignment(name, entry)


def _assignment(name: str, entry: Entry) -> str:
    if entry.default is None:
        return f"# {name} = {toml_value(entry.example)}"
    value = {} if entry.name in _TABLES and not entry.default else entry.default
    return f"{name} = {toml_value(value)}"


# Kept as pairs, which a file writes as a table.
_TABLES = frozenset({"coverage.env"})


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else json.dumps(name)
