"""Reads source text as a tree, or says at which line it cannot be read."""

import ast
import sys
import warnings

from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """Why a source text has no symbols: ``line 3: '(' was never closed (read by Python 3.11)``."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


def parsed(text: str) -> ast.Module | ParseFailure:
    """Return the tree of a source text; whatever the text is, nothing is raised or printed."""
    try:
        with warnings.catch_warnings():
            # "\d" in somebody's string is not ours to print, nor to fail on under -W error.
            warnings.simplefilter("ignore")
            return ast.parse(text.removeprefix("\ufeff"))
    except SyntaxError as error:
        return ParseFailure(error.lineno or 1, f"{error.msg} ({_reader()})")
    except ValueError:  # a lone surrogate; before Python 3.11.4 a null byte
        return ParseFailure(1, f"holds characters that Python source cannot hold ({_reader()})")
    except (RecursionError, MemoryError):
        return ParseFailure(1, f"nested too deeply to be parsed ({_reader()})")


def _reader() -> str:
    """Return who reads: a project may be ahead of the Python that the hook runs on."""
    return f"read by Python {sys.version_info[0]}.{sys.version_info[1]}"
