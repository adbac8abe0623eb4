"""What a rule is, and what it says of code."""

import ast
from enum import StrEnum

from sloptest_hook.values.records import dataclass

_MOST_SHOWN = 80  # characters of the code, in a message


class Verdict(StrEnum):
    """What becomes of code, the worst first."""

    DENY = "deny"  # never run, never staged
    FIX = "fix"  # not run as it is; whoever wrote it may write it better
    STRONG_SANDBOX = "strong-sandbox"  # run only where the strongest confinement is in force
    NOTE = "note"  # for the reader


@dataclass(frozen=True, slots=True)
class Violation:
    """A line that breaks a rule; the message is for a person or a model to act on."""

    rule_id: str
    verdict: Verdict
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data: what it refuses in words, with an example that it refuses and one not.

    ``says`` completes "it ...": ``it starts a process``.
    """

    rule_id: str
    verdict: Verdict
    says: str
    refused: str
    accepted: str

    def at(self, where: ast.AST | int, shown: str = "") -> Violation:
        """Return the violation of this rule at a node or a line."""
        line = where if isinstance(where, int) else getattr(where, "lineno", 1)
        code = " ".join(shown.split())[:_MOST_SHOWN]
        return Violation(
            self.rule_id, self.verdict, line, f"it {self.says}{f': {code}' if code else ''}"
        )
