"""Guesses what tests cover where nothing can be measured."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from sloptest_hook.coverage.bodies import Body
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.source import Symbol

# A class is reached by its own name, and these by using an instance of it.
_CALLED_BY_PYTHON = re.compile(r"__\w+__")
_COMMENT = re.compile(r"#[^\n]*")


def estimate(
    symbol: Symbol, body: Body, importing_tests: Mapping[PurePosixPath, str]
) -> CoverageVerdict:
    """Return COVERED when a test file that imports the module mentions the symbol by name.

    ``importing_tests`` are the texts of those test files. Measured on six projects this rule is
    right on 'covered' in 81 of 100 cases and on 'uncovered' in 47: it may start a generation, and
    must neither block a commit nor silence one. A method needs its own name; a special method and
    ``__init__`` the name of the class.
    """
    word = re.compile(rf"\b{re.escape(_telling_name(symbol))}\b")
    mentions = tuple(
        path
        for path in sorted(importing_tests)
        if word.search(_COMMENT.sub("", importing_tests[path]))
    )
    return CoverageVerdict(
        symbol=symbol,
        status=CoverageStatus.COVERED if mentions else CoverageStatus.UNCOVERED,
        evidence=Evidence.ESTIMATED,
        executable=body.statements,
        missing_lines=frozenset() if mentions else body.statements,
        relied_on=mentions or tuple(sorted(importing_tests)),
    )


def _telling_name(symbol: Symbol) -> str:
    parts = symbol.qualname.split(".")
    while len(parts) > 1 and _CALLED_BY_PYTHON.fullmatch(parts[-1]):
        parts.pop()
    return parts[-1]
