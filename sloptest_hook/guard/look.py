"""A parsed file with all that a rule may ask of it."""

import ast

from sloptest_hook.guard.bindings import Bindings
from sloptest_hook.guard.names import Names
from sloptest_hook.guard.parsed import Parsed
from sloptest_hook.guard.project import ProjectNames


class Look:
    """One file under judgement."""

    __slots__ = ("bindings", "calls", "loads", "names", "parsed", "project")

    def __init__(self, parsed: Parsed, project: ProjectNames) -> None:
        self.parsed = parsed
        self.project = project
        self.bindings = Bindings(parsed)
        self.names = Names(parsed, self.bindings)
        self.calls = list(parsed.all(ast.Call))
        self.loads: dict[str, list[ast.Name]] = {}
        for node in parsed.all(ast.Name):
            if isinstance(node.ctx, ast.Load):
                self.loads.setdefault(node.id, []).append(node)

    def argument(self, call: ast.Call, index: int, *names: str) -> ast.expr | None:
        """Return an argument by place or name; None when the call does not show it."""
        if index < len(call.args):
            return call.args[index]
        return next((each.value for each in call.keywords if each.arg in names), None)

    def is_open_ended(self, call: ast.Call) -> bool:
        """Return whether a call has arguments that it does not show: ``*args``, ``**kwargs``."""
        starred = any(isinstance(each, ast.Starred) for each in call.args)
        return starred or any(each.arg is None for each in call.keywords)
