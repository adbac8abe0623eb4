"""A ``from`` import that is too long for one line, in the mode that isort is told.

The numbers are those of isort's ``multi_line_output``; ruff and black know the third alone.
"""

from collections.abc import Callable, Sequence

from sloptest_hook.merging.style import Style

_INDENT = "    "


def wrapped(module: str, members: Sequence[str], length: int, style: Style) -> str:
    """Return the statement on several lines; a mode that is not known counts as the third."""
    head = f"from {module} import "
    comma = "," if style.trailing_comma else ""
    return _MODES.get(style.wrap, _hanging)(head, members, length, comma)


def _grid(head: str, members: Sequence[str], length: int, comma: str) -> str:
    indent = " " * (len(head) + 1)
    listed = ",\n".join(_filled(f"{head}(", members, indent, length - 1))
    return f"{listed}{comma})\n"


def _vertical(head: str, members: Sequence[str], _length: int, comma: str) -> str:
    indent = " " * (len(head) + 1)
    listed = f",\n{indent}".join(members)
    return f"{head}({listed}{comma})\n"


def _backslash(head: str, members: Sequence[str], length: int, _comma: str) -> str:
    lines = _filled(head, members, _INDENT, length - len(", \\"))
    if len(lines[0].rstrip()) <= len(head.rstrip()):  # not one name fits behind the head
        rest = ", \\\n".join(lines[1:])
        return f"{lines[0].rstrip()} \\\n{rest}\n"
    return ", \\\n".join(lines) + "\n"


def _hanging(head: str, members: Sequence[str], _length: int, comma: str) -> str:
    listed = f",\n{_INDENT}".join(members)
    return f"{head}(\n{_INDENT}{listed}{comma}\n)\n"


def _grid_below(head: str, members: Sequence[str], length: int, comma: str) -> str:
    lines = _filled(_INDENT, members, _INDENT, length - len(f"{comma})"))
    listed = ",\n".join(lines)
    return f"{head}(\n{listed}{comma})\n"


def _grid_grouped(head: str, members: Sequence[str], length: int, comma: str) -> str:
    lines = _filled(_INDENT, members, _INDENT, length - len(comma or ","))
    listed = ",\n".join(lines)
    return f"{head}(\n{listed}{comma}\n)\n"


def _filled(first: str, members: Sequence[str], indent: str, length: int) -> list[str]:
    """Return lines with as many members as fit, joined by a comma, none at their ends."""
    lines = [first]
    is_empty = True
    for member in members:
        longer = f"{lines[-1]}{'' if is_empty else ', '}{member}"
        if len(longer) <= length or (is_empty and first.endswith(("(", _INDENT))):
            lines[-1] = longer
        else:
            lines.append(f"{indent}{member}")
        is_empty = False
    return lines


_MODES: dict[int, Callable[[str, Sequence[str], int, str], str]] = {
    0: _grid,
    1: _vertical,
    2: _backslash,
    3: _hanging,
    4: _grid_below,
    5: _grid_grouped,
}
