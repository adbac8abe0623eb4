"""Candidates fitted to the file they enter: names that are free there, nothing that it has."""

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sloptest_hook.merging.clashes import (
    free_test_name,
    names_looked_up,
    names_made_local,
    renamed,
    renamed_test,
    words_of,
)
from sloptest_hook.merging.collected import FunctionNode, shape_of
from sloptest_hook.merging.document import (
    Document,
    Unusable,
    code_scope,
    parse,
    with_newlines,
)
from sloptest_hook.merging.imports import (
    FUTURE,
    ImportedName,
    names_of_import,
)
from sloptest_hook.merging.names import FileNames
from sloptest_hook.merging.support import (
    NO_SUPPORT,
    FileSupport,
    fault_of,
    settle,
    used_support,
)
from sloptest_hook.values.candidate import AddedTest, Candidate, SupportCode, WrittenTest
from sloptest_hook.values.source import Symbol


@dataclass(frozen=True, slots=True)
class NewTest:
    """A test function as it will stand in the file, at column 0, ending with one newline."""

    symbol: Symbol
    name: str
    code: str
    written: WrittenTest

    @property
    def added(self) -> AddedTest:
        return AddedTest(self.symbol, self.name, self.written)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the file lacks; each piece of ``support`` is for tests behind it."""

    imports: tuple[ImportedName, ...]
    tests: tuple[NewTest, ...]
    support: tuple[SupportCode, ...] = ()


def fit(document: Document, candidates: Sequence[Candidate]) -> Fitted | Unusable:
    """Return the imports and tests that the file lacks, under names that are free in it."""
    names = FileNames.of(document)
    has = FileSupport.of(document) if any(each.support for each in candidates) else NO_SUPPORT
    imports: list[ImportedName] = []
    tests: list[NewTest] = []
    support: list[SupportCode] = []
    for candidate in candidates:
        fitted = _fit_one(candidate, names, has)
        if isinstance(fitted, Unusable):
            return fitted
        imports += fitted.imports
        tests += fitted.tests
        support += fitted.support
        has = has.with_pieces(fitted.support)
    return Fitted(tuple(dict.fromkeys(imports)), tuple(tests), tuple(support))


def _fit_one(candidate: Candidate, names: FileNames, has: FileSupport) -> Fitted | Unusable:
    wanted = _wanted_imports(candidate)
    functions = [_function_of(test) for test in candidate.tests]
    if isinstance(wanted, Unusable):
        return wanted
    for function in functions:
        if isinstance(function, Unusable):
            return function
    for piece in candidate.support:
        if fault := fault_of(piece):
            return Unusable(fault)
    if any(name.name == "*" for name in wanted):
        return Unusable("would get a star import, whose names nobody can foresee")
    return _fit_tests(candidate, wanted, names, has)


def _fit_tests(
    candidate: Candidate, wanted: Sequence[ImportedName], names: FileNames, has: FileSupport
) -> Fitted | Unusable:
    sources = [with_newlines(piece.code).strip("\n") + "\n" for piece in candidate.pieces]
    words = words_of(sources)
    local = {name for source in sources for name in names_made_local(source)}
    choices = [
        (name, *names.resolve(name, words, local)) for name in wanted if name.module != FUTURE
    ]
    aliases = {_path(old): new.bound for old, new, _ in choices if old.bound != new.bound}
    codes = _each(sources, lambda code: _with_aliases(code, aliases))
    if isinstance(codes, Unusable):
        return codes
    support, codes = codes[: len(candidate.support)], codes[len(candidate.support) :]
    settled = settle(candidate, support, has, names.taken | names.functions)
    if isinstance(settled, Unusable):
        return settled
    codes = _each(codes, settled.used_in)
    if isinstance(codes, Unusable):
        return codes
    tests = _new_tests(candidate, codes, names)
    lacking = used_support(settled.new, [test.code for test in tests])
    used = words_of([*(piece.code for piece in lacking), *(test.code for test in tests)])
    imports = [new for _, new, is_new in choices if is_new and new.bound in used]
    futures = [name for name in wanted if name.module == FUTURE and tests and names.is_empty]
    names.imported += imports
    names.taken.update(name.bound for name in imports)
    names.taken.update(piece.name for piece in lacking)
    return Fitted((*futures, *imports), tuple(tests), lacking)


def _each(codes: Iterable[str], change: Callable[[str], str | Unusable]) -> list[str] | Unusable:
    """Return all codes changed, or why one of them cannot be."""
    changed: list[str] = []
    for code in codes:
        answer = change(code)
        if isinstance(answer, Unusable):
            return answer
        changed.append(answer)
    return changed


def _wanted_imports(candidate: Candidate) -> list[ImportedName] | Unusable:
    found: list[ImportedName] = []
    for statement in candidate.imports:
        try:
            body = parse(statement).body
        except (SyntaxError, ValueError):
            return Unusable(f"would get an import that does not parse: {statement}")
        found += (name for node in body for name in names_of_import(node))
    if all(name.bound != "pytest" for name in found):
        found += [ImportedName("pytest")]
    return list(dict.fromkeys(found))


def _function_of(test: WrittenTest) -> FunctionNode | Unusable:
    try:
        code = with_newlines(test.code)
        body = parse(code).body
        code_scope(code)
    except (SyntaxError, ValueError) as error:
        return Unusable(f"would get {test.name}, which does not parse: {error}")
    match body:
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as function] if function.name == test.name:
            return function
    return Unusable(f"would get {test.name}, which is not one function of that name")


def _path(name: ImportedName) -> str:
    """Return how code reaches what is imported: ``import a.b`` by ``a.b``."""
    return name.module if name.name is None and name.alias is None else name.bound


def _with_aliases(code: str, aliases: dict[str, str]) -> str | Unusable:
    """Return the code under the file's names; a local variable of an old name forbids it."""
    looked_up = names_looked_up(code) if aliases else frozenset()
    used = {old: new for old, new in aliases.items() if old.partition(".")[0] in looked_up}
    if not used:
        return code
    old_roots = {old.partition(".")[0] for old in used}
    changed = renamed(code, used)
    mixed = old_roots & (names_made_local(code) | names_looked_up(changed))
    if mixed:
        return Unusable(f"uses the name {min(mixed)} for something else")
    return changed


def _new_tests(candidate: Candidate, codes: Sequence[str], names: FileNames) -> list[NewTest]:
    """Return the tests under free names, without those that the file already has."""
    tests: list[NewTest] = []
    for written, code in zip(candidate.tests, codes, strict=True):
        function = next(node for node in parse(code).body if isinstance(node, FunctionNode))
        shape = shape_of(function)
        if shape in names.shapes:
            continue
        name = free_test_name(written.name, names.taken | names.functions)
        names.shapes.add(shape)
        names.taken.add(name)
        own = renamed_test(code, written.name, name)
        tests.append(NewTest(candidate.target.symbol, name, own, written))
    return tests
