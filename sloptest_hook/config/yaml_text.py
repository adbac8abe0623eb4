"""Writes ``.testgen.yml``: all keys with their defaults, under the older names if they have one."""

import json
from collections.abc import Iterator, Mapping

from sloptest_hook.config.reference import Entry, entries
from sloptest_hook.config.testgen import NAMES, TEST_RUNNER
from sloptest_hook.config.toml_text import HEADING

_HEADING = (
    "# The settings of sloptest-hook. Each line is the default: what you do not change can go."
)
_MEANING_OF_TEST_RUNNER = "always so: no test is kept that has not passed"


def yaml_text() -> str:
    """Return the file; a key without a default is commented out."""
    older = {ours: path for path, ours in NAMES.items() if ours}
    known = {entry.name: entry for entry in entries()}
    leaves: dict[str, tuple[str, str, bool]] = {
        path: _leaf(known[ours]) for ours, path in older.items()
    }
    leaves[TEST_RUNNER] = _MEANING_OF_TEST_RUNNER, "true", True
    leaves |= {name: _leaf(entry) for name, entry in known.items() if name not in older}
    return "\n".join([HEADING, *_tree(leaves, ""), ""])


def _leaf(entry: Entry) -> tuple[str, str, bool]:
    """Return a key's meaning, its value, and whether the value holds where nobody says it."""
    value = entry.example if entry.default is None else entry.default
    # JSON is YAML. What is empty in Settings may be a table in a file.
    text = "{}" if entry.name == "coverage.env" and not value else json.dumps(value)
    return entry.meaning, text, entry.default is not None


def _tree(leaves: Mapping[str, tuple[str, str, bool]], indent: str) -> Iterator[str]:
    """Yield the lines of a level: keys with a value, and below a name those that share it."""
    done: set[str] = set()
    for path in leaves:
        name, _, rest = path.partition(".")
        if not rest:
            meaning, value, is_set = leaves[path]
            yield f"{indent}# {meaning}"
            yield f"{indent}{'' if is_set else '# '}{name}: {value}"
        elif name not in done:
            done.add(name)
            below = {
                each.partition(".")[2]: leaf
                for each, leaf in leaves.items()
                if each.startswith(f"{name}.")
            }
            yield f"{indent}{name}:"
            yield from _tree(below, f"{indent}  ")
