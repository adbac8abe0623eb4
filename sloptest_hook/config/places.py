"""Finds the line of a file that sets a key, for messages and for who asks where a value is from."""

import re
from collections.abc import Iterator, Mapping

_TABLE = ("tool", "sloptest")
_HEADER = re.compile(r"\s*\[\[?(?P<name>[^\]]+)\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"""\s*(?P<name>(?:"[^"]*"|'[^']*'|[\w\-. \t])+?)\s*=""")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*(?:\.|$)""")
_FENCES = ('"""', "'''")


def toml_line(text: str, key: str) -> int:
    """Return the line that sets a key of ``[tool.sloptest]``, or what is around it.

    ``merge.strategy`` in an inline table is where ``merge`` is. 1 where nothing is found.
    """
    wanted = (*_TABLE, *key.split("."))
    best, depth = 1, 0
    for number, path in _paths(text):
        if path == wanted[: len(path)] and len(path) > depth:
            best, depth = number, len(path)
    return best


def yaml_line(text: str, key: str) -> int:
    """Return the line of a dotted path in YAML that parses, or of what is around it."""
    import yaml  # 20 ms, on the way to a message

    node, line = yaml.compose(text, Loader=yaml.SafeLoader), 1
    for part in key.split("."):
        if not isinstance(node, yaml.MappingNode):
            break
        pairs = {name.value: (name, value) for name, value in node.value}
        if part not in pairs:
            break
        name, node = pairs[part]
        line = name.start_mark.line + 1
    return line


def keys_of(table: Mapping[str, object], sections: frozenset[str]) -> Iterator[str]:
    """Yield the keys that a table sets: ``policy``, ``merge.strategy``."""
    for name, value in table.items():
        if name in sections and isinstance(value, Mapping):
            yield from (f"{name}.{inner}" for inner in value)
        else:
            yield name


def _paths(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield headers and assignments with their lines; text of several lines holds none."""
    header: tuple[str, ...] = ()
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        if fence:
            fence = "" if fence in line else fence
            continue
        found = _HEADER.match(line)
        if found:
            header = _parts(found["name"])
            yield number, header
            continue
        found = _ASSIGNMENT.match(line)
        if found:
            yield number, (*header, *_parts(found["name"]))
        fence = next((each for each in _FENCES if line.count(each) % 2), "")


def _parts(name: str) -> tuple[str, ...]:
    return tuple(next(filter(None, part), "") for part in _PART.findall(name))
