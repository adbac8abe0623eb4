"""Imported names as sorted import statements, as isort would print them."""

import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum

from sloptest_hook.merging.imports import FUTURE, ImportedName
from sloptest_hook.merging.style import Style
from sloptest_hook.merging.wrapping import wrapped


class Section(IntEnum):
    """The blocks of an import list, in their order."""

    FUTURE = 0
    STANDARD = 1
    THIRD_PARTY = 2
    FIRST_PARTY = 3
    RELATIVE = 4


def section_of(module: str, style: Style) -> Section:
    """Return the block a module is imported in."""
    top = module.partition(".")[0]
    if module.startswith("."):
        return Section.RELATIVE
    if module == FUTURE:
        return Section.FUTURE
    if top in style.first_party:
        return Section.FIRST_PARTY
    return Section.STANDARD if top in sys.stdlib_module_names else Section.THIRD_PARTY


def sort_key(name: ImportedName, style: Style) -> tuple[bool, str, str, bool]:
    """Return what orders statements within a section: ``import x`` before ``from x import y``."""
    is_from = name.name is not None
    return (is_from and not style.mixed, name.module.lower(), name.module, is_from)


def member_key(name: ImportedName) -> tuple[int, str, str]:
    """Return isort's order of members: CONSTANTS, then Classes, then the rest."""
    member = name.name or ""
    rank = 0 if member.isupper() and len(member) > 1 else 1 if member[:1].isupper() else 2
    return (rank, member.lower(), name.alias or "")


def sorted_names(names: Iterable[ImportedName], style: Style) -> list[ImportedName]:
    """Return the names in the order of statements, those of one module as its members."""
    return sorted(set(names), key=lambda name: (*sort_key(name, style), *member_key(name)))


def print_imports(names: Iterable[ImportedName], style: Style) -> list[tuple[str, str]]:
    """Return ``(module, statement)`` pairs, members of one module in one statement, sorted."""
    statements: dict[tuple[str, str], list[ImportedName]] = {}
    for name in sorted_names(names, style):
        of_its_own = name.name is None or style.single_line
        key = (name.module, f"{name.name} {name.alias}" if of_its_own else "from")
        statements.setdefault(key, []).append(name)
    return [(module, _statement(names, style)) for (module, _), names in statements.items()]


def grouped_imports(names: Iterable[ImportedName], style: Style) -> str:
    """Return an import list of its own, one blank line between its sections."""
    sections: dict[Section, list[str]] = {}
    for module, statement in print_imports(names, style):
        sections.setdefault(section_of(module, style), []).append(statement)
    return "\n".join("".join(sections[section]) for section in sorted(sections))


def _statement(names: Sequence[ImportedName], style: Style) -> str:
    first = names[0]
    if first.name is None:
        return (
            f"import {first.module} as {first.alias}\n"
            if first.alias
            else f"import {first.module}\n"
        )
    members = [f"{n.name} as {n.alias}" if n.alias else str(n.name) for n in names]
    line = f"from {first.module} import {', '.join(members)}\n"
    length = style.import_length or style.line_length
    return line if len(line) <= length + 1 else wrapped(first.module, members, length, style)
