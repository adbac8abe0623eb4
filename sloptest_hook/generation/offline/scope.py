"""Cases made fit for one file: every name has one meaning, and it is known where it comes from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sloptest_hook.generation.offline.fragments import substituted
from sloptest_hook.generation.offline.origins import (
    BUILTINS,
    Origin,
    import_statements,
    imported,
    must_stay_in_module,
    origins_in_module,
    well_known,
)
from sloptest_hook.generation.offline.scoping import names_bound, names_read
from sloptest_hook.values.observed import Argument, Check, ObservedCase, Relation
from sloptest_hook.values.plan import Target

_OURS = frozenset({"pytest", "asyncio", "re"})  # what printing may add to a test


@dataclass(slots=True)
class Scope:
    """The imported names of one test file under construction."""

    target: Target
    origins: dict[str, list[Origin]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def admit(self, cases: Iterable[ObservedCase]) -> Iterator[ObservedCase]:
        """Yield the cases as they can stand together; one whose names lead nowhere is noted."""
        in_module = origins_in_module(self.target)
        for case in cases:
            known = _known_to(case, in_module)
            missing = sorted(_reads(case) - known.keys() - BUILTINS - _well_known(case))
            if missing:
                self.notes.append(
                    f"a call of {case.call} left out: nothing says where {missing[0]} comes from"
                )
            else:
                yield self._admitted(_with_locals_apart(case), known)

    def imports_of(self, tests: Iterable[str]) -> tuple[str, ...]:
        """Return the import statements that the code of the tests needs, sorted."""
        read = sorted({name for test in tests for name in names_read(test)})
        needed = {
            origin for name in read for origin in self.origins.get(name) or _added_by_us(name)
        }
        return import_statements(needed)

    def _admitted(self, case: ObservedCase, known: Mapping[str, Origin]) -> ObservedCase:
        replacements = {}
        for name in sorted(_reads(case)):
            origin = known.get(name) or (None if name in BUILTINS else well_known(name))
            if origin is not None:
                replacements[name] = self._import(origin)
        changed = {name: source for name, source in replacements.items() if name != source}
        return mapped(case, changed)

    def _import(self, origin: Origin) -> str:
        """Take the origin in and return the expression that stands for it."""
        if must_stay_in_module(origin):
            root = origin.module.partition(".")[0]
            here = self._import(Origin(root, origin.module))
            rest = origin.module.partition(".")[2] if here == root else ""
            return ".".join(part for part in (here, rest, origin.attribute) if part)
        taken = self.origins.setdefault(origin.name, [])
        if all(origin.agrees_with(other) for other in taken):
            if origin not in taken:
                taken.append(origin)
            return origin.name
        return self._import(replace(origin, name=_other_name(origin)))


def mapped(case: ObservedCase, replacements: Mapping[str, str]) -> ObservedCase:
    """Return the case with names replaced wherever they are read; ``result`` is the value's."""
    if not replacements:
        return case
    of_checks = {name: new for name, new in replacements.items() if name != "result"}
    return replace(
        case,
        arrange=tuple(substituted(statement, replacements) for statement in case.arrange),
        call=substituted(case.call, replacements),
        arguments=tuple(_mapped_argument(each, replacements) for each in case.arguments),
        result=_mapped_check(case.result, of_checks) if case.result else None,
        after=tuple(_mapped_check(check, of_checks) for check in case.after),
    )


def _mapped_argument(argument: Argument, replacements: Mapping[str, str]) -> Argument:
    return replace(argument, source=substituted(argument.source, replacements))


def _mapped_check(check: Check, replacements: Mapping[str, str]) -> Check:
    return replace(
        check,
        actual=substituted(check.actual, replacements),
        expected=substituted(check.expected, replacements),
    )


def _known_to(case: ObservedCase, in_module: Mapping[str, Origin]) -> dict[str, Origin]:
    """Return what the case's names mean: its own imports first, then the target's module.

    A builtin's name means the module's own only where the case must mean it: as the callee, as
    the exception raised.
    """
    meant = {_root(case.call)}
    known: dict[str, Origin] = {}
    if case.result is not None and case.result.relation is Relation.RAISES:
        module, dot, _ = case.result.expected.rpartition(".")
        meant.add(_root(case.result.expected))
        known |= {_root(module): Origin(_root(module), module)} if dot else {}
    known |= {
        name: origin for name, origin in in_module.items() if name not in BUILTINS or name in meant
    }
    return known | {origin.name: origin for origin in imported(case.imports)}


def _reads(case: ObservedCase) -> frozenset[str]:
    """Return the names that the case takes from outside, in the order of execution."""
    read: set[str] = set()
    bound = set(case.fixtures)
    for statement in case.arrange:
        read |= names_read(statement) - bound
        bound |= names_bound(statement)
    for source in (case.call, *(argument.source for argument in case.arguments)):
        read |= names_read(source) - bound
    for check in (*case.after, *([case.result] if case.result else [])):
        read |= (names_read(check.actual) - {"result"} | names_read(check.expected)) - bound
    return frozenset(read)


def _well_known(case: ObservedCase) -> set[str]:
    return {name for name in _reads(case) if well_known(name)}


def _added_by_us(name: str) -> Sequence[Origin]:
    return (Origin(name, name),) if name in _OURS else ()


def _with_locals_apart(case: ObservedCase) -> ObservedCase:
    """Rename variables that hide a name the same test imports: ``money = money(3)``.

    At the top level of a module this works, in a function it raises UnboundLocalError.
    """
    imported_too = (_reads(case) | _OURS) & names_bound("\n".join(case.arrange))
    if not imported_too:
        return case
    arrange: list[str] = []
    renamed: dict[str, str] = {}
    for statement in case.arrange:
        head, equals, value = statement.partition(" = ")
        now = {name: f"{name}_value" for name in names_bound(statement) & imported_too}
        if equals and head in now:
            arrange.append(f"{now[head]} = {substituted(value, renamed)}")
        else:
            arrange.append(substituted(statement, {**renamed, **now}))
        renamed |= now
    return replace(mapped(replace(case, arrange=()), renamed), arrange=tuple(arrange))


def _other_name(origin: Origin) -> str:
    if not origin.attribute:
        return f"{origin.name}_module"
    return f"{origin.module.rpartition('.')[2]}_{origin.name}"


def _root(source: str) -> str:
    return source.partition(".")[0].partition("(")[0]
