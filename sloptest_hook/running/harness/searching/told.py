"""What is said of a parameter beside its annotation: by the docstring, by calls of a person."""

from __future__ import annotations

import ast
import collections.abc
import re
from collections.abc import Iterable, Mapping, Sequence

from .value import STRAY, Trial, Value

_WORDS: dict[str, object] = {
    "str": str,
    "string": str,
    "unicode": str,
    "text": str,
    "int": int,
    "integer": int,
    "float": float,
    "number": float,
    "bool": bool,
    "boolean": bool,
    "bytes": bytes,
    "list": list,
    "dict": dict,
    "dictionary": dict,
    "tuple": tuple,
    "set": set,
    "iterable": collections.abc.Iterable,
    "sequence": collections.abc.Sequence,
    "mapping": collections.abc.Mapping,
    "callable": collections.abc.Callable,
    "function": collections.abc.Callable,
}
_ABSTRACT: dict[object, tuple[type, ...]] = {
    float: (float, int),
    collections.abc.Iterable: (list, tuple, set, dict, str),
    collections.abc.Sequence: (list, tuple, str),
    collections.abc.Mapping: (dict,),
}
# "items (list of str, optional)", ":param str name:", ":type name: str", "name : str" of numpydoc.
_FORMS = (
    r"^\s*\*{{0,2}}{name}\s*\(([^)\n]+)\)\s*:",
    r":param\s+([\w ,|]+?)\s+{name}\s*:",
    r":type\s+{name}\s*:\s*([^\n]+)",
    r"^\s*{name}\s+:\s+([^\n]+)",
)
_KINDS = (str, int, float, bool, bytes, list, dict, tuple, set)


def told_hint(name: str, text: str) -> object | None:
    """Return the type that a docstring gives a parameter, None where it names none we know."""
    for form in _FORMS:
        found = re.search(form.format(name=re.escape(name)), text, re.MULTILINE)
        if found is not None:
            return _hint(found[1])
    return None


def _hint(said: str) -> object | None:
    """Return the type that a phrase says: ``list of str, optional`` is ``list[str]``."""
    phrase = re.sub(r",?\s*optional.*|\s*\bor none\b|,?\s*default.*", "", said.lower()).strip(" .`")
    whole = re.fullmatch(r"(list|tuple|set|iterable|sequence)s? of (\w+?)s?", phrase)
    if whole is not None:
        held = _WORDS.get(whole[2])
        return list[held] if held is not None else _WORDS[whole[1]]  # type: ignore[valid-type]
    return _WORDS.get(phrase)


def seeded_hints(trials: Iterable[Trial]) -> dict[str, object]:
    """Return for each parameter the one type of all literals that people pass for it."""
    kinds: dict[str, set[type]] = {}
    for trial in trials:
        for bound in trial.arguments:
            kind = _literal_kind(bound.value)
            if kind is not None:
                kinds.setdefault(bound.name, set()).add(kind)
    found: Mapping[str, set[type]] = {
        name: each - {int} if each == {int, float} else each for name, each in kinds.items()
    }
    return {name: next(iter(each)) for name, each in found.items() if len(each) == 1}


def by_kind(values: Sequence[Value], hint: object) -> tuple[list[Value], list[Value]]:
    """Return the values that may be of the type, and the others, marked as strays.

    What is no literal may be anything.
    """
    kinds = _ABSTRACT.get(hint) or ((hint,) if hint in _KINDS else ())
    fitting: list[Value] = []
    strays: list[Value] = []
    for value in values:
        kind = _literal_kind(value)
        if kind is None or not kinds or kind in kinds:
            fitting.append(value)
        else:
            strays.append(value._replace(origin=STRAY))
    return fitting, strays


def _literal_kind(value: Value) -> type | None:
    if value.arrange or value.fixtures:
        return None
    try:
        kind = type(ast.literal_eval(value.source))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return kind if kind in _KINDS else None
