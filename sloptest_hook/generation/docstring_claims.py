"""Tests of what a docstring shows: where one fails, code and documentation contradict each other.

Only what can mean one thing is taken: an expression and the literal that it is said to give, or the
exception that it is said to raise. Directives, ellipses and printed text are left alone.
"""

import ast
import doctest
import re
from collections.abc import Iterator
from textwrap import indent

from sloptest_hook.generation.subject_view import documented, importable_names
from sloptest_hook.values.candidate import Claim, WrittenTest
from sloptest_hook.values.plan import Target

_MOST_CLAIMS = 5  # of one docstring
_UNCLEAR = re.compile(r"doctest:|\.\.\.")
_OUTPUT = re.compile(r"(?:^|\.)(?:print|pprint|echo|write\w*)$")
_SAYS_SO = "its docstring says so"


def docstring_claims(target: Target) -> Iterator[Claim]:
    """Yield a claim for each example of the symbol's docstring; most of them are true."""
    text = _docstring(target)
    if ">>>" not in text:
        return
    try:
        examples = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return
    prints = _may_print(target)
    arrange: list[str] = []
    count = 0
    for example in examples:
        if _UNCLEAR.search(example.source) or count == _MOST_CLAIMS:
            return
        said = _checked(example)
        if said is not None and (example.exc_msg is not None or not prints):
            count += 1
            yield _claim(target, count, [*arrange, said], example)
        if example.exc_msg is not None and said is None:
            return
        # Every example goes on from what those before it have left, whatever they showed.
        arrange.append(said if example.exc_msg is not None and said else example.source)


def _docstring(target: Target) -> str:
    node = documented(target)
    return (ast.get_docstring(node) or "") if node is not None else ""


def _may_print(target: Target) -> bool:
    """Tell whether an example may show what the symbol prints in place of what it returns."""
    node = documented(target)
    parts = list(ast.walk(node)) if node is not None else []
    returns = any(isinstance(each, ast.Return) and each.value is not None for each in parts)
    return not returns or any(
        isinstance(each, ast.Call) and _OUTPUT.search(ast.unparse(each.func)) for each in parts
    )


def _checked(example: doctest.Example) -> str | None:
    """Return the statement that holds the example to its word, None if it says nothing clear."""
    source, want = example.source.strip(), example.want.strip()
    if not want or not _is_expression(source):
        return None
    if example.exc_msg is not None:
        kind = example.exc_msg.partition(":")[0].strip().rpartition(".")[2]
        known = kind.isidentifier() and kind.endswith(("Error", "Exception", "Iteration"))
        return f"with pytest.raises({kind}):\n    {source}" if known else None
    if _UNCLEAR.search(want):
        return None
    try:
        ast.literal_eval(want)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return f"assert ({source}) == {want}"


def _is_expression(source: str) -> bool:
    try:
        ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return False
    return "\n" not in source


def _claim(target: Target, number: int, lines: list[str], example: doctest.Example) -> Claim:
    name = f"test_docstring_example_{number}"
    body = indent("\n".join(line.rstrip("\n") for line in lines), "    ")
    used = set(re.findall(r"\w+", body))
    names = [each for each in importable_names(target) if each in used]
    imports = ["import pytest", f"import {target.module}"]
    imports += [f"from {target.module} import {', '.join(names)}"] if names else []
    raises = example.exc_msg is not None
    expected = (example.exc_msg if raises else example.want) or ""
    return Claim(
        target.symbol,
        WrittenTest(name, f"def {name}():\n{body}\n"),
        tuple(imports),
        expected=f"{'raises ' if raises else ''}{expected.strip()}",
        call=example.source.strip(),
        why=_SAYS_SO,
    )
