"""What a case shows, in words: ``rejects_negative``, ``returns_none_for_empty_string``."""

import ast
import builtins
import re
from collections.abc import Iterator

from sloptest_hook.generation.offline.effects import effects_of, told_by_result, value_before
from sloptest_hook.generation.offline.fragments import parse_statements
from sloptest_hook.generation.offline.grouping import Table, Unit
from sloptest_hook.generation.offline.shapes import Shape, first_words, shape_of, snake
from sloptest_hook.generation.offline.surroundings import history, surroundings
from sloptest_hook.values.observed import Argument, Check, ObservedCase, Relation

_REJECTIONS = re.compile(r"(Value|Type|Validation|Parse|Syntax|Decode|Format)Error$|^Invalid|^Bad")
_WORDS_OF_MESSAGE = (5, 3)


def behaviours(unit: Unit, *, plainest: bool, why: str = "") -> Iterator[str]:
    """Yield what the unit may be called after its symbol, the best first; empty: nothing to add.

    ``plainest`` says that it is the one to carry the symbol's name alone, ``why`` is the condition
    in the code that all its cases met.
    """
    match unit:
        case Table():
            if why and unit.check.relation is Relation.RAISES:
                yield f"{_raises(unit.check)}_when_{why}"
            yield from _of_table(unit, plainest=plainest)
            yield f"when_{why}" if why else ""
        case ObservedCase(result=Check(relation=Relation.RAISES) as check):
            if why:
                yield f"{_raises(check)}_when_{why}"
            yield from _of_exception(unit, check)
        case ObservedCase(result=Check() as check) if not unit.after or _says_more(check):
            if "return waiting.done()" in "".join(unit.arrange) and check.expected == "False":
                yield from ("waits", *(f"waits_{words}" for words in _receiver(unit)))
            yield from _of_result(unit, check, plainest=plainest, why=why)
        case _:
            yield from _of_effect(unit, plainest=plainest)


def is_plain(unit: Unit) -> bool:
    """Say whether nothing about the unit is special but the values in it."""
    match unit:
        case Table():
            return not (unit.same_expected or unit.check.relation is Relation.RAISES)
        case ObservedCase(result=Check(relation=Relation.RAISES | Relation.IS)):
            return bool(unit.after) and not effects_of(unit)
        case _:
            return not any(True for words in (*_notable(unit), *_options(unit)))


def _of_table(table: Table, *, plainest: bool) -> Iterator[str]:
    check = table.check
    extra = "_and_".join(snake(each.name) for each in table.first.arguments if each.keyword)
    if check.relation is Relation.RAISES:
        what = snake(table.first.arguments[table.varying[0]].name)
        bad = f"bad_{what}" if len(table.varying) == 1 and what else "bad_input"
        yield f"rejects_{bad}" if _is_rejection(check) else f"raises_{snake(check.expected)}"
        yield f"raises_{snake(check.expected)}"
        yield f"raises_{snake(check.expected)}_for_{bad}"
        yield f"{_raises(check)}_with_{extra}"
        return
    shape = shape_of(check.expected)
    if table.same_expected and shape and (shape.notable or check.relation is Relation.IS):
        yield f"returns_{snake(shape.phrase)}"
    if plainest:
        yield ""
    yield f"with_{extra}" if extra else ""
    yield f"for_several_{_plural(table)}"


def _plural(table: Table) -> str:
    name = snake(table.first.arguments[table.varying[0]].name)
    if len(table.varying) > 1 or not name:
        return "inputs"
    return name if name.endswith("s") else f"{name}s"


def _of_exception(case: ObservedCase, check: Check) -> Iterator[str]:
    verb = "rejects" if _is_rejection(check) else f"{_raises(check)}_for"
    yield from (f"{verb}_{words}" for words in _notable(case))
    if not case.arguments or not hasattr(builtins, check.expected):
        yield _raises(check)
    if _is_no_number(check) and len(case.arguments) == 1:
        yield f"rejects_{snake(case.arguments[0].name)}_that_is_no_number"
    yield from (f"{verb}_{words}" for words in _plain(case))
    if _is_rejection(check) and len(case.arguments) == 1:
        yield f"rejects_bad_{snake(case.arguments[0].name)}"
    yield _raises(check)
    for count in _WORDS_OF_MESSAGE:
        yield f"{_raises(check)}_{first_words(check.message or '', count)}"


def _of_result(case: ObservedCase, check: Check, *, plainest: bool, why: str) -> Iterator[str]:
    if check.relation is Relation.IS:
        returned = f"returns_{snake(check.expected.rpartition('.')[2])}"
        yield from (f"{returned}_for_{words}" for words in _notable(case))
        yield from (f"{returned}_when_{why}",) if why else ()
        yield returned
        yield from (f"{returned}_for_{words}" for words in _plain(case))
        made = (words.removeprefix("of_") for words in _receiver(case))
        yield from (f"{returned}_for_{words}" for words in made if not words.startswith("with_"))
        yield from (f"{returned}_{words}" for words in surroundings(case))
        return
    lone = len(case.arguments) == 1 and not case.arguments[0].keyword
    link = "of" if lone and "." not in case.call else "with"
    if plainest:
        yield ""
    notable = [_linked(link, words) for words in _notable(case)]
    same = _unchanged(case, check)
    yield from (f"{words}_returns_{same}_unchanged" for words in notable if same)
    yield from notable
    yield from (_linked("with", words) for words in _options(case))
    yield from (f"when_{why}",) if why else ()
    yield from (f"returns_{same}_unchanged",) if same else ()
    yield from (_linked(link, words) for words in _plain(case))
    yield from history(case)
    yield from _receiver(case)
    shape = shape_of(check.expected)
    if shape:
        yield f"returns_{snake(shape.phrase)}"
        yield from (f"returns_{snake(shape.phrase)}_{words}" for words in surroundings(case))
    yield from surroundings(case)
    yield ""


def _unchanged(case: ObservedCase, check: Check) -> str:
    """Return the parameter whose argument is the result, where that is no accident."""
    several = len(case.arguments) > 1 or "." in case.call
    same = [each for each in case.arguments if each.source == check.expected]
    return snake(same[0].name) if several and len(same) == 1 else ""


def _of_effect(case: ObservedCase, *, plainest: bool) -> Iterator[str]:
    effects = effects_of(case)
    shapes = [*_notable(case), *_plain(case)]
    if plainest and not effects:
        yield ""
    yield from effects
    yield from (f"{effect}_for_{words}" for effect in effects for words in shapes)
    yield from (f"with_{words}" for words in shapes)
    yield from told_by_result(case)
    yield from history(case)
    yield from surroundings(case)
    yield ""


def _notable(case: ObservedCase) -> Iterator[str]:
    """Yield words for the arguments that are worth naming."""
    for argument in case.arguments:
        shape = _shape_in(case, argument)
        if shape is not None and shape.notable:
            yield _in_words(argument, shape, lone=len(case.arguments) == 1)


def _options(case: ObservedCase) -> Iterator[str]:
    """Yield words for what was passed by keyword: ``discount``, ``no_header``."""
    for argument in case.arguments:
        if argument.keyword and len(case.arguments) > 1 and snake(argument.name):
            is_off = argument.source in ("False", "None")
            yield f"no_{snake(argument.name)}" if is_off else snake(argument.name)


def _plain(case: ObservedCase) -> Iterator[str]:
    """Yield words for the other arguments, where there are some; what is switched on first."""
    for argument in sorted(case.arguments, key=lambda each: each.source != "True"):
        shape = _shape_in(case, argument)
        if shape is not None and not shape.notable:
            yield _in_words(argument, shape, lone=len(case.arguments) == 1)


def _shape_in(case: ObservedCase, argument: Argument) -> Shape | None:
    """Return the shape of what is passed, be it in a variable; a fixture has none."""
    if argument.source in case.fixtures:
        return None
    before = value_before(case, argument.source)
    if before is not None:
        return shape_of(before)
    return shape_of(argument.source)


def _receiver(case: ObservedCase) -> Iterator[str]:
    """Yield words for what the receiver was made with: ``with_empty_build``, ``of_zero``."""
    for statement in case.arrange:
        match parse_statements(statement):
            case (ast.Assign(targets=[ast.Name()], value=ast.Call() as call),):
                for keyword in call.keywords:
                    yield f"with_{_adjective(keyword.value)}_{snake(keyword.arg or '')}"
                shapes = [shape_of(ast.unparse(value)) for value in call.args]
                yield from (f"of_{snake(shape.phrase)}" for shape in shapes if shape)
            case _:
                continue


def _adjective(node: ast.expr) -> str:
    shape = shape_of(ast.unparse(node))
    return snake(shape.adjective) if shape else ""


def _in_words(argument: Argument, shape: Shape, *, lone: bool) -> str:
    """Return ``empty_string`` where one argument leaves no doubt, else ``empty_text``."""
    name, phrase = snake(argument.name), snake(shape.phrase)
    spoken = {"True": name, "False": f"no_{name}"}
    if argument.keyword:
        spoken["None"] = f"no_{name}"
    if name and argument.source in spoken:
        return spoken[argument.source]
    if (lone and not argument.keyword) or not name or phrase == name:
        return phrase
    return f"{snake(shape.adjective)}_{name}" if shape.adjective else f"{name}_{phrase}"


def _linked(link: str, words: str) -> str:
    """Return ``with_token``, ``without_token``."""
    return f"without_{words.removeprefix('no_')}" if words.startswith("no_") else f"{link}_{words}"


def _says_more(check: Check) -> bool:
    return check.expected != "None" and check.relation is not Relation.INSTANCE


def _is_rejection(check: Check) -> bool:
    return _REJECTIONS.search(check.expected.rpartition(".")[2]) is not None


def _is_no_number(check: Check) -> bool:
    """Say whether Python's own words tell that a text should have been a number."""
    return (check.message or "").startswith(("invalid literal for int()", "could not convert"))


def _raises(check: Check) -> str:
    return f"raises_{snake(check.expected.rpartition('.')[2])}"
