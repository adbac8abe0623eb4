"""Candidates fitted to the file they enter: names that are free there, nothing that it has."""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sloptest_hook.merging.clashes import (
    alias_of,
    free_test_name,
    is_collected,
    names_looked_up,
    names_made_local,
    renamed,
    renamed_test,
)
from sloptest_hook.merging.document import (
    Document,
    Unusable,
    code_scope,
    defined_names,
    global_names,
    parse,
    with_newlines,
)
from sloptest_hook.merging.imports import (
    FUTURE,
    ImportedName,
    imported_names,
    names_of_import,
    typing_only_names,
)
from sloptest_hook.values.candidate import AddedTest, Candidate, WrittenTest
from sloptest_hook.values.source import Symbol

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


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
    """What the file lacks."""

    imports: tuple[ImportedName, ...]
    tests: tuple[NewTest, ...]


def fit(document: Document, candidates: Sequence[Candidate]) -> Fitted | Unusable:
    """Return the imports and tests that the file lacks, under names that are free in it."""
    names = _Names.of(document)
    imports: list[ImportedName] = []
    tests: list[NewTest] = []
    for candidate in candidates:
        fitted = _fit_one(candidate, names)
        if isinstance(fitted, Unusable):
            return fitted
        imports += fitted.imports
        tests += fitted.tests
    return Fitted(tuple(dict.fromkeys(imports)), tuple(tests))


def shape_of(function: FunctionNode) -> str:
    """Return what is equal for two tests that differ in nothing but name, comments, and class."""
    arguments = function.args
    in_class = [argument.arg for argument in arguments.args[:1]] == ["self"]
    bare = _with_args(arguments, arguments.args[1:]) if in_class else arguments
    kind = type(function).__name__
    parts = [*function.decorator_list, bare, *function.body]
    return "\n".join([kind, *map(ast.dump, parts)])


@dataclass(slots=True)
class _Names:
    """What the file's names stand for; grows while candidates are fitted."""

    taken: set[str]
    defined: frozenset[str]
    imported: list[ImportedName]
    typing_only: list[ImportedName]
    functions: set[str]
    shapes: set[str]
    is_empty: bool

    @classmethod
    def of(cls, document: Document) -> "_Names":
        functions = [n for n in ast.walk(document.tree) if isinstance(n, FunctionNode)]
        return cls(
            set(global_names(document.scope)),
            defined_names(document.tree),
            list(imported_names(document.tree.body)),
            list(typing_only_names(document.tree.body)),
            {function.name for function in functions},
            {shape_of(function) for function in functions},
            is_empty=not document.tree.body,
        )

    def resolve(self, wanted: ImportedName, words: frozenset[str]) -> tuple[ImportedName, bool]:
        """Return the import under the name that the new code must use, and whether it is new.

        ``words`` are in use in the new code: no alias.
        """
        known = [name for name in self.imported if name.means(wanted)]
        for name in known:
            if name.bound == wanted.bound and _provides(name, wanted):
                return name, False
        if self._is_free(wanted, known):
            return wanted, True
        aliased = replace(wanted, alias=alias_of(wanted, self.taken | words))
        same = (name for name in self.imported if name.means(aliased))
        other_name = next((n for n in same if n.bound != wanted.bound), None)
        return (aliased, True) if other_name is None else (other_name, False)

    def _is_free(self, wanted: ImportedName, known: Iterable[ImportedName]) -> bool:
        if wanted.name is not None and is_collected(wanted.bound):
            return False
        if wanted.bound not in self.taken:
            return True
        others = {name.bound for name in self.imported if not name.means(wanted)}
        if wanted.bound in others | self.defined:
            return False
        same = {name.bound for name in (*known, *self.typing_only) if name.means(wanted)}
        starred = any(n.name == "*" and n.module == wanted.module for n in self.imported)
        return wanted.bound in same or starred


def _with_args(arguments: ast.arguments, args: list[ast.arg]) -> ast.arguments:
    return ast.arguments(
        posonlyargs=arguments.posonlyargs,
        args=args,
        vararg=arguments.vararg,
        kwonlyargs=arguments.kwonlyargs,
        kw_defaults=arguments.kw_defaults,
        kwarg=arguments.kwarg,
        defaults=arguments.defaults,
    )


def _provides(name: ImportedName, wanted: ImportedName) -> bool:
    """Return whether the import also loads the submodule: ``import a`` does not load ``a.b``."""
    if wanted.name is None and wanted.alias is None:
        return name.alias is None and f"{name.module}.".startswith(f"{wanted.module}.")
    return True


def _fit_one(candidate: Candidate, names: _Names) -> Fitted | Unusable:
    wanted = _wanted_imports(candidate)
    functions = [_function_of(test) for test in candidate.tests]
    if isinstance(wanted, Unusable):
        return wanted
    for function in functions:
        if isinstance(function, Unusable):
            return function
    if any(name.name == "*" for name in wanted):
        return Unusable("would get a star import, whose names nobody can foresee")
    return _fit_tests(candidate, wanted, names)


def _fit_tests(
    candidate: Candidate, wanted: Sequence[ImportedName], names: _Names
) -> Fitted | Unusable:
    words = _words(test.code for test in candidate.tests)
    choices = [(name, *names.resolve(name, words)) for name in wanted if name.module != FUTURE]
    aliases = {_path(old): new.bound for old, new, _ in choices if old.bound != new.bound}
    tests: list[NewTest] = []
    for written in candidate.tests:
        code = _with_aliases(with_newlines(written.code).strip("\n") + "\n", aliases)
        if isinstance(code, Unusable):
            return code
        new = _new_test(candidate.target.symbol, written, code, names)
        if new is not None:
            tests.append(new)
    used = _words(test.code for test in tests)
    imports = [new for _, new, is_new in choices if is_new and new.bound in used]
    futures = [name for name in wanted if name.module == FUTURE and tests and names.is_empty]
    names.imported += imports
    names.taken.update(name.bound for name in imports)
    return Fitted((*futures, *imports), tuple(tests))


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


def _new_test(symbol: Symbol, written: WrittenTest, code: str, names: _Names) -> NewTest | None:
    """Return the test under a free name; None when the file already has it."""
    function = next(node for node in parse(code).body if isinstance(node, FunctionNode))
    shape = shape_of(function)
    if shape in names.shapes:
        return None
    name = free_test_name(written.name, names.taken | names.functions)
    names.shapes.add(shape)
    names.taken.add(name)
    return NewTest(symbol, name, renamed_test(code, written.name, name), written)


def _words(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(word for code in codes for word in re.findall(r"\w+", code))
