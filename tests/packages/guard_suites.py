"""Judges the test functions of real packages by the guard: every refusal there is a false one.

    python tests/packages/guard_suites.py                 sdists of seventeen packages from PyPI
    python tests/packages/guard_suites.py DIRECTORY       sdists that are there already
    python tests/packages/guard_suites.py --show RULE     and the lines that a rule refuses

A reply is one or a few functions, so what is counted are functions: one is refused by a deny rule
if a line of it breaks one, or a line above it that it cannot do without (an import it uses). Prints
one JSON document: functions, functions refused by verdict, and the rules that refused them.
"""

import argparse
import ast
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sloptest_hook.guard.judge import violations
from sloptest_hook.guard.project import ProjectNames
from sloptest_hook.guard.verdicts import Verdict, Violation
from sloptest_hook.guard.words import words

PACKAGES = words(
    "attrs black cachetools click dateparser flask httpx jinja2 jsonschema marshmallow "
    "more-itertools packaging pip-tools pluggy requests tenacity virtualenv"
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Rules on a file as a whole: a file of a hundred tests is no reply.
_ON_FILES = frozenset({"text-size", "text-lines", "too-large", "no-tests"})


@dataclass(frozen=True)
class Function:
    """A test function, its lines, and all that the guard says of them."""

    file: str
    name: str
    found: tuple[Violation, ...]

    @property
    def worst(self) -> Verdict | None:
        order = list(Verdict)
        return min((each.verdict for each in self.found), key=order.index, default=None)


def sdists(directory: Path) -> None:
    """Download what is missing; one that cannot be had is left out and named."""
    pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:")
    for package in sorted(PACKAGES):
        done = subprocess.run((*pip, "-d", str(directory), package), check=False)
        if done.returncode:
            print(f"cannot be downloaded: {package}", file=sys.stderr)


def functions_of(archive: Path) -> Iterator[Function]:
    """Yield the test functions of a package."""
    texts: dict[str, str] = {}
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            if member.isfile() and member.name.endswith(".py"):
                file = opened.extractfile(member)
                assert file is not None
                texts[member.name] = file.read().decode("utf-8", "replace")
    project = _project(texts)
    for name, text in sorted(texts.items()):
        folders = name.split("/")
        if re.match(r"test_|.*_test\.py$|tests?\.py$", folders[-1]) and "data" not in folders:
            yield from _judged(name, text, project)


def _project(texts: Mapping[str, str]) -> ProjectNames:
    """Return the modules that the package has, and the ones that any file of it imports."""
    own: set[str] = set()
    for name in texts:
        parts = name.split("/")[1:]
        own.update(part.removesuffix(".py") for part in parts)
    used: set[str] = set()
    for text in texts.values():
        used.update(re.findall(r"^[ \t]*(?:import|from)[ \t]+(\w+)", text, re.MULTILINE))
    return ProjectNames(frozenset(own), frozenset(used))


def _judged(name: str, text: str, project: ProjectNames) -> Iterator[Function]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError:
        return
    for imports, rest, test in _parts(tree, text):
        source = "\n".join([*(each for each in imports if _is_used(each, test, rest)), *rest, test])
        found = tuple(each for each in violations(source, project) if each.rule_id not in _ON_FILES)
        match = re.search(r"def (\w+)", test)
        yield Function(name, match[1] if match else "", found)


def _parts(tree: ast.Module, text: str) -> Iterator[tuple[list[str], list[str], str]]:
    """Yield for each test its file's imports, the definitions that it uses, and itself."""
    imports = [ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    imports = [each for each in imports if "__future__" not in each]
    shared = {
        name: ast.get_source_segment(text, node) or ""
        for node in tree.body
        for name in _defined(node)
    }
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        for member in members:
            if isinstance(member, _FUNCTIONS) and member.name.startswith("test"):
                code = _as_function(member, text)
                yield imports, _needed(code, shared), code


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and not node.name.startswith(("test", "Test")):
        yield node.name
    if isinstance(node, ast.Assign):
        yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def _as_function(method: ast.FunctionDef | ast.AsyncFunctionDef, text: str) -> str:
    """Return a test as it is written, at column 0; a method keeps its ``self``."""
    first = min([method.lineno, *(each.lineno for each in method.decorator_list)])
    code = textwrap.dedent("\n".join(text.split("\n")[first - 1 : method.end_lineno]))
    return code if _parses(code) else ast.unparse(method)


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def _needed(code: str, shared: Mapping[str, str]) -> list[str]:
    needed: dict[str, str] = {}
    todo = [code]
    while todo:
        words = set(re.findall(r"\w+", todo.pop()))
        for name in sorted(words & shared.keys() - needed.keys()):
            needed[name] = shared[name]
            todo.append(shared[name])
    return [each for name, each in shared.items() if name in needed]


def _is_used(statement: str, code: str, rest: Sequence[str]) -> bool:
    words = set(re.findall(r"\w+", "\n".join([code, *rest])))
    (node,) = ast.parse(statement).body
    assert isinstance(node, ast.Import | ast.ImportFrom)
    names = {(each.asname or each.name).partition(".")[0] for each in node.names}
    return bool(names & words)


def _figures(functions: Sequence[Function]) -> dict[str, object]:
    total = len(functions)
    by_verdict = Counter(str(each.worst) for each in functions)
    worth = {"no-assert", "trivial-assert", "weak-assert-only"}
    refused = [each for each in functions if each.worst is Verdict.DENY]
    rules = Counter(
        rule for each in functions for rule in {(v.verdict, v.rule_id) for v in each.found}
    )
    return {
        "functions": total,
        "files": len({each.file for each in functions}),
        "refused by deny rules": len(refused),
        "percent": round(100 * len(refused) / max(1, total), 2),
        "worst verdict": dict(by_verdict),
        "without an assertion of their own": sum(
            bool({v.rule_id for v in each.found} & worth) for each in functions
        ),
        "rules": {f"{verdict} {rule}": count for (verdict, rule), count in rules.most_common()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path)
    parser.add_argument("--show", action="append", default=[], metavar="RULE")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = args.directory or Path(scratch)
        if args.directory is None:
            sdists(directory)
        functions = [
            each for path in sorted(directory.glob("*.tar.gz")) for each in functions_of(path)
        ]
    for function in functions:
        for each in function.found:
            if each.rule_id in args.show:
                print(function.file, function.name, each.rule_id, each.message, sep=" | ")
    print(json.dumps(_figures(functions), indent=2))


if __name__ == "__main__":
    main()
