"""Says which methods of test classes one test may call.

Of a class that exists for its tests a test uses what it mentions, what runs around every test, and
what is no function. Anything else is taken in whole: who knows what others call of a fake.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from sloptest_hook.symbols.statements import Statement, Statements

_Member = tuple[Statements, Statement]


@dataclass(slots=True)
class Subjects:
    """The classes of one test, its bases among them, and the names that were mentioned so far."""

    _classes: dict[Statement, Statements] = field(default_factory=dict)
    _wanted: set[str] = field(default_factory=set)
    _is_exposed: bool = False

    def copy(self) -> "Subjects":
        """Return a copy that can go on alone."""
        return Subjects(self._classes.copy(), self._wanted.copy(), self._is_exposed)

    def add(self, file: Statements, found: Statement) -> list[_Member]:
        """Add a class; return the members that are used, as far as is known."""
        if found in self._classes:
            return []
        self._classes[found] = file
        return [(file, each) for each in found.members if self._is_used(each)]

    def want(self, name: str) -> list[_Member]:
        """Return the members that a mentioned name may mean."""
        if name in self._wanted:
            return []
        self._wanted.add(name)
        if not self._classes:  # as for most tests
            return []
        return [(file, each) for file, each in self._members() if name in each.names]

    def expose(self) -> list[_Member]:
        """Return every member that is no test: somebody else may call any of them."""
        if self._is_exposed:
            return []
        self._is_exposed = True
        return [(file, each) for file, each in self._members() if self._is_used(each)]

    def _members(self) -> Iterator[_Member]:
        for found, file in self._classes.items():
            for each in found.members:
                yield file, each

    def _is_used(self, member: Statement) -> bool:
        return (
            member.is_always
            or not self._wanted.isdisjoint(member.names)
            or (self._is_exposed and not member.is_test)
        )


def hands_itself_on(method: Statement) -> bool:
    """Say whether a method gives its object to others, who may call any method of it."""
    node = method.node
    if method.owner is None or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    first = [*node.args.posonlyargs, *node.args.args][:1]
    return bool(first) and first[0].arg in method.mentions.bare
