"""Code that stands in docstrings: doctest prompts and fenced blocks."""

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator

from sloptest_hook.generation.offline.fragments import parse_statements

_PROMPT = re.compile(r"^[ \t]*(>>>|\.\.\.)(?: (.*))?$")
_FENCE = re.compile(
    r"^[ \t]*```[ \t]*(?:python|py)\b[^\n]*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL
)


def docstring_excerpts(source: str) -> Iterator[str]:
    """Yield the code of each docstring of a module, as statements that follow one another.

    Examples that do not parse are left out; what they print is not looked at.
    """
    for node in _documented(source):
        text = ast.get_docstring(node)
        if text and ">>>" in text:
            yield "\n".join(_that_parse(_examples(text)))
        elif text and "```" in text:
            yield from _that_parse(textwrap.dedent(code) for code in _FENCE.findall(text))


_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _documented(source: str) -> Iterator[_Documented]:
    module = ast.Module(list(parse_statements(source) or ()), [])
    for node in ast.walk(module):
        if isinstance(node, _Documented):
            yield node


def _examples(text: str) -> list[str]:
    examples: list[str] = []
    follows = False
    for line in text.splitlines():
        found = _PROMPT.match(line)
        if found and found[1] == ">>>":
            examples.append(found[2] or "")
        elif found and follows:
            examples[-1] += "\n" + (found[2] or "")
        follows = found is not None and bool(examples)
    return examples


def _that_parse(examples: Iterable[str]) -> list[str]:
    return [example for example in examples if parse_statements(example) is not None]
