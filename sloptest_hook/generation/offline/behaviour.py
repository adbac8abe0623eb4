"""What a case shows, in words: ``rejects_negative``, ``returns_none_for_empty_string``."""

import ast
import builtins
import re
from collections.abc import Iterator

from sloptest_hook.generation.offline.fragments import parse_expression, parse_statements
from sloptest_hook.generation.offline.grouping import Table, Unit
from sloptest_hook.generation.offline.shapes import Shape, first_words, shape_of, snake
from sloptest_hook.generation.offline.surroundings import surroundings
from sloptest_hook.values.observed import Argument, Check, ObservedCase, Relation

_REJECTIONS = re.compile(r"(Value|Type|Validation|Parse|Syntax|Decode|Format)Error$|^Invalid|^Bad")
_WORDS_OF_MESSAGE = (5, 3)
_ATTRIBUTES_NAMED = 2


def behaviours(unit: Unit, *, plainest: bool) -> Iterator[str]:
    """Yield what the unit may be called after its symbol, the best first; empty: nothing to add.

    ``plainest`` says that it is the one to carry the symbol's name alone.
    """
    match unit:
        case Table():
            yield from _of_table(unit, plainest=plainest)
        case ObservedCase(result=Check(relation=Relation.RAISES) as check):
            yield from _of_exception(unit, check)
        case ObservedCase(result=Check() as check) if not unit.after or _says_more(check):
            yield from _of_result(unit, check, plainest=plainest)
        case _:
            yield from _of_effect(unit, plainest=plainest)


def is_plain(unit: Unit) -> bool:
    """Say whether nothing about the unit is special but the values in it."""
    match unit:
        case Table():
            return not (unit.same_expected or unit.check.relation is Relation.RAISES)
        case ObservedCase(result=Check(relation=Relation.RAISES | Relation.IS)):
            return bool(unit.after) and not _effects(unit)
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
    yield from (f"{verb}_{words}" for words in _plain(case))
    if _is_rejection(check) and len(case.arguments) == 1:
        yield f"rejects_bad_{snake(case.arguments[0].name)}"
    yield _raises(check)
    for count in _WORDS_OF_MESSAGE:
        yield f"{_raises(check)}_{first_words(check.message or '', count)}"


def _of_result(case: ObservedCase, check: Check, *, plainest: bool) -> Iterator[str]:
    if check.relation is Relation.IS:
        returned = f"returns_{snake(check.expected.rpartition('.')[2])}"
        yield from (f"{returned}_for_{words}" for words in _notable(case))
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
    yield from (_linked(link, words) for words in _notable(case))
    yield from (_linked("with", words) for words in _options(case))
    yield from (_linked(link, words) for words in _plain(case))
    yield from _receiver(case)
    shape = shape_of(check.expected)
    if shape:
        yield f"returns_{snake(shape.phrase)}"
        yield from (f"returns_{snake(shape.phrase)}_{words}" for words in surroundings(case))
    yield from surroundings(case)
    yield ""


def _of_effect(case: ObservedCase, *, plainest: bool) -> Iterator[str]:
    effects = _effects(case)
    shapes = [*_notable(case), *_plain(case)]
    if plainest and not effects:
        yield ""
    yield from effects
    yield from (f"{effect}_for_{words}" for effect in effects for words in shapes)
    yield from (f"with_{words}" for words in shapes)
    yield from surroundings(case)
    yield ""


def _effects(case: ObservedCase) -> list[str]:
    """Return the changes in words; what a function returns is no change, what it makes is one."""
    of_result = [check for check in case.after if _root(check.actual) == "result"]
    effects = [_effect(case, check) for check in case.after if check not in of_result]
    if case.call.rpartition(".")[2][:1].isupper():
        names = [snake(check.actual.removeprefix("result")) for check in of_result]
        few = names and len(names) <= _ATTRIBUTES_NAMED
        effects.append(f"sets_{'_and_'.join(names)}" if few else "sets_attributes")
    return effects


def _effect(case: ObservedCase, check: Check) -> str:
    if "capsys" in check.actual:
        said = shape_text(check.expected)
        stream = "errors" if check.actual.endswith(".err") else "output"
        return f"prints_{said}" if said else f"prints_no_{stream}"
    if ".read_text(" in check.actual:
        return "writes_file"
    seen = _effect_on_part(check)
    if seen:
        return seen
    changed = snake(check.actual.rpartition(".")[2])
    return f"{_change(_value_before(case, check.actual), check.expected)}_{changed}"


def _effect_on_part(check: Check) -> str:
    """Return words for a check on what a container holds: ``removes_key``, ``stores_value``."""
    match parse_expression(check.actual):
        case ast.Compare(ops=[ast.In()]):
            return "removes_key" if check.expected == "False" else "adds_key"
        case ast.Subscript(value=ast.Name()):
            return "stores_value"
        case ast.Call(func=ast.Name(id="len")):
            return "updates_length"
        case ast.Call(func=ast.Name(id="str")):
            return "updates_text"
        case _:
            return ""


def shape_text(source: str) -> str:
    """Return the first words of a string literal."""
    match parse_expression(source):
        case ast.Constant(value=str() as text):
            return first_words(text, 3)
        case _:
            return ""


def _change(before: str | None, after: str) -> str:
    """Return the verb for a variable that was one literal and is another."""
    match parse_expression(before or "None"), parse_expression(after):
        case _, ast.List(elts=[]) | ast.Dict(keys=[]):
            return "empties"
        case ast.List(elts=old), ast.List(elts=new):
            return _change_of_list([ast.unparse(item) for item in old], [*map(ast.unparse, new)])
        case ast.Dict(keys=old_keys), ast.Dict(keys=new_keys) if len(old_keys) < len(new_keys):
            return "adds_to"
        case ast.Dict(keys=old_keys), ast.Dict(keys=new_keys) if len(old_keys) > len(new_keys):
            return "removes_from"
        case _:
            return "updates"


def _change_of_list(old: list[str], new: list[str]) -> str:
    if len(new) > len(old) and new[: len(old)] == old:
        return "appends_to"
    if len(new) < len(old):
        return "removes_from"
    return "reorders" if sorted(old) == sorted(new) else "updates"


def _value_before(case: ObservedCase, actual: str) -> str | None:
    """Return what the arrangement assigned to a variable."""
    for statement in reversed(case.arrange):
        match parse_statements(statement):
            case (ast.Assign(targets=[ast.Name(id=name)], value=value),) if name == actual:
                return ast.unparse(value)
            case _:
                continue
    return None


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
    """Yield words for the other arguments, where there are some."""
    for argument in case.arguments:
        shape = _shape_in(case, argument)
        if shape is not None and not shape.notable:
            yield _in_words(argument, shape, lone=len(case.arguments) == 1)


def _shape_in(case: ObservedCase, argument: Argument) -> Shape | None:
    """Return the shape of what is passed, be it in a variable; a fixture has none."""
    if argument.source in case.fixtures:
        return None
    before = _value_before(case, argument.source)
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


def _raises(check: Check) -> str:
    return f"raises_{snake(check.expected.rpartition('.')[2])}"


def _root(actual: str) -> str:
    inner = re.fullmatch(r"(?:len|str)\((.*)\)", actual)
    return re.split(r"[.\[]", inner[1] if inner else actual, maxsplit=1)[0]
